"""Joins: how matches of two collections become elements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from s1ratio.local.earthengine.values.element import Element, Feature

Matches = list[Element]


@dataclass(frozen=True)
class Join:
    """`combine` turns an element and its matches into the elements of the result."""

    combine: Callable[[Element, Matches], Iterator[Element]]


def simple() -> Join:
    """The elements that have a match."""

    def combine(left: Element, matches: Matches) -> Iterator[Element]:
        if matches:
            yield left

    return Join(combine)


def inverted() -> Join:
    """The elements that have none."""

    def combine(left: Element, matches: Matches) -> Iterator[Element]:
        if not matches:
            yield left

    return Join(combine)


def save(key: str, ordering: str | None, ascending: bool, outer: bool, single: bool) -> Join:
    """The elements with their matches, in order, as a property; or with the first match alone."""

    def combine(left: Element, matches: Matches) -> Iterator[Element]:
        if not matches:
            if outer:
                yield left if single else left.with_properties({key: []})
            return
        ordered = in_order(matches, ordering, ascending) if ordering else matches
        yield left.with_properties({key: ordered[0] if single else list(ordered)})

    return Join(combine)


def inner(primary: str, secondary: str) -> Join:
    """A feature for each pair."""

    def combine(left: Element, matches: Matches) -> Iterator[Element]:
        for match in matches:
            yield Feature({primary: left, secondary: match})

    return Join(combine)


def in_order(elements: Matches, name: str, ascending: bool) -> Matches:
    """Sorted by a property, equals in their order; what lacks it comes last."""
    having = [element for element in elements if element.get(name) is not None]
    lacking = [element for element in elements if element.get(name) is None]
    return sorted(having, key=lambda e: sort_key(e.get(name)), reverse=not ascending) + lacking


def sort_key(value: Any) -> tuple[int, Any]:
    """Orders numbers before text before all else, and these by how they read."""
    if isinstance(value, (int, float)):
        return 0, value
    if isinstance(value, str):
        return 1, value
    millis = getattr(value, "millis", None)
    return (0, millis) if millis is not None else (2, str(value))
