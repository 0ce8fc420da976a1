"""The bucket: its objects, ranges of them, and the rasters that they hold."""
