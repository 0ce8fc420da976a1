"""Filters by place, distance and area."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_earthengine.algorithms.collections.filters import check_each_side, check_operands
from local_earthengine.algorithms.geometry.measures import area, distance
from local_earthengine.expression.coercion import coerce
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.charts import related
from local_earthengine.geo.geometry import Geometry
from local_earthengine.values.collection import Hints
from local_earthengine.values.filter import (
    GEOMETRY_FIELDS,
    Comparison,
    Filter,
    Where,
    bounds_hint,
    field_of,
)


def _spatial(
    test: Callable[[Geometry, Geometry], bool], local: bool
) -> Callable[[Any, Any, Any, Any, Any], Filter]:
    """Return a filter's algorithm.

    `local` says that only what meets the other geometry can pass.
    """

    def make(
        left_field: Any, right_value: Any, right_field: Any, left_value: Any, margin: float
    ) -> Filter:
        """Return the filter of two operands, and what it tells a catalogue of places."""
        del margin
        check_operands(left_field, right_value, right_field, left_value)
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


def _related(relation: str, turned: bool = False) -> Callable[[Geometry, Geometry], bool]:
    """Return a test of (left, right): whether the one on the left stands in it, or `turned`."""

    def test(left: Geometry, right: Geometry) -> bool:
        """Tell whether two geometries stand so."""
        first, second = (right, left) if turned else (left, right)
        return related(relation, first.lonlat, second.lonlat)

    return test


# What is filtered is on the left; the other is asked, as it is prepared for many questions.
add("Filter.intersects", _spatial(_related("intersects", turned=True), local=True))
add("Filter.disjoint", _spatial(_related("disjoint", turned=True), local=False))
add("Filter.contains", _spatial(_related("contains"), local=True))
add("Filter.isContained", _spatial(_related("contains", turned=True), local=True))


def _apart(one: Any, other: Any) -> float:
    left: Geometry = coerce(one, "Geometry")
    right: Geometry = coerce(other, "Geometry")
    return distance(left, right, None, None, False)


@algorithm("Filter.withinDistance")
def within_distance(  # noqa: PLR0917 - Earth Engine's arguments
    metres: float,
    left_field: str | None,
    right_value: Any,
    right_field: str | None,
    left_value: Any,
    margin: float,
) -> Filter:
    """Return a filter: the geometries are no further apart.

    The distance is the measure of a join.
    """
    del margin
    check_each_side(left_field, left_value, right_field, right_value)
    values = [None if v is None else coerce(v, "Geometry") for v in (left_value, right_value)]
    return Comparison(
        lambda one, other: _apart(one, other) <= metres,
        left_field, values[1], right_field, values[0], size=_apart,
    )  # fmt: skip


@algorithm("Filter.hasGeometry")
def has_geometry() -> Filter:
    """Return a filter: the element has a geometry that is not empty."""
    return Where(lambda e: e.geometry is not None and not e.geometry.shape.is_empty)


@algorithm("Filter.area")
def by_area(low: float, high: float, margin: float | None, selector: str | None) -> Filter:
    """Return a filter: the area in square metres lies between two numbers, both included."""
    del margin
    name = selector or ".geo"

    def test(element: Any) -> bool:
        """Tell whether the element's area lies between."""
        shape = field_of(element, name) if name in GEOMETRY_FIELDS else element.get(name)
        if shape is None:
            return False
        return low <= area(coerce(shape, "Geometry"), None, None) <= high

    return Where(test)
