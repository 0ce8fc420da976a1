"""Filters by distance, by type, by area, and as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from local_earthengine.algorithms import geometries
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.coercion import coerce, type_name
from local_earthengine.expression.context import Context
from local_earthengine.expression.registry import algorithm, invoke
from local_earthengine.formula.parser import parse
from local_earthengine.formula.tree import Call, Literal, Name, Tree
from local_earthengine.geo.geometry import Geometry
from local_earthengine.values.filter import (
    GEOMETRY_FIELDS,
    All,
    AnyOf,
    Comparison,
    Filter,
    Not,
    Where,
    field_of,
)


def _apart(one: Any, other: Any) -> float:
    left: Geometry = coerce(one, "Geometry")
    right: Geometry = coerce(other, "Geometry")
    return geometries.distance(left, right, None, None, False)


@algorithm("Filter.withinDistance")
def within_distance(  # noqa: PLR0917 - Earth Engine's arguments
    metres: float,
    left_field: str | None,
    right_value: Any,
    right_field: str | None,
    left_value: Any,
    margin: float,
) -> Filter:
    """The two geometries are no further apart; the distance is the measure of a join."""
    del margin
    _one_each(left_field, left_value, right_field, right_value)
    values = [None if v is None else coerce(v, "Geometry") for v in (left_value, right_value)]
    return Comparison(
        lambda one, other: _apart(one, other) <= metres,
        left_field, values[1], right_field, values[0], size=_apart,
    )  # fmt: skip


def _one_each(left_field: Any, left_value: Any, right_field: Any, right_value: Any) -> None:
    for side, name, value in (
        ("left", left_field, left_value),
        ("right", right_field, right_value),
    ):
        if (name is None) == (value is None):
            raise EarthEngineError(f"One of '{side}Field' and '{side}Value' must be given.")


@algorithm("Filter.hasGeometry")
def has_geometry() -> Filter:
    """The element has a geometry that is not empty."""
    return Where(lambda e: e.geometry is not None and not e.geometry.shape.is_empty)


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
    """The left operand has the type that the right one names, or a narrower one."""
    _one_each(left_field, left_value, right_field, right_value)

    def test(value: Any, name: Any) -> bool:
        own = type_name(value)
        return name in {own, "Object", *_SUPERTYPES.get(own, ())}

    return Comparison(test, left_field, right_value, right_field, left_value)


@algorithm("Filter.area")
def by_area(low: float, high: float, margin: float | None, selector: str | None) -> Filter:
    """The geometry's area in square metres lies between two numbers, both included."""
    del margin
    name = selector or ".geo"

    def test(element: Any) -> bool:
        shape = field_of(element, name) if name in GEOMETRY_FIELDS else element.get(name)
        if shape is None:
            return False
        return low <= geometries.area(coerce(shape, "Geometry"), None, None) <= high

    return Where(test)


_COMPARISONS: Final = {
    "==": "equals", "!=": "notEquals", "<": "lessThan", "<=": "lessThanOrEquals",
    ">": "greaterThan", ">=": "greaterThanOrEquals",
}  # fmt: skip
_TURNED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}


@algorithm("Filter.expression")
def expression(context: Context, text: str) -> Filter:
    """Comparisons of a property with a value, joined by `&&`, `||`, `!` and parentheses."""
    return _filter(context, parse(text))


def _filter(context: Context, tree: Tree) -> Filter:
    match tree:
        case Call(function="&&", operands=parts):
            return All([_filter(context, part) for part in parts])
        case Call(function="||", operands=parts):
            return AnyOf([_filter(context, part) for part in parts])
        case Call(function="!", operands=(part,)):
            return Not(_filter(context, part))
        case Call(function=symbol, operands=(one, other)) if symbol in _COMPARISONS:
            return _compared(context, symbol, one, other)
    raise EarthEngineError("A filter's expression compares properties with values.")


def _compared(context: Context, symbol: str, one: Tree, other: Tree) -> Filter:
    if isinstance(other, Name) and not isinstance(one, Name):
        symbol, one, other = _TURNED[symbol], other, one
    if not isinstance(one, Name):
        raise EarthEngineError("One side of a comparison must be a property.")
    given: dict[str, Any] = {"leftField": one.name}
    if isinstance(other, Name):
        given["rightField"] = other.name
    else:
        given["rightValue"] = _literal(other)
    found: Filter = invoke(f"Filter.{_COMPARISONS[symbol]}", given, context)
    return found


def _literal(tree: Tree) -> Any:
    match tree:
        case Literal():
            return tree.value
        case Call(function="-", operands=(Literal(value=int() | float() as number),)):
            return -number
    raise EarthEngineError("One side of a comparison must be a number or a text.")
