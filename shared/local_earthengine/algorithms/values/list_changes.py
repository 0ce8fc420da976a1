"""Lists changed: elements added, removed, replaced, moved, zipped."""

from __future__ import annotations

import random
from typing import Any

from local_earthengine.algorithms.values.list_elements import (
    Items,
    contains,
    index_of,
    is_same,
    place_of,
)
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.registry import algorithm


@algorithm("List.add")
def append(items: Items, element: Any) -> Items:
    """Add one more element."""
    return [*items, element]


@algorithm("List.cat")
def cat(items: Items, other: Items) -> Items:
    """Return both in a row."""
    return items + other


@algorithm("List.distinct")
def distinct(items: Items) -> Items:
    """Return each element once, where it first stands."""
    seen: list[Any] = []
    found = []
    for item in items:
        key = to_json(item)
        if key not in seen:
            seen.append(key)
            found.append(item)
    return found


@algorithm("List.flatten")
def flatten(items: Items) -> Items:
    """Lay out lists within lists, at any depth."""
    found: Items = []
    pending = list(reversed(items))
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(reversed(item))
        else:
            found.append(item)
    return found


@algorithm("List.insert")
def insert(items: Items, index: int, element: Any) -> Items:
    """Put an element before a place."""
    place = index if index == len(items) else place_of(items, index)
    return [*items[:place], element, *items[place:]]


@algorithm("List.remove")
def remove(items: Items, element: Any) -> Items:
    """Leave out the first of the elements that equal it."""
    place = index_of(items, element)
    return items if place < 0 else items[:place] + items[place + 1 :]


@algorithm("List.removeAll")
def remove_all(items: Items, other: Items) -> Items:
    """Leave out all of the other's elements."""
    return [item for item in items if not contains(other, item)]


@algorithm("List.replace")
def replace(items: Items, old: Any, new: Any) -> Items:
    """Replace the first of the elements that equal `old`."""
    place = index_of(items, old)
    return items if place < 0 else [*items[:place], new, *items[place + 1 :]]


@algorithm("List.replaceAll")
def replace_all(items: Items, old: Any, new: Any) -> Items:
    """Replace all elements that equal `old`."""
    return [new if is_same(item, old) else item for item in items]


@algorithm("List.reverse")
def reverse(items: Items) -> Items:
    """Return it back to front."""
    return items[::-1]


@algorithm("List.rotate")
def rotate(items: Items, distance: int) -> Items:
    """Move towards the end, and from there to the start; as Java's `Collections.rotate`."""
    shift = -distance % len(items) if items else 0
    return items[shift:] + items[:shift]


@algorithm("List.set")
def put(items: Items, index: int, element: Any) -> Items:
    """Replace one element, by its place."""
    place = place_of(items, index)
    return [*items[:place], element, *items[place + 1 :]]


@algorithm("List.slice")
def part(items: Items, start: int, end: int | None, step: int | None) -> Items:
    """Cut from `start` up to, without, `end`; negative places count from the end."""
    if step == 0:
        raise EarthEngineError("The step must not be 0.")
    return items[start:end:step]


@algorithm("List.unzip")
def unzip(items: Items) -> Items:
    """Return a list for each place of the elements, which are lists."""
    if not all(isinstance(item, list) for item in items):
        raise EarthEngineError("The elements must be lists.")
    return [list(column) for column in zip(*items, strict=False)]


@algorithm("List.zip")
def zipped(items: Items, other: Items) -> Items:
    """Return pairs, as many as the shorter has elements."""
    return [list(pair) for pair in zip(items, other, strict=False)]


def _place(items: Items, place: int) -> int:
    """Return a position that may count from the end; raise EarthEngineError if there is none."""
    if not -len(items) <= place < len(items):
        raise EarthEngineError(f"The position {place} is none of a list of {len(items)} elements.")
    return place % len(items)


@algorithm("List.splice")
def splice(items: Items, start: int, count: int, other: Items | None) -> Items:
    """Take `count` elements from `start` on out, and put others in their place."""
    if count < 0 or not -len(items) <= start <= len(items):
        raise EarthEngineError(f"The part from {start} on, {count} elements, is not in the list.")
    first = start + len(items) if start < 0 else start
    return [*items[:first], *(other or []), *items[first + count :]]


@algorithm("List.swap")
def swap(items: Items, one: int, other: int) -> Items:
    """Exchange two elements."""
    left, right = _place(items, one), _place(items, other)
    found = list(items)
    found[left], found[right] = items[right], items[left]
    return found


@algorithm("List.shuffle")
def shuffle(items: Items, seed: Any) -> Items:
    """Put in an order that the seed decides; for `false` another one each time."""
    generator = random.Random() if seed is False else random.Random(repr(to_json(seed)))  # noqa: S311 - not for secrets
    found = list(items)
    generator.shuffle(found)
    return found
