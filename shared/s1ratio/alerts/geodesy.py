"""Distances and boxes of places on the WGS84 ellipsoid, and buffers around them."""

import math
from collections.abc import Iterable, Sequence

import shapely
from pyproj import Geod
from shapely import MultiPolygon, Point, Polygon, affinity

from s1ratio.aoi import Aoi

_GEOD = Geod(ellps="WGS84")
_KM_A_DEGREE = 111.0  # a degree of latitude has no less than 110.57
_TURN = 360.0
_DISK_VERTICES = 32
# A disk that is drawn as a polygon lies within its circle: this much larger it holds it.
_OUTSIDE = 1 / math.cos(math.pi / _DISK_VERTICES)


def distance_km(a: shapely.Geometry, b: shapely.Geometry) -> float:
    """Return how far two places lie apart, 0 where they meet; of two points it is exact.

    Of what has an extent the nearest places are looked for with a degree of longitude as long as
    it is between the two, and the distance of those is geodesic.
    """
    if isinstance(a, Point) and isinstance(b, Point):
        return points_apart_km((a.x, a.y), (b.x, b.y))
    a_middle, b_middle = _middle(a), _middle(b)
    near = affinity.translate(b, xoff=_TURN * round((a_middle[0] - b_middle[0]) / _TURN))
    if shapely.intersects(a, near):
        return 0.0
    shrink = max(math.cos(math.radians((a_middle[1] + b_middle[1]) / 2)), 1e-3)
    flat = [affinity.scale(each, shrink, 1.0, origin=(0.0, 0.0)) for each in (a, near)]
    line = shapely.shortest_line(flat[0], flat[1])
    (ax, ay), (bx, by) = shapely.get_coordinates(line)
    return points_apart_km((ax / shrink, ay), (bx / shrink, by))


def points_apart_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the geodesic distance of two positions (lon, lat)."""
    return float(_GEOD.inv(a[0], a[1], b[0], b[1])[2]) / 1000


def box_diagonal_km(places: Sequence[shapely.Geometry]) -> float:
    """Return the geodesic diagonal of the smallest box around places, wherever 180° lies."""
    west, east = smallest_arc([(p.bounds[0], p.bounds[2]) for p in places])
    south = min(place.bounds[1] for place in places)
    north = max(place.bounds[3] for place in places)
    # Past half a turn the other way round would be nearer, and the box is no smaller for it.
    if east - west >= _TURN / 2:
        return points_apart_km((0.0, south), (_TURN / 2, north))
    return points_apart_km((west, south), (east, north))


def smallest_arc(arcs: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Return (west, east) of the smallest arc that holds all arcs of longitude; east ≥ west.

    West lies within ±180.
    """
    turned = sorted(_turned(west, east) for west, east in arcs)
    start, reach = turned[0]
    first_west = start
    gaps: list[tuple[float, float, float]] = []  # how wide, where it ends, where it begins
    for west, east in turned[1:]:
        if west > reach:
            gaps.append((west - reach, west, reach))
        reach = max(reach, east)
    gaps.append((first_west + _TURN - reach, first_west + _TURN, reach))
    width, ends, begins = max(gaps, key=lambda gap: (round(gap[0], 9), -gap[1]))
    if width <= 0:
        return -_TURN / 2, _TURN / 2
    west, east = ends, begins + (_TURN if begins < ends else 0.0)
    turns = _TURN * math.floor((west + _TURN / 2) / _TURN)
    return west - turns, east - turns


def _turned(west: float, east: float) -> tuple[float, float]:
    turns = _TURN * math.floor((west + _TURN / 2) / _TURN)
    return west - turns, min(east, west + _TURN) - turns


def area_km2(place: shapely.Geometry) -> float:
    """Return the geodesic area of a place; points and lines have none."""
    if not isinstance(place, Polygon | MultiPolygon):
        return 0.0
    return Aoi(place).area_km2


def buffered(place: shapely.Geometry, metres: float) -> shapely.Geometry:
    """Return what lies within `metres` of a place, or a little more, as polygons.

    A point becomes a geodesic disk of 32 vertices. Around an outline a degree of longitude is as
    long as at the latitude of its edge that is nearer to a pole.
    """
    if isinstance(place, Point):
        return _disk(place, metres)
    if metres <= 0:
        return place
    latitude = max(abs(place.bounds[1]), abs(place.bounds[3])) + metres / 1000 / _KM_A_DEGREE
    shrink = max(math.cos(math.radians(min(latitude, 89.0))), 0.02)
    flat = affinity.scale(place, shrink, 1.0, origin=(0.0, 0.0))
    degrees = metres / 1000 / (_KM_A_DEGREE - 0.5) * _OUTSIDE
    wide = shapely.buffer(flat, degrees, quad_segs=8)
    whole = affinity.scale(wide, 1 / shrink, 1.0, origin=(0.0, 0.0))
    return shapely.clip_by_rect(whole, -720, -90, 720, 90)


def _disk(point: Point, metres: float) -> Polygon:
    azimuths = [_TURN * i / _DISK_VERTICES for i in range(_DISK_VERTICES)]
    count = len(azimuths)
    lons, lats, _ = _GEOD.fwd(
        [point.x] * count, [point.y] * count, azimuths, [max(metres, 1.0) * _OUTSIDE] * count
    )
    ring = [
        (lon + _TURN * round((point.x - lon) / _TURN), lat)
        for lon, lat in zip(lons, lats, strict=True)
    ]
    return Polygon(ring)


def _middle(place: shapely.Geometry) -> tuple[float, float]:
    west, south, east, north = place.bounds
    return (west + east) / 2, (south + north) / 2
