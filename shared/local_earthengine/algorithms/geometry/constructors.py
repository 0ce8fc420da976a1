"""Geometries from coordinates, and the margin by which they may be off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.geojson import gathered
from local_earthengine.geo.geometry import Geometry, build, rectangle
from local_earthengine.geo.longitudes import TURN, wrap
from local_earthengine.geo.projection import Projection


@algorithm("GeometryConstructors.Point")
def point(coordinates: list[float], crs: Projection | None) -> Geometry:
    """Return a point (x, y)."""
    return build("Point", coordinates, crs)


@algorithm("GeometryConstructors.MultiPoint")
def multi_point(coordinates: list[Any], crs: Projection | None) -> Geometry:
    """Return points."""
    return build("MultiPoint", coordinates, crs)


def _line(kind: str) -> Callable[[list[Any], Projection | None, bool | None, float | None], Any]:
    def make(
        coordinates: list[Any], crs: Projection | None, geodesic: bool | None, margin: float | None
    ) -> Geometry:
        """Return the geometry of these coordinates."""
        del margin
        return build(kind, coordinates, crs, geodesic)

    return make


for _kind in ("LineString", "LinearRing", "MultiLineString"):
    add(f"GeometryConstructors.{_kind}", _line(_kind))


def _area(
    kind: str,
) -> Callable[[list[Any], Projection | None, bool | None, float | None, bool], Geometry]:
    def make(
        coordinates: list[Any],
        crs: Projection | None,
        geodesic: bool | None,
        margin: float | None,
        even_odd: bool,
    ) -> Geometry:
        """Return the area within these coordinates."""
        del margin
        return build(kind, coordinates, crs, geodesic, even_odd)

    return make


for _kind in ("Polygon", "MultiPolygon"):
    add(f"GeometryConstructors.{_kind}", _area(_kind))


@algorithm("GeometryConstructors.Rectangle")
def box(
    coordinates: list[Any], crs: Projection | None, geodesic: bool | None, even_odd: bool
) -> Geometry:
    """Return the box of [x1, y1, x2, y2] or [[x1, y1], [x2, y2]], in any order of the corners."""
    del even_odd
    flat = [n for item in coordinates for n in (item if isinstance(item, list) else [item])]
    if len(flat) != 4 or not all(isinstance(number, (int, float)) for number in flat):
        raise EarthEngineError("Expected the coordinates of two corners.")
    west, east = sorted((flat[0], flat[2]))
    south, north = sorted((flat[1], flat[3]))
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return build("Polygon", [ring], crs, geodesic)


@algorithm("GeometryConstructors.BBox")
def bbox(west: float, south: float, east: float, north: float) -> Geometry:
    """Return a box in degrees, with planar edges; west > east leads across 180 degrees."""
    low, high = max(south, -90.0), min(north, 90.0)
    if east - west >= TURN:
        return rectangle((-TURN / 2, low, TURN / 2, high))
    first, last = float(wrap(west)), float(wrap(east))
    return rectangle((first, low, last + TURN if last < first else last, high))


@algorithm("GeometryConstructors.MultiGeometry")
def multi_geometry(
    parts: list[Geometry], crs: Projection | None, geodesic: bool | None, margin: float | None
) -> Geometry:
    """Return many geometries as one."""
    del crs, geodesic, margin
    return gathered(parts)


@algorithm("ErrorMargin")
def error_margin(value: float | None, unit: str) -> dict[str, Any]:
    """Return how far results may be off; nothing here makes use of it."""
    return {"type": "ErrorMargin", "unit": unit, "value": value or 0.0}
