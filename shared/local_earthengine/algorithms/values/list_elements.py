"""Lists asked for their elements: got by place, compared, counted, searched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.geometry import Geometry

Items = list[Any]


def place_of(items: Items, index: int) -> int:
    """Return a place counted from the start; raise EarthEngineError if the list has none such."""
    if not -len(items) <= index < len(items):
        raise EarthEngineError(
            f"List index out of range: {index}, the list has {len(items)} elements."
        )
    return index % len(items)


@algorithm("List.get")
def get(items: Items, index: int) -> Any:
    """Return the element at a place, counted from the end if negative."""
    return items[place_of(items, index)]


def _typed(what: str, *kinds: type) -> Callable[[Items, int], Any]:
    """Return a `get` of an element that must be of a type."""

    def get_typed(items: Items, index: int) -> Any:
        """Return the element; raise EarthEngineError if it is of another type."""
        value = get(items, index)
        if not isinstance(value, kinds):
            raise EarthEngineError(f"The value is not a {what}: {value!r}.")
        return value

    return get_typed


add("List.getNumber", _typed("Number", int, float))
add("List.getString", _typed("String", str))
add("List.getGeometry", _typed("Geometry", Geometry))


def is_same(left: Any, right: Any) -> bool:
    """Tell whether two values are the same, seen as JSON."""
    return left is right or bool(to_json(left) == to_json(right))


@algorithm("List.contains")
def contains(items: Items, element: Any) -> bool:
    """Tell whether an element is in it."""
    return any(is_same(item, element) for item in items)


@algorithm("List.containsAll")
def contains_all(items: Items, other: Items) -> bool:
    """Tell whether all of the other's are in it."""
    return all(contains(items, element) for element in other)


@algorithm("List.equals")
def equals(items: Items, other: Items) -> bool:
    """Tell whether both hold the same."""
    return is_same(items, other)


@algorithm("List.frequency")
def frequency(items: Items, element: Any) -> int:
    """Return how often an element is in it."""
    return sum(is_same(item, element) for item in items)


@algorithm("List.indexOf")
def index_of(items: Items, element: Any) -> int:
    """Return where an element first stands; -1 if nowhere."""
    return next((place for place, item in enumerate(items) if is_same(item, element)), -1)


@algorithm("List.length", "List.size")
def length(items: Items) -> int:
    """Return how many elements there are."""
    return len(items)


def _starts(items: Items, target: Items) -> Items:
    wanted, known = to_json(target), to_json(items)
    last = len(items) - len(target) + 1
    return [start for start in range(last) if known[start : start + len(target)] == wanted]


@algorithm("List.indexOfSublist")
def index_of_sublist(items: Items, target: Items) -> int:
    """Return where the part first begins; -1 if it is nowhere."""
    return next(iter(_starts(items, target)), -1)


@algorithm("List.lastIndexOfSubList")
def last_index_of_sublist(items: Items, target: Items) -> int:
    """Return where the part last begins; -1 if it is nowhere."""
    return next(iter(_starts(items, target)[::-1]), -1)
