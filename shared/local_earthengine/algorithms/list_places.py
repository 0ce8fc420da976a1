"""Lists cut, exchanged and searched by place."""

from __future__ import annotations

import random
from typing import Any

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.registry import algorithm

Items = list[Any]


def _place(items: Items, place: int) -> int:
    """A position that may count from the end; EarthEngineError if there is none."""
    if not -len(items) <= place < len(items):
        raise EarthEngineError(f"The position {place} is none of a list of {len(items)} elements.")
    return place % len(items)


@algorithm("List.splice")
def splice(items: Items, start: int, count: int, other: Items | None) -> Items:
    """`count` elements from `start` on taken out, others put in their place."""
    if count < 0 or not -len(items) <= start <= len(items):
        raise EarthEngineError(f"The part from {start} on, {count} elements, is not in the list.")
    first = start + len(items) if start < 0 else start
    return [*items[:first], *(other or []), *items[first + count :]]


@algorithm("List.swap")
def swap(items: Items, one: int, other: int) -> Items:
    """Two elements exchanged."""
    left, right = _place(items, one), _place(items, other)
    found = list(items)
    found[left], found[right] = items[right], items[left]
    return found


@algorithm("List.shuffle")
def shuffle(items: Items, seed: Any) -> Items:
    """In an order that the seed decides; for `false` another one each time."""
    generator = random.Random() if seed is False else random.Random(repr(to_json(seed)))  # noqa: S311 - not for secrets
    found = list(items)
    generator.shuffle(found)
    return found


def _starts(items: Items, target: Items) -> Items:
    wanted, known = to_json(target), to_json(items)
    last = len(items) - len(target) + 1
    return [start for start in range(last) if known[start : start + len(target)] == wanted]


@algorithm("List.indexOfSublist")
def index_of_sublist(items: Items, target: Items) -> int:
    """Where the part first begins; -1 if it is nowhere."""
    return next(iter(_starts(items, target)), -1)


@algorithm("List.lastIndexOfSubList")
def last_index_of_sublist(items: Items, target: Items) -> int:
    """Where the part last begins; -1 if it is nowhere."""
    return next(iter(_starts(items, target)[::-1]), -1)
