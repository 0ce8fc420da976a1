"""Numbers as text; expected values by Java's documentation, official samples and Python's own."""

from __future__ import annotations

import math
from typing import Any

import ee
import numpy as np
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import World, native, same


def value(of: Any) -> Any:
    return World().compute(of)


@pytest.mark.parametrize(
    ("number", "pattern", "expected"),
    [
        (1, "%03d", "001"),
        (1.23476, "%.1f", "1.2"),
        (1.23476, "%.3f", "1.235"),
        (123476, "%.3e", "1.235e+05"),
        (123476, "%.2f", "123476.00"),
        (0.125, "%.2f", "0.13"),
        (2.5, "%.0f", "3"),
        (-2.5, "%.0f", "-3"),
        (1.005, "%.2f", "1.01"),
        (0.15, "%.1f", "0.2"),
        (1234567.891, "%,.2f", "1,234,567.89"),
        (-1234, "%,d", "-1,234"),
        (-7.5, "%(.1f", "(7.5)"),
        (-42, "%(d", "(42)"),
        (1.5, "%g", "1.50000"),
        (0.00001234, "%g", "1.23400e-05"),
        (1234567, "%g", "1.23457e+06"),
        (0, "%g", "0.00000"),
        (1.5, "%a", "0x1.8p0"),
        (1, "%A", "0X1.0P0"),
        (255, "%x", "ff"),
        (255, "%#X", "0XFF"),
        (-1, "%x", "f" * 16),
        (8, "%o", "10"),
        (5, "orbit %05d!", "orbit 00005!"),
        (5, "%-4d|", "5   |"),
        (5, "% d", " 5"),
        (3, "%s", "3"),
        (0.25, "%s", "0.25"),
        (0.00025, "%s", "2.5E-4"),
        (12345678.5, "%s", "1.23456785E7"),
        (1e21, "%6.1e", "1.0e+21"),
    ],
)
def test_a_number_is_written_as_javas_formatter_writes_it(
    number: float, pattern: str, expected: str
) -> None:
    assert value(ee.Number(number).format(pattern)) == expected


@pytest.mark.parametrize("pattern", ["%.0f", "%.3f", "%8.2f", "%-8.1f", "%+.2f", "%08.3f", "%.4e",
                                     "%.6f", "%12.3E", "% .5f"])  # fmt: skip
def test_numbers_without_halves_are_written_as_c_writes_them(pattern: str) -> None:
    for number in (0, 1, -1.3, 98765.4321, -0.000123, math.pi * 1e5, 1 / 3):
        assert value(ee.Number(number).format(pattern)) == pattern % number


def test_what_is_not_finite_is_told() -> None:
    assert value(ee.Number(0).log().format("%8.2f")) == "-Infinity"
    assert value(ee.Number(-1).sqrt().format("%05.1f")) == "  NaN"
    assert value(ee.Number(1000).exp().format()) == "Infinity"


@pytest.mark.parametrize(
    "pattern", ["", "no number", "%d%%", "%d and %d", "%i", "%c", "%r", "%*d", "%5000d", "%.9999f"]
)
def test_a_pattern_that_java_or_earth_engine_does_not_take_is_refused(pattern: str) -> None:
    with pytest.raises(EarthEngineError, match=r"Number\.format: Invalid pattern"):
        value(ee.Number(1).format(pattern))


@pytest.mark.parametrize(
    ("text", "radix", "expected"),
    [("10", 10, 10), ("0001", 10, 1), ("3E8", 16, 1000), ("-12.50", 10, -12.5), ("1e3", 10, 1000),
     (" 2.5 ", 10, 2.5), ("7f", 10, 7), (".5d", 10, 0.5), ("-z", 36, -35), ("101", 2, 5)],
)  # fmt: skip
def test_a_number_is_read_as_java_reads_it(text: str, radix: int, expected: float) -> None:
    assert value(ee.Number.parse(text, radix)) == expected


@pytest.mark.parametrize(
    ("text", "radix"),
    [("1_000", 10), ("", 10), ("0x1F", 16), ("1.5", 16), ("inf", 10), ("nan", 10), ("1,5", 10),
     ("12", 2), ("\u0661", 10), ("5", 1)],
)  # fmt: skip
def test_what_java_reads_as_no_number_is_refused(text: str, radix: int) -> None:
    with pytest.raises(EarthEngineError, match=r"Number\.parse: "):
        value(ee.Number.parse(text, radix))


def test_the_digamma_function_has_poles() -> None:
    assert value([ee.Number(n).digamma() for n in (0, -1, -7)]) == ["-Infinity"] * 3
    assert value(ee.Number(-1.5).digamma()) == pytest.approx(0.703156637)
    assert value(ee.Array([0, 1]).digamma()) == ["-Infinity", pytest.approx(-0.577215667)]


@pytest.mark.parametrize(
    ("x", "a", "printed"),
    [
        (0, 1, 0), (1, 1, 0.632120558), (10, 1, 0.999954600), (-1, 1, "NaN"), (10, -1, "NaN"),
        (5, 0, "NaN"), (0, 2.5, 0), (2.5, 2.5, 0.584119813), (1e9, 3, 1),
    ],
)  # fmt: skip
def test_the_incomplete_gamma_function_takes_the_point_first(x: Any, a: Any, printed: Any) -> None:
    expected = printed if printed == "NaN" else pytest.approx(printed, abs=1e-7)
    assert value(ee.Number(x).gammainc(a)) == expected
    assert value(ee.Array([x]).gammainc([a])) == [expected]


@pytest.mark.parametrize(
    ("x", "printed"),
    [
        (-100, "Infinity"), (0, "Infinity"), (0.001, 1000001.642533195), (0.5, 4.934802200),
        (1, 1.644934066), (100, 0.010050166), (200, 0.005012520), (-0.5, 8.934802200),
        (4.4, 0.255036),
    ],
)  # fmt: skip
def test_the_trigamma_function_is_the_samples(x: Any, printed: Any) -> None:
    expected = printed if printed == "Infinity" else pytest.approx(printed, rel=1e-6)
    assert value(ee.Number(x).trigamma()) == expected
    assert value(ee.Array([x]).trigamma()) == [expected]


def test_gamma_functions_of_pixels_are_masked_where_they_have_no_number() -> None:
    made = World()
    points, shapes = np.array([[1.0, 10, -1, 2.5, 0]]), np.array([[1.0, 1, 1, 2.5, -3]])
    known = np.ones((1, 5), np.bool_)
    image = ee.Image(made.add({"x": (points, known), "a": (shapes, known)}))
    lower = made.pixels(image.select("x").gammainc(image.select("a")), native(5, 1))["x"]
    second = made.pixels(image.select("a").trigamma(), native(5, 1))["a"]
    same(lower, (np.array([[0.632120558, 0.9999546, 0, 0.584119813, 0]]),
                 np.array([[True, True, False, True, False]])), 1e-7)  # fmt: skip
    same(second, (np.array([[1.644934066] * 3 + [0.490357756, 0]]),
                  np.array([[True] * 4 + [False]])), 1e-7)  # fmt: skip
