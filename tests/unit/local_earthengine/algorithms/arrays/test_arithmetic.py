"""Every function of arrays that goes number by number, against plain Python; and the types."""

from __future__ import annotations

from typing import Any

import ee
import pytest

from tests.unit.local_earthengine.algorithms import scalar_formulas as plain
from tests.unit.local_earthengine.world import World


def value(of: Any) -> Any:
    return World().compute(of)


def kind(array: Any) -> dict[str, Any]:
    """The type of an array's numbers, as the band of an image of it shows it."""
    found: dict[str, Any] = value(ee.Image(array).bandTypes())["constant"]
    return {name: found.get(name) for name in ("precision", "min", "max")}


@pytest.mark.parametrize("name", [*plain.UNARY, "bitwise_not", "toFloat", "toDouble"])
def test_a_function_of_one_array_goes_number_by_number(name: str) -> None:
    known = name[2:].lower() if name.startswith("to") else plain.DEPRECATED.get(name, name)
    function, points = plain.UNARY[known]
    found = value(plain.call("Array", name, [points, points[::-1]]))
    expected = [function(point) for point in points]
    assert found[0] == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert found[1] == found[0][::-1]


@pytest.mark.parametrize("name", [*plain.BINARY, *sorted(set(plain.DEPRECATED) - {"bitwise_not"})])
def test_a_function_of_two_arrays_goes_number_by_number(name: str) -> None:
    function, pairs = plain.BINARY[plain.DEPRECATED.get(name, name)]
    left, right = ([float(n) for n in side] for side in zip(*pairs, strict=True))
    found = value(plain.call("Array", name, left, right))
    assert found == pytest.approx([function(a, b) for a, b in pairs], rel=1e-6)


@pytest.mark.parametrize(("name", "numbers", "expected"), plain.EDGES)
def test_what_is_not_finite_stays_in_an_array(
    name: str, numbers: list[float], expected: str
) -> None:
    assert value(plain.call("Array", name, *([n] for n in numbers))) == [expected]


@pytest.mark.parametrize("name", plain.INTEGERS)
def test_casts_drop_the_fraction_and_stay_in_range(name: str) -> None:
    limits = plain.INTEGERS[name]
    points = [0, 1.75, -1.75, 200.5, -130.5, 70_000, -40_000, 5e9, -5e9, 2**53]
    for spelling in plain.spelt(name):
        made = plain.call("Array", spelling, points)
        assert value(made) == [plain.clamped(point, limits) for point in points]
        assert kind(made) == {"precision": "int", "min": limits[0], "max": limits[1]}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("float", "float"), ("toFloat", "float"), ("double", "double"), ("toDouble", "double"),
     ("sqrt", "double"), ("tan", "double"), ("bitCount", "int"), ("gamma", "double")],
)  # fmt: skip
def test_whole_numbers_have_the_type_of_their_range(name: str, expected: str) -> None:
    assert kind(plain.call("Array", name, [1, 2]))["precision"] == expected


@pytest.mark.parametrize("name", ["gt", "lte", "neq"])
def test_comparisons_are_0_or_1(name: str) -> None:
    made = plain.call("Array", name, [1.5, 2], [2, 2])
    assert kind(made) == {"precision": "int", "min": 0, "max": 1}


@pytest.mark.parametrize("name", ["sin", "sqrt", "erfc"])
def test_functions_of_float_stay_float(name: str) -> None:
    assert kind(plain.call("Array", name, ee.Array([0.5]).toFloat()))["precision"] == "float"
