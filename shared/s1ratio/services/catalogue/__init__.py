"""Cataloguing: VERIFIED composites become items, collections name them, and pictures show them."""
