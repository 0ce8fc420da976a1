"""Longitudes go round: rings across 180° and around the poles, as one picture in degrees."""

from itertools import pairwise
from math import ceil

from shapely import Polygon

Position = tuple[float, float]
Ring = list[Position]

TURN = 360.0
# A step of so many degrees or more is taken the short way round; less may be meant either way.
_SURE = 270.0
_POLE = 90.0


def goes_all_round(ring: Ring) -> bool:
    """Tell whether a ring is written from -180 to 180 and back, and is whole as it is written."""
    jumps = [(a, b) for a, b in pairwise(ring) if abs(a[0] - b[0]) > TURN / 2]
    ends = all(abs(a[0]) == abs(b[0]) == TURN / 2 for a, b in jumps)
    return bool(jumps) and ends and bool(Polygon(ring).is_valid)


def jumps(ring: Ring) -> bool:
    """Tell whether a step of a ring is longer than half a turn."""
    return any(abs(a[0] - b[0]) > TURN / 2 for a, b in pairwise(ring))


def is_ambiguous(ring: Ring) -> bool:
    """Tell whether a step may be meant the long way as well as the short one, across 180°."""
    return any(TURN / 2 < abs(a[0] - b[0]) < _SURE for a, b in pairwise(ring))


def unwrapped(ring: Ring) -> Ring | None:
    """Return a closed ring whose longitudes never jump: each step goes the short way.

    One that goes round a pole is closed along it, from -180 to 180: the pole is inside. None if
    it goes round and lies on both sides of the equator: it may be either pole.
    """
    line = [ring[0]]
    for lon, lat in ring[1:]:
        line.append((lon + TURN * round((line[-1][0] - lon) / TURN), lat))
    if abs(line[-1][0] - line[0][0]) < TURN / 2:
        return line
    lats = [lat for _, lat in line]
    if min(lats) < 0 < max(lats):
        return None
    pole = _POLE if max(lats) > 0 else -_POLE
    line = _from_the_cut(line if line[-1][0] > line[0][0] else line[::-1])
    west, east = line[0][0], line[-1][0]
    turned = [(lon - west - TURN / 2, lat) for lon, lat in line]
    return [*turned, (east - west - TURN / 2, pole), (-TURN / 2, pole), turned[0]]


def _from_the_cut(line: Ring) -> Ring:
    """Return a line once round, eastwards, that begins where it crosses 180°."""
    cut = ceil((line[0][0] - TURN / 2) / TURN) * TURN + TURN / 2
    after = next(i for i, (lon, _) in enumerate(line) if lon >= cut)
    if after == 0:
        return line
    (west, low), (east, high) = line[after - 1], line[after]
    lat = low + (high - low) * (cut - west) / (east - west)
    rest = [(lon + TURN, y) for lon, y in line[1:after]]
    return [(cut, lat), *line[after:], *rest, (cut + TURN, lat)]


def beside(ring: Ring, other: Ring) -> Ring:
    """Return a ring moved by whole turns to where another lies."""
    lons, others = [lon for lon, _ in ring], [lon for lon, _ in other]
    apart = (min(others) + max(others)) / 2 - (min(lons) + max(lons)) / 2
    turns = TURN * round(apart / TURN)
    return [(lon + turns, lat) for lon, lat in ring] if turns else ring
