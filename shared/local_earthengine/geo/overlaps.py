"""Polygons that overlap within one geometry, which sets of points can't be made of as they are."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry


def united(shape: BaseGeometry) -> BaseGeometry:
    """Return the same points as a valid shape: parts that overlap or touch along edges are one.

    Only collections of several parts are looked at; a ring that crosses itself stays.

    Unsettled: a point that two polygons of a MultiPolygon cover belongs to it.
    """
    parts = getattr(shape, "geoms", ())
    if shapely.get_dimensions(shape) < 2 or len(parts) < 2 or shape.is_valid:
        return shape
    if not all(part.is_valid for part in parts):
        return shape
    found: BaseGeometry = shapely.union_all(list(parts))
    return found
