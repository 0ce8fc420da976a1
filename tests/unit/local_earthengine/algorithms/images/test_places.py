"""What a pixel's place tells, against loops."""

from __future__ import annotations

import ee
import numpy as np
import pytest
from pyproj import Geod, Transformer

from local_earthengine.geo.pixelgrid import PixelGrid
from tests.unit.local_earthengine.world import UTM, Layer, World, native, same

DEGREES = PixelGrid("EPSG:4326", (0.01, 0.0, 12.0, 0.0, -0.01, 50.0), 4, 3)
TO_LONLAT = Transformer.from_crs(UTM, "EPSG:4326", always_xy=True)


def everywhere(values: list[list[float]]) -> Layer:
    table = np.array(values, np.float64)
    return table, np.ones(table.shape, bool)


def corner_area(grid: PixelGrid, row: int, col: int) -> float:
    """A pixel's area by a polygon with many vertices on the ellipsoid."""
    steps = np.linspace(0, 1, 50)
    edge = (
        [(col + t, row) for t in steps] + [(col + 1, row + t) for t in steps]
        + [(col + 1 - t, row + 1) for t in steps] + [(col, row + 1 - t) for t in steps]
    )  # fmt: skip
    points = [grid.at(x, y) for x, y in edge]
    if grid.crs != "EPSG:4326":
        points = [TO_LONLAT.transform(x, y) for x, y in points]
    xs, ys = ([point[axis] for point in points] for axis in (0, 1))
    return abs(float(Geod(ellps="WGS84").polygon_area_perimeter(xs, ys)[0]))


@pytest.mark.parametrize("grid", [DEGREES, native(4, 3), native(2, 2, 20_000, 90_000)])
def test_the_area_of_a_pixel_is_that_between_its_corners(grid: PixelGrid) -> None:
    found = World().pixels(ee.Image.pixelArea(), grid)["area"]
    expected = [[corner_area(grid, r, c) for c in range(grid.width)] for r in range(grid.height)]
    same(found, everywhere(expected), 1e-4)


def test_coordinates_are_those_of_the_pixels_centres() -> None:
    grid = native(4, 3)
    found = World().pixels(ee.Image.pixelLonLat(), grid)
    lonlat = [[TO_LONLAT.transform(*grid.at(c + 0.5, r + 0.5)) for c in range(4)] for r in range(3)]
    same(found["longitude"], everywhere([[lon for lon, _ in row] for row in lonlat]), 1e-9)
    same(found["latitude"], everywhere([[lat for _, lat in row] for row in lonlat]), 1e-9)

    target = ee.Projection(UTM, [20, 0, 500_000, 0, -20, 8_000_000])
    found = World().pixels(ee.Image.pixelCoordinates(target), grid)
    same(found["x"], everywhere([[(c + 0.5) / 2 for c in range(4)]] * 3))
    same(found["y"], everywhere([[(r + 0.5) / 2] * 4 for r in range(3)]))


def test_noise_depends_on_the_seed_and_the_place_alone() -> None:
    grid = native(120, 100)
    whole = World().pixels(ee.Image.random(3), grid)["random"][0]
    tiled = World().pixels(ee.Image.random(3), grid, tile=33)["random"][0]
    part = World().pixels(ee.Image.random(3), native(20, 10, 50, 40))["random"][0]
    np.testing.assert_array_equal(whole, tiled)
    np.testing.assert_array_equal(whole[40:50, 50:70], part)
    assert (whole != World().pixels(ee.Image.random(4), grid)["random"][0]).all()
    assert whole.min() >= 0
    assert whole.max() < 1
    assert np.histogram(whole, 10, (0, 1))[0].std() < 60
    normal = World().pixels(ee.Image.random(3, "normal"), grid)["random"][0]
    assert abs(normal.mean()) < 0.05
    assert abs(normal.std() - 1) < 0.03
