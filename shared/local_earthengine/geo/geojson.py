"""GeoJSON, with Earth Engine's own members, to geometries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import shapely

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.geometry import Geometry, build, from_lonlat
from local_earthengine.geo.projection import projection


def from_geojson(value: Mapping[str, Any]) -> Geometry:
    """Return a geometry, or a feature's; raise EarthEngineError if it is neither."""
    kind = value.get("type")
    if kind == "Feature" and isinstance(value.get("geometry"), Mapping):
        return from_geojson(value["geometry"])
    if kind == "GeometryCollection":
        parts = value.get("geometries") or []
        return gathered([p if isinstance(p, Geometry) else from_geojson(p) for p in parts])
    if not isinstance(kind, str) or "coordinates" not in value:
        raise EarthEngineError(f"Invalid GeoJSON geometry: {str(value)[:100]}")
    crs = value.get("crs")
    name = crs["properties"]["name"] if isinstance(crs, Mapping) else crs
    return build(
        kind,
        value["coordinates"],
        projection(name) if name else None,
        value.get("geodesic"),
        value.get("evenOdd", True),
    )


def gathered(parts: Sequence[Geometry]) -> Geometry:
    """Return many geometries as one, in degrees with planar edges: the union of their shapes."""
    return from_lonlat(shapely.union_all([part.lonlat for part in parts]))
