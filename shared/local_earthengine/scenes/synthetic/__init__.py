"""Sentinel-1 scenes made up on the spot: repeatable passes over an invented land."""
