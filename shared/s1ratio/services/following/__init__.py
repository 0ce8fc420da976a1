"""Following: what Earth Engine says of an operation, or no longer says, moves its task."""
