"""Stands for a checkout of which the rest is missing."""
