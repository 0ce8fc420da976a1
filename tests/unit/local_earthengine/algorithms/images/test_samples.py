"""Pixels as features, arrays and rows, against plain computations."""

from __future__ import annotations

from typing import Any

import ee
import numpy as np
import pytest
from pyproj import Transformer

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.algorithms.collections.small_tables import rows
from tests.unit.local_earthengine.world import NAME, UTM, World, speckle

TO_UTM = Transformer.from_crs("EPSG:4326", UTM, always_xy=True)
SHAPE = (6, 8)


def box(left: float, top: float, right: float, bottom: float) -> Any:
    """A region of the scenes' pixels, rows counted down."""
    corners = [500_000 + 10 * left, 8_000_000 - 10 * bottom, 500_000 + 10 * right]
    return ee.Geometry.Rectangle(
        [*corners, 8_000_000 - 10 * top], ee.Projection(UTM), geodesic=False
    )


def test_pixels_become_features() -> None:
    made = World()
    layer = speckle(SHAPE, 1, 0.3)
    image = ee.Image(made.add({"v": layer, "w": speckle(SHAPE, 2)}))
    region = box(1, 1, 6, 5)

    dropped = made.compute(image.sample(region, geometries=True))["features"]
    kept = rows(made.compute(image.sample(region, dropNulls=False)))

    assert len(kept) == 20
    assert [row.get("v") for row in kept] == [
        pytest.approx(float(layer[0][r, c])) if layer[1][r, c] else None
        for r in range(1, 5)
        for c in range(1, 6)
    ]
    assert len(dropped) == layer[1][1:5, 1:6].sum()
    for feature in dropped:
        x, y = TO_UTM.transform(*feature["geometry"]["coordinates"])
        row, col = int((8_000_000 - y) // 10), int((x - 500_000) // 10)
        assert (x - 500_000) % 10 == pytest.approx(5, abs=1e-3)
        assert feature["properties"]["v"] == pytest.approx(float(layer[0][row, col]))


def test_a_share_of_the_pixels_is_drawn_by_the_seed() -> None:
    made = World()
    image = ee.Image(made.add({"v": speckle((60, 60), 1)}))
    region = box(0, 0, 60, 60)

    def draw(**given: Any) -> list[dict[str, Any]]:
        return rows(made.compute(image.sample(region, **given)))

    assert len(draw(factor=0.25)) == pytest.approx(900, abs=120)
    assert len(draw(numPixels=360)) == pytest.approx(360, abs=80)
    assert draw(numPixels=50, seed=1) == draw(numPixels=50, seed=1)
    assert draw(numPixels=50, seed=1) != draw(numPixels=50, seed=2)
    with pytest.raises(EarthEngineError, match="Only one of 'factor' and 'numPixels'"):
        draw(factor=0.5, numPixels=2)


def test_regions_are_sampled_with_their_properties() -> None:
    made = World()
    layer = speckle(SHAPE, 1)
    image = ee.Image(made.add({"v": layer}))
    features = ee.FeatureCollection(
        [ee.Feature(box(0, 0, 2, 1), {"n": 1, "m": "a"}), ee.Feature(box(3, 3, 4, 5), {"n": 2})]
    )
    found = made.compute(image.sampleRegions(features, ["n"], geometries=True))
    expected = [(1, 0, 0), (1, 0, 1), (2, 3, 3), (2, 4, 3)]
    assert [(row["n"], row["v"]) for row in rows(found)] == [
        (n, pytest.approx(float(layer[0][r, c]))) for n, r, c in expected
    ]
    assert "m" not in rows(found)[0]
    assert rows(made.compute(image.sampleRegions(features)))[0]["m"] == "a"


def test_rectangles_and_regions_give_their_pixels_row_by_row() -> None:
    made = World()
    layers = [speckle(SHAPE, seed, 0.0) for seed in (1, 2)]
    for layer in layers:
        made.add({"v": layer})
    region = box(2, 1, 5, 4)
    images = ee.ImageCollection(NAME)

    square = rows({"features": [made.compute(images.first().sampleRectangle(region))]})[0]["v"]
    table = made.compute(images.getRegion(region, crs=images.first().projection()))

    np.testing.assert_allclose(square, layers[0][0][1:4, 2:5], rtol=1e-6)
    assert table[0] == ["id", "longitude", "latitude", "time", "v"]
    assert len(table) == 1 + 9 * 2
    assert [row[0] for row in table[1:3]] == ["S0", "S1"]
    for name, lon, lat, _, value in table[1:]:
        x, y = TO_UTM.transform(lon, lat)
        place = int((8_000_000 - y) // 10), int((x - 500_000) // 10)
        assert value == pytest.approx(float(layers[int(name[1])][0][place]))
