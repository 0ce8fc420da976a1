"""An area in a few words: `west,south,east,north`, `lon,lat,km`, or WKT."""

import re
from typing import Any

import shapely
from shapely.geometry import mapping

from s1ratio.sources.feature import SourceFeature, unreadable
from s1ratio.sources.projecting import to_lon_lat

_NUMBER = r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*"
_BOX = re.compile(f"{_NUMBER}(?:,{_NUMBER}){{3}}")
_POINT = re.compile(f"{_NUMBER}(?:,{_NUMBER}){{2}}")
_NUMBERS = re.compile(f"{_NUMBER}(?:,{_NUMBER})*")
_WKT = re.compile(
    r"\s*(?:SRID=(?P<srid>\d+);)?\s*(?P<wkt>(?:POINT|LINESTRING|POLYGON|MULTI\w+|GEOMETRYCOLLECTION"
    r"|CURVE\w+|CIRCULARSTRING|COMPOUNDCURVE|TRIANGLE|TIN|POLYHEDRALSURFACE)"
    r"\s*(?:Z|M|ZM)?\s*(?:\(|EMPTY\b).*)",
    re.IGNORECASE | re.DOTALL,
)


def is_text(words: str) -> bool:
    """Tell whether words are an area themselves, and not the name of a file."""
    return bool(_NUMBERS.fullmatch(words) or _WKT.fullmatch(words))


def read_text(words: str, where: str = "AOI") -> tuple[SourceFeature, str | None]:
    """Return the area in some words, and what was done about its crs; raise InvalidRequest."""
    found = _WKT.fullmatch(words)
    if found is not None:
        return _read_wkt(found["wkt"], found["srid"], where)
    return SourceFeature(where, _of_numbers(words, where)), None


def _of_numbers(words: str, where: str) -> dict[str, Any]:
    if _BOX.fullmatch(words):
        return {"bbox": [float(one) for one in words.split(",")]}
    if _POINT.fullmatch(words):
        lon, lat, km = (float(one) for one in words.split(","))
        return {"type": "Point", "coordinates": [lon, lat], "buffer_m": km * 1000}
    count = words.count(",") + 1
    told = f"{count} number{'s' if count > 1 else ''}"
    raise unreadable(where, f"{told}: give a box W,S,E,N, or a point LON,LAT,KM")


def _read_wkt(words: str, srid: str | None, where: str) -> tuple[SourceFeature, str | None]:
    try:
        shape = shapely.from_wkt(words)
    except shapely.errors.GEOSException as error:
        said = str(error).partition(": ")[2] or str(error)
        raise unreadable(where, f"no valid WKT: {said.strip()}: put it right") from error
    shape, told = to_lon_lat(shape, f"EPSG:{srid}" if srid else None, where)
    return SourceFeature(where, dict(mapping(shape))), told
