"""What an incident covers: the union of its members' places with buffers, and how that grew.

A mapped footprint stands for the points of the same incident that are none themselves: the middle
of a flood as GDACS tells it lies far from water. Areas such as CAP's are no footprints: they
neither stand for points nor are stood for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely import MultiPolygon, Point, Polygon, affinity

from s1ratio.alerts.geodesy import area_km2, buffered
from s1ratio.alerts.incident import Member
from s1ratio.alerts.places import place_of
from s1ratio.alerts.rule import Buffers
from s1ratio.aoi.rings import MAX_VERTICES

_DECIMALS = 5
_FIRST_TOLERANCE = 1e-4  # degrees, about ten metres


@dataclass(frozen=True)
class Cover:
    """An area (WKT, lon/lat), its size, and the keys of the members that a footprint stands for."""

    area: str | None
    km2: float
    inhibited: tuple[tuple[str, str], ...] = ()


def cover(members: Sequence[Member], buffers: Buffers) -> Cover:
    """Return what members that count cover together; nothing without any."""
    places = [(member, place_of(member.place)) for member in members]
    mapped = any(m.footprint and isinstance(p, Polygon | MultiPolygon) for m, p in places)
    inhibited = [m.key for m, p in places if mapped and not m.footprint and isinstance(p, Point)]
    left = [(m, p) for m, p in places if m.key not in set(inhibited)]
    if not left:
        return Cover(None, 0.0, tuple(inhibited))
    shapes = [buffered(p, _metres(m, p, buffers, len(left))) for m, p in left]
    area = _simplified(shapely.union_all(_beside_the_first(shapes)))
    text = str(shapely.to_wkt(area, rounding_precision=_DECIMALS))
    return Cover(text, round(area_km2(area), 3), tuple(inhibited))


def growth(area: str, before: str | None) -> float:
    """Return what of an area is new, as a share of what was requested before; without that 1.

    An area that only moved has grown by what lies outside of the old one.
    """
    if before is None:
        return 1.0
    new, old = place_of(area), place_of(before)
    apart = (new.bounds[0] + new.bounds[2] - old.bounds[0] - old.bounds[2]) / 2
    old = affinity.translate(old, xoff=360 * round(apart / 360))
    fresh = shapely.difference(new, old)
    parts = [part for part in shapely.get_parts(fresh) if isinstance(part, Polygon)]
    known = area_km2(old)
    return sum(area_km2(part) for part in parts if part.area > 0) / known if known > 0 else 1.0


def _metres(member: Member, place: shapely.Geometry, buffers: Buffers, count: int) -> float:
    if isinstance(place, Polygon | MultiPolygon):
        return buffers.footprint_m if member.footprint else buffers.area_m
    radius = buffers.radius_km(member.magnitude)
    if radius is not None:
        return radius * 1000
    if buffers.many is not None and buffers.many_point_m is not None and count > buffers.many:
        return buffers.many_point_m
    return buffers.point_m


def _beside_the_first(shapes: list[shapely.Geometry]) -> list[shapely.Geometry]:
    middle = (shapes[0].bounds[0] + shapes[0].bounds[2]) / 2
    moved = []
    for shape in shapes:
        apart = middle - (shape.bounds[0] + shape.bounds[2]) / 2
        turns = 360 * round(apart / 360)
        moved.append(affinity.translate(shape, xoff=turns) if turns else shape)
    return moved


def _simplified(area: shapely.Geometry) -> shapely.Geometry:
    """Return an area with no more vertices than a request may have, its holes filled."""
    filled = [Polygon(part.exterior) for part in shapely.get_parts(area)]
    area = shapely.union_all(filled)
    tolerance = _FIRST_TOLERANCE
    while shapely.get_num_coordinates(area) > MAX_VERTICES // 2:
        area = shapely.union_all(shapely.buffer(area, tolerance, quad_segs=1).simplify(tolerance))
        tolerance *= 2
    return area
