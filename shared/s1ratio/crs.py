"""Coordinate reference systems: which a publisher may name, and areas projected to them."""

from functools import lru_cache

import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely import MultiPolygon, Polygon

from s1ratio.aoi import Aoi
from s1ratio.errors import Fault

_DENSIFY = 0.02  # degrees: straight edges in lon/lat are curves in a projected crs
_JUMP = 1e6  # metres: so far apart, two points a step from each other lie on two sides of a seam
_UTM_SOUTH, _UTM_NORTH = -80.0, 84.0
_UTM_REACH = 20.0  # degrees from the central meridian, where UTM is 6 % too large at the equator
# (south, north, west, east, zone): where the zones of Norway and Svalbard are wider than 6°.
_WIDE_ZONES = (
    (56, 64, 3, 12, 32),
    (72, 84, 0, 9, 31),
    (72, 84, 9, 21, 33),
    (72, 84, 21, 33, 35),
    (72, 84, 33, 42, 37),
)


def resolve_crs(aoi: Aoi, crs: str) -> str:
    """Return `EPSG:n`: the crs asked for, or for `utm` the zone of the area's centroid."""
    if crs != "utm":
        return crs
    lon, lat = aoi.centroid
    return f"EPSG:{(32600 if lat >= 0 else 32700) + _utm_zone(lon, lat)}"


def _utm_zone(lon: float, lat: float) -> int:
    for south, north, west, east, zone in _WIDE_ZONES:
        if south <= lat < north and west <= lon < east:
            return zone
    return int((lon + 180) // 6) % 60 + 1


def is_geographic(crs: str) -> bool:
    """Tell whether the units of `EPSG:n` are degrees."""
    return bool(_crs(crs).is_geographic)


def projected(shape: Polygon | MultiPolygon, crs: str) -> shapely.Geometry:
    """Return a lon/lat shape in `crs`, its edges as they run there."""
    if is_geographic(crs):
        return shape
    dense = shapely.segmentize(shape, _DENSIFY)
    return shapely.transform(dense, _transformer(crs).transform, interleaved=False)


def faults(aoi: Aoi | None, crs: str) -> list[Fault]:
    """Return why a crs can't be used, or not for an area; paths are below `grid`."""
    problem = None if crs == "utm" else _crs_problem(crs)
    if problem is None and aoi is not None:
        problem = _area_problem(aoi, crs)
    return [] if problem is None else [Fault(".crs", "crs", problem)]


def _area_problem(aoi: Aoi, crs: str) -> str | None:
    problem = _utm_problem(aoi) if crs == "utm" else None
    if problem is None and not _can_cover(aoi, resolve_crs(aoi, crs)):
        problem = f"the area can't be projected to {crs}: choose another crs"
    return problem


def _utm_problem(aoi: Aoi) -> str | None:
    west, south, east, north = aoi.unwrapped.bounds
    if south < _UTM_SOUTH or north > _UTM_NORTH:
        return "UTM ends at 80°S and 84°N: name a polar crs such as EPSG:3413 or EPSG:3031"
    middle = 6 * int(resolve_crs(aoi, "utm")[-2:]) - 183
    middle += 360 * round((aoi.unwrapped.centroid.x - middle) / 360)
    reach = max(middle - west, east - middle)
    if reach > _UTM_REACH:
        advice = "send it in parts, or name a crs that suits it"
        return f"the area reaches {reach:.0f}° from the middle of its UTM zone: {advice}"
    return None


def _crs_problem(code: str) -> str | None:
    try:
        crs = _crs(code)
    except CRSError:
        return f"{code} is unknown"
    if crs.is_geographic and crs.to_epsg() != 4326:
        return f"{code} is geographic: use EPSG:4326 or a projected crs in metres"
    if not (crs.is_geographic or crs.is_projected) or len(crs.axis_info) != 2:
        return f"{code} is neither geographic nor projected, with two axes"
    if crs.is_projected and any(axis.unit_conversion_factor != 1 for axis in crs.axis_info):
        return f"{code} is not in metres: choose a crs in metres"
    return None


def _can_cover(aoi: Aoi, crs: str) -> bool:
    """Tell whether the area has one outline in the crs: all of it finite, and in one piece."""
    if is_geographic(crs):
        return True
    rings = shapely.get_rings(shapely.get_parts(projected(aoi.unwrapped, crs)))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    steps = abs(points[1:] - points[:-1])[ring[1:] == ring[:-1]]
    return bool((steps < _JUMP).all())  # infinite or not a number: not less


@lru_cache(maxsize=64)
def _crs(code: str) -> CRS:
    return CRS.from_user_input(code)


@lru_cache(maxsize=64)
def _transformer(code: str) -> Transformer:
    return Transformer.from_crs("EPSG:4326", code, always_xy=True)
