"""What the local Earth Engine has, as the README's tables: made from the code and its tests.

`python -m local_earthengine.inventory` writes the page again, in a checkout.
"""
