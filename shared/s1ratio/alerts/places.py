"""Decoders of places: the forms in which feeds tell them, each by its name, all to lon/lat.

A place is a point, lines, or polygons in one picture: across the antimeridian its longitudes go on
beyond ±180. Feeds' outlines are taken as they are meant: one that is not closed is closed, one
that crosses itself is its hull, and holes are filled. Coordinates are kept to a metre.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import shapely
from shapely import LineString, Point, Polygon, affinity
from shapely.geometry import mapping

from s1ratio.aoi import longitudes
from s1ratio.aoi.rings import MAX_VERTICES, read_position
from s1ratio.aoi.shapes import read_point
from s1ratio.aoi.union import united
from s1ratio.faults import Fault

MAX_PARTS = 1_000
_DECIMALS = 5
_MAX_WKT = 400_000
_WKT = re.compile(r"\s*(SRID=4326;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*Z?\s*\(", re.IGNORECASE)
_HUGE = re.compile(r"[eE]\+?[0-9]{3}")
_NUMBER = r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?"
_PAIR = re.compile(rf"({_NUMBER}),({_NUMBER})")
_CIRCLE = re.compile(rf"\s*({_NUMBER})\s*,\s*({_NUMBER})\s+({_NUMBER})\s*")


def read_place(form: str, value: Any) -> list[shapely.Geometry]:
    """Return the parts of a value in a form, none of null or of what is empty.

    Raises ValueError, in words, for what can't be read.
    """
    if value is None or value in ("", [], {}):
        return []
    try:
        return _FORMS[form](value)
    except (TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise ValueError(f"{str(value)[:60]!r} is no place as {form}") from error


def united_place(parts: Iterable[shapely.Geometry]) -> shapely.Geometry | None:
    """Return the parts as one place, None without any; beside polygons points count for nothing.

    Raises ValueError where there is too much of it.
    """
    every = list(parts)
    if not every:
        return None
    if len(every) > MAX_PARTS or int(shapely.get_num_coordinates(every).sum()) > MAX_VERTICES:
        raise ValueError(f"over {MAX_PARTS} parts, or {MAX_VERTICES} vertices")
    polygons = [part for part in every if isinstance(part, Polygon)]
    if polygons:
        place: shapely.Geometry | None = united(polygons)
        if place is None:
            raise ValueError("its polygons overlap too often")
    else:
        place = every[0] if len(every) == 1 else shapely.union_all(_beside_the_first(every))
    return shapely.set_precision(place, 10**-_DECIMALS, mode="pointwise")


def text_of(place: shapely.Geometry) -> str:
    """Return a place as WKT, as it is kept."""
    return str(shapely.to_wkt(place, rounding_precision=_DECIMALS))


def place_of(text: str) -> shapely.Geometry:
    """Return a place that was kept."""
    return shapely.from_wkt(text)


def _geojson(value: Any) -> list[shapely.Geometry]:
    """Read a geometry, or the one of a Feature, or a list or a collection of such."""
    if isinstance(value, list):
        return [part for one in value[: MAX_PARTS + 1] if one for part in _geojson(one)]
    kind = value["type"]
    if kind == "Feature":
        return read_place("geojson", value["geometry"])
    if kind == "FeatureCollection":
        return _geojson(value["features"])
    if kind == "GeometryCollection":
        return _geojson(value["geometries"])
    coordinates = value["coordinates"]
    if kind.startswith("Multi"):
        return [_simple(kind.removeprefix("Multi"), each) for each in coordinates[: MAX_PARTS + 1]]
    return [_simple(kind, coordinates)]


def _simple(kind: str, coordinates: Any) -> shapely.Geometry:
    if kind == "Point":
        return Point(_position(coordinates))
    if kind == "LineString":
        line = longitudes_of_line(_positions(coordinates))
        return LineString(line) if len(set(line)) > 1 else Point(line[0])
    if kind == "Polygon":
        return _polygon(_positions(coordinates[0]))
    raise ValueError(f"{kind[:40]!r} is no kind of place")


def longitudes_of_line(line: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return a line whose steps each go the short way round."""
    whole = [line[0]]
    for lon, lat in line[1:]:
        whole.append((lon + 360 * round((whole[-1][0] - lon) / 360), lat))
    return whole


def _polygon(ring: list[tuple[float, float]]) -> shapely.Geometry:
    """Return the polygon of a ring, its hull if it crosses itself; without an area what is left."""
    closed = ring if ring[0] == ring[-1] else [*ring, ring[0]]
    whole = closed if not longitudes.jumps(closed) else longitudes.unwrapped(closed)
    if whole is None:
        raise ValueError("it goes round the Earth on both sides of the equator")
    shape = Polygon(whole) if len(whole) >= 4 else None
    if shape is not None and shape.is_valid and shape.area > 0:
        return shape
    return shapely.convex_hull(shapely.multipoints(whole))


def _positions(value: Any) -> list[tuple[float, float]]:
    if len(value) > MAX_VERTICES:
        raise ValueError(f"over {MAX_VERTICES} vertices")
    return [_position(one) for one in value]


def _position(value: Any) -> tuple[float, float]:
    faults: list[Fault] = []
    found = read_position(list(value[:2]), "", faults)
    if found is None:
        raise ValueError(faults[0].message)
    return found


def _lonlat(value: Any) -> list[shapely.Geometry]:
    """Read [lon, lat], of numbers or of their digits; none where both are null."""
    lon, lat = value
    if lon is None and lat is None:
        return []
    if isinstance(lon, bool) or isinstance(lat, bool):
        raise TypeError
    return [Point(_position([float(lon), float(lat)]))]


def _wkt(value: Any) -> list[shapely.Geometry]:
    parts: list[shapely.Geometry] = []
    for text in [value] if isinstance(value, str) else value[: MAX_PARTS + 1]:
        if not _WKT.match(text) or len(text) > _MAX_WKT or _HUGE.search(text):
            raise ValueError(f"{text[:60]!r} is no WKT of a point, lines or polygons")
        try:
            shape = shapely.from_wkt(text.strip().partition(";")[2] or text.strip())
        except shapely.errors.GEOSException as error:
            raise ValueError(f"{text[:60]!r} is no WKT: {str(error)[:80]}") from None
        parts += [] if shape.is_empty else _geojson(_lists(mapping(shape)))
    return parts


def _lists(geometry: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": geometry["type"], "coordinates": geometry["coordinates"]}


def _cap_polygon(value: Any) -> list[shapely.Geometry]:
    """Read `LAT,LON LAT,LON …`, one or a list of them: latitude comes first."""
    parts: list[shapely.Geometry] = []
    for text in [value] if isinstance(value, str) else value[: MAX_PARTS + 1]:
        pairs = [_PAIR.fullmatch(word) for word in re.sub(r"\s*,\s*", ",", text).split()]
        if len(pairs) < 3 or not all(pairs):
            raise ValueError(f"{text[:60]!r} is no list of LAT,LON pairs")
        ring = [_position([float(p[2]), float(p[1])]) for p in pairs if p]
        parts.append(_polygon(ring))
    return parts


def _cap_circle(value: Any) -> list[shapely.Geometry]:
    """Read `LAT,LON KM`, one or a list of them; with a radius of 0 it is a point."""
    parts: list[shapely.Geometry] = []
    for text in [value] if isinstance(value, str) else value[: MAX_PARTS + 1]:
        found = _CIRCLE.fullmatch(text)
        if found is None:
            raise ValueError(f"{text[:60]!r} is no LAT,LON KM")
        lat, lon, radius_km = map(float, found.groups())
        parts.append(_disk(_position([lon, lat]), radius_km))
    return parts


def _disk(centre: tuple[float, float], radius_km: float) -> shapely.Geometry:
    if radius_km == 0:
        return Point(centre)
    if not (math.isfinite(radius_km) and radius_km > 0):
        raise ValueError("a circle needs a radius in km")
    faults: list[Fault] = []
    disk = read_point({"coordinates": list(centre), "buffer_m": radius_km * 1000}, "", faults)
    if disk is None:
        raise ValueError(faults[0].message if faults else "a circle round both poles")
    return disk


def _beside_the_first(parts: list[shapely.Geometry]) -> list[shapely.Geometry]:
    """Return the parts moved by whole turns to where the first lies."""
    first = parts[0].bounds
    middle = (first[0] + first[2]) / 2
    return [
        affinity.translate(
            part, xoff=360 * round((middle - (part.bounds[0] + part.bounds[2]) / 2) / 360)
        )
        for part in parts
    ]


_FORMS: Mapping[str, Callable[[Any], list[shapely.Geometry]]] = {
    "geojson": _geojson,
    "lonlat": _lonlat,
    "wkt": _wkt,
    "cap_polygon": _cap_polygon,
    "cap_circle": _cap_circle,
    "static": _geojson,
}
PLACE_FORMS = tuple(_FORMS)
