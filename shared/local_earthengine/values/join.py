"""Joins: how matches of two collections become elements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from local_earthengine.errors import EarthEngineError
from local_earthengine.values.element import Element, Feature

Matches = list[Element]
# The join condition's measure of each match, null where it has none.
Measures = list[float | None]


@dataclass(frozen=True)
class Join:
    """`combine` turns an element and its matches into the elements of the result.

    With a `measure` each match bears the condition's measure under that name. `description` is
    what `getInfo` shows of it: the algorithm that made it, and its arguments.
    """

    combine: Callable[[Element, Matches], Iterator[Element]]
    measure: str | None = None
    description: Mapping[str, Any] | None = field(default=None, compare=False, kw_only=True)

    def to_json(self) -> Mapping[str, Any] | None:
        """Return the description."""
        return self.description

    def matched(self, left: Element, matches: Matches, measures: Measures) -> Iterator[Element]:
        """Return the elements that an element and its matches make."""
        if self.measure is not None:
            pairs = zip(matches, measures, strict=True)
            matches = [match.with_properties({self.measure: size}) for match, size in pairs]
        return self.combine(left, matches)


def simple() -> Join:
    """Return the join that gives the elements that have a match."""

    def combine(left: Element, matches: Matches) -> Iterator[Element]:
        """Yield the element if it has a match."""
        if matches:
            yield left

    return Join(combine)


def inverted() -> Join:
    """Return the join that gives the elements that have none."""

    def combine(left: Element, matches: Matches) -> Iterator[Element]:
        """Yield the element if it has none."""
        if not matches:
            yield left

    return Join(combine)


def best(key: str, measure: str, outer: bool) -> Join:
    """Return the join that gives elements with the match of the least measure."""

    def combine(left: Element, matches: Matches) -> Iterator[Element]:
        """Yield the element with its best match."""
        known = [match for match in matches if match.get(measure) is not None]
        if known:
            yield left.with_properties({key: min(known, key=lambda match: match.get(measure))})
        elif matches:
            raise EarthEngineError("The join condition has no measure.")
        elif outer:
            yield left

    return Join(combine, measure)


def save(  # noqa: PLR0917 - Earth Engine's arguments
    key: str,
    ordering: str | None,
    ascending: bool,
    outer: bool,
    single: bool,
    measure: str | None = None,
) -> Join:
    """Return the join that gives elements with their matches, in order, or with the first alone."""

    def combine(left: Element, matches: Matches) -> Iterator[Element]:
        """Yield the element with its matches."""
        if not matches:
            if outer:
                yield left if single else left.with_properties({key: []})
            return
        ordered = in_order(matches, ordering, ascending) if ordering else matches
        yield left.with_properties({key: ordered[0] if single else list(ordered)})

    return Join(combine, measure)


def inner(primary: str, secondary: str, measure: str | None = None) -> Join:
    """Return the join that gives a feature for each pair; it bears the measure itself."""

    def combine(left: Element, matches: Matches) -> Iterator[Element]:
        """Yield a feature for each match."""
        for match in matches:
            own = {} if measure is None else {measure: match.get(measure)}
            yield Feature({primary: left, secondary: match}).with_properties(own)

    return Join(combine, measure)


def in_order(elements: Matches, name: str, ascending: bool) -> Matches:
    """Sort by a property, equals in their order; what lacks it comes last."""
    having = [element for element in elements if element.get(name) is not None]
    lacking = [element for element in elements if element.get(name) is None]
    return sorted(having, key=lambda e: sort_key(e.get(name)), reverse=not ascending) + lacking


def sort_key(value: Any) -> tuple[int, Any]:
    """Return a key that puts numbers before text before all else, and these by how they read."""
    if isinstance(value, (int, float)):
        return 0, value
    if isinstance(value, str):
        return 1, value
    millis = getattr(value, "millis", None)
    return (0, millis) if millis is not None else (2, str(value))
