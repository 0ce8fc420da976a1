"""Filters, joins, features and what collections sum up, worked out by hand."""

from __future__ import annotations

import math
import statistics
from typing import Any

import ee
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import World

DAY = 86_400_000
ROWS: list[dict[str, Any]] = [
    {"n": 0, "v": -2.5, "t": "VV", "k": [1, 2]},
    {"n": 1, "v": 0, "t": "VH", "k": [2]},
    {"n": 2, "v": 4, "t": "HH", "k": []},
    {"n": 3, "v": 4, "t": "VVX"},
    {"n": 4, "t": "a"},
]


def place(number: int) -> Any:
    """A box of 2 degrees, a degree further east each."""
    return ee.Geometry.Rectangle([number, 0, number + 2, 2], None, False)


def features(rows: list[dict[str, Any]] | None = None) -> Any:
    made = [
        ee.Feature(place(row["n"]), {**row, "system:time_start": row["n"] * 40 * DAY})
        for row in (ROWS if rows is None else rows)
    ]
    return ee.FeatureCollection(made)


def call(name: str, **arguments: Any) -> Any:
    """By its name: the client maps short names to long ones, older code does not."""
    return ee.Filter(ee.ApiFunction.call_(f"Filter.{name}", **arguments))


def field(name: str, value: Any, of: str = "v") -> Any:
    return call(name, leftField=of, rightValue=value)


INNER = [0.5, 0.5, 1.5, 1.5]
FILTERS: dict[str, tuple[Any, list[int]]] = {
    "eq": (lambda: field("eq", 4), [2, 3]),
    "eq of text": (lambda: field("eq", "VH", "t"), [1]),
    "eq of another type": (lambda: field("eq", "4"), []),
    "eq turned round": (lambda: call("eq", rightField="v", leftValue=4), [2, 3]),
    "eq of two fields": (lambda: call("eq", leftField="v", rightField="n"), []),
    "lt": (lambda: field("lt", 0), [0]),
    "lte": (lambda: field("lte", 0), [0, 1]),
    "lessThanOrEquals": (lambda: field("lessThanOrEquals", -2.5), [0]),
    "gt": (lambda: field("gt", 0), [2, 3]),
    "gte": (lambda: field("gte", 0), [1, 2, 3]),
    "greaterThanOrEquals": (lambda: field("greaterThanOrEquals", 4.5), []),
    "gt of text": (lambda: field("gt", "VV", "t"), [3, 4]),
    "always": (lambda: call("always"), [0, 1, 2, 3, 4]),
    "never": (lambda: call("never"), []),
    "inList": (lambda: field("inList", [0, 4, "x"]), [1, 2, 3]),
    "inList of nothing": (lambda: field("inList", []), []),
    "stringContains": (lambda: field("stringContains", "V", "t"), [0, 1, 3]),
    "stringStartsWith": (lambda: field("stringStartsWith", "VV", "t"), [0, 3]),
    "stringStartsWith of a number": (lambda: field("stringStartsWith", "4"), []),
    "maxDifference": (
        lambda: call("maxDifference", difference=2.5, leftField="v", rightValue=0), [0, 1]),
    "dayOfYear": (lambda: ee.Filter.dayOfYear(41, 121), [1, 2, 3]),
    "dayOfYear of one day": (lambda: ee.Filter.dayOfYear(1, 1), [0]),
    "contains": (
        lambda: ee.Filter.contains(".geo", ee.Geometry.Rectangle(INNER, None, False)), [0]),
    "disjoint": (lambda: ee.Filter.disjoint(".geo", ee.Geometry.Point([2.5, 1])), [0, 3, 4]),
}  # fmt: skip


@pytest.mark.parametrize("case", FILTERS)
def test_a_filter_keeps_the_features_that_pass(case: str) -> None:
    make, expected = FILTERS[case]
    assert World().compute(features().filter(make()).aggregate_array("n")) == expected


@pytest.mark.parametrize("name", ["neq", "notEquals"])
def test_a_missing_property_differs_from_nothing(name: str) -> None:
    rows = [row for row in ROWS if "v" in row]
    found = features(rows).filter(field(name, 4)).aggregate_array("n")
    assert World().compute(found) == [0, 1]


def test_a_filter_needs_one_operand_on_each_side() -> None:
    for arguments in ({"leftField": "v"}, {"leftField": "v", "leftValue": 1, "rightValue": 2}):
        with pytest.raises(EarthEngineError, match=r"Filter\.eq"):
            World().compute(features().filter(call("eq", **arguments)))


def test_inner_joins_pair_all_that_match() -> None:
    condition = ee.Filter.equals(leftField="v", rightField="v")
    joined = ee.Join.inner("a", "b").apply(features(), features(), condition)

    def number(name: str) -> list[int]:
        numbered = joined.map(lambda f: f.set("n", ee.Feature(f.get(name)).get("n")))
        found: list[int] = World().compute(numbered.aggregate_array("n"))
        return found

    assert number("a") == [0, 1, 2, 2, 3, 3]
    assert number("b") == [0, 1, 2, 3, 2, 3]


@pytest.mark.parametrize(("ascending", "expected"), [(True, [2, 2]), (False, [3, 3])])
def test_save_first_keeps_the_first_match_by_order(ascending: bool, expected: list[int]) -> None:
    condition = ee.Filter.equals(leftField="v", rightField="v")
    join = ee.Join.saveFirst("best", "n", ascending)
    joined = join.apply(features().filter(ee.Filter.gt("v", 0)), features(), condition)
    found = joined.map(lambda f: f.set("m", ee.Feature(f.get("best")).get("n")))
    assert World().compute(found.aggregate_array("m")) == expected


KNOWN = [-2.5, 0, 4, 4]
SUMS: dict[str, tuple[Any, Any]] = {
    "count_distinct": (lambda c: c.aggregate_count_distinct("v"), 3),
    "count_distinct of nothing": (lambda c: c.aggregate_count_distinct("x"), 0),
    "min": (lambda c: c.aggregate_min("v"), -2.5),
    "min of nothing": (lambda c: c.aggregate_min("x"), None),
    "product": (lambda c: c.filter(ee.Filter.neq("v", 0)).aggregate_product("v"), -40),
    "total_sd": (lambda c: c.aggregate_total_sd("v"), statistics.pstdev(KNOWN)),
    "total_var": (lambda c: c.aggregate_total_var("v"), statistics.pvariance(KNOWN)),
    "merge": (lambda c: c.merge(c).aggregate_array("system:index").slice(3, 7),
              ["1_3", "1_4", "2_0", "2_1"]),
    "flatten": (lambda c: ee.FeatureCollection([c, c.limit(1)]).flatten().aggregate_array("n"),
                [0, 1, 2, 3, 4, 0]),
    "bounds": (lambda c: c.bounds().coordinates(), [[[0, 0], [6, 0], [6, 2], [0, 2], [0, 0]]]),
}  # fmt: skip


@pytest.mark.parametrize("case", SUMS)
def test_a_property_is_summed_up_over_a_collection(case: str) -> None:
    make, expected = SUMS[case]
    found = World().compute(make(features()))
    assert found == (pytest.approx(expected) if isinstance(expected, float) else expected)


def one() -> Any:
    return ee.Feature(ee.Geometry.Point([1, 2]), {"a": 1, "t": "x", "l": [1, 2], "keep": 0})


ELEMENTS: dict[str, tuple[Any, Any]] = {
    "a geometry": (lambda: one().geometry().coordinates(), [1, 2]),
    "another geometry": (
        lambda: one().setGeometry(ee.Geometry.Point([3, 4])).geometry().coordinates(), [3, 4]),
    "properties stay at another place": (lambda: one().setGeometry(None).get("a"), 1),
    "text": (lambda: one().getString("t"), "x"),
    "an array": (lambda: one().getArray("l"), [1, 2]),
    "an id": (lambda: features().toList(5).map(lambda f: ee.Feature(f).id()), list("01234")),
    "names": (lambda: one().propertyNames().sort(), ["a", "keep", "l", "t"]),
    "many set": (
        lambda: one().set({"a": None, "z": 9, "t": "y"}).toDictionary(),
        {"t": "y", "z": 9, "l": [1, 2], "keep": 0}),
    "many set by a computed dictionary": (
        lambda: one().set(ee.Dictionary.fromLists(["a", "z"], [7, 9])).toDictionary(),
        {"a": 7, "z": 9, "t": "x", "l": [1, 2], "keep": 0}),
    "all copied": (
        lambda: ee.Feature(None, {"a": 5, "own": 1}).copyProperties(one()).toDictionary(),
        {"a": 1, "t": "x", "l": [1, 2], "keep": 0, "own": 1}),
    "some copied": (
        lambda: ee.Feature(None, {}).copyProperties(one(), ["a", "t"]).toDictionary(),
        {"a": 1, "t": "x"}),
    "all but some copied": (
        lambda: ee.Feature(None, {}).copyProperties(one(), None, ["l", "keep"]).toDictionary(),
        {"a": 1, "t": "x"}),
}  # fmt: skip


@pytest.mark.parametrize("case", ELEMENTS)
def test_an_element_gives_its_properties(case: str) -> None:
    make, expected = ELEMENTS[case]
    assert World().compute(make()) == expected


def test_text_that_is_a_number_is_refused() -> None:
    with pytest.raises(EarthEngineError, match=r"Element\.getString"):
        World().compute(one().getString("a"))
    assert math.isclose(World().compute(one().getNumber("a")), 1)
