"""Rules of positions and rings: what makes a list of numbers the outline of an area."""

import math
from typing import Any

from shapely import Polygon, is_valid_reason

from s1ratio.aoi import longitudes
from s1ratio.faults import Fault

MAX_VERTICES = 10_000
_MIN_POSITIONS = 4

Position = tuple[float, float]
Ring = list[Position]


def read_position(value: Any, path: str, faults: list[Fault]) -> Position | None:
    """Return (lon, lat) in degrees, or None after adding to `faults`; a height is dropped."""
    if not isinstance(value, list) or not 2 <= len(value) <= 3:
        faults.append(Fault(path, "position", "must be [longitude, latitude]"))
        return None
    if not all(map(is_number, value)):
        faults.append(Fault(path, "coordinate_type", "coordinates must be finite numbers"))
        return None
    lon, lat = float(value[0]), float(value[1])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        words = f"({lon:g}, {lat:g}) is out of range: longitude is -180..180, latitude -90..90"
        if 180 < abs(lon) <= 360 and abs(lat) <= 90:
            words += f"; the same meridian is {(lon + 180) % 360 - 180:g}"
        if abs(lon) <= 90 < abs(lat) <= 180:
            words += "; the order is longitude first"
        faults.append(Fault(path, "coordinate_range", words))
        return None
    return lon, lat


def read_ring(value: Any, path: str, faults: list[Fault]) -> Ring | None:
    """Return a closed ring of (lon, lat), or None after adding every fault found to `faults`.

    A ring that jumps by 270° or more goes the short way, past ±180°; one that then goes round a
    pole holds it.
    """
    if not isinstance(value, list) or len(value) < _MIN_POSITIONS:
        faults.append(
            Fault(path, "ring", "a ring is a list of at least 4 positions, the last like the first")
        )
        return None
    if len(value) > MAX_VERTICES:
        faults.append(too_many_vertices(path, len(value)))
        return None
    positions = [read_position(p, f"{path}[{i}]", faults) for i, p in enumerate(value)]
    ring = [p for p in positions if p is not None]
    if len(ring) < len(positions):
        return None
    before = len(faults)
    whole = _whole(ring, path, faults)
    faults.extend(_ring_faults(whole, path) if whole else [])
    return whole if len(faults) == before else None


def _whole(ring: Ring, path: str, faults: list[Fault]) -> Ring | None:
    """Return a closed ring in one picture, past ±180° where it crosses it; None with a fault."""
    if ring[0] != ring[-1]:
        faults.append(Fault(path, "unclosed_ring", "the last position must repeat the first"))
        return None
    if not longitudes.jumps(ring) or longitudes.goes_all_round(ring):
        return ring
    if longitudes.is_ambiguous(ring):
        words = "an edge of more than half a turn may go across the antimeridian or the long way"
        advice = "add vertices on its way, at least every 90°"
        faults.append(Fault(path, "antimeridian", f"{words}: {advice}, or send a bbox"))
        return None
    whole = longitudes.unwrapped(ring)
    if whole is None:
        words = "the ring goes round the Earth on both sides of the equator, so either pole may be "
        faults.append(Fault(path, "pole", f"{words}inside: send a bbox from -180 to 180"))
    return whole


def _ring_faults(ring: Ring, path: str) -> list[Fault]:
    reason = str(is_valid_reason(Polygon(ring)))
    if reason.startswith(("Self-intersection", "Ring Self-intersection")):
        where = reason.partition("[")[2].rstrip("]")
        return [Fault(path, "self_crossing_ring", f"the ring crosses or touches itself at {where}")]
    if reason != "Valid Geometry":
        return [Fault(path, "ring", f"the ring has no area: {reason}")]
    return []


def is_number(value: Any) -> bool:
    """Tell whether a JSON value is a finite number that a float can hold (a boolean is none)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def too_many_vertices(path: str, count: int | None = None) -> Fault:
    """Return the fault of an outline that is too detailed."""
    said = "too many" if count is None else f"{count}"
    words = f"{said} vertices, at most {MAX_VERTICES} are allowed: simplify the outline"
    return Fault(path, "too_many_vertices", words)
