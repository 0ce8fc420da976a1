"""What a pixel's place tells, terrain, interpolation and coarser pixels, against loops."""

from __future__ import annotations

import math

import ee
import numpy as np
import pytest
from pyproj import Geod, Transformer

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid
from tests.unit.earthengine.world import UTM, Layer, World, native, same, speckle

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
def test_areas_of_pixels(grid: PixelGrid) -> None:
    found = World().pixels(ee.Image.pixelArea(), grid)["area"]
    expected = [[corner_area(grid, r, c) for c in range(grid.width)] for r in range(grid.height)]
    same(found, everywhere(expected), 1e-4)


def test_coordinates_of_pixels() -> None:
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


def test_slope_and_aspect_of_a_surface() -> None:
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


def test_derivatives_and_gradients() -> None:
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


def kernel(mode: str, distance: float) -> float:
    d = abs(distance)
    if mode == "bilinear":
        return max(0.0, 1 - d)
    if d <= 1:
        return 1.5 * d**3 - 2.5 * d**2 + 1
    return -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2 if d < 2 else 0.0


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
@pytest.mark.parametrize("gaps", [0.0, 0.25])
def test_interpolation(mode: str, gaps: float) -> None:
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
