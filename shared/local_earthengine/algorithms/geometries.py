"""Geometries asked and combined. Shapes are combined in degrees; lengths are the ellipsoid's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.edges import ELLIPSOID, reprojected
from local_earthengine.geo.geometry import (
    WORLD,
    Geometry,
    from_lonlat,
    rectangle,
)
from local_earthengine.geo.projection import Projection

# Of a buffer's quarter circle.
_SEGMENTS: Final = 16
# The surface of the ellipsoid in square metres.
_EARTH: Final = 510_065_621_724_089.0


def _test(name: str) -> Callable[[Geometry, Geometry, Any, Any], bool]:
    def apply(left: Geometry, right: Geometry, margin: Any, proj: Any) -> bool:
        del margin, proj
        return bool(getattr(left.lonlat, name)(right.lonlat))

    return apply


for _name, _method in {
    "intersects": "intersects",
    "disjoint": "disjoint",
    "contains": "contains",
    "containedIn": "within",
}.items():
    add(f"Geometry.{_name}", _test(_method))


def _combination(name: str) -> Callable[[Geometry, Geometry, Any, Any], Geometry]:
    def apply(left: Geometry, right: Geometry, margin: Any, proj: Any) -> Geometry:
        del margin, proj
        return from_lonlat(getattr(left.lonlat, name)(right.lonlat))

    return apply


for _name, _method in {
    "intersection": "intersection",
    "union": "union",
    "difference": "difference",
    "symmetricDifference": "symmetric_difference",
}.items():
    add(f"Geometry.{_name}", _combination(_method))


@algorithm("Geometry.bounds")
def bounds(geometry: Geometry, margin: Any, proj: Projection | None) -> Geometry:
    """The box around it, in degrees or in a projection's coordinates."""
    del margin
    crs = proj.crs if proj is not None else "EPSG:4326"
    return rectangle(geometry.bounds_in(crs), crs)


@algorithm("Geometry.area")
def area(geometry: Geometry, margin: Any, proj: Projection | None) -> float:
    """In square metres on the ellipsoid, or in the units of a projection."""
    del margin
    if proj is not None:
        shape, crs = geometry.planar
        return float(reprojected(shape, crs, proj.crs).area)
    shape = geometry.lonlat
    if shape.area > WORLD.area / 2:
        # A ring along the poles bounds nothing on an ellipsoid: measure what is left out.
        return _EARTH - _square_metres(WORLD.difference(shape))
    return _square_metres(shape)


def _square_metres(shape: BaseGeometry) -> float:
    return abs(float(ELLIPSOID.geometry_area_perimeter(_oriented(shape))[0]))


def _oriented(shape: BaseGeometry) -> BaseGeometry:
    """Shells anticlockwise and holes clockwise, so that areas add up; edges short."""
    dense = shapely.segmentize(shape, 0.05)
    oriented: BaseGeometry = shapely.orient_polygons(dense)
    return oriented


@algorithm("Geometry.perimeter")
def perimeter(geometry: Geometry, margin: Any, proj: Any) -> float:
    """Of the parts that are polygons, in metres."""
    del margin, proj
    areas = _parts(geometry.lonlat, 2)
    return sum(float(ELLIPSOID.geometry_area_perimeter(_oriented(part))[1]) for part in areas)


@algorithm("Geometry.length")
def length(geometry: Geometry, margin: Any, proj: Any) -> float:
    """Of the parts that are lines, in metres."""
    del margin, proj
    return sum(float(ELLIPSOID.geometry_length(part)) for part in _parts(geometry.lonlat, 1))


def _parts(shape: BaseGeometry, dimensions: int) -> list[BaseGeometry]:
    """Those of so many dimensions, however deep they lie."""
    pending, found = [shape], []
    while pending:
        part = pending.pop()
        if hasattr(part, "geoms"):
            pending.extend(part.geoms)
        elif shapely.get_dimensions(part) == dimensions:
            found.append(part)
    return found


@algorithm("Geometry.centroid")
def centroid(geometry: Geometry, margin: Any, proj: Any) -> Geometry:
    """The centre of gravity of the shape in degrees."""
    del margin, proj
    return from_lonlat(geometry.lonlat.centroid)


@algorithm("Geometry.convexHull")
def convex_hull(geometry: Geometry, margin: Any, proj: Any) -> Geometry:
    """The smallest convex shape around it."""
    del margin, proj
    return from_lonlat(geometry.lonlat.convex_hull)


@algorithm("Geometry.buffer")
def buffer(geometry: Geometry, distance: float, margin: Any, proj: Any) -> Geometry:
    """Widened by metres, in an equidistant projection about its centre; a negative one shrinks."""
    del margin, proj
    shape = geometry.lonlat
    if shape.is_empty:
        return geometry
    centre = shape.centroid
    local = CRS.from_proj4(f"+proj=aeqd +lat_0={centre.y} +lon_0={centre.x} +datum=WGS84").to_wkt()
    widened = reprojected(shape, "EPSG:4326", local).buffer(distance, quad_segs=_SEGMENTS)
    return from_lonlat(reprojected(widened, local, "EPSG:4326"))


@algorithm("Geometry.simplify")
def simplify(geometry: Geometry, margin: float, proj: Any) -> Geometry:
    """With fewer vertices, off by no more than `margin` metres."""
    del proj
    if margin < 0:
        raise EarthEngineError("The margin must not be negative.")
    return from_lonlat(shapely.simplify(geometry.lonlat, margin / 111319.49079327357))


@algorithm("Geometry.dissolve")
def dissolve(geometry: Geometry, margin: Any, proj: Any) -> Geometry:
    """Its parts united."""
    del margin, proj
    return from_lonlat(shapely.union_all(shapely.get_parts(geometry.lonlat)))


@algorithm("Geometry.transform")
def transformed(geometry: Geometry, proj: Projection, margin: Any, geodesic: Any) -> Geometry:
    """The same place in other coordinates, with planar edges."""
    del margin, geodesic
    shape, crs = geometry.planar
    return Geometry(reprojected(shape, crs, proj.crs), proj.crs)


@algorithm("Geometry.coordinates")
def coordinates(geometry: Geometry) -> Any:
    """Nested lists of numbers."""
    found = geometry.to_json().get("coordinates")
    if found is None:
        raise EarthEngineError("A GeometryCollection has no coordinates.")
    return found


@algorithm("Geometry.type")
def kind(geometry: Geometry) -> str:
    """Such as Polygon."""
    return str(geometry.shape.geom_type)


@algorithm("Geometry.geodesic", "Geometry.edgesAreGeodesics")
def is_geodesic(geometry: Geometry) -> bool:
    """Whether its edges are great circles."""
    return geometry.geodesic


@algorithm("Geometry.isUnbounded")
def is_unbounded(geometry: Geometry) -> bool:
    """Whether it is the whole Earth."""
    return geometry.unbounded


@algorithm("Geometry.projection")
def projection_of(geometry: Geometry) -> Projection:
    """The coordinates' projection."""
    return Projection(geometry.crs)


@algorithm("Geometry.geometries")
def parts(geometry: Geometry) -> list[Geometry]:
    """Its parts."""
    return [
        Geometry(part, geometry.crs, geometry.geodesic)
        for part in shapely.get_parts(geometry.shape)
    ]


@algorithm("Geometry.distance")
def distance(left: Geometry, right: Geometry, margin: Any, proj: Any, spherical: bool) -> float:
    """Between the nearest points, in metres."""
    del margin, proj, spherical
    line = shapely.shortest_line(left.lonlat, right.lonlat)
    return float(ELLIPSOID.geometry_length(line))
