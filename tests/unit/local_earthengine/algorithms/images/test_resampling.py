"""Interpolation, and coarser pixels, against loops."""

from __future__ import annotations

import math

import ee
import numpy as np
import pytest

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid
from tests.unit.local_earthengine.world import UTM, World, native, same, speckle


def kernel(mode: str, distance: float) -> float:
    d = abs(distance)
    if mode == "bilinear":
        return max(0.0, 1 - d)
    if d <= 1:
        return 1.5 * d**3 - 2.5 * d**2 + 1
    return -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2 if d < 2 else 0.0


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
@pytest.mark.parametrize("gaps", [0.0, 0.25])
def test_interpolation_weighs_the_neighbours_by_their_distance(mode: str, gaps: float) -> None:
    made = World()
    values, valid = speckle((12, 12), 5, gaps)
    image = ee.Image(made.add({"v": (values, valid)})).resample(mode)
    grid = PixelGrid(UTM, (4.0, 0.0, 500_031.0, 0.0, -4.0, 8_000_000.0 - 33.0), 12, 11)

    found = made.pixels(image, grid)["v"]

    expected, known = np.zeros(grid.shape), np.zeros(grid.shape, bool)
    for r, c in np.ndindex(grid.shape):
        x, y = grid.at(c + 0.5, r + 0.5)
        col, row = (x - 500_000) / 10 - 0.5, (8_000_000 - y) / 10 - 0.5
        total = weight = 0.0
        for i, j in np.ndindex(12, 12):
            share = kernel(mode, row - i) * kernel(mode, col - j) * valid[i, j]
            total, weight = float(total + share * values[i, j]), float(weight + share)
        known[r, c] = valid[math.floor(row + 0.5), math.floor(col + 0.5)]
        expected[r, c] = total / weight if weight else 0
    same(found, (np.where(known, expected, 0), known), 1e-5)


def test_interpolation_leaves_the_own_pixels_and_composites_alone() -> None:
    made = World()
    layer = speckle((6, 6), 5)
    image = ee.Image(made.add({"v": layer}))
    same(made.pixels(image.resample("bicubic"), native(6, 6))["v"], layer)
    fine = PixelGrid(UTM, (5.0, 0.0, 500_000.0, 0.0, -5.0, 8_000_000.0), 12, 12)
    mosaic = ee.ImageCollection([image]).mosaic()
    plain, resampled = (made.pixels(i, fine)["v"] for i in (mosaic, mosaic.resample()))
    np.testing.assert_array_equal(plain[0], resampled[0])
    with pytest.raises(EarthEngineError, match="'bilinear' or 'bicubic', not 'cubic'"):
        made.pixels(image.resample("cubic"), fine)


@pytest.mark.parametrize(("side", "tile"), [(30, 512), (30, 2), (40, 3)])
def test_coarser_pixels_are_means_of_those_within(side: int, tile: int) -> None:
    made = World()
    values, valid = speckle((12, 24), 9, 0.4)
    image = ee.Image(made.add({"v": (values, valid)})).reduceResolution(ee.Reducer.mean())
    factor = side // 10
    grid = PixelGrid(
        UTM,
        (float(side), 0.0, 500_000.0, 0.0, -float(side), 8_000_000.0),
        24 // factor,
        12 // factor,
    )

    found = made.pixels(image, grid, tile=tile)["v"]

    expected, known = np.zeros(grid.shape), np.zeros(grid.shape, bool)
    for r, c in np.ndindex(grid.shape):
        block = slice(r * factor, (r + 1) * factor), slice(c * factor, (c + 1) * factor)
        own = values[block][valid[block]].astype(float)
        if own.size:
            expected[r, c], known[r, c] = own.mean(), True
    same(found, (expected, known), 1e-5)


def test_too_many_pixels_to_one_are_refused_without_best_effort() -> None:
    made = World()
    values, valid = speckle((10, 10), 9)
    image = ee.Image(made.add({"v": (values, valid)}))
    grid = PixelGrid(UTM, (100.0, 0.0, 500_000.0, 0.0, -100.0, 8_000_000.0), 1, 1)
    with pytest.raises(EarthEngineError, match="Found 100, but maxPixels allows only 64"):
        made.pixels(image.reduceResolution(ee.Reducer.mean()), grid)
    found = made.pixels(image.reduceResolution(ee.Reducer.mean(), bestEffort=True), grid)["v"]
    assert found[0][0, 0] == pytest.approx(values.astype(float).mean(), rel=1e-6)
