"""Filters by comparison and by type, and their combinations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.coercion import type_name
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.values.filter import All, AnyOf, Comparison, Filter, Not, Test, Where


def _comparable(test: Callable[[Any, Any], bool]) -> Test:
    """Return a test for which an order holds between numbers, or between texts, and not across."""

    def ordered(left: Any, right: Any) -> bool:
        """Tell whether the order holds."""
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


def check_operands(left_field: Any, right_value: Any, right_field: Any, left_value: Any) -> None:
    """Raise EarthEngineError unless there is exactly one operand on each side."""
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
        """Return the filter of two operands, each a property or a value."""
        check_operands(left_field, right_value, right_field, left_value)
        return Comparison(test, left_field, right_value, right_field, left_value)

    return make


for _name, _test in _TESTS.items():
    add(f"Filter.{_name}", _comparison(_test))
for _name, _long in _SHORT.items():
    add(f"Filter.{_name}", _comparison(_TESTS[_long]))


@algorithm("Filter.and")
def all_of(filters: list[Filter]) -> Filter:
    """Return a filter that passes what all of them pass."""
    return All(filters)


@algorithm("Filter.or")
def any_of(filters: list[Filter]) -> Filter:
    """Return a filter that passes what one of them passes."""
    return AnyOf(filters)


@algorithm("Filter.not")
def negated(inner: Filter) -> Filter:
    """Return a filter that passes what the other does not."""
    return Not(inner)


@algorithm("Filter.always")
def always() -> Filter:
    """Return a filter that everything passes."""
    return All([])


@algorithm("Filter.never")
def never() -> Filter:
    """Return a filter that nothing passes."""
    return AnyOf([])


@algorithm("Filter.notNull")
def not_null(names: list[str]) -> Filter:
    """Return a filter: all these properties are there."""
    return Where(lambda element: all(element.get(name) is not None for name in names))


@algorithm("Filter.rangeContains")
def range_contains(field: str, low: Any, high: Any) -> Filter:
    """Return a filter: a property lies between two values, both included."""
    tests = _TESTS["greaterThanOrEquals"], _TESTS["lessThanOrEquals"]
    return All([Comparison(test, field, v) for test, v in zip(tests, (low, high), strict=True)])


@algorithm("Filter.maxDifference")
def max_difference(
    difference: float, left_field: Any, right_value: Any, right_field: Any, left_value: Any
) -> Filter:
    """Return a filter: two numbers differ by no more than `difference`."""
    check_operands(left_field, right_value, right_field, left_value)

    def near(left: Any, right: Any) -> bool:
        """Tell whether both are numbers, and near."""
        numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
        return numbers and abs(left - right) <= difference

    return Comparison(
        near, left_field, right_value, right_field, left_value, size=lambda a, b: abs(a - b)
    )


def check_each_side(left_field: Any, left_value: Any, right_field: Any, right_value: Any) -> None:
    """Hold each side to a property or a value, and one alone; else raise EarthEngineError."""
    for side, name, value in (
        ("left", left_field, left_value),
        ("right", right_field, right_value),
    ):
        if (name is None) == (value is None):
            raise EarthEngineError(f"One of '{side}Field' and '{side}Value' must be given.")


_SUPERTYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "Integer": ("Number", "Long"),
    "Long": ("Number",),
    "Float": ("Number", "Double"),
    "Boolean": ("Number", "Integer"),
    "Image": ("Element",),
    "Feature": ("Element",),
    "ImageCollection": ("FeatureCollection", "Element"),
    "FeatureCollection": ("Element",),
}


@algorithm("Filter.hasType")
def has_type(
    left_field: str | None, right_value: Any, right_field: str | None, left_value: Any
) -> Filter:
    """Return a filter: the left operand has the type that the right names, or a narrower."""
    check_each_side(left_field, left_value, right_field, right_value)

    def test(value: Any, name: Any) -> bool:
        """Tell whether a value is of the named type."""
        own = type_name(value)
        return name in {own, "Object", *_SUPERTYPES.get(own, ())}

    return Comparison(test, left_field, right_value, right_field, left_value)
