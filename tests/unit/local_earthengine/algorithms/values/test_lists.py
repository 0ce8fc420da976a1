"""Lists: what each function of a list gives, worked out by hand."""

from __future__ import annotations

from typing import Any

import ee
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import World

COMPUTE = World().compute


def test_lists_are_cut_exchanged_and_searched_by_place() -> None:
    items = ee.List([1, 2, 3, 2, 3, 4])
    assert COMPUTE(items.splice(1, 2, [9])) == [1, 9, 2, 3, 4]
    assert COMPUTE(items.splice(-2, 1)) == [1, 2, 3, 2, 4]
    assert COMPUTE(items.swap(0, -1)) == [4, 2, 3, 2, 3, 1]
    assert COMPUTE(items.indexOfSublist([2, 3])) == 1
    assert COMPUTE(items.lastIndexOfSubList([2, 3])) == 3
    assert COMPUTE(items.indexOfSublist([3, 1])) == -1
    shuffled = COMPUTE(items.shuffle(3))
    assert sorted(shuffled) == [1, 2, 2, 3, 3, 4]
    assert shuffled == COMPUTE(items.shuffle(3))
    assert len({tuple(COMPUTE(items.shuffle(seed))) for seed in range(20)}) > 5
    with pytest.raises(EarthEngineError, match="The position 6 is none"):
        COMPUTE(items.swap(0, 6))


def items(*values: Any) -> ee.List:
    return ee.List(list(values))


CASES: dict[str, tuple[Any, Any]] = {
    "add": (lambda: items(1, "a").add([2]), [1, "a", [2]]),
    "add to nothing": (lambda: items().add(0), [0]),
    "cat": (lambda: items(1, 2).cat([2, 3]), [1, 2, 2, 3]),
    "cat nothing": (lambda: items().cat([]), []),
    "contains": (lambda: items(1, [2, 3]).contains([2, 3]), True),
    "contains no other type": (lambda: items(1, 2).contains("1"), False),
    "contains a computed number": (lambda: items(3).contains(ee.Number(1).add(2)), True),
    "containsAll": (lambda: items(1, 2, 3).containsAll([3, 1, 1]), True),
    "containsAll but one": (lambda: items(1, 2).containsAll([1, 4]), False),
    "containsAll of nothing": (lambda: items().containsAll([]), True),
    "equals": (lambda: items(1, "b").equals([1, "b"]), True),
    "equals in another order": (lambda: items(1, 2).equals([2, 1]), False),
    "equals a longer one": (lambda: items(1).equals([1, 1]), False),
    "filter": (lambda: items(1, 5, 3, -2).filter(ee.Filter.gt("item", 2)), [5, 3]),
    "filter of text": (
        lambda: items("VV", "VH", "HH").filter(ee.Filter.stringStartsWith("item", "V")),
        ["VV", "VH"]),
    "frequency": (lambda: items(1, 2, 1, "1").frequency(1), 2),
    "frequency of what is not there": (lambda: items().frequency(1), 0),
    "getNumber": (lambda: items(4, 5.5).getNumber(-1), 5.5),
    "getString": (lambda: items("a", "b").getString(0), "a"),
    "getArray": (lambda: items(1, ee.Array([[1, 2]])).getArray(1), [[1, 2]]),
    "getGeometry": (lambda: items(ee.Geometry.Point([1, 2])).getGeometry(0).coordinates(), [1, 2]),
    "indexOf": (lambda: items("a", "b", "b").indexOf("b"), 1),
    "indexOf nowhere": (lambda: items(1).indexOf(2), -1),
    "insert": (lambda: items(1, 3).insert(1, 2), [1, 2, 3]),
    "insert at the start": (lambda: items(1).insert(0, 0), [0, 1]),
    "insert at the end": (lambda: items(1).insert(1, 9), [1, 9]),
    "insert from the end": (lambda: items(1, 2, 3).insert(-1, 9), [1, 2, 9, 3]),
    "join": (lambda: items("a", 1, "b").join("-"), "a-1-b"),
    "join without a separator": (lambda: items("a", "b").join(), "ab"),
    "join of nothing": (lambda: items().join(","), ""),
    "length": (lambda: items(1, [2, 3]).length(), 2),
    "size": (lambda: items().size(), 0),
    "remove": (lambda: items(1, 2, 1).remove(1), [2, 1]),
    "remove what is not there": (lambda: items(1).remove("1"), [1]),
    "removeAll": (lambda: items(1, 2, 1, 3).removeAll([1, 3, 7]), [2]),
    "replace": (lambda: items(1, 2, 1).replace(1, "x"), ["x", 2, 1]),
    "replace what is not there": (lambda: items(1).replace(5, 6), [1]),
    "replaceAll": (lambda: items(1, 2, 1).replaceAll(1, 0), [0, 2, 0]),
    "rotate": (lambda: items(1, 2, 3, 4).rotate(1), [4, 1, 2, 3]),
    "rotate back": (lambda: items(1, 2, 3, 4).rotate(-1), [2, 3, 4, 1]),
    "rotate more than once round": (lambda: items(1, 2, 3).rotate(5), [2, 3, 1]),
    "rotate nothing": (lambda: items().rotate(2), []),
    "set": (lambda: items(1, 2, 3).set(1, "b"), [1, "b", 3]),
    "set from the end": (lambda: items(1, 2, 3).set(-1, 9), [1, 2, 9]),
    "unzip": (lambda: items([1, "a"], [2, "b"], [3, "c"]).unzip(), [[1, 2, 3], ["a", "b", "c"]]),
    "unzip up to the shortest": (lambda: items([1, 2], [3]).unzip(), [[1, 3]]),
    "unzip nothing": (lambda: items().unzip(), []),
    "described": (
        lambda: ee.ApiFunction.call_("Describe", [1, {"a": ee.Number(2)}]), [1, {"a": 2}]),
    "equal objects": (lambda: ee.Algorithms.IsEqual([1, {"a": 2}], [1, {"a": 2}]), True),
    "objects of other types": (lambda: ee.Algorithms.IsEqual(1, "1"), False),
    "nothing equals nothing": (lambda: ee.Algorithms.IsEqual(None, None), True),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_function_of_lists_gives_what_it_should(case: str) -> None:
    make, expected = CASES[case]
    found = World().compute(make())
    assert found == expected
    assert isinstance(found, type(expected))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: items("a").getNumber(0), r"List\.getNumber"),
        (lambda: items(1).getString(0), r"List\.getString"),
        (lambda: items("a").getArray(0), r"List\.getArray"),
        (lambda: items("a").getGeometry(0), r"List\.getGeometry"),
        (lambda: items(1, 2).set(5, 0), r"List\.set"),
        (lambda: items(1, 2).insert(4, 0), r"List\.insert"),
        (lambda: items(1).get(-2), r"List\.get"),
        (lambda: items(1, 2).unzip(), r"List\.unzip"),
    ],
)
def test_what_a_list_cannot_give_is_refused(make: Any, message: str) -> None:
    with pytest.raises(EarthEngineError, match=message) as caught:
        World().compute(make())
    assert caught.value.status == 400
