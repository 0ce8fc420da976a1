"""Folders of STAC items."""
