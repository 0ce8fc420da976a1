"""The Earth Engine graphs, looked at as expressions."""
