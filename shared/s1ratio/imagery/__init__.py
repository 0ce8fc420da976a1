"""Earth Engine graphs: a request and a task as one expression. Builds, never calls.

`composite.build` is the image of an export task, `export.params` the body of its POST,
`orbits.passes_expression` the one question that may come before, `view.view_expression` the one
that comes after an empty export. The steps stand in files of
their own: `collection` (which scenes), `backscatter` (power and dB, angles), `passes` (one image
a pass), `speckle`, `products`, `statistics`.

`ee` must have been initialised before any function here is called; importing needs nothing.
"""
