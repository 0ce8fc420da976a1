"""Filters over neighbours, against loops: gaps, borders, kernels in metres, and tiles."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable

import ee
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.pixels.numerics import windows
from tests.unit.local_earthengine.world import Layer, World, native, same, speckle

Offsets = Iterable[tuple[int, int]]


def disk(radius: float) -> list[tuple[int, int]]:
    reach = range(-math.floor(radius), math.floor(radius) + 1)
    return [(dx, dy) for dy in reach for dx in reach if dx * dx + dy * dy <= radius * radius]


def square(radius: int) -> list[tuple[int, int]]:
    reach = range(-radius, radius + 1)
    return [(dx, dy) for dy in reach for dx in reach]


def by_hand(
    layer: Layer,
    offsets: Offsets,
    statistic: Callable[[list[float]], float],
    grid: PixelGrid,
    fills: bool,
) -> Layer:
    """A statistic of the valid neighbours of each pixel of a window of the scene."""
    values, valid = layer
    height, width = values.shape
    out, ok = np.zeros(grid.shape), np.zeros(grid.shape, bool)
    col0, row0 = native(1, 1).offset(grid) or (0, 0)
    for row in range(grid.height):
        for col in range(grid.width):
            y, x = row + row0, col + col0
            inside = [
                (y + dy, x + dx)
                for dx, dy in offsets
                if 0 <= y + dy < height and 0 <= x + dx < width
            ]
            known = [float(values[place]) for place in inside if valid[place]]
            own = 0 <= y < height and 0 <= x < width and valid[y, x]
            if known and (fills or own):
                out[row, col], ok[row, col] = statistic(known), True
    return out, ok


@pytest.mark.parametrize(
    ("name", "statistic"),
    [
        ("focal_median", statistics.median), ("focal_mean", statistics.fmean),
        ("focal_min", min), ("focal_max", max),
    ],
)  # fmt: skip
@pytest.mark.parametrize("gaps", [0.0, 0.5])
def test_focal_filters_fill_gaps_and_reach_beyond_edges(
    name: str, statistic: Callable[[list[float]], float], gaps: float
) -> None:
    made, layer = World(), speckle((14, 17), 3, gaps)
    image = ee.Image(made.add({"v": layer}))
    grid = native(23, 20, -3, -3)

    found = made.pixels(getattr(image, name)(2.5, "circle", "pixels"), grid)["v"]

    same(found, by_hand(layer, disk(2.5), statistic, grid, fills=True), 1e-5)


@pytest.mark.parametrize(
    ("name", "statistic"),
    [
        ("mean", statistics.fmean), ("stdDev", statistics.pstdev), ("median", statistics.median),
        ("variance", statistics.pvariance), ("sum", math.fsum), ("min", min), ("max", max),
        ("mode", min), ("count", len), ("first", lambda known: known[0]),
    ],
)  # fmt: skip
def test_reductions_of_neighbours_are_masked_where_the_pixel_is(
    name: str, statistic: Callable[[list[float]], float]
) -> None:
    made, layer = World(), speckle((9, 11), 4, 0.3)
    image = ee.Image(made.add({"v": layer}))
    kernel = ee.Kernel.square(2, "pixels", False)
    grid = native(11, 9)

    found = made.pixels(image.reduceNeighborhood(getattr(ee.Reducer, name)(), kernel), grid)

    expected = by_hand(layer, square(2), statistic, grid, fills=False)
    same(found[f"v_{name}"], expected, 1e-4)


def test_radii_in_metres_are_pixels_of_the_grid_of_the_output() -> None:
    made, layer = World(), speckle((40, 40), 5)
    smooth = ee.Image(made.add({"v": layer})).focal_mean(100, "circle", "meters")

    fine = made.pixels(smooth, native(4, 4, 18, 18))["v"]
    same(fine, by_hand(layer, disk(10), statistics.fmean, native(4, 4, 18, 18), True), 1e-5)

    # On a lattice in degrees of nominally 10 m a radius of 100 m is 10 pixels, not 9.
    side = 10 / 111319.49079327357
    grid = PixelGrid("EPSG:4326", (side, 0.0, 15.0015, 0.0, -side, -18.0935), 3, 3)
    ones = ee.Image(1).reduceNeighborhood(
        ee.Reducer.count(), ee.Kernel.circle(100, "meters", False)
    )
    assert (made.pixels(ones, grid)["constant_count"][0] == len(disk(10))).all()


def test_the_pixels_do_not_depend_on_the_tiles() -> None:
    made, layer = World(), speckle((50, 60), 6, 0.1)
    image = ee.Image(made.add({"v": layer}))
    filtered = image.focal_median(3).subtract(image.reduceNeighborhood(
        ee.Reducer.mean(), ee.Kernel.square(2)))  # fmt: skip
    grid = native(60, 50)

    whole, tiled = made.pixels(filtered, grid), made.pixels(filtered, grid, tile=17)

    same(tiled["v"], whole["v"], 1e-6)


def test_a_filter_sees_beyond_the_area_of_an_export() -> None:
    made, layer = World(), speckle((30, 30), 7)
    image = ee.Image(made.add({"v": layer})).focal_median(3)
    region = ee.Geometry.Rectangle([500100, 7999800, 500200, 7999900], "EPSG:32633", False)

    found = made.pixels(image, crs="EPSG:32633", crsTransform=[10, 0, 0, 0, -10, 0], region=region)

    grid = native(10, 10, 10, 10)
    same(found["v"], by_hand(layer, disk(3), statistics.median, grid, True), 1e-6)


def test_a_filter_runs_once_for_all_that_read_it() -> None:
    made, layer = World(), speckle((30, 30), 8)
    smooth = ee.Image(made.add({"v": layer})).focal_median(3)
    many = ee.Image.cat(smooth, smooth.add(1), smooth.focal_mean(2), smooth.gt(1))

    made.pixels(many, native(30, 30))

    assert len(made.reads) == 1


def test_kernels_turn_clockwise_and_neighbours_become_bands_by_rows() -> None:
    made, layer = World(), speckle((6, 6), 9)
    image = ee.Image(made.add({"v": layer}))
    north = ee.Kernel.fixed(3, 3, [[0, 1, 0], [0, 0, 0], [0, 0, 0]])

    up = made.pixels(image.reduceNeighborhood(ee.Reducer.sum(), north), native(4, 4, 1, 1))
    east = made.pixels(
        image.reduceNeighborhood(ee.Reducer.sum(), north.rotate(1)), native(4, 4, 1, 1)
    )
    bands = made.pixels(image.neighborhoodToBands(ee.Kernel.square(1)), native(4, 4, 1, 1))

    np.testing.assert_allclose(up["v_sum"][0], layer[0][0:4, 1:5], rtol=1e-6)
    np.testing.assert_allclose(east["v_sum"][0], layer[0][1:5, 2:6], rtol=1e-6)
    assert list(bands)[:4] == ["v_-1_-1", "v_0_-1", "v_1_-1", "v_-1_0"]
    np.testing.assert_allclose(bands["v_-1_-1"][0], layer[0][0:4, 0:4])
    np.testing.assert_allclose(bands["v_1_0"][0], layer[0][1:5, 2:6])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 5), st.floats(0, 1))
def test_window_kernels_agree_with_loops(seed: int, high: int, wide: int, gaps: float) -> None:
    rng = np.random.default_rng(seed)
    values, valid = speckle((high + 5, wide + 6), seed, gaps)
    footprint = rng.random((high, wide)) < 0.7
    footprint[rng.integers(high), rng.integers(wide)] = True
    for kernel, statistic in (
        (windows.median, statistics.median), (windows.smallest, min), (windows.largest, max)
    ):  # fmt: skip
        found, some = kernel(values, valid, footprint)
        assert found.shape == some.shape == (6, 7)
        for row, col in np.ndindex(6, 7):
            part = slice(row, row + high), slice(col, col + wide)
            known = values[part][valid[part] & footprint]
            assert some[row, col] == (len(known) > 0)
            if len(known):
                assert found[row, col] == pytest.approx(statistic(known.tolist()), rel=1e-6)
