"""What kernels mean: turns, shapes, sums, sizes, and the order and names of neighbours."""

from __future__ import annotations

from typing import Any

import ee
import numpy as np
import pytest

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid
from tests.unit.local_earthengine.world import World, native, speckle

SHAPE = (9, 10)
INNER = native(2, 1, 4, 4)  # far enough from the scene's edges


def scene() -> tuple[World, Any, np.ndarray[Any, Any]]:
    made, layer = World(), speckle(SHAPE, 1, 0.0, "float64")
    return made, ee.Image(made.add({"v": layer})), layer[0]


def turned(rows: list[list[float]], quarters: int) -> list[list[float]]:
    """Rows of weights after so many quarters clockwise: the top row becomes the right column."""
    for _ in range(quarters % 4):
        rows = [list(column)[::-1] for column in zip(*rows, strict=True)]
    return rows


@pytest.mark.parametrize("quarters", [-5, -1, 0, 1, 2, 3, 4])
def test_kernels_turn_clockwise_about_their_pixel(quarters: int) -> None:
    made, image, values = scene()
    weights: list[list[float]] = [[1, 2, 4], [8, 16, 32], [64, 128, 256]]
    kernel = ee.Kernel.fixed(3, 3, weights, 1, 1).rotate(quarters)
    found, valid = made.pixels(image.reduceNeighborhood(ee.Reducer.sum(), kernel), INNER)["v_sum"]
    assert valid.all()
    for row, col in np.ndindex(1, 2):
        around = values[4 + row - 1 : 4 + row + 2, 4 + col - 1 : 4 + col + 2]
        assert found[row, col] == pytest.approx(float((around * turned(weights, quarters)).sum()))


@pytest.mark.parametrize("radius", [0.5, 1, 1.4, 1.5, 2, 2.9, 3])
def test_a_circle_holds_the_pixels_within_its_radius(radius: float) -> None:
    made, image, _ = scene()
    kernel = ee.Kernel.circle(radius, "pixels", False)
    found = made.compute(image.neighborhoodToBands(kernel).bandNames())
    reach = range(-4, 5)
    assert found == [
        f"v_{dx}_{dy}" for dy in reach for dx in reach if dx * dx + dy * dy <= radius * radius
    ]


def test_neighbours_become_bands_by_rows_from_the_north() -> None:
    made, image, values = scene()
    kernel = ee.Kernel.fixed(4, 3, [[0, 1, 0, 2], [3, 0, 0, 0], [0, 0, 5, 1]], 1, 2)
    found = made.pixels(image.neighborhoodToBands(kernel), INNER)
    offsets = [(0, -2), (2, -2), (-1, -1), (1, 0), (2, 0)]
    assert list(found) == [f"v_{dx}_{dy}" for dx, dy in offsets]
    for (pixels, valid), (dx, dy) in zip(found.values(), offsets, strict=True):
        assert valid.all()
        np.testing.assert_array_equal(pixels, values[4 + dy : 5 + dy, 4 + dx : 6 + dx])


def test_weights_of_0_are_no_neighbours() -> None:
    made, image, values = scene()
    kernel = ee.Kernel.fixed(3, 1, [[1, 0, 1]])
    found, _ = made.pixels(image.reduceNeighborhood(ee.Reducer.max(), kernel), INNER)["v_max"]
    assert found[0, 0] == max(values[4, 3], values[4, 5])


def test_a_kernel_that_is_too_large_is_refused_when_pixels_are_asked() -> None:
    grid = PixelGrid("EPSG:32633", (10.0, 0.0, 0.0, 0.0, -10.0, 0.0), 2, 2)
    with pytest.raises(EarthEngineError, match="Kernel is too large"):
        World().pixels(ee.Image(1).focal_median(1e9), grid)
