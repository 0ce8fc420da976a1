"""Areas, lengths and distances, on the ellipsoid."""

from __future__ import annotations

from typing import Any, Final

import shapely
from shapely import MultiPolygon

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.context import Context
from local_earthengine.expression.registry import algorithm, invoke
from local_earthengine.geo.charts import chart_of, outlines
from local_earthengine.geo.edges import ELLIPSOID, reprojected
from local_earthengine.geo.geometry import Geometry
from local_earthengine.geo.longitudes import single_parts
from local_earthengine.geo.projection import WGS84, Projection, transformer

# An area on this cylinder is one on the ellipsoid, a pole's surroundings too.
_EQUAL_AREA: Final = "+proj=cea +ellps=WGS84 +over +type=crs"
_STEP: Final = 0.05  # degrees


@algorithm("Geometry.area")
def area(geometry: Geometry, margin: Any, proj: Projection | None) -> float:
    """Return square metres on the ellipsoid, or the area in the units of a projection."""
    del margin
    if proj is not None:
        shape, crs = geometry.planar
        return float(reprojected(shape, crs, proj.crs).area)
    # Straight edges in degrees are curves on the cylinder.
    dense = shapely.segmentize(geometry.lonlat, _STEP)
    change = transformer(WGS84.crs, _EQUAL_AREA).transform
    return float(shapely.area(shapely.transform(dense, change, interleaved=False)))


@algorithm("Geometry.perimeter")
def perimeter(geometry: Geometry, margin: Any, proj: Any) -> float:
    """Return that of the parts that are polygons, in metres."""
    del margin, proj
    areas = MultiPolygon([p for p in single_parts(geometry.lonlat) if p.geom_type == "Polygon"])
    lines = [] if areas.is_empty else outlines(areas)
    return sum(float(ELLIPSOID.geometry_length(shapely.segmentize(x, _STEP))) for x in lines)


@algorithm("Geometry.length")
def length(geometry: Geometry, margin: Any, proj: Any) -> float:
    """Return that of the parts that are lines, in metres."""
    del margin, proj
    lines = [p for p in single_parts(geometry.lonlat) if shapely.get_dimensions(p) == 1]
    return sum(float(ELLIPSOID.geometry_length(line)) for line in lines)


@algorithm("Geometry.distance")
def distance(left: Geometry, right: Geometry, margin: Any, proj: Any, spherical: bool) -> float:
    """Return the metres between the nearest points."""
    del margin, proj, spherical
    if left.lonlat.is_empty or right.lonlat.is_empty:
        raise EarthEngineError("There is no distance to an empty geometry.")
    chart = chart_of(left.lonlat, right.lonlat)
    ends = shapely.points(shapely.get_coordinates(shapely.shortest_line(*chart.shapes)))
    (lon, lat), (other_lon, other_lat) = (chart.back(end).coords[0] for end in ends)
    return float(ELLIPSOID.inv(lon, lat, other_lon, other_lat)[2])


@algorithm("Geometry.withinDistance")
def near(  # noqa: PLR0917 - Earth Engine's arguments
    context: Context, left: Geometry, right: Geometry, metres: float, margin: Any, proj: Any
) -> bool:
    """Tell whether the nearest points are no further apart than so many metres."""
    given = {"left": left, "right": right, "maxError": margin, "proj": proj}
    return bool(invoke("Geometry.distance", given, context) <= metres)
