"""Kernels by their weights, read from a convolution of a single bright pixel; projections."""

from __future__ import annotations

import math
from typing import Any

import ee
import numpy as np
import pytest
from pyproj import CRS

from tests.unit.earthengine.world import UTM, World, native

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
def test_weights(case: str) -> None:
    make, expected = KERNELS[case]
    np.testing.assert_allclose(weights(make(ee.Kernel)), expected(), rtol=1e-9, atol=1e-12)


def compute(value: Any) -> Any:
    return World().compute(value)


def test_projections() -> None:
    base = ee.Projection(UTM, [10, 0, 500_000, 0, -10, 8_000_000])

    assert compute(base.scale(2, 3))["transform"] == [20, 0, 500_000, 0, -30, 8_000_000]
    assert compute(base.translate(5, 7))["transform"] == [10, 0, 500_050, 0, -10, 7_999_930]
    assert compute(base.atScale(25).nominalScale()) == pytest.approx(25)
    assert compute(ee.Projection("EPSG:4326").atScale(30).nominalScale()) == pytest.approx(30)
    assert CRS.from_wkt(compute(base.wkt())).to_epsg() == 32633
    old = ee.Projection(ee.ApiFunction.call_("Proj", UTM, [1, 2, 3, 4, 5, 6]))
    assert compute(old)["transform"] == [1, 2, 3, 4, 5, 6]
    assert compute(old.crs()) == UTM


def test_a_transform_as_text_names_its_elements() -> None:
    text = compute(ee.Projection(UTM, [10, 0, 500_000, 0, -20, 8e6]).transform())
    assert text.startswith('PARAM_MT["Affine"')
    for name, value in (("0_0", 10), ("0_2", 500_000), ("1_1", -20), ("1_2", 8_000_000)):
        after = text.split(f'PARAMETER["elt_{name}", ')[1]
        assert float(after.split("]")[0]) == value


TYPES = {
    "int16": (-(2**15), 2**15 - 1), "int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1),
    "uint16": (0, 2**16 - 1), "uint32": (0, 2**32 - 1),
}  # fmt: skip


@pytest.mark.parametrize("name", TYPES)
def test_pixel_types(name: str) -> None:
    found = compute(getattr(ee.PixelType, name)())
    low, high = TYPES[name]
    assert (found["type"], found["precision"]) == ("PixelType", "int")
    assert (found["min"], found["max"]) == (low, high)
    assert compute(ee.PixelType.double()) == {"type": "PixelType", "precision": "double"}
