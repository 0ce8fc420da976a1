"""The embedded cloud, for one laptop, never deployed: Earth Engine, and a run end to end."""
