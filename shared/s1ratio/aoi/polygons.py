"""A polygon's rings together: an outline and the holes in it, around a pole as anywhere."""

from typing import Any

import shapely
from shapely import Polygon, is_valid_reason
from shapely.affinity import translate

from s1ratio.aoi import longitudes
from s1ratio.aoi.rings import Ring, read_ring
from s1ratio.faults import Fault

_VALID = "Valid Geometry"
_POLE = 90.0
# Square degrees: what rounding leaves of edges that are one.
_NOTHING = 1e-9


def read_rings(value: Any, path: str, faults: list[Fault]) -> list[Polygon]:
    """Return what a polygon's rings enclose; none after adding what is wrong to `faults`.

    That is one polygon, unless holes that go all the way round the Earth part it.
    """
    if not isinstance(value, list) or not value:
        faults.append(Fault(path, "coordinates", "must be a list of rings"))
        return []
    rings = [read_ring(ring, f"{path}[{i}]", faults) for i, ring in enumerate(value)]
    whole = [ring for ring in rings if ring is not None]
    if len(whole) < len(rings):
        return []
    first, *holes = whole
    if holes and _goes_round(first):
        return _pierced(Polygon(first), [Polygon(hole) for hole in holes], path, faults)
    polygon = Polygon(first, [longitudes.beside(hole, first) for hole in holes])
    reason = str(is_valid_reason(polygon)) if holes else _VALID
    if reason != _VALID:
        faults.append(_unfit(path, reason))
        return []
    return [polygon]


def _goes_round(ring: Ring) -> bool:
    lons = [lon for lon, _ in ring]
    return max(lons) - min(lons) >= longitudes.TURN


def _pierced(shell: Polygon, holes: list[Polygon], path: str, faults: list[Fault]) -> list[Polygon]:
    """Return a shell that goes round the Earth less its holes.

    In degrees its seam and the pole are edges, which a hole may cross or hold: they are none on
    the Earth. Its other edges a hole may only touch.
    """
    cuts = [cut for hole in holes for cut in _within_a_turn(hole, shell.bounds[0])]
    area = sum(hole.area for hole in holes)
    covered = shapely.union_all(cuts)
    if shapely.difference(covered, shell).area > _NOTHING:
        faults.append(_unfit(path, "Hole lies outside shell"))
        return []
    if covered.area < area - _NOTHING:
        faults.append(_unfit(path, "Holes overlap"))
        return []
    left = [part for part in shapely.get_parts(shapely.difference(shell, covered)) if part.area]
    if not left:
        faults.append(_unfit(path, "the holes leave nothing"))
    return left


def _within_a_turn(hole: Polygon, west: float) -> list[Polygon]:
    """Return a hole cut along the meridian `west`, its pieces within a turn east of that."""
    window = shapely.box(west, -_POLE, west + longitudes.TURN, _POLE)
    moved = [translate(hole, turn * longitudes.TURN) for turn in (-1, 0, 1)]
    pieces = shapely.get_parts(shapely.intersection(moved, window))
    return [piece for piece in pieces if isinstance(piece, Polygon) and piece.area]


def _unfit(path: str, reason: str) -> Fault:
    return Fault(path, "invalid_polygon", f"its rings do not fit together: {reason}")
