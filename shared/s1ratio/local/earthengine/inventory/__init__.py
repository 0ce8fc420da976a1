"""What the local Earth Engine has, as the README's tables: made from the code and its tests.

`python -m s1ratio.local.earthengine.inventory` writes the page again, in a checkout.
"""
