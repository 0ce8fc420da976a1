"""Coordinate reference systems: areas projected to them, and back."""

from functools import lru_cache, partial

import shapely
from pyproj import CRS, Transformer
from pyproj.enums import TransformDirection
from shapely import MultiPolygon, Polygon

from s1ratio.aoi import Aoi

_DENSIFY = 0.02  # degrees: straight edges in lon/lat are curves in a projected crs
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
    return bool(crs_of(crs).is_geographic)


def projected(shape: Polygon | MultiPolygon, crs: str) -> shapely.Geometry:
    """Return a lon/lat shape in `crs`, its edges as they run there."""
    if is_geographic(crs):
        return shape
    dense = shapely.segmentize(shape, _DENSIFY)
    return shapely.transform(dense, _transformer(crs).transform, interleaved=False)


def unprojected(shape: shapely.Geometry, crs: str) -> shapely.Geometry:
    """Return a shape of `crs` in lon/lat, vertex by vertex."""
    if is_geographic(crs):
        return shape
    turn = partial(_transformer(crs).transform, direction=TransformDirection.INVERSE)
    return shapely.transform(shape, turn, interleaved=False)


@lru_cache(maxsize=64)
def crs_of(code: str) -> CRS:
    """Return the crs of a code; raise pyproj's CRSError if there is none."""
    return CRS.from_user_input(code)


@lru_cache(maxsize=64)
def _transformer(code: str) -> Transformer:
    return Transformer.from_crs("EPSG:4326", code, always_xy=True)
