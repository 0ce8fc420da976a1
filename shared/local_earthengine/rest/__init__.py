"""Earth Engine's REST interface."""
