"""One image over another."""

from __future__ import annotations

import ee
import numpy as np

from tests.unit.local_earthengine.world import World, native, same, speckle

SHAPE = (14, 17)
GRID = native(17, 14)


def test_the_upper_image_covers_the_lower() -> None:
    one, other = speckle(SHAPE, 7, 0.4), speckle(SHAPE, 8, 0.4)
    made = World()
    image = ee.Image(made.add({"a": one, "b": other}))
    found = made.pixels(image.select("a").blend(image.select("b")), GRID)["a"]
    same(found, (np.where(other[1], other[0], one[0]), one[1] | other[1]))
