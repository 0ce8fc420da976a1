"""Every function of numbers, against plain Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ee
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.algorithms import scalar_formulas as plain
from tests.unit.local_earthengine.world import World


def value(of: Any) -> Any:
    return World().compute(of)


@pytest.mark.parametrize("name", [*plain.UNARY, "bitwise_not", "toFloat", "toDouble"])
def test_a_function_of_one_number_is_pythons(name: str) -> None:
    known = name[2:].lower() if name.startswith("to") else plain.DEPRECATED.get(name, name)
    function, points = plain.UNARY[known]
    found = value([plain.call("Number", name, point) for point in points])
    assert found == pytest.approx([function(point) for point in points], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", [*plain.BINARY, *sorted(set(plain.DEPRECATED) - {"bitwise_not"})])
def test_a_function_of_two_numbers_is_pythons(name: str) -> None:
    function, pairs = plain.BINARY[plain.DEPRECATED.get(name, name)]
    found = value([plain.call("Number", name, a, b) for a, b in pairs])
    assert found == pytest.approx([function(a, b) for a, b in pairs], rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("name", "numbers", "expected"), plain.EDGES)
def test_a_number_that_is_not_finite_is_told(
    name: str, numbers: list[float], expected: str
) -> None:
    assert value(plain.call("Number", name, *numbers)) == expected


@pytest.mark.parametrize("name", plain.INTEGERS)
def test_casts_drop_the_fraction_and_stay_in_range(name: str) -> None:
    limits = plain.INTEGERS[name]
    points = [0, 1.75, -1.75, 200.5, -130.5, 70_000, -40_000, 5e9, -5e9, 2**53]
    expected = [plain.clamped(point, limits) for point in points]
    for spelling in plain.spelt(name):
        assert value([plain.call("Number", spelling, point) for point in points]) == expected


def test_a_cast_of_what_is_not_finite_stays_in_range() -> None:
    assert value(ee.Number(-1).sqrt().toInt16()) == 0
    assert value(ee.Number(1000).exp().toInt16()) == 2**15 - 1
    assert value(ee.Number(0).log().toUint8()) == 0


@pytest.mark.parametrize(
    ("number", "low", "high", "expected"),
    [
        (5, 0, 3, 3),
        (-5, 0, 3, 0),
        (2, 0, 3, 2),
        (0.5, 0, 3, 0.5),
        (3, 3, 3, 3),
        (9, -2.5, 2.5, 2.5),
    ],
)
def test_a_clamped_number_lies_within_its_limits(
    number: float, low: float, high: float, expected: float
) -> None:
    assert value(ee.Number(number).clamp(low, high)) == expected


@pytest.mark.parametrize(
    ("number", "low", "high", "expected"),
    [(-10, 0, 100, -0.1), (10, 0, 100, 0.1), (150, 100, 200, 0.5), (300, 100, 200, 2),
     (1, 3, 1, 1), (7, 7, 7, 0), (9, 7, 7, 0)],
)  # fmt: skip
def test_a_unit_scale_takes_the_low_to_0_and_the_high_to_1(
    number: float, low: float, high: float, expected: float
) -> None:
    assert value(ee.Number(number).unitScale(low, high)) == pytest.approx(expected)


EXPRESSIONS: dict[str, tuple[str, dict[str, Any], float]] = {
    "precedence": ("1 + 2 * 3 - 4 / 8", {}, 6.5),
    "powers join from the right": ("2 ** 3 ** 2", {}, 512),
    "variables": ("(a - b) / (a + b)", {"a": 9, "b": 3}, 0.5),
    "within a dictionary": ("d.x * 2", {"d": {"x": 21}}, 42),
    "functions": ("max(a, abs(-7)) + sqrt(16)", {"a": 2}, 11),
    "constants": ("Math.PI > 3.14 && Math.PI < 3.15", {}, 1),
    "a division by zero": ("1 / 0", {}, 0),
    "a remainder": ("-7 % 3", {}, -1),
}


@pytest.mark.parametrize("case", EXPRESSIONS)
def test_a_formula_of_numbers_is_its_arithmetic(case: str) -> None:
    text, variables, expected = EXPRESSIONS[case]
    assert value(ee.Number.expression(text, variables)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        (lambda: plain.call("Number", "sqrt", ee.String("a").cat("b")), "Number.sqrt"),
        (lambda: plain.call("Number", "lte", 1, ee.String("a").cat("b")), "Number.lte"),
        (lambda: plain.call("Number", "toByte", ee.List([1]).reverse()), "Number.toByte"),
        (lambda: ee.Number.expression("a + 1", {}), "a"),
    ],
)
def test_what_is_no_number_is_refused(bad: Callable[[], Any], named: str) -> None:
    with pytest.raises(EarthEngineError, match=named) as refusal:
        value(bad())
    assert refusal.value.status == 400
