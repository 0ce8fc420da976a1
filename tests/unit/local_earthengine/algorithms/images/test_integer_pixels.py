"""Whole numbers in small types, and masks and counts at the edge of nothing."""

from __future__ import annotations

import math
from typing import Any

import ee
import numpy as np
import pytest

from tests.unit.local_earthengine.world import Layer, World, native, same, speckle

VALUES = [0, 1, 7, 127, 200, 255]


def small(dtype: str, values: list[int]) -> tuple[World, Any]:
    made = World()
    layer: Layer = np.array([values], dtype), np.ones((1, len(values)), bool)
    turned: Layer = layer[0][:, ::-1], layer[1]
    return made, ee.Image(made.add({"a": layer, "b": turned}))


def by_hand(found: dict[str, Layer], name: str, expected: list[float]) -> None:
    values, valid = found[name]
    assert valid.all()
    np.testing.assert_allclose(values[0].astype(float), expected, rtol=1e-6)


def test_a_scale_of_bytes_goes_below_0_and_past_1() -> None:
    made, image = small("uint8", VALUES)
    found = made.pixels(image.select("a").unitScale(5, 9), native(6, 1))
    by_hand(found, "a", [(value - 5) / 4 for value in VALUES])


@pytest.mark.parametrize(("low", "high"), [(-5, 130), (1, 300), (0.5, 2.5), (-1e30, 1e30)])
def test_bytes_are_clamped_by_limits_that_no_byte_holds(low: float, high: float) -> None:
    made, image = small("uint8", VALUES)
    found = made.pixels(image.select("a").clamp(low, high), native(6, 1))
    by_hand(found, "a", [math.trunc(min(max(value, low), high)) for value in VALUES])


def test_a_normalized_difference_of_bytes_may_be_negative() -> None:
    made, image = small("uint8", VALUES)
    found = made.pixels(image.normalizedDifference(["a", "b"]), native(6, 1))
    pairs = zip(VALUES, VALUES[::-1], strict=True)
    by_hand(found, "nd", [(a - b) / (a + b) for a, b in pairs])


def test_the_absolute_value_of_the_least_byte_needs_a_bit_more() -> None:
    made, image = small("int8", [-128, -1, 0, 127])
    by_hand(made.pixels(image.select("a").abs(), native(4, 1)), "a", [128, 1, 0, 127])


@pytest.mark.parametrize("skip", [True, False])
def test_a_count_of_no_neighbours_is_0_wherever_the_tiles_lie(skip: bool) -> None:
    made = World()
    image = ee.Image(made.add({"v": (np.zeros((2, 2), "float32"), np.zeros((2, 2), bool))}))
    counted = image.reduceNeighborhood(
        ee.Reducer.count(), ee.Kernel.square(1), "kernel", skipMasked=skip
    )
    values, valid = made.pixels(counted, native(6, 6, -2, -2), tile=3)["v_count"]
    assert bool(valid.any()) is not skip
    assert not values.any()


def test_filling_gaps_within_the_footprint_leaves_what_lies_beyond_it() -> None:
    """A filter reaches beyond a scene; unmask adds nothing there, and takes nothing away."""
    made, layer = World(), speckle((4, 4), 1, 0.3)
    image = ee.Image(made.add({"v": layer}))
    grown = image.focal_max(1, "square", "pixels")
    before = made.pixels(grown, native(6, 6, -1, -1))["v"]
    after = made.pixels(grown.unmask(), native(6, 6, -1, -1))["v"]
    assert before[1][0].any()
    same((after[0], before[1]), before)
    assert (after[1] >= before[1]).all()


def test_a_gaussian_is_as_wide_as_its_sigma() -> None:
    kernel = ee.Kernel.gaussian(1.5, 0.75, "pixels", False)
    spread = np.zeros((3, 3), "float64")
    spread[1, 1] = 1.0
    made = World()
    image = ee.Image(made.add({"v": (spread, np.ones((3, 3), bool))}))
    found = made.pixels(image.convolve(kernel), native(3, 3))["v"][0]
    expected = [[math.exp(-(x * x + y * y) / (2 * 0.75**2)) for x in (-1, 0, 1)]
                for y in (-1, 0, 1)]  # fmt: skip
    np.testing.assert_allclose(found, expected, rtol=1e-12)
