"""Slope, aspect, shade and derivatives of a surface, against loops."""

from __future__ import annotations

import math

import ee
import numpy as np
import pytest

from local_earthengine.geo.pixelgrid import PixelGrid
from tests.unit.local_earthengine.world import Layer, World, native, same, speckle


def everywhere(values: list[list[float]]) -> Layer:
    table = np.array(values, np.float64)
    return table, np.ones(table.shape, bool)


def slope_and_aspect(values: np.ndarray, east: float, north: float) -> tuple[Layer, Layer]:
    height, width = values.shape
    slope, aspect = np.zeros((height, width)), np.zeros((height, width))
    valid = np.zeros((height, width), bool)
    for r in range(1, height - 1):
        for c in range(1, width - 1):
            rise = (
                (values[r, c + 1] - values[r, c - 1]) / (2 * east),
                (values[r - 1, c] - values[r + 1, c]) / (2 * north),
            )
            slope[r, c] = math.degrees(math.atan(math.hypot(*rise)))
            aspect[r, c] = math.degrees(math.atan2(-rise[0], -rise[1])) % 360
            valid[r, c] = True
    return (slope, valid), (aspect, valid)


def test_slope_and_aspect_are_those_of_the_surface() -> None:
    made = World()
    layer = speckle((6, 7), 1, dtype="float64")
    dem = ee.Image(made.add({"elevation": (layer[0] * 30, layer[1])}))
    slope, aspect = slope_and_aspect(layer[0] * 30, 10, 10)

    same(made.pixels(ee.Terrain.slope(dem), native(7, 6))["slope"], slope, 1e-4)
    same(made.pixels(ee.Terrain.aspect(dem), native(7, 6))["aspect"], aspect, 1e-4)
    both = made.pixels(ee.Terrain.products(dem), native(7, 6))
    assert list(both) == ["elevation", "slope", "aspect", "hillshade"]
    np.testing.assert_array_equal(both["slope"][1], slope[1])


@pytest.mark.parametrize(
    ("east", "north", "facing"), [(1, 0, 270), (0, 1, 180), (-1, 0, 90), (0, -1, 0)]
)
def test_aspect_is_the_way_down_and_shade_knows_the_light(
    east: int, north: int, facing: int
) -> None:
    made = World()
    rows, cols = np.indices((5, 5))
    plane = (cols * east - rows * north) * 10.0
    dem = ee.Image(made.add({"z": everywhere(plane.tolist())}))
    aspect = made.pixels(ee.Terrain.aspect(dem), native(5, 5))["aspect"]
    assert aspect[0][2, 2] == pytest.approx(facing)
    lit = made.pixels(ee.Terrain.hillshade(dem, facing, 45), native(5, 5))["hillshade"]
    dark = made.pixels(ee.Terrain.hillshade(dem, (facing + 180) % 360, 45), native(5, 5))
    assert lit[0][2, 2] in {254, 255}
    assert dark["hillshade"][0][2, 2] == 0
    assert lit[0].dtype == np.uint8


def test_degrees_narrow_with_the_latitude() -> None:
    rise = ee.Image.pixelLonLat().select("longitude").multiply(111319.49079327357)
    grid = PixelGrid("EPSG:4326", (1e-3, 0.0, 10.0, 0.0, -1e-3, 60.0), 3, 3)
    found = World().pixels(ee.Terrain.slope(rise), grid)["slope"]
    expected = math.degrees(math.atan(1 / math.cos(math.radians(60 - 1.5e-3))))
    assert found[0][1, 1] == pytest.approx(expected, rel=1e-5)


def test_derivatives_are_half_differences_and_gradients_per_metre() -> None:
    made = World()
    values = speckle((5, 6), 2, dtype="float64")[0]
    image = ee.Image(made.add({"v": (values, np.ones(values.shape, bool))}))
    grid = native(6, 5)
    steps = made.pixels(image.derivative(), grid)
    metres = made.pixels(image.gradient(), grid)
    across = (values[2, 4] - values[2, 2]) / 2
    down = (values[3, 3] - values[1, 3]) / 2
    assert steps["v_x"][0][2, 3] == pytest.approx(across)
    assert steps["v_y"][0][2, 3] == pytest.approx(down)
    assert metres["x"][0][2, 3] == pytest.approx(across / 10)
    assert metres["y"][0][2, 3] == pytest.approx(-down / 10)
    assert not steps["v_x"][1][0].any()
