"""Pixels on demand: band nodes, what they need of each other, and the tile-wise executor."""
