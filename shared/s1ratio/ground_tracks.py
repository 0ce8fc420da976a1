"""Ground tracks: in which direction a relative orbit flies where it sees an area. Pure.

Also what an orbit is that is named where it climbs across the equator.

A spherical Earth and a circular orbit that repeats exactly: 175 orbits in 12 days. That is good to
some 60 km, and the two directions of an orbit pass a place thousands of kilometres apart, but for
the highest latitudes, where both may see it.
"""

import math
from datetime import timedelta
from functools import cache, lru_cache

import shapely

from s1ratio.aoi import Aoi
from s1ratio.orbits import FLEET, joins_at_node, next_orbit, previous_orbit
from s1ratio.request import CompositeRequest, Direction

_EARTH_KM = 6_371.0
_INCLINATION = math.radians(98.18)
_ORBITS, _CYCLE_DAYS = 175, 12
_NODE_HOUR = 18.0  # local mean solar time at the ascending node
_ANCHOR_ORBIT = 137  # the relative orbit of the fleet's anchors
_MIDDLE_KM = 470.0  # from the track to the middle of the strip that is seen, to its right
_STRIP_KM = 125.0  # half of it
_REACH_KM = 400.0  # half of the strip's 250 km, what the model is off by, and some
# Degrees flown past the node under the number of before it: near the equator an ascending pass may
# bear either number.
_PAST_NODE = 8

_ORBIT = timedelta(days=_CYCLE_DAYS) / _ORBITS
_GROUND_KM_S = 6.7  # how fast what is seen moves on

_Vector = tuple[float, float, float]


def directions_over(orbit: int, aoi: Aoi) -> tuple[Direction, ...]:
    """Return the directions in which a relative orbit (1 to 175) flies where it sees an area.

    Both where that may be either, and where it sees the area in none, as far as is known here.
    """
    middle, radius = _around(aoi)
    seen = tuple(
        direction
        for direction in Direction.BOTH.passes
        if _distance(orbit, direction, middle) - radius <= _REACH_KM
    )
    return seen or Direction.BOTH.passes


def tracks_over(aoi: Aoi) -> list[tuple[int, Direction]]:
    """Return the relative orbits and directions whose strips see some of an area, by the model.

    That is good to some 60 km: one at a strip's edge may be missing, or one too many.
    """
    middle, radius = _around(aoi)
    return [
        (orbit, direction)
        for orbit in range(1, _ORBITS + 1)
        for direction in Direction.BOTH.passes
        if _distance(orbit, direction, middle) - radius <= _STRIP_KM
    ]


def times_since_node(orbit: int, direction: Direction, aoi: Aoi) -> tuple[timedelta, timedelta]:
    """Return how long after its ascending node an orbit sees an area: first and last line.

    Good to a minute or so. What is seen just before the node comes before it: below zero.
    """
    middle, radius = _around(aoi)
    there = _turned(middle, -_node(orbit))
    degrees = _degrees(direction)
    nearest = max(zip(_strip(direction), degrees, strict=True), key=lambda one: _dot(there, one[0]))
    at = nearest[1] * _ORBIT / 360
    half = timedelta(seconds=radius / _GROUND_KM_S)
    return at - half, at + half


def node_notes(request: CompositeRequest) -> list[str]:
    """Return what a request that names orbits near the equator should know, in words.

    Of those alone that climb there: where they descend they have one number anyway.
    """
    if not joins_at_node(request, request.direction):
        return []
    climbing = (orbit for orbit in request.orbits or () if _may_climb(orbit, request))
    south = next(climbing, None)
    if south is None:
        return []
    words = (
        "near the equator an ascending pass is one orbit, by the number that it bears south of its "
        f"ascending node: orbit {south} is made of slices of {south} and, north of the node, of "
        f"{next_orbit(south)}"
    )
    return [words]


def advise_southern(request: CompositeRequest, orbit: int) -> str | None:
    """Return which orbit may be meant by one without a scene, if passes bear another there.

    Near the equator who looks at the scenes north of the node reads there the number after it.
    """
    if not (joins_at_node(request, request.direction) and _may_climb(orbit, request)):
        return None
    return (
        "near the equator an ascending pass is one orbit, by the number that it bears south of its "
        f"ascending node: {previous_orbit(orbit)} may be meant"
    )


def _may_climb(orbit: int, request: CompositeRequest) -> bool:
    """Tell whether a request that names an orbit has it exported in the ascending direction."""
    if request.direction is not Direction.BOTH:
        return request.direction is Direction.ASCENDING
    return Direction.ASCENDING in directions_over(orbit, request.aoi)


@lru_cache(maxsize=2)
def _around(aoi: Aoi) -> tuple[_Vector, float]:
    """Return an area's middle, and how many km its farthest corner is from there."""
    middle = _unit(*aoi.centroid)
    corners = shapely.get_coordinates(aoi.unwrapped).tolist()
    return middle, max(_apart(middle, _unit(lon, lat)) for lon, lat in corners)


def _distance(orbit: int, direction: Direction, place: _Vector) -> float:
    """Return how many km a place is from the middle of the strip that is seen in a direction."""
    there = _turned(place, -_node(orbit))
    return _EARTH_KM * math.acos(_clamped(max(_dot(there, each) for each in _strip(direction))))


@cache
def _strip(direction: Direction) -> tuple[_Vector, ...]:
    """Return the middle of the strip that is seen, degree by degree, of a node at longitude 0.

    Orbits are the same track, turned: a message may name all of them.
    """
    return tuple(_seen_from(degree) for degree in _degrees(direction))


def _degrees(direction: Direction) -> list[int]:
    """Return the degrees of its way after the node on which an orbit flies in a direction."""
    ascending = [*range(-_PAST_NODE, 90), *range(270, 360 + _PAST_NODE)]
    return ascending if direction is Direction.ASCENDING else [*range(90, 270)]


def _seen_from(degree: float) -> _Vector:
    """Return the middle of the strip, so many degrees of its way after the node."""
    here, next_ = _nadir(degree), _nadir(degree + 0.1)
    right = _cross(next_, here)
    length = math.hypot(*right)
    off = _MIDDLE_KM / _EARTH_KM
    x, y, z = (
        math.cos(off) * a + math.sin(off) * b / length for a, b in zip(here, right, strict=True)
    )
    return x, y, z


def _nadir(degree: float) -> _Vector:
    """Return the unit vector to the place below the satellite."""
    way = math.radians(degree)
    lat = math.asin(math.sin(_INCLINATION) * math.sin(way))
    lon = math.atan2(math.cos(_INCLINATION) * math.sin(way), math.cos(way))
    turned = degree * _CYCLE_DAYS / _ORBITS  # the Earth below
    return _unit(math.degrees(lon) - turned, math.degrees(lat))


def _node(orbit: int) -> float:
    """Return the longitude at which an orbit crosses the equator northwards."""
    at = FLEET["A"][0].anchor_time
    hours = (at - at.replace(hour=0, minute=0, second=0)) / timedelta(hours=1)
    return 15.0 * (_NODE_HOUR - hours) - (orbit - _ANCHOR_ORBIT) * 360.0 * _CYCLE_DAYS / _ORBITS


def _unit(lon: float, lat: float) -> _Vector:
    lam, phi = math.radians(lon), math.radians(lat)
    return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)


def _cross(one: _Vector, other: _Vector) -> _Vector:
    (a, b, c), (d, e, f) = one, other
    return b * f - c * e, c * d - a * f, a * e - b * d


def _turned(place: _Vector, degrees: float) -> _Vector:
    """Return a place so many degrees farther east."""
    (x, y, z), angle = place, math.radians(degrees)
    sine, cosine = math.sin(angle), math.cos(angle)
    return cosine * x - sine * y, sine * x + cosine * y, z


def _apart(one: _Vector, other: _Vector) -> float:
    """Return how many km two places are apart on the sphere."""
    return _EARTH_KM * math.acos(_clamped(_dot(one, other)))


def _dot(one: _Vector, other: _Vector) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def _clamped(cosine: float) -> float:
    return max(-1.0, min(1.0, cosine))
