"""Cloud Storage, for what the exports left and what is uploaded beside them."""
