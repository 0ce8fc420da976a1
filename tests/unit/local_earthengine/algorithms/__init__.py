"""The algorithms, against plain Python and numpy that know nothing of the product."""
