"""Functions of dictionaries, against Python's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ee
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import World

ITEMS = {"VV": 1, "VH": 2, "angle": 38.5}
POINT = {"type": "Point", "coordinates": [1, 2]}


def items() -> Any:
    return ee.Dictionary(ITEMS)


def listed(*values: Any) -> Any:
    """A dictionary that the server makes: the client knows no list behind this one."""
    return ee.Dictionary(ee.List(list(values)).reverse().reverse())


CASES: dict[str, tuple[Callable[[], Any], Any]] = {
    "of keys and values": (lambda: listed("a", 1, "b", [2]), {"a": 1, "b": [2]}),
    "of nothing": (lambda: ee.ApiFunction.call_("Dictionary"), {}),
    "of lists": (lambda: ee.Dictionary.fromLists(["a", "b"], [1, "x"]), {"a": 1, "b": "x"}),
    "of no lists": (lambda: ee.Dictionary.fromLists([], []), {}),
    "contains": (lambda: items().contains("VV"), True),
    "contains not": (lambda: items().contains("vv"), False),
    "size": (lambda: items().size(), 3),
    "no size": (lambda: ee.Dictionary({}).size(), 0),
    "set": (lambda: items().set("HH", [3]), {**ITEMS, "HH": [3]}),
    "set again": (lambda: items().set("VV", "x"), {**ITEMS, "VV": "x"}),
    "combine": (lambda: items().combine({"VV": 9, "n": 4}), {**ITEMS, "VV": 9, "n": 4}),
    "combine without overwriting": (
        lambda: items().combine({"VV": 9, "n": 4}, False), {**ITEMS, "n": 4}),
    "combine drops nulls": (
        lambda: items().combine({"VV": None, "HH": None}), ITEMS),
    "combine fills nulls": (
        lambda: ee.Dictionary({"a": None, "b": None}).combine({"a": 1}, False), {"a": 1}),
    "map drops nulls": (
        lambda: items().map(lambda _, v: ee.Algorithms.If(ee.Number(v).gt(1), v, None)),
        {"VH": 2, "angle": 38.5}),
    "select": (lambda: items().select(["VH", "VV"]), {"VV": 1, "VH": 2}),
    "select by pattern": (lambda: items().select(["V."]), {"VV": 1, "VH": 2}),
    "select what is there": (lambda: items().select(["VV", "x"], True), {"VV": 1}),
    "remove": (lambda: items().remove(["VV"]), {"VH": 2, "angle": 38.5}),
    "remove by pattern": (lambda: items().remove(["V.*"]), {"angle": 38.5}),
    "remove what is there": (lambda: items().remove(["x"], True), ITEMS),
    "rename": (lambda: items().rename(["VV"], ["co"]), {"co": 1, "VH": 2, "angle": 38.5}),
    "rename in a circle": (
        lambda: items().rename(["VV", "VH"], ["VH", "VV"]), {"VV": 2, "VH": 1, "angle": 38.5}),
    "rename over another": (
        lambda: items().rename(["VV"], ["VH"], True), {"VH": 1, "angle": 38.5}),
    "a number": (lambda: items().getNumber("angle").add(1), 39.5),
    "text": (lambda: ee.Dictionary({"a": "x"}).getString("a").cat("y"), "xy"),
    "an array": (lambda: ee.Dictionary({"a": [1, 2]}).getArray("a").add(1), [2, 3]),
    "a geometry": (
        lambda: ee.Dictionary({"a": ee.Geometry.Point(1, 2)}).getGeometry("a").coordinates(),
        POINT["coordinates"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_function_of_dictionaries_is_pythons(case: str) -> None:
    make, expected = CASES[case]
    assert World().compute(make()) == expected


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ee.Dictionary.fromLists(["a"], [1, 2]), "Dictionary.fromLists"),
        (lambda: listed("a"), "dictionary"),
        (lambda: listed(1, 2), "dictionary"),
        (lambda: items().select(["x"]), "'x'"),
        (lambda: items().remove(["x"]), "'x'"),
        (lambda: items().rename(["x"], ["y"]), "'x'"),
        (lambda: items().rename(["VV"], ["VH"]), "VH"),
        (lambda: items().rename(["VV"], ["a", "b"]), "Dictionary.rename"),
        (lambda: items().getNumber("x"), "'x'"),
        (lambda: items().getString("x"), "'x'"),
        (lambda: items().getArray("x"), "'x'"),
        (lambda: items().getGeometry("x"), "'x'"),
        (lambda: items().select(["("]), "Dictionary.select"),
        (lambda: ee.Dictionary({"a": "x"}).getNumber("a"), "getNumber"),
        (lambda: items().getString("VV"), "getString"),
        (lambda: items().getGeometry("VV"), "getGeometry"),
        (lambda: ee.Dictionary({"a": "x"}).getArray("a"), "getArray"),
    ],
)
def test_what_a_dictionary_lacks_is_refused_by_name(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(EarthEngineError, match=message) as refusal:
        World().compute(make())
    assert refusal.value.status == 400
