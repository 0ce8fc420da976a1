"""Geometries made of one: its box, centre and hull; widened, simplified, united, moved."""

from __future__ import annotations

from typing import Any, Final

import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.charts import chart_of
from local_earthengine.geo.edges import reprojected
from local_earthengine.geo.geometry import Geometry, from_lonlat, rectangle
from local_earthengine.geo.projection import Projection

# Of a buffer's quarter circle.
_SEGMENTS: Final = 16


@algorithm("Geometry.bounds")
def bounds(geometry: Geometry, margin: Any, proj: Projection | None) -> Geometry:
    """Return the box around it, in degrees or in a projection's coordinates."""
    del margin
    crs = proj.crs if proj is not None else "EPSG:4326"
    return rectangle(geometry.bounds_in(crs), crs)


@algorithm("Geometry.centroid")
def centroid(geometry: Geometry, margin: Any, proj: Any) -> Geometry:
    """Return the centre of gravity of the shape in degrees, or about a pole of that in a plane."""
    del margin, proj
    return from_lonlat(_centre(geometry))


def _centre(geometry: Geometry) -> BaseGeometry:
    chart = chart_of(geometry.lonlat)
    return chart.back(chart.shapes[0].centroid)


@algorithm("Geometry.convexHull")
def convex_hull(geometry: Geometry, margin: Any, proj: Any) -> Geometry:
    """Return the smallest convex shape around it."""
    del margin, proj
    chart = chart_of(geometry.lonlat)
    return from_lonlat(chart.back(chart.shapes[0].convex_hull))


@algorithm("Geometry.buffer")
def buffer(geometry: Geometry, distance: float, margin: Any, proj: Any) -> Geometry:
    """Widen by metres, in an equidistant projection about its centre; a negative number shrinks."""
    del margin, proj
    shape = geometry.lonlat
    if shape.is_empty:
        return geometry
    centre = _centre(geometry)
    local = CRS.from_proj4(f"+proj=aeqd +lat_0={centre.y} +lon_0={centre.x} +datum=WGS84").to_wkt()
    widened = reprojected(shape, "EPSG:4326", local).buffer(distance, quad_segs=_SEGMENTS)
    return from_lonlat(reprojected(widened, local, "EPSG:4326"))


@algorithm("Geometry.simplify")
def simplify(geometry: Geometry, margin: float, proj: Any) -> Geometry:
    """Return it with fewer vertices, off by no more than `margin` metres."""
    del proj
    if margin < 0:
        raise EarthEngineError("The margin must not be negative.")
    return from_lonlat(shapely.simplify(geometry.whole, margin / 111319.49079327357))


@algorithm("Geometry.dissolve")
def dissolve(geometry: Geometry, margin: Any, proj: Any) -> Geometry:
    """Unite its parts."""
    del margin, proj
    return from_lonlat(shapely.union_all(shapely.get_parts(geometry.whole)))


@algorithm("Geometry.transform")
def transformed(geometry: Geometry, proj: Projection, margin: Any, geodesic: Any) -> Geometry:
    """Return the same place in other coordinates, with planar edges."""
    del margin, geodesic
    shape, crs = geometry.planar
    return Geometry(reprojected(shape, crs, proj.crs), proj.crs)
