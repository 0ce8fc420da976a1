"""Areas, lengths and distances, on the ellipsoid."""

from __future__ import annotations

from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from local_earthengine.expression.context import Context
from local_earthengine.expression.registry import algorithm, invoke
from local_earthengine.geo.edges import ELLIPSOID, reprojected
from local_earthengine.geo.geometry import WORLD, Geometry
from local_earthengine.geo.projection import Projection

# The surface of the ellipsoid in square metres.
_EARTH: Final = 510_065_621_724_089.0


@algorithm("Geometry.area")
def area(geometry: Geometry, margin: Any, proj: Projection | None) -> float:
    """Return square metres on the ellipsoid, or the area in the units of a projection."""
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
    """Turn shells anticlockwise and holes clockwise, so that areas add up; keep edges short."""
    dense = shapely.segmentize(shape, 0.05)
    oriented: BaseGeometry = shapely.orient_polygons(dense)
    return oriented


@algorithm("Geometry.perimeter")
def perimeter(geometry: Geometry, margin: Any, proj: Any) -> float:
    """Return that of the parts that are polygons, in metres."""
    del margin, proj
    areas = _parts(geometry.lonlat, 2)
    return sum(float(ELLIPSOID.geometry_area_perimeter(_oriented(part))[1]) for part in areas)


@algorithm("Geometry.length")
def length(geometry: Geometry, margin: Any, proj: Any) -> float:
    """Return that of the parts that are lines, in metres."""
    del margin, proj
    return sum(float(ELLIPSOID.geometry_length(part)) for part in _parts(geometry.lonlat, 1))


def _parts(shape: BaseGeometry, dimensions: int) -> list[BaseGeometry]:
    """Return those of so many dimensions, however deep they lie."""
    pending, found = [shape], []
    while pending:
        part = pending.pop()
        if hasattr(part, "geoms"):
            pending.extend(part.geoms)
        elif shapely.get_dimensions(part) == dimensions:
            found.append(part)
    return found


@algorithm("Geometry.distance")
def distance(left: Geometry, right: Geometry, margin: Any, proj: Any, spherical: bool) -> float:
    """Return the metres between the nearest points."""
    del margin, proj, spherical
    line = shapely.shortest_line(left.lonlat, right.lonlat)
    return float(ELLIPSOID.geometry_length(line))


@algorithm("Geometry.withinDistance")
def near(  # noqa: PLR0917 - Earth Engine's arguments
    context: Context, left: Geometry, right: Geometry, metres: float, margin: Any, proj: Any
) -> bool:
    """Tell whether the nearest points are no further apart than so many metres."""
    given = {"left": left, "right": right, "maxError": margin, "proj": proj}
    return bool(invoke("Geometry.distance", given, context) <= metres)
