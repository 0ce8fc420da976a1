"""From the crs of a source to longitude and latitude, its edges kept where they were."""

from functools import cache

import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from s1ratio.sources.feature import unreadable

_LON_LAT = CRS.from_user_input("OGC:CRS84")
# A straight edge of a map is a curve in lon/lat: cut in pieces of 5 km it is off by half a metre.
_PIECE_M = 5_000.0
_MAX_PIECES = 10_000


def to_lon_lat(
    shape: shapely.Geometry, crs: str | None, where: str
) -> tuple[shapely.Geometry, str | None]:
    """Return a shape of x, y in lon/lat (two dimensions), and words if its crs was another one.

    Without a crs it is taken to be in lon/lat, as GeoJSON, KML and WKT are. Raise
    InvalidRequest for a crs that nobody knows, and for what lies outside of where it is defined.
    """
    flat = shapely.force_2d(shape)
    transformer, name = _transformer(crs, where)
    if transformer is None:
        return flat, None
    if transformer.source_crs is not None and transformer.source_crs.is_projected:
        piece = max(_PIECE_M / _metres(transformer.source_crs), shapely.length(flat) / _MAX_PIECES)
        flat = shapely.segmentize(flat, piece) if piece > 0 else flat
    try:
        moved = shapely.transform(
            flat, lambda x, y: transformer.transform(x, y, errcheck=True), interleaved=False
        )
    except ProjError as error:
        words = f"its coordinates lie outside of {name}: see that its crs is the right one"
        raise unreadable(where, words) from error
    return moved, f"{name}, brought to longitude and latitude"


@cache
def _transformer(crs: str | None, where: str) -> tuple[Transformer | None, str]:
    if crs is None:
        return None, ""
    try:
        source = CRS.from_user_input(crs)
        if source.equals(_LON_LAT, ignore_axis_order=True) or source.to_epsg() == 4326:
            return None, ""
        return Transformer.from_crs(source, _LON_LAT, always_xy=True), _name(source)
    except CRSError as error:
        words = f"the crs {crs[:60]!r} is not known: name it as EPSG:CODE in the file"
        raise unreadable(where, words) from error


def _name(source: CRS) -> str:
    code = source.to_authority()
    return f"{code[0]}:{code[1]} ({source.name})" if code else source.name


def _metres(source: CRS) -> float:
    """Return how many metres a unit of a projected crs is."""
    return float(source.axis_info[0].unit_conversion_factor) or 1.0
