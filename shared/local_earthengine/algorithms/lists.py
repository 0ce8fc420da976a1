"""Lists: their elements found, added, replaced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.geometry import Geometry

Items = list[Any]


def _at(items: Items, index: int) -> int:
    if not -len(items) <= index < len(items):
        raise EarthEngineError(
            f"List index out of range: {index}, the list has {len(items)} elements."
        )
    return index % len(items)


@algorithm("List.get")
def get(items: Items, index: int) -> Any:
    """The element at a place, counted from the end if negative."""
    return items[_at(items, index)]


def _typed(what: str, *kinds: type) -> Callable[[Items, int], Any]:
    """`get` of an element that must be of a type."""

    def get_typed(items: Items, index: int) -> Any:
        value = get(items, index)
        if not isinstance(value, kinds):
            raise EarthEngineError(f"The value is not a {what}: {value!r}.")
        return value

    return get_typed


add("List.getNumber", _typed("Number", int, float))
add("List.getString", _typed("String", str))
add("List.getGeometry", _typed("Geometry", Geometry))


@algorithm("List.add")
def append(items: Items, element: Any) -> Items:
    """With one more element."""
    return [*items, element]


@algorithm("List.cat")
def cat(items: Items, other: Items) -> Items:
    """Both in a row."""
    return items + other


def _same(left: Any, right: Any) -> bool:
    return left is right or bool(to_json(left) == to_json(right))


@algorithm("List.contains")
def contains(items: Items, element: Any) -> bool:
    """Whether an element is in it."""
    return any(_same(item, element) for item in items)


@algorithm("List.containsAll")
def contains_all(items: Items, other: Items) -> bool:
    """Whether all of the other's are in it."""
    return all(contains(items, element) for element in other)


@algorithm("List.distinct")
def distinct(items: Items) -> Items:
    """Each element once, where it first stands."""
    seen: list[Any] = []
    found = []
    for item in items:
        key = to_json(item)
        if key not in seen:
            seen.append(key)
            found.append(item)
    return found


@algorithm("List.equals")
def equals(items: Items, other: Items) -> bool:
    """Whether both hold the same."""
    return _same(items, other)


@algorithm("List.flatten")
def flatten(items: Items) -> Items:
    """Lists within lists laid out, at any depth."""
    found: Items = []
    pending = list(reversed(items))
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(reversed(item))
        else:
            found.append(item)
    return found


@algorithm("List.frequency")
def frequency(items: Items, element: Any) -> int:
    """How often an element is in it."""
    return sum(_same(item, element) for item in items)


@algorithm("List.indexOf")
def index_of(items: Items, element: Any) -> int:
    """Where an element first stands; -1 if nowhere."""
    return next((place for place, item in enumerate(items) if _same(item, element)), -1)


@algorithm("List.insert")
def insert(items: Items, index: int, element: Any) -> Items:
    """An element put before a place."""
    place = index if index == len(items) else _at(items, index)
    return [*items[:place], element, *items[place:]]


@algorithm("List.length", "List.size")
def length(items: Items) -> int:
    """How many elements there are."""
    return len(items)


@algorithm("List.remove")
def remove(items: Items, element: Any) -> Items:
    """Without the first of the elements that equal it."""
    place = index_of(items, element)
    return items if place < 0 else items[:place] + items[place + 1 :]


@algorithm("List.removeAll")
def remove_all(items: Items, other: Items) -> Items:
    """Without any of the other's elements."""
    return [item for item in items if not contains(other, item)]


@algorithm("List.replace")
def replace(items: Items, old: Any, new: Any) -> Items:
    """The first of the elements that equal `old`, replaced."""
    place = index_of(items, old)
    return items if place < 0 else [*items[:place], new, *items[place + 1 :]]


@algorithm("List.replaceAll")
def replace_all(items: Items, old: Any, new: Any) -> Items:
    """All elements that equal `old`, replaced."""
    return [new if _same(item, old) else item for item in items]


@algorithm("List.reverse")
def reverse(items: Items) -> Items:
    """Back to front."""
    return items[::-1]


@algorithm("List.rotate")
def rotate(items: Items, distance: int) -> Items:
    """Moved towards the end, and from there to the start; as Java's `Collections.rotate`."""
    shift = -distance % len(items) if items else 0
    return items[shift:] + items[:shift]


@algorithm("List.set")
def put(items: Items, index: int, element: Any) -> Items:
    """One element replaced, by its place."""
    place = _at(items, index)
    return [*items[:place], element, *items[place + 1 :]]


@algorithm("List.slice")
def part(items: Items, start: int, end: int | None, step: int | None) -> Items:
    """From `start` up to, without, `end`; negative places count from the end."""
    if step == 0:
        raise EarthEngineError("The step must not be 0.")
    return items[start:end:step]


@algorithm("List.unzip")
def unzip(items: Items) -> Items:
    """A list for each place of the elements, which are lists."""
    if not all(isinstance(item, list) for item in items):
        raise EarthEngineError("The elements must be lists.")
    return [list(column) for column in zip(*items, strict=False)]


@algorithm("List.zip")
def zipped(items: Items, other: Items) -> Items:
    """Pairs, as many as the shorter has elements."""
    return [list(pair) for pair in zip(items, other, strict=False)]
