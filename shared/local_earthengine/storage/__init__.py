"""Cloud Storage's reading side, for what the exports left."""
