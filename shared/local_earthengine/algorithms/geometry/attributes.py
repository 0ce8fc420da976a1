"""Geometries asked for what they are made of."""

from __future__ import annotations

from typing import Any

import shapely

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.geometry import Geometry
from local_earthengine.geo.projection import Projection


@algorithm("Geometry.coordinates")
def coordinates(geometry: Geometry) -> Any:
    """Return nested lists of numbers."""
    found = geometry.to_json().get("coordinates")
    if found is None:
        raise EarthEngineError("A GeometryCollection has no coordinates.")
    return found


@algorithm("Geometry.type")
def kind(geometry: Geometry) -> str:
    """Return its kind, such as Polygon."""
    return str(geometry.shape.geom_type)


@algorithm("Geometry.geodesic", "Geometry.edgesAreGeodesics")
def is_geodesic(geometry: Geometry) -> bool:
    """Tell whether its edges are great circles."""
    return geometry.geodesic


@algorithm("Geometry.isUnbounded")
def is_unbounded(geometry: Geometry) -> bool:
    """Tell whether it is the whole Earth."""
    return geometry.unbounded


@algorithm("Geometry.projection")
def projection_of(geometry: Geometry) -> Projection:
    """Return the coordinates' projection."""
    return Projection(geometry.crs)


@algorithm("Geometry.geometries")
def parts(geometry: Geometry) -> list[Geometry]:
    """Return its parts."""
    return [
        Geometry(part, geometry.crs, geometry.geodesic)
        for part in shapely.get_parts(geometry.shape)
    ]
