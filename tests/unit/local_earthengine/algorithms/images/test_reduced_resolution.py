"""reduceResolution by shares of the output pixel, against a sum over every pair of pixels."""

from __future__ import annotations

from typing import Any

import ee
import numpy as np
import pytest
from pyproj import Transformer

from local_earthengine.geo.pixelgrid import PixelGrid
from tests.unit.local_earthengine.world import UTM, World, speckle

SHAPE = (24, 30)


def common(low: float, high: float, first: float, last: float) -> float:
    return max(0.0, min(high, last) - max(low, first))


def weights(grid: PixelGrid, row: int, col: int) -> np.ndarray[Any, Any]:
    """The share of one output pixel that each input pixel of 10 m covers, by plain loops."""
    side, _, x0, _, _, y0 = grid.transform
    west, north = x0 + col * side - 500_000, 8_000_000 - (y0 - row * side)
    across = [common(west, west + side, 10 * i, 10 * i + 10) / side for i in range(SHAPE[1])]
    down = [common(north, north + side, 10 * i, 10 * i + 10) / side for i in range(SHAPE[0])]
    return np.outer(down, across)


@pytest.mark.parametrize(("scale", "shift"), [(15, 0), (20, 5), (25, 3), (33, -7), (40, 0)])
@pytest.mark.parametrize("name", ["mean", "sum", "variance", "stdDev", "median", "mode"])
def test_pixels_count_by_the_share_that_they_cover(scale: float, shift: float, name: str) -> None:
    values, valid = speckle(SHAPE, 4, 0.2)
    values = np.round(values * 4).astype("float32")
    world = World()
    image = ee.Image(world.add({"v": (values, valid)}))
    x0, y0 = 500_000.0 + shift, 8_000_000.0 - shift
    grid = PixelGrid(UTM, (float(scale), 0.0, x0, 0.0, -float(scale), y0), 6, 5)

    reducer = getattr(ee.Reducer, name)()
    found, some = world.pixels(image.reduceResolution(reducer, maxPixels=256), grid, tile=4)["v"]

    for row, col in np.ndindex(5, 6):
        share = np.where(valid, weights(grid, row, col), 0)
        assert some[row, col] == (share.sum() > 1e-9)
        if not some[row, col]:
            continue
        mean = (share * values).sum() / share.sum()
        spread = (share * (values - mean) ** 2).sum() / share.sum()
        if name == "median":
            low = share[values < found[row, col] - 1e-6].sum()
            high = share[values > found[row, col] + 1e-6].sum()
            assert max(low, high) <= share.sum() / 2 + 1e-6
        elif name == "mode":
            best = max(share[values == one].sum() for one in np.unique(values))
            assert share[values == found[row, col]].sum() == pytest.approx(best, abs=1e-6)
        else:
            expected = {
                "mean": mean, "sum": (share * values).sum(), "variance": spread,
                "stdDev": np.sqrt(spread),
            }[name]  # fmt: skip
            assert found[row, col] == pytest.approx(expected, rel=1e-4, abs=1e-3)


def test_an_unweighted_sum_is_the_total_of_the_pixels_whose_centres_lie_within() -> None:
    values, everywhere = np.arange(48, dtype="float32").reshape(6, 8), np.ones((6, 8), bool)
    world = World()
    image = ee.Image(world.add({"v": (values, everywhere)}))
    grid = PixelGrid(UTM, (20.0, 0.0, 500_000.0, 0.0, -20.0, 8_000_000.0), 4, 3)

    total = world.pixels(image.reduceResolution(ee.Reducer.sum().unweighted()), grid)["v"][0]
    weighted = world.pixels(image.reduceResolution(ee.Reducer.sum()), grid)["v"][0]

    blocks = values.reshape(3, 2, 4, 2).sum(axis=(1, 3))
    np.testing.assert_allclose(total, blocks)
    np.testing.assert_allclose(weighted, blocks / 4)


def test_from_one_coordinate_system_to_another_the_shares_are_nearly_exact() -> None:
    rows, cols = np.indices(SHAPE)
    plane = (3 * cols - 2 * rows).astype("float32")
    world = World()
    image = ee.Image(world.add({"v": (plane, np.ones(SHAPE, bool))}))
    turned = Transformer.from_crs(UTM, "EPSG:32634", always_xy=True)  # by nearly six degrees
    west, north = turned.transform(500_080.0, 7_999_940.0)
    grid = PixelGrid("EPSG:32634", (30.0, 0.0, west, 0.0, -30.0, north), 3, 3)
    place = ee.Image.pixelCoordinates(ee.Projection(UTM, [10, 0, 500_000, 0, -10, 8_000_000]))

    found, some = world.pixels(image.reduceResolution(ee.Reducer.mean()), grid)["v"]
    at = world.pixels(place, grid)

    expected = 3 * (at["x"][0] - 0.5) - 2 * (at["y"][0] - 0.5)
    inside = (at["x"][0] > 3) & (at["x"][0] < 27) & (at["y"][0] > 3) & (at["y"][0] < 21)
    assert some[inside].all()
    assert inside.sum() >= 4
    np.testing.assert_allclose(found[inside], expected[inside], atol=0.15)
