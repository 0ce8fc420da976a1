"""Where a Sentinel-1 satellite looks and when: the geometry of ideal, exactly repeating orbits.

A spherical Earth, a circular orbit whose plane keeps its angle to the Sun (ascending nodes at
18:00 local solar time) and 175 orbits in 12 days: the ground tracks then repeat exactly, and
passes come within some 60 km and a minute of the real ones. The strip seen lies to the right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon, box

from local_earthengine.geo.charts import related
from local_earthengine.geo.longitudes import TURN, wrap, wrapped
from local_earthengine.geo.rings import on_sphere
from local_earthengine.scenes.catalog import Bounds
from local_earthengine.scenes.fleet import ORBITS_IN_CYCLE, PERIOD, PLATFORMS

Floats = NDArray[np.float64]

EARTH_RADIUS: Final = 6_371_000.0
INCLINATION: Final = math.radians(98.18)
SLICES_IN_ORBIT: Final = 237
SLICE_STEP: Final = PERIOD / SLICES_IN_ORBIT  # 25.0 s
SLICE_LENGTH: Final = timedelta(seconds=25.8)  # neighbours share 0.8 s, about 5 km
NEAR_RANGE: Final = 345_000.0  # metres on the ground, right of the satellite's track
FAR_RANGE: Final = 595_000.0
ANGLE_NEAR: Final = 29.1  # degrees of incidence at the strip's edges
ANGLE_FAR: Final = 46.0
# How many slices after a node, up to 10° north, still belong to the data take of before it.
_TAKEN_ON: Final = 6
_REACH: Final = 180_000.0  # from a slice's centre to its farthest corner, and some
_DAY: Final = 86_400.0


@dataclass(frozen=True)
class Slice:
    """The `number`th 25-second part (0..236) of a relative orbit (1..175)."""

    relative_orbit: int
    number: int

    @property
    def start(self) -> timedelta:
        """Time from the ascending node to the first line."""
        return self.number * SLICE_STEP

    @property
    def crossings(self) -> int:
        """How many ascending nodes the satellite crosses within the slice: 0, or 1 in the last."""
        return int(self.start + SLICE_LENGTH > PERIOD)

    @property
    def taken_on(self) -> int:
        """How many orbits before its own the data take began that it belongs to: 0 or 1."""
        return int(self.number < _TAKEN_ON)

    @property
    def direction(self) -> str:
        """ASCENDING or DESCENDING, by where the satellite goes in the middle of the slice."""
        turn = (self.start + SLICE_LENGTH / 2) / PERIOD
        return "ASCENDING" if turn < 0.25 or turn >= 0.75 else "DESCENDING"

    @cached_property
    def _frame(self) -> Floats:
        """Unit vectors as rows: towards the first line's nadir, along the track, to the right."""
        first, last = (
            _nadir(self.relative_orbit, self.start),
            _nadir(self.relative_orbit, self.start + SLICE_LENGTH),
        )
        right = np.cross(last, first)
        right /= np.linalg.norm(right)
        return np.stack([first, np.cross(first, right), right])

    @cached_property
    def _length(self) -> float:
        """Length along the track in radians."""
        last = _nadir(self.relative_orbit, self.start + SLICE_LENGTH)
        return math.acos(min(1.0, float(self._frame[0] @ last)))

    def place(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return where points (degrees) lie: (metres inside the ends, metres to the right).

        Those inside the ends are the least of both, and negative outside; those to the right are
        counted from the satellite's track.
        """
        ahead, along, right = np.tensordot(self._frame, _unit(lon, lat), axes=1)
        angle = np.arctan2(along, ahead)
        inside = np.minimum(angle, self._length - angle) * EARTH_RADIUS
        return inside, np.arcsin(np.clip(right, -1.0, 1.0)) * EARTH_RADIUS

    @cached_property
    def footprint(self) -> Polygon | MultiPolygon:
        """The strip's outline in degrees; two polygons where it crosses the antimeridian."""
        along = np.linspace(0.0, self._length, 9)
        near, far = NEAR_RANGE / EARTH_RADIUS, FAR_RANGE / EARTH_RADIUS
        across = np.linspace(near, far, 9)
        ring = [(a, near) for a in along] + [(along[-1], c) for c in across[1:]]
        ring += [(a, far) for a in along[-2::-1]] + [(0.0, c) for c in across[-2:0:-1]]
        outline: Polygon | MultiPolygon = on_sphere(Polygon([self._point(a, c) for a, c in ring]))
        return outline

    @cached_property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the strip's middle."""
        middle = (NEAR_RANGE + FAR_RANGE) / 2 / EARTH_RADIUS
        return self._point(self._length / 2, middle)

    def _point(self, along: float, across: float) -> tuple[float, float]:
        """Return (lon, lat) in degrees at angles (radians) along and right of the track."""
        weights = np.array(
            [
                math.cos(across) * math.cos(along),
                math.cos(across) * math.sin(along),
                math.sin(across),
            ]
        )
        x, y, z = weights @ self._frame
        return math.degrees(math.atan2(y, x)), math.degrees(math.asin(z))


def incidence_angle(across: Floats) -> Floats:
    """Return degrees at metres to the right of the satellite's track: a linear ramp."""
    share = (across - NEAR_RANGE) / (FAR_RANGE - NEAR_RANGE)
    return ANGLE_NEAR + (ANGLE_FAR - ANGLE_NEAR) * share


def slices_over(bounds: Bounds) -> list[Slice]:
    """Return the slices whose strips meet a box, by relative orbit and number."""
    west, south, east, north = _usual(bounds)
    area = wrapped(box(west, south, east, north))
    found = (Slice(int(orbit) + 1, int(number)) for orbit, number in np.argwhere(_near(bounds)))
    return [piece for piece in found if related("intersects", area, piece.footprint)]


def slices_near(bounds: Bounds) -> int:
    """Count the slices that may meet a box: at least those that do, quickly told."""
    return int(np.count_nonzero(_near(bounds)))


def _near(bounds: Bounds) -> NDArray[np.bool_]:
    """Return the slices, by relative orbit and number, whose middle is not far from a box."""
    west, south, east, north = _usual(bounds)
    middle = _unit(np.array((west + east) / 2), np.array((south + north) / 2))
    corners = _unit(np.array([west, east, east, west]), np.array([south, south, north, north]))
    # A wide box bulges beyond the circle through its corners: take the whole Earth then.
    wide = east - west > 60 or north - south > 60
    radius = math.pi if wide else math.acos(max(-1.0, min(1.0, float((middle @ corners).min()))))
    strip = _REACH / EARTH_RADIUS
    reach = min(math.pi, 1.1 * radius + strip)
    centres = _centres()
    # A belt all round the Earth is near to all strips, but those of other latitudes.
    low = math.sin(max(math.radians(south) - strip, -math.pi / 2))
    high = math.sin(min(math.radians(north) + strip, math.pi / 2))
    at_its_latitudes = (centres[..., 2] >= low) & (centres[..., 2] <= high)
    return np.asarray(at_its_latitudes & (centres @ middle >= math.cos(reach)))


def _usual(bounds: Bounds) -> Bounds:
    """Return the same box with its west in -180..180, at most once around the Earth."""
    west, south, east, north = bounds
    width = min(max(east - west, 0.0), TURN)
    west = float(wrap(west))
    return west, max(south, -90.0), west + width, min(north, 90.0)


@cache
def _centres() -> Floats:
    """Return unit vectors to the middle of every strip: shape (175, 237, 3)."""
    lon, lat = np.array([Slice(1, number).centre for number in range(SLICES_IN_ORBIT)]).T
    # The next relative orbit flies the same track, one period's turn of the Earth to the west.
    turns = -360.0 * (PERIOD / timedelta(days=1)) * np.arange(ORBITS_IN_CYCLE)
    lons = lon[None, :] + turns[:, None]
    return np.moveaxis(_unit(lons, np.broadcast_to(lat, lons.shape)), 0, -1)


def _nadir(relative_orbit: int, elapsed: timedelta) -> Floats:
    """Return the unit vector to the point below the satellite, `elapsed` after the node."""
    turned = 2 * math.pi * (elapsed / PERIOD)
    lat = math.asin(math.sin(INCLINATION) * math.sin(turned))
    lon = math.atan2(math.cos(INCLINATION) * math.sin(turned), math.cos(turned))
    lon -= 2 * math.pi * elapsed.total_seconds() / _DAY  # the Earth turns below
    east = _node_longitude(relative_orbit) + math.degrees(lon)
    return _unit(np.array(east), np.array(math.degrees(lat)))


def _node_longitude(relative_orbit: int) -> float:
    """Return degrees east where an orbit crosses the equator northwards, at 18:00 local."""
    epoch = PLATFORMS["A"].epochs[0]
    first = epoch.relative_orbit(epoch.anchor_orbit)
    time = epoch.node_time(epoch.anchor_orbit + relative_orbit - first)
    hours = time.hour + time.minute / 60 + (time.second + time.microsecond / 1e6) / 3600
    return 15.0 * (18.0 - hours)


def _unit(lon: Floats, lat: Floats) -> Floats:
    """Return unit vectors of points in degrees: shape (3, ...)."""
    lam, phi = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])
