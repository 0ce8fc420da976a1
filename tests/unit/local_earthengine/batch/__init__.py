"""Exports, from the request to the file."""
