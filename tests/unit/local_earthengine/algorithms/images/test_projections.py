"""Where pixels lie: nearest neighbours, reprojection, clips and the grids of exports."""

from __future__ import annotations

import math
from typing import Any

import ee
import numpy as np
import pytest
from pyproj import Transformer

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid
from tests.unit.local_earthengine.world import NAME, UTM, Layer, World, native, same, speckle

DEGREE = 111319.49079327357
SIDE = 10 / DEGREE


def nearest(layer: Layer, grid: PixelGrid) -> Layer:
    """The scene's pixel under the centre of each pixel of the grid, one by one."""
    values, valid = layer
    out, ok = np.zeros(grid.shape), np.zeros(grid.shape, bool)
    to_utm = Transformer.from_crs(grid.crs, UTM, always_xy=True)
    a, b, c, d, e, f = grid.transform
    for row in range(grid.height):
        for col in range(grid.width):
            x, y = a * (col + 0.5) + b * (row + 0.5) + c, d * (col + 0.5) + e * (row + 0.5) + f
            east, north = to_utm.transform(x, y)
            i, j = math.floor((8_000_000 - north) / 10), math.floor((east - 500_000) / 10)
            if 0 <= i < values.shape[0] and 0 <= j < values.shape[1] and valid[i, j]:
                out[row, col], ok[row, col] = values[i, j], True
    return out, ok


def degrees(width: int = 25, height: int = 22) -> PixelGrid:
    """A grid in degrees that reaches over the north-west corner of the scene."""
    west, north = Transformer.from_crs(UTM, "EPSG:4326", always_xy=True).transform(
        499_950.0, 8_000_040.0
    )
    return PixelGrid("EPSG:4326", (SIDE, 0.0, west, 0.0, -SIDE, north), width, height)


def scene() -> tuple[World, Layer, Any]:
    made, layer = World(), speckle((30, 30), 11, 0.1)
    return made, layer, ee.Image(made.add({"v": layer}))


def test_another_lattice_takes_the_nearest_pixel() -> None:
    made, layer, image = scene()
    same(made.pixels(image, degrees())["v"], nearest(layer, degrees()))


def test_a_default_projection_moves_no_pixel() -> None:
    made, layer, image = scene()
    moved = image.setDefaultProjection("EPSG:32633", None, 100)
    same(made.pixels(moved, native(30, 30))["v"], layer)


def test_a_reprojected_image_is_computed_in_its_own_lattice_first() -> None:
    made, layer, image = scene()
    coarse = image.reproject("EPSG:32633", [50, 0, 500_000, 0, -50, 8_000_000])

    found = made.pixels(coarse, native(30, 30))["v"]

    # The coarse pixel's centre is the middle of the third of five fine pixels.
    rows, cols = np.mgrid[0:30, 0:30] // 5 * 5 + 2
    same(found, (layer[0][rows, cols], layer[1][rows, cols]))


def test_a_filter_below_a_reprojection_runs_on_that_lattice() -> None:
    made, _, _ = scene()
    counted = ee.Image(1).reduceNeighborhood(
        ee.Reducer.count(), ee.Kernel.square(100, "meters", False)
    )
    forced = counted.reproject("EPSG:32633", [50, 0, 0, 0, -50, 0])

    assert (made.pixels(counted, native(3, 3))["constant_count"][0] == 21 * 21).all()
    assert (made.pixels(forced, native(3, 3))["constant_count"][0] == 5 * 5).all()


def test_a_clip_masks_by_the_centres_of_pixels_and_keeps_properties() -> None:
    made, layer, image = scene()
    triangle = [[500_000, 8_000_000], [500_203, 8_000_000], [500_000, 7_999_797]]
    shape = ee.Geometry.Polygon([triangle], "EPSG:32633", False)

    found = made.pixels(image.clip(shape), native(30, 30))["v"]

    rows, cols = np.mgrid[0:30, 0:30]
    inside = (cols * 10 + 5) + (rows * 10 + 5) <= 203
    same(found, (layer[0], layer[1] & inside))
    assert made.compute(image.set("a", 1).clip(shape).get("a")) == 1


REGION = [14.9972, -18.0917, 15.0031, -18.0888]


def test_the_grid_of_a_scale_in_degrees_is_anchored_at_the_origin_and_covers_the_region() -> None:
    made, _, image = scene()
    region = ee.Geometry.Rectangle(REGION, None, False)

    grid = made.grid(image, region=region, crs="EPSG:4326", scale=10)

    assert (grid.transform[0], grid.transform[4]) == (SIDE, -SIDE)
    assert grid.transform[0] == 8.983152841195215e-05
    first, last = math.floor(REGION[0] / SIDE), math.ceil(REGION[2] / SIDE)
    top, bottom = math.ceil(REGION[3] / SIDE), math.floor(REGION[1] / SIDE)
    assert (grid.width, grid.height) == (last - first, top - bottom)
    assert (grid.transform[2], grid.transform[5]) == pytest.approx((first * SIDE, top * SIDE))


def test_the_grid_of_a_scale_in_utm_is_anchored_at_the_origin() -> None:
    made, _, image = scene()
    region = ee.Geometry.Rectangle([500_003, 7_999_711, 500_250, 7_999_998], UTM, False)

    grid = made.grid(image, region=region, crs=UTM, scale=20)

    assert grid == PixelGrid(UTM, (20.0, 0.0, 500_000.0, 0.0, -20.0, 8_000_000.0), 13, 15)


def test_a_region_that_is_aligned_gets_no_pixel_more() -> None:
    made, _, image = scene()
    bounds = [166_953 * SIDE, -201_380 * SIDE, 167_000 * SIDE, -201_300 * SIDE]
    region = ee.Geometry.Rectangle(bounds, None, False)

    grid = made.grid(image, region=region, crs="EPSG:4326", scale=10)

    assert (grid.width, grid.height) == (47, 80)


def test_a_transform_with_dimensions_is_exactly_that_grid() -> None:
    made, layer, image = scene()
    transform = [10, 0, 500_000, 0, -10, 8_000_000]

    grid = made.grid(image, crs=UTM, crsTransform=transform, dimensions="12x7")

    assert grid == native(12, 7)
    found = made.pixels(image, crs=UTM, crsTransform=transform, dimensions="12x7")["v"]
    same(found, (layer[0][:7, :12], layer[1][:7, :12]))


def test_a_transform_with_a_region_is_clipped_to_the_region() -> None:
    made, _, image = scene()
    ring = [[500_000, 8_000_000], [500_100, 8_000_000], [500_000, 7_999_900]]
    region = ee.Geometry.Polygon([ring], UTM, False)
    transform = [10, 0, 3, 0, -10, 4]

    grid = made.grid(image, crs=UTM, crsTransform=transform, region=region)
    mask = made.pixels(ee.Image(1), crs=UTM, crsTransform=transform, region=region)

    assert (grid.transform[2] - 3) % 10 == 0
    assert (grid.transform[5] - 4) % 10 == 0
    assert grid.shape == (11, 11)
    assert 45 <= mask["constant"][1].sum() <= 55


def test_dimensions_stretch_or_fit_the_region() -> None:
    made, _, image = scene()
    region = ee.Geometry.Rectangle([500_000, 7_999_900, 500_300, 8_000_000], UTM, False)

    stretched = made.grid(image, crs=UTM, region=region, dimensions="30x20")
    fitted = made.grid(image, crs=UTM, region=region, dimensions=60)

    assert stretched == PixelGrid(UTM, (10.0, 0.0, 500_000.0, 0.0, -5.0, 8_000_000.0), 30, 20)
    assert fitted == PixelGrid(UTM, (5.0, 0.0, 500_000.0, 0.0, -5.0, 8_000_000.0), 60, 20)


def test_without_a_crs_the_scene_s_own_is_exported() -> None:
    made, _, image = scene()
    region = ee.Geometry.Rectangle([500_000, 7_999_900, 500_300, 8_000_000], UTM, False)
    assert made.grid(image, region=region, scale=10) == native(30, 10)


@pytest.mark.parametrize("image", [lambda: ee.Image(1), lambda: ee.ImageCollection(NAME).mosaic()])
def test_an_unbounded_image_can_not_be_exported(image: Any) -> None:
    made, _, _ = scene()
    with pytest.raises(EarthEngineError, match="Unable to export unbounded image"):
        made.grid(image(), crs="EPSG:4326", scale=10)


def test_bands_of_different_projections_have_no_projection_together() -> None:
    made, _, image = scene()
    other = image.reproject("EPSG:4326", None, 10)
    with pytest.raises(EarthEngineError, match="different projections"):
        made.compute(image.addBands(other).projection())
    info = made.compute(image.projection())
    assert info == {
        "type": "Projection", "crs": UTM, "transform": [10, 0, 500000, 0, -10, 8000000]
    }  # fmt: skip
    assert made.compute(image.projection().nominalScale()) == 10
