"""A local Earth Engine: it evaluates expression graphs of the `ee` client on real pixels."""
