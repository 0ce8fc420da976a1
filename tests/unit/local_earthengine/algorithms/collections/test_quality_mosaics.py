"""The best image of each pixel, against loops over pixels."""

from __future__ import annotations

import ee
import numpy as np

from tests.unit.local_earthengine.world import NAME, World, native, speckle

SHAPE = (14, 17)
GRID = native(17, 14)


def test_the_best_image_of_each_pixel() -> None:
    made = World()
    layers = [(speckle(SHAPE, i, 0.3), speckle(SHAPE, 90 + i, 0.3)) for i in range(4)]
    for value, quality in layers:
        made.add({"v": value, "q": quality})

    found = made.pixels(ee.ImageCollection(NAME).qualityMosaic("q"), GRID)

    for place in np.ndindex(SHAPE):
        known = [(q[0][place], i) for i, (_, q) in enumerate(layers) if q[1][place]]
        assert found["q"][1][place] == bool(known)
        if known:
            values, valid = layers[max(known)[1]][0]
            assert found["v"][1][place] == valid[place]
            if valid[place]:
                assert found["v"][0][place] == values[place]
