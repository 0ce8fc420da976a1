"""Numbers, text, lists, dictionaries and dates, as `getInfo` gives them."""

from __future__ import annotations

from typing import Any

import ee
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import World

CASES: dict[str, tuple[Any, Any]] = {
    "a sum": (lambda: ee.Number(1).add(2), 3),
    "a quotient": (lambda: ee.Number(1).divide(4), 0.25),
    "a division by zero": (lambda: ee.Number(1).divide(0), 0),
    "a rounded number": (lambda: ee.Number(2.5).round(), 3),
    "a power": (lambda: ee.Number(2).pow(10), 1024),
    "a comparison": (lambda: ee.Number(3).gt(2), 1),
    "a cast": (lambda: ee.Number(3.9).toInt(), 3),
    "a number in text": (lambda: ee.Number.parse("12"), 12),
    "a formatted number": (lambda: ee.Number(7).format("%03d"), "007"),
    "text in a row": (lambda: ee.String("a").cat("b"), "ab"),
    "text split": (lambda: ee.String("a,b,c").split(","), ["a", "b", "c"]),
    "text replaced": (lambda: ee.String("aXbX").replace("X", "-", "g"), "a-b-"),
    "a part of text": (lambda: ee.String("S1A_IW").slice(0, 3), "S1A"),
    "a list in reverse": (lambda: ee.List([1, 2, 3]).reverse(), [3, 2, 1]),
    "an element from the end": (lambda: ee.List([1, 2, 3]).get(-1), 3),
    "a part of a list": (lambda: ee.List([1, 2, 3, 4]).slice(1, -1), [2, 3]),
    "distinct elements": (lambda: ee.List([2, 1, 2]).distinct(), [2, 1]),
    "pairs": (lambda: ee.List([1, 2]).zip([3, 4]), [[1, 3], [2, 4]]),
    "a flat list": (lambda: ee.List([1, [2, [3]]]).flatten(), [1, 2, 3]),
    "a sorted list": (lambda: ee.List(["b", "a"]).sort(), ["a", "b"]),
    "a list by keys": (lambda: ee.List(["x", "y"]).sort([2, 1]), ["y", "x"]),
    "a sequence": (lambda: ee.List.sequence(0, 1, 0.5), [0, 0.5, 1]),
    "so many numbers": (lambda: ee.List.sequence(0, 10, None, 3), [0, 5, 10]),
    "a repetition": (lambda: ee.List.repeat(1, 3), [1, 1, 1]),
    "an iteration": (
        lambda: ee.List([1, 2, 3]).iterate(lambda x, s: ee.Number(s).add(ee.Number(x)), 0), 6),
    "a reduced list": (lambda: ee.List([1, 2, 4, 9]).reduce(ee.Reducer.median()), 3),
    "a list reduced twice": (
        lambda: ee.List([1, 3]).reduce(ee.Reducer.minMax()), {"min": 1, "max": 3}),
    "a dictionary's keys": (lambda: ee.Dictionary({"b": 1, "a": 2}).keys(), ["a", "b"]),
    "a dictionary's values": (lambda: ee.Dictionary({"b": 1, "a": 2}).values(), [2, 1]),
    "a mapped dictionary": (
        lambda: ee.Dictionary({"a": 1}).map(lambda _, v: ee.Number(v).add(1)), {"a": 2}),
    "bands of a dictionary": (
        lambda: ee.Dictionary({"b": 1, "a": 2}).toImage().bandNames(), ["a", "b"]),
    "a default": (lambda: ee.Dictionary({}).get("a", 5), 5),
    "a date": (lambda: ee.Date("2020-01-02"), {"type": "Date", "value": 1577923200000}),
    "a year as a date": (lambda: ee.Date("2020").millis(), 1577836800000),
    "a formatted date": (lambda: ee.Date("2020-03-04").format("YYYYMMdd"), "20200304"),
    "a date with its time": (lambda: ee.Date(1577836800123).format(), "2020-01-01T00:00:00"),
    "a month later": (lambda: ee.Date("2020-01-31").advance(1, "month").format("MM-dd"), "02-29"),
    "days between": (lambda: ee.Date("2020-03-01").difference("2020-02-01", "day"), 29),
    "a part of a date": (lambda: ee.Date("2020-03-04").get("month"), 3),
    "the day of the year": (lambda: ee.Date("2020-03-01").getRelative("day", "year"), 60),
    "a range of a range": (
        lambda: ee.DateRange("2020-01-01", "2020-01-02").contains("2020-01-02"), False),
    "nothing": (lambda: ee.Algorithms.If(False, 1), None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_value_is_given_as_its_json(case: str) -> None:
    make, expected = CASES[case]
    assert World().compute(make()) == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (lambda: ee.Date("yesterday").millis(), "Bad date"),
        (lambda: ee.Date("2020-13-01").millis(), "Bad date"),
        (lambda: ee.Date("2020-01-01").advance(1, "fortnight"), "Unknown unit"),
        (lambda: ee.Dictionary({}).get("a"), "does not contain key: 'a'"),
        (lambda: ee.List.sequence(0, 1e12), "elements can't be made"),
        (lambda: ee.Projection("EPSG:99999999"), "could not be parsed"),
        (lambda: ee.Geometry.Polygon(ee.List([[1, 2]])).area(), "Invalid coordinates"),
        (lambda: ee.Image(1).cast({"constant": "int65"}), "Unknown pixel type"),
        (lambda: ee.String("a").match("("), "Invalid regular expression"),
        (lambda: ee.Image(1).focal_median(1e9).bandNames(), None),
    ],
)
def test_a_senseless_value_is_refused_with_its_reason(value: Any, message: str | None) -> None:
    if message is None:
        # Named only when pixels are asked: the radius in pixels depends on the grid.
        assert World().compute(value()) == ["constant"]
        return
    with pytest.raises(EarthEngineError, match=message) as refusal:
        World().compute(value())
    assert refusal.value.status == 400
