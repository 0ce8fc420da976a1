"""Kernels by their weights, read from a convolution of a single bright pixel."""

from __future__ import annotations

import math
from typing import Any

import ee
import numpy as np
import pytest

from tests.unit.local_earthengine.world import World, native, speckle

SHAPE = (14, 17)
GRID = native(17, 14)


def test_kernels_add_up_around_their_middles() -> None:
    made = World()
    one = ee.Kernel.fixed(3, 1, [[1, 2, 3]])
    other = ee.Kernel.fixed(1, 3, [[10], [20], [30]])
    image = ee.Image(made.add({"v": speckle(SHAPE, 12)}))
    found = made.pixels(image.convolve(one.add(other)), GRID)["v"]
    apart = made.pixels(image.convolve(one).add(image.convolve(other)), GRID)["v"]
    inner = (slice(1, -1), slice(1, -1))
    np.testing.assert_allclose(found[0][inner], apart[0][inner], rtol=1e-5)


SIDE = 11
MIDDLE = SIDE // 2


def weights(kernel: ee.Kernel) -> np.ndarray[Any, Any]:
    """The response to 1 in the middle, turned by half a turn twice: the kernel as it is."""
    values = np.zeros((SIDE, SIDE))
    values[MIDDLE, MIDDLE] = 1
    made = World()
    image = ee.Image(made.add({"a": (values, np.ones((SIDE, SIDE), np.bool_))}))
    found, valid = made.pixels(image.convolve(kernel), native(SIDE, SIDE))["a"]
    assert valid.all()
    return found


def by(rule: Any, radius: int, radius_y: int | None = None) -> np.ndarray[Any, Any]:
    """Weights by a rule of the offset, 0 beyond the radius."""
    reach = radius if radius_y is None else radius_y
    table = np.zeros((SIDE, SIDE))
    for y in range(-reach, reach + 1):
        for x in range(-radius, radius + 1):
            table[MIDDLE + y, MIDDLE + x] = rule(x, y)
    return table


def rows(*values: list[float]) -> np.ndarray[Any, Any]:
    return by(lambda x, y: values[y + 1][x + 1], 1)


KERNELS: dict[str, tuple[Any, Any]] = {
    "chebyshev": (lambda k: k.chebyshev(2), lambda: by(lambda x, y: max(abs(x), abs(y)), 2)),
    "euclidean": (lambda k: k.euclidean(3), lambda: by(math.hypot, 3)),
    "euclidean, twice": (
        lambda k: k.euclidean(1, "pixels", False, 2), lambda: by(lambda *d: 2 * math.hypot(*d), 1)),
    "euclidean in metres": (lambda k: k.euclidean(20, "meters"), lambda: by(math.hypot, 2)),
    "manhattan": (lambda k: k.manhattan(2), lambda: by(lambda x, y: abs(x) + abs(y), 2)),
    "manhattan, normalized": (
        lambda k: k.manhattan(1, "pixels", True), lambda: by(lambda x, y: abs(x) + abs(y), 1) / 12),
    "inverse": (
        lambda k: k.manhattan(2).inverse(),
        lambda: by(lambda x, y: 1 / (abs(x) + abs(y)) if (x, y) != (0, 0) else 0, 2)),
    "laplacian4": (lambda k: k.laplacian4(), lambda: rows([0, 1, 0], [1, -4, 1], [0, 1, 0])),
    "laplacian8": (lambda k: k.laplacian8(), lambda: rows([1, 1, 1], [1, -8, 1], [1, 1, 1])),
    "laplacian8, thrice": (
        lambda k: k.laplacian8(3), lambda: rows([3, 3, 3], [3, -24, 3], [3, 3, 3])),
    "prewitt": (lambda k: k.prewitt(), lambda: rows([1, 0, -1], [1, 0, -1], [1, 0, -1])),
    "sobel": (lambda k: k.sobel(), lambda: rows([-1, 0, 1], [-2, 0, 2], [-1, 0, 1])),
    "rectangle": (lambda k: k.rectangle(3, 1), lambda: by(lambda *_: 1 / 21, 3, 1)),
    "rectangle, flat": (
        lambda k: k.rectangle(1, 2, "pixels", False), lambda: by(lambda *_: 1, 1, 2)),
    "octagon": (
        lambda k: k.octagon(2, "pixels", False),
        lambda: by(lambda x, y: abs(x) + abs(y) <= 3, 2)),
}  # fmt: skip


@pytest.mark.parametrize("case", KERNELS)
def test_a_kernel_has_the_weights_of_its_rule(case: str) -> None:
    make, expected = KERNELS[case]
    np.testing.assert_allclose(weights(make(ee.Kernel)), expected(), rtol=1e-9, atol=1e-12)


# As the documentation prints a radius of 3, to three digits cut off.
PRINTED = [
    [0.002, 0.013, 0.021, 0.013, 0.002],
    [0.013, 0.059, 0.098, 0.059, 0.013],
    [0.021, 0.098, 0.162, 0.098, 0.021],
    [0.013, 0.059, 0.098, 0.059, 0.013],
    [0.002, 0.013, 0.021, 0.013, 0.002],
]


def test_a_gaussian_is_the_documentations() -> None:
    found = World().compute(ee.Kernel.gaussian(3))
    assert (np.floor(np.array(found["weights"]) * 1000) / 1000).tolist() == PRINTED
    assert found["center"] == [2, 2]


@pytest.mark.parametrize(
    ("radius", "sigma", "units", "reach"),
    [
        (0, 1, "pixels", 0), (1, 1, "pixels", 0), (1.5, 0.75, "pixels", 1), (2, 1, "pixels", 1),
        (3, 2, "pixels", 2), (4, 1.5, "pixels", 3), (30, 10, "meters", 2), (34, 15, "meters", 3),
        (10, 5, "meters", 0),
    ],
)  # fmt: skip
def test_a_gaussian_ends_before_its_radius(
    radius: float, sigma: float, units: str, reach: int
) -> None:
    found = weights(ee.Kernel.gaussian(radius, sigma, units))
    spread = sigma if units == "pixels" else sigma / 10
    expected = by(lambda x, y: math.exp(-(x * x + y * y) / (2 * spread * spread)), reach)
    np.testing.assert_allclose(found, expected / expected.sum(), rtol=1e-5, atol=1e-12)
