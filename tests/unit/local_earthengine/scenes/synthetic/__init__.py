"""Synthetic Sentinel-1."""
