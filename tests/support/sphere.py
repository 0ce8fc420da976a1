"""Places on the Earth without a map: areas, distances and insides that know of no 180 degrees."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

RADIUS = 6_371_007.2  # of the sphere with the ellipsoid's surface
_A, _F = 6_378_137.0, 1 / 298.257223563
_GEOD = Geod(a=_A, f=_F)

Place = tuple[float, float]


def box_m2(south: float, north: float, width: float) -> float:
    """Area between two parallels, `width` degrees wide, on the ellipsoid: the closed formula."""
    e = math.sqrt(_F * (2 - _F))

    def zone(lat: float) -> float:
        s = math.sin(math.radians(lat))
        return s / (2 * (1 - (e * s) ** 2)) + math.atanh(e * s) / (2 * e)

    b2 = (_A * (1 - _F)) ** 2
    return math.radians(width) * b2 * (zone(north) - zone(south))


def metres(one: Place, other: Place) -> float:
    """Length of the shortest way on the ellipsoid."""
    return float(_GEOD.inv(*one, *other)[2])


def unit(lon: Any, lat: Any) -> NDArray[np.float64]:
    """Unit vectors of places in degrees: shape (..., 3)."""
    lam, phi = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], -1)


def great_polygon_m2(ring: Sequence[Place]) -> float:
    """Area on the sphere of the smaller side of a ring of great circles: its angles' excess."""
    points = unit(*np.array(ring).T)
    total = 0.0
    for before, here, after in zip(
        np.roll(points, 1, 0), points, np.roll(points, -1, 0), strict=True
    ):
        one, other = np.cross(here, before), np.cross(here, after)
        total += math.atan2(float(here @ np.cross(other, one)), float(one @ other)) % (2 * math.pi)
    excess = (total - (len(ring) - 2) * math.pi) % (4 * math.pi)
    return min(excess, 4 * math.pi - excess) * RADIUS**2


def holds(ring: Sequence[Place], place: Place) -> bool:
    """Tell whether a dense ring goes round a place, seen from there: its bearings turn once."""
    lons, lats = np.array(ring).T
    lon, lat = np.broadcast_to(place, (len(ring), 2)).T
    bearings = np.radians(_GEOD.inv(lon, lat, lons, lats)[0])
    steps = (np.diff(np.append(bearings, bearings[0])) + math.pi) % (2 * math.pi) - math.pi
    return abs(float(steps.sum())) > math.pi
