"""Filters by comparison, by time, by place, and their combinations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from local_earthengine.algorithms.dates import calendar_field
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.coercion import coerce
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.geometry import Geometry
from local_earthengine.values.collection import Hints
from local_earthengine.values.date import Date, DateRange, to_range
from local_earthengine.values.element import Element
from local_earthengine.values.filter import (
    GEOMETRY_FIELDS,
    All,
    AnyOf,
    Comparison,
    Filter,
    Not,
    Test,
    Where,
    bounds_hint,
)

_TIME: Final = "system:time_start"


def _comparable(test: Callable[[Any, Any], bool]) -> Test:
    """An order holds between numbers, or between texts, and not across."""

    def ordered(left: Any, right: Any) -> bool:
        numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
        texts = isinstance(left, str) and isinstance(right, str)
        return (numbers or texts) and test(left, right)

    return ordered


def _texts(test: Callable[[str, str], bool]) -> Test:
    return lambda left, right: (
        isinstance(left, str) and isinstance(right, str) and test(left, right)
    )


def _contains(left: Any, right: Any) -> bool:
    return isinstance(left, list) and right in left


_TESTS: Final[Mapping[str, Test]] = {
    "equals": lambda left, right: left == right,
    "notEquals": lambda left, right: left != right,
    "lessThan": _comparable(lambda left, right: left < right),
    "lessThanOrEquals": _comparable(lambda left, right: left <= right),
    "greaterThan": _comparable(lambda left, right: left > right),
    "greaterThanOrEquals": _comparable(lambda left, right: left >= right),
    "stringContains": _texts(lambda left, right: right in left),
    "stringStartsWith": _texts(lambda left, right: left.startswith(right)),
    "stringEndsWith": _texts(lambda left, right: left.endswith(right)),
    "listContains": _contains,
    "inList": lambda left, right: _contains(right, left),
}
_SHORT: Final = {
    "eq": "equals",
    "neq": "notEquals",
    "lt": "lessThan",
    "lte": "lessThanOrEquals",
    "gt": "greaterThan",
    "gte": "greaterThanOrEquals",
}


def _check(left_field: Any, right_value: Any, right_field: Any, left_value: Any) -> None:
    """Exactly one operand on each side."""
    for side, name, value in (
        ("left", left_field, left_value),
        ("right", right_field, right_value),
    ):
        if name is not None and value is not None:
            raise EarthEngineError(f"Only one of '{side}Field' and '{side}Value' may be given.")
        if name is None and value is None:
            raise EarthEngineError(f"One of '{side}Field' and '{side}Value' must be given.")


def _comparison(test: Test) -> Callable[[Any, Any, Any, Any], Filter]:
    def make(left_field: Any, right_value: Any, right_field: Any, left_value: Any) -> Filter:
        _check(left_field, right_value, right_field, left_value)
        return Comparison(test, left_field, right_value, right_field, left_value)

    return make


for _name, _test in _TESTS.items():
    add(f"Filter.{_name}", _comparison(_test))
for _name, _long in _SHORT.items():
    add(f"Filter.{_name}", _comparison(_TESTS[_long]))


@algorithm("Filter.and")
def all_of(filters: list[Filter]) -> Filter:
    """All of them pass."""
    return All(filters)


@algorithm("Filter.or")
def any_of(filters: list[Filter]) -> Filter:
    """One of them passes."""
    return AnyOf(filters)


@algorithm("Filter.not")
def negated(inner: Filter) -> Filter:
    """The other does not pass."""
    return Not(inner)


@algorithm("Filter.always")
def always() -> Filter:
    """Everything passes."""
    return All([])


@algorithm("Filter.never")
def never() -> Filter:
    """Nothing passes."""
    return AnyOf([])


@algorithm("Filter.notNull")
def not_null(names: list[str]) -> Filter:
    """All these properties are there."""
    return Where(lambda element: all(element.get(name) is not None for name in names))


@algorithm("Filter.dateRangeContains")
def date_range_contains(
    left_field: Any, right_value: Any, right_field: Any, left_value: Any
) -> Filter:
    """The range on the left holds the instant on the right; its end is exclusive."""
    _check(left_field, right_value, right_field, left_value)
    span = None if left_value is None else to_range(left_value)
    told = Hints()
    if span is not None and right_field == _TIME:
        told = Hints(start=span.start, end=span.end)
    return Comparison(_within, left_field, right_value, right_field, span, told)


def _within(span: Any, instant: Any) -> bool:
    return (
        isinstance(span, DateRange)
        and isinstance(instant, (int, float))
        and (span.contains(instant))
    )


@algorithm("Filter.rangeContains")
def range_contains(field: str, low: Any, high: Any) -> Filter:
    """A property lies between two values, both included."""
    tests = _TESTS["greaterThanOrEquals"], _TESTS["lessThanOrEquals"]
    return All([Comparison(test, field, v) for test, v in zip(tests, (low, high), strict=True)])


@algorithm("Filter.calendarRange")
def calendar_range(start: int, end: int | None, field: str) -> Filter:
    """A part of the date lies between two numbers, both included; a reversed range wraps round."""
    last = start if end is None else end

    def test(element: Element) -> bool:
        millis = element.get(_TIME)
        if not isinstance(millis, (int, float)):
            return False
        part = calendar_field(Date(int(millis)), field, None)
        return start <= part <= last if start <= last else part >= start or part <= last

    return Where(test)


@algorithm("Filter.dayOfYear")
def day_of_year(start: int, end: int) -> Filter:
    """The day of the year lies between two, both included, as the client documents it."""
    return calendar_range(start, end, "day_of_year")


@algorithm("Filter.maxDifference")
def max_difference(
    difference: float, left_field: Any, right_value: Any, right_field: Any, left_value: Any
) -> Filter:
    """Two numbers differ by no more than `difference`."""
    _check(left_field, right_value, right_field, left_value)

    def near(left: Any, right: Any) -> bool:
        numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
        return numbers and abs(left - right) <= difference

    return Comparison(
        near, left_field, right_value, right_field, left_value, size=lambda a, b: abs(a - b)
    )


def _spatial(
    test: Callable[[Geometry, Geometry], bool], local: bool
) -> Callable[[Any, Any, Any, Any, Any], Filter]:
    """`local`: whether only what meets the other geometry can pass."""

    def make(
        left_field: Any, right_value: Any, right_field: Any, left_value: Any, margin: float
    ) -> Filter:
        del margin
        _check(left_field, right_value, right_field, left_value)
        values = [None if v is None else coerce(v, "Geometry") for v in (left_value, right_value)]
        told = Hints()
        if local and values[1] is not None and left_field in GEOMETRY_FIELDS:
            told = bounds_hint(values[1])
        return Comparison(
            lambda a, b: test(_shape(a), _shape(b)),
            left_field,
            values[1],
            right_field,
            values[0],
            told,
        )

    return make


def _shape(value: Any) -> Geometry:
    shape: Geometry = coerce(value, "Geometry")
    return shape


add("Filter.intersects", _spatial(lambda a, b: bool(b.lonlat.intersects(a.lonlat)), local=True))
add("Filter.disjoint", _spatial(lambda a, b: bool(b.lonlat.disjoint(a.lonlat)), local=False))
add("Filter.contains", _spatial(lambda a, b: bool(a.lonlat.contains(b.lonlat)), local=True))
add("Filter.isContained", _spatial(lambda a, b: bool(b.lonlat.contains(a.lonlat)), local=True))
