"""Filters: tests of one element, or of a pair in a join."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from local_earthengine.geo.geometry import Geometry
from local_earthengine.values.collection import Hints
from local_earthengine.values.date import Date
from local_earthengine.values.element import Element

# The names under which filters mean an element's geometry.
GEOMETRY_FIELDS = frozenset({".all", ".geo", "system:footprint"})

_NOTHING = Hints()

Test = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Filter:
    """A test that every element of a collection is put to.

    `description` is what `getInfo` shows of it: the algorithm that made it, and its arguments.
    """

    description: Mapping[str, Any] | None = field(default=None, compare=False, kw_only=True)

    def to_json(self) -> Mapping[str, Any] | None:
        """Return the description."""
        return self.description

    def passes(self, left: Element, right: Element | None = None) -> bool:
        """Tell whether an element passes, or, in a join, a pair."""
        raise NotImplementedError

    def hints(self) -> Hints:
        """Return what it tells a catalogue about every element that passes."""
        return Hints()

    def measure(self, left: Element, right: Element) -> float | None:
        """Return how far a pair that passes is apart, if the filter measures that."""
        del left, right
        return None


def field_of(element: Element, name: str) -> Any:
    """Return an element's property, or its geometry under one of its names."""
    if name in GEOMETRY_FIELDS:
        return element.geometry
    return element.get(name)


@dataclass(frozen=True)
class Comparison(Filter):
    """`test` of two operands, each a property or a value; an absent operand fails."""

    test: Test
    left_field: str | None = None
    right_value: Any = None
    right_field: str | None = None
    left_value: Any = None
    told: Hints = _NOTHING
    size: Callable[[Any, Any], float] | None = None

    def passes(self, left: Element, right: Element | None = None) -> bool:
        """Tell whether the operands pass; without a pair, the one element serves both sides."""
        one, other = self._operands(left, left if right is None else right)
        if one is None or other is None:
            return False
        return self.test(plain(one), plain(other))

    def _operands(self, left: Element, right: Element) -> tuple[Any, Any]:
        one = self.left_value if self.left_field is None else field_of(left, self.left_field)
        if self.right_field is None:
            return one, self.right_value
        return one, field_of(right, self.right_field)

    def measure(self, left: Element, right: Element) -> float | None:
        """Return the measure by `size`, which takes the two operands."""
        if self.size is None:
            return None
        one, other = self._operands(left, right)
        return self.size(plain(one), plain(other))

    def hints(self) -> Hints:
        """Return those that were found when it was made."""
        return self.told


def plain(value: Any) -> Any:
    """Return a value as it compares: dates are their milliseconds, features their geometry."""
    if isinstance(value, Date):
        return value.millis
    if isinstance(value, Element):
        return value.geometry
    return value


@dataclass(frozen=True)
class All(Filter):
    """Every one of them passes."""

    filters: Sequence[Filter]

    def measure(self, left: Element, right: Element) -> float | None:
        """Return the measure of the first part that measures."""
        found = (part.measure(left, right) for part in self.filters)
        return next((size for size in found if size is not None), None)

    def passes(self, left: Element, right: Element | None = None) -> bool:
        """Tell whether every part passes; an empty one always does."""
        return all(part.passes(left, right) for part in self.filters)

    def hints(self) -> Hints:
        """Return what all parts together tell."""
        told = Hints()
        for part in self.filters:
            told = told.narrowed(part.hints())
        return told


@dataclass(frozen=True)
class AnyOf(Filter):
    """At least one of them passes."""

    filters: Sequence[Filter]

    def passes(self, left: Element, right: Element | None = None) -> bool:
        """Tell whether a part passes; an empty one never does."""
        return any(part.passes(left, right) for part in self.filters)


@dataclass(frozen=True)
class Not(Filter):
    """What the other does not pass; so an absent property passes a negated test."""

    inner: Filter

    def passes(self, left: Element, right: Element | None = None) -> bool:
        """Tell the contrary."""
        return not self.inner.passes(left, right)


@dataclass(frozen=True)
class Where(Filter):
    """A test of the whole element."""

    test: Callable[[Element], bool]

    def passes(self, left: Element, right: Element | None = None) -> bool:
        """Tell whether the left element passes."""
        del right
        return self.test(left)


def bounds_hint(geometry: Geometry) -> Hints:
    """Return where elements must lie that meet a geometry.

    The bounds reach past 180 degrees if it lies on both sides.
    """
    if geometry.whole.is_empty:
        return Hints()
    west, south, east, north = geometry.whole.bounds
    return Hints(bounds=(west, south, east, north))
