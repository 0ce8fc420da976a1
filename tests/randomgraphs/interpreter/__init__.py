"""Earth Engine's expressions, one pixel at a time, in plain Python.

Written from Earth Engine's documentation; it imports nothing of the product, and no numpy. What
it can't know is said, not guessed: a pixel whose mask or whole number hangs on the last digits
of a float is `UNSURE`, and whoever compares leaves it out.
"""
