"""Polynomials of pixels, against powers added up one by one."""

from __future__ import annotations

import ee
import numpy as np
import pytest

from tests.unit.local_earthengine.world import World, native, same, speckle


@pytest.mark.parametrize("coefficients", [[5], [1, -2], [0.5, 0, 3, -0.25]])
def test_a_polynomial_is_its_powers_added_up(coefficients: list[float]) -> None:
    world = World()
    values, valid = speckle((5, 6), seed=1, gaps=0.2)
    image = ee.Image(world.add({"a": (values, valid)}))

    found = world.pixels(image.polynomial(coefficients), native(6, 5))

    expected = np.zeros(values.shape)
    for degree, factor in enumerate(coefficients):
        expected += factor * values.astype(float) ** degree
    same(found["a"], (expected, valid), tolerance=1e-5)
