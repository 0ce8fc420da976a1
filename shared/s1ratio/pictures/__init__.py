"""Pictures of composites, their legends, and QGIS styles of the same colours.

Pure but for what reads a raster (`overview`) and what draws (`drawing`): an array, or an overview
that is read from a raster, and what is known of it go in, bytes come out. Nothing here knows where
they go, so that a laptop and a function draw the same.
"""
