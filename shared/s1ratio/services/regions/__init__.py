"""Regions: what is due of them is asked for, followed, and looked at once more."""
