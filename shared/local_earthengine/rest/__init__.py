"""The HTTP side: a small server, and Earth Engine's REST interface on it."""
