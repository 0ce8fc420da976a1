"""Geometries painted into images."""

from __future__ import annotations

import ee
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.algorithms.images.few_classes import GRID, SHAPE, world
from tests.unit.local_earthengine.world import UTM, speckle


def test_geometries_are_painted() -> None:
    made, image = world(speckle(SHAPE, 9, 0.5), "v")
    box = [500_020, 8_000_000 - 90, 500_080, 8_000_000 - 30]
    shape = ee.Geometry.Rectangle(box, ee.Projection(UTM), False)
    features = ee.FeatureCollection([ee.Feature(shape, {"c": 5})])

    filled = made.pixels(image.paint(features, "c"), GRID)["v"]
    outline = made.pixels(ee.Image(0).paint(features, 1, 2), GRID)["constant"]

    assert (filled[0][3:9, 2:8] == 5).all()
    assert filled[1][3:9, 2:8].all()
    assert (filled[0] == 5).sum() == 36
    assert outline[0].sum() == 8 * 8 - 4 * 4
    assert outline[0][3, 2] == outline[0][2, 1] == 1
    assert outline[0][5, 5] == 0
    with pytest.raises(EarthEngineError, match="The color must be a number"):
        made.pixels(image.paint(features, "nothing"), GRID)
