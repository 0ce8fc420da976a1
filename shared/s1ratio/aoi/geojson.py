"""The kinds of GeoJSON an area may come as, each read by a function of its own."""

from collections.abc import Callable
from typing import Any

from shapely import Polygon

from s1ratio.aoi.polygons import read_rings
from s1ratio.aoi.shapes import read_point
from s1ratio.faults import Fault

Shapes = list[Polygon]


def read_geometry(value: Any, path: str, faults: list[Fault]) -> Shapes:
    """Return the polygons of a geometry; what is wrong is added to `faults`."""
    if not isinstance(value, dict):
        faults.append(Fault(path, "geometry", "must be a GeoJSON object"))
        return []
    reader = _GEOMETRIES.get(value.get("type") if isinstance(value.get("type"), str) else None)
    if reader is None:
        faults.append(Fault(f"{path}.type", "geometry_type", _unsupported(value.get("type"))))
        return []
    check_crs(value, path, faults)
    _check_edges(value, path, faults)
    if "buffer_m" in value and reader is not _read_point:
        faults.append(Fault(f"{path}.buffer_m", "buffer", "only a Point has a `buffer_m`"))
    return reader(value, path, faults)


def _read_polygon(value: dict[str, Any], path: str, faults: list[Fault]) -> Shapes:
    return read_rings(value.get("coordinates"), f"{path}.coordinates", faults)


def _read_multi_polygon(value: dict[str, Any], path: str, faults: list[Fault]) -> Shapes:
    """Return the polygons; they may share edges or overlap, for an area is all that is in any."""
    parts = value.get("coordinates")
    where = f"{path}.coordinates"
    if not isinstance(parts, list) or not parts:
        faults.append(Fault(where, "coordinates", "must be a list of polygons"))
        return []
    polygons = [read_rings(part, f"{where}[{i}]", faults) for i, part in enumerate(parts)]
    return [shape for shapes in polygons for shape in shapes]


def _read_point(value: dict[str, Any], path: str, faults: list[Fault]) -> Shapes:
    disk = read_point(value, path, faults)
    return [] if disk is None else [disk]


_CRS84 = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "EPSG:4326", "CRS84")


def check_crs(value: dict[str, Any], path: str, faults: list[Fault]) -> None:
    """Refuse the `crs` member of old GeoJSON unless it says lon/lat."""
    crs = value.get("crs")
    name = crs.get("properties", {}) if isinstance(crs, dict) else None
    name = name.get("name") if isinstance(name, dict) else None
    if crs is not None and name not in _CRS84:
        faults.append(
            Fault(f"{path}.crs", "crs", "coordinates must be EPSG:4326 lon/lat: leave `crs` out")
        )


def _check_edges(value: dict[str, Any], path: str, faults: list[Fault]) -> None:
    """Refuse what Earth Engine's own geometries may say and would mean another area here."""
    if value.get("geodesic", False) is not False:
        words = "edges are straight in longitude and latitude here: leave it out or say false, "
        words += "and add vertices where an edge of some hundred km is to be the shortest way"
        faults.append(Fault(f"{path}.geodesic", "geodesic", words))
    if value.get("evenOdd", True) is not True:
        words = "a ring encloses its inside, whichever way it runs: leave it out or say true"
        faults.append(Fault(f"{path}.evenOdd", "even_odd", words))


def _unsupported(kind: Any) -> str:
    allowed = ", ".join(k for k in _GEOMETRIES if k)
    more = "Feature, FeatureCollection or GeometryCollection"
    found = "it has no `type`" if kind is None else f"{str(kind)[:40]!r} is no area"
    return f"{found}: send {allowed}, {more}"


_GEOMETRIES: dict[str | None, Callable[[dict[str, Any], str, list[Fault]], Shapes]] = {
    "Polygon": _read_polygon,
    "MultiPolygon": _read_multi_polygon,
    "Point": _read_point,
}
