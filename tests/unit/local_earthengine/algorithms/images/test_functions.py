"""Image functions pixel by pixel: values, masks and types, against `math` and `statistics`."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from typing import Any

import ee
import numpy as np
import pytest
from scipy import integrate, optimize

from tests.unit.local_earthengine.world import Layer, World, native, same, speckle

INPUTS = [-2.5, -1.0, -0.75, -0.1, 0.0, 0.25, 0.999, 1.0, 1.5, 2.0, 5.5, 30.0]
WHOLE = [-(2**40), -129, -128, -8, -1, 0, 1, 7, 127, 255, 256, 65536]


def digamma(x: float) -> float:
    """By Gauss's integral."""
    if x <= 0:
        if x == int(x):
            return math.nan
        return digamma(1 - x) - math.pi / math.tan(math.pi * x)

    def rest(t: float) -> float:
        return math.exp(-t) / t - math.exp(-x * t) / -math.expm1(-t)

    return float(integrate.quad(rest, 1e-12, 80, limit=400)[0])


def inverse(function: Callable[[float], float], low: float, high: float) -> Any:
    def apply(y: float) -> float:
        ends = sorted((function(low), function(high)))
        if not ends[0] < y < ends[1]:
            return math.nan
        return float(optimize.brentq(lambda x: function(x) - y, low, high, xtol=1e-13))

    return apply


FUNCTIONS: dict[str, Callable[[float], float]] = {
    "acos": math.acos, "asin": math.asin, "tan": math.tan, "sinh": math.sinh, "cosh": math.cosh,
    "tanh": math.tanh, "gamma": math.gamma, "erf": math.erf, "erfc": math.erfc,
    "digamma": digamma, "erfInv": inverse(math.erf, -6, 6), "erfcInv": inverse(math.erfc, -6, 6),
}  # fmt: skip


def known(function: Callable[[float], float], x: float) -> tuple[float, bool]:
    """The value, and whether it is a finite number."""
    try:
        value = function(x)
    except (ValueError, OverflowError):
        return 0.0, False
    return (value, True) if math.isfinite(value) else (0.0, False)


def row(values: list[Any], dtype: str, gap: int | None = None) -> Layer:
    """One row of pixels, of which one may be masked."""
    valid = np.ones((1, len(values)), np.bool_)
    if gap is not None:
        valid[0, gap] = False
    return np.array([values], dtype), valid


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_function_of_pixels_is_pythons(name: str, dtype: str) -> None:
    made, gap = World(), 9
    image = ee.Image(made.add({"a": row(INPUTS, dtype, gap)}))

    values, valid = made.pixels(getattr(image, name)(), native(len(INPUTS), 1))["a"]

    assert values.dtype == dtype
    for place, x in enumerate(np.array(INPUTS, dtype).tolist()):
        # Where the result has no end at the edge of the domain, either is masked.
        value, finite = known(FUNCTIONS[name], x)
        assert bool(valid[0, place]) == (finite and place != gap), x
        if valid[0, place]:
            near = 2e-5 if dtype == "float32" else 1e-8
            assert values[0, place] == pytest.approx(value, rel=near, abs=near), x


def test_bits_are_counted_and_inverted_in_64_bits() -> None:
    made = World()
    image = ee.Image(made.add({"a": row(WHOLE, "int64", 3)}))
    bands = ee.Image.cat(
        image.bitCount().rename("count"),
        image.bitwiseNot().rename("not"),
        image.bitwise_not().rename("old"),
    )

    found = made.pixels(bands, native(len(WHOLE), 1))

    counts = [bin(value & (2**64 - 1)).count("1") for value in WHOLE]
    same(found["count"], row(counts, "int64", 3))
    same(found["not"], row([-value - 1 for value in WHOLE], "int64", 3), 0)
    same(found["old"], found["not"], 0)


@pytest.mark.parametrize(
    ("dtype", "signed"),
    [("uint8", "int16"), ("int8", "int8"), ("uint16", "int32"), ("int16", "int16"),
     ("uint32", "int64"), ("int32", "int32"), ("int64", "int64"), ("float32", "int64")],
)  # fmt: skip
def test_inverted_bits_are_of_the_smallest_signed_type(dtype: str, signed: str) -> None:
    made = World()
    image = ee.Image(made.add({"a": row([0, 1, 100, 127], dtype)}))
    found = made.pixels(image.bitwiseNot(), native(4, 1))["a"]
    assert found[0].dtype == signed
    same(found, row([-1, -2, -101, -128], "int64"), 0)


BINARY: dict[str, tuple[Callable[[int, int], int], list[int], list[int]]] = {
    "bitwise_and": (lambda a, b: a & b, WHOLE, WHOLE[::-1]),
    "bitwise_or": (lambda a, b: a | b, WHOLE, WHOLE[::-1]),
    "bitwise_xor": (lambda a, b: a ^ b, WHOLE, WHOLE[::-1]),
    "left_shift": (lambda a, b: a << b, WHOLE, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20]),
    "right_shift": (lambda a, b: a >> b, WHOLE, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20]),
    "first_nonzero": (lambda a, b: a or b, WHOLE, WHOLE[::-1]),
}


@pytest.mark.parametrize("name", BINARY)
def test_an_operator_under_its_old_name_is_the_same(name: str) -> None:
    formula, left, right = BINARY[name]
    made = World()
    one = ee.Image(made.add({"a": row(left, "int64", 1)}))
    other = ee.Image(made.add({"a": row(right, "int64", 2)}))

    # The client has no method of some of these names: code of others sends them all the same.
    operated = ee.Image(ee.ApiFunction.call_(f"Image.{name}", one, other))
    found = made.pixels(operated, native(len(left), 1))["a"]

    valid = np.ones((1, len(left)), np.bool_)
    valid[0, 1:3] = False
    same(found, (np.array([[formula(a, b) for a, b in zip(left, right, strict=True)]]), valid), 0)


RANGES = {
    "uint8": (0, 255), "byte": (0, 255), "int8": (-128, 127), "uint16": (0, 65535),
    "int16": (-32768, 32767), "short": (-32768, 32767), "uint32": (0, 2**32 - 1),
    "int32": (-(2**31), 2**31 - 1), "int": (-(2**31), 2**31 - 1), "long": None, "int64": None,
    "double": None,
}  # fmt: skip
NUMBERS = [-1e11, -40000.7, -128.9, -0.9, 0.0, 0.9, 127.5, 255.99, 300.2, 70000.1, 5e9, 2.0]


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("prefix", ["", "to"])
def test_casts_truncate_and_clamp(name: str, prefix: str) -> None:
    made, ends = World(), RANGES[name]
    image = ee.Image(made.add({"a": row(NUMBERS, "float64", 4)}))
    form = f"to{name.title()}" if prefix else name

    values, valid = made.pixels(getattr(image, form)(), native(len(NUMBERS), 1))["a"]

    whole = [x if name == "double" else math.trunc(x) for x in NUMBERS]
    expected = whole if ends is None else [min(max(x, ends[0]), ends[1]) for x in whole]
    same((values, valid), row(expected, "float64", 4), 0)
    dtypes = {"byte": "uint8", "short": "int16", "int": "int32", "long": "int64"}
    assert values.dtype == {**dtypes, "double": "float64"}.get(name, name)


FOCAL: dict[str, Callable[[list[float]], float]] = {
    "Max": max, "Min": min, "Mean": statistics.fmean, "Median": statistics.median,
    "Mode": statistics.mode,
}  # fmt: skip


@pytest.mark.parametrize("name", FOCAL)
@pytest.mark.parametrize(("shape", "radius"), [("square", 1), ("circle", 1.5), ("plus", 2)])
def test_a_focal_filter_is_its_statistic_of_the_neighbours(
    name: str, shape: str, radius: float
) -> None:
    made, (height, width) = World(), (6, 8)
    values, valid = speckle((height, width), 3, 0.3)
    if name == "Mode":
        values = np.floor(values * 2)
        values[~valid] = -77
    image = ee.Image(made.add({"a": (values, valid)}))

    found = made.pixels(getattr(image, f"focal{name}")(radius, shape), native(width, height))["a"]

    expected = np.zeros((height, width)), np.zeros((height, width), np.bool_)
    inside = {
        "square": lambda dx, dy: max(abs(dx), abs(dy)) <= radius,
        "circle": lambda dx, dy: dx * dx + dy * dy <= radius**2,
        "plus": lambda dx, dy: max(abs(dx), abs(dy)) <= radius and 0 in (dx, dy),
    }[shape]
    for y in range(height):
        for x in range(width):
            near = [
                float(values[v, u])
                for v in range(height)
                for u in range(width)
                if valid[v, u] and inside(u - x, v - y)
            ]
            if near:
                counts = {n: near.count(n) for n in near}
                tied = [n for n in counts if counts[n] == max(counts.values())]
                expected[0][y, x] = min(tied) if name == "Mode" else FOCAL[name](near)
                expected[1][y, x] = True
    same(found, expected, 1e-5)


def test_bands_are_put_together_and_taken_by_place() -> None:
    made = World()
    a, b = speckle((2, 3), 1), speckle((2, 3), 2)
    image = ee.Image(made.add({"a": a, "b": b}, orbit=7))
    whole = ee.Image.cat(image, image.select("b"), 5)

    assert made.compute(whole.bandNames()) == ["a", "b", "b_1", "constant"]
    assert made.compute(whole.get("orbit")) == 7
    found = made.pixels(whole.slice(1, 3), native(3, 2))
    assert list(found) == ["b", "b_1"]
    same(found["b_1"], b)
    assert made.compute(whole.slice(-2).bandNames()) == ["b_1", "constant"]
    assert made.compute(whole.slice(2, 2).bandNames()) == []
    assert made.compute(image.id()) == "S0"
    assert made.compute(ee.Image(3).id()) is None


def test_a_list_of_images_and_numbers_is_one_image() -> None:
    made = World()
    image = ee.Image(made.add({"a": speckle((2, 3), 1)}, orbit=7))
    whole = ee.Image(ee.ApiFunction.call_("Image.cat", [image, 4, image]))
    assert made.compute(whole.bandNames()) == ["a", "constant", "a_1"]
    assert made.compute(whole.get("orbit")) == 7
    same(made.pixels(whole, native(3, 2))["a_1"], speckle((2, 3), 1))


def test_a_matrix_has_a_triangular_root() -> None:
    # Of [[4, 2], [2, 5]], by hand: [[2, 0], [1, 2]].
    matrix = ee.Image(ee.Array([[4, 2], [2, 5]])).matrixCholeskyDecomposition()
    flat = matrix.arrayFlatten([["a", "b"], ["c", "d"]])
    found = World().pixels(flat, native(2, 1))
    assert [values[0, 0] for values, _ in found.values()] == pytest.approx([2, 0, 1, 2])
    assert World().compute(matrix.bandNames()) == ["L"]
