"""Where and when an incident's members are, kept so that the next one is placed at little cost.

Of thousands of members only those in the band of latitudes around a place are measured.
"""

from bisect import bisect_left, insort
from datetime import datetime, timedelta

import shapely
from pyproj import Geod
from shapely import Point

from s1ratio.alerts.geodesy import box_diagonal_km, distance_km, smallest_arc

_GEOD = Geod(ellps="WGS84")
_KM_A_DEGREE = 110.5  # a degree of latitude has no less


class Spread:
    """The places and times of an incident's members."""

    def __init__(self) -> None:
        self.places: list[shapely.Geometry] = []
        self._souths: list[tuple[float, int]] = []  # of each place, sorted
        self._tallest = 0.0
        self._times: list[datetime] = []
        self._box: shapely.Geometry | None = None

    def add(self, place: shapely.Geometry, time: datetime) -> None:
        """Add a member's place and time."""
        _, south, _, north = place.bounds
        insort(self._souths, (south, len(self.places)))
        self.places.append(place)
        insort(self._times, time)
        self._tallest = max(self._tallest, north - south)
        self._box = place if self._box is None else _around(self._box, place)

    def is_near_in_time(self, time: datetime, within: timedelta) -> bool:
        """Tell whether the time that is nearest to one lies within so much of it."""
        at = bisect_left(self._times, time)
        return any(abs(time - other) <= within for other in self._times[max(at - 1, 0) : at + 1])

    def distance(self, place: shapely.Geometry, within: float) -> float | None:
        """Return the distance (km) to the nearest place, None if none lies `within`."""
        _, south, _, north = place.bounds
        reach = within / _KM_A_DEGREE + 1e-6
        first = bisect_left(self._souths, (south - reach - self._tallest, -1))
        last = bisect_left(self._souths, (north + reach, len(self.places)))
        near = [self.places[i] for _, i in self._souths[first:last]]
        nearest = _nearest_km(place, near)
        return nearest if nearest is not None and nearest <= within else None

    def diagonal_km_with(self, place: shapely.Geometry) -> float:
        """Return the diagonal of the box around all places and one more, km."""
        return box_diagonal_km([place] if self._box is None else [self._box, place])


def _nearest_km(place: shapely.Geometry, others: list[shapely.Geometry]) -> float | None:
    """Return the least distance, None without others; points are measured all at once."""
    if not others:
        return None
    if not isinstance(place, Point):
        return min(distance_km(place, other) for other in others)
    points = [other for other in others if isinstance(other, Point)]
    rest = [distance_km(place, other) for other in others if not isinstance(other, Point)]
    if points:
        lons, lats = shapely.get_x(points), shapely.get_y(points)
        count = len(points)
        metres = _GEOD.inv([place.x] * count, [place.y] * count, lons, lats)[2]
        rest.append(float(min(metres)) / 1000)
    return min(rest)


def _around(box: shapely.Geometry, place: shapely.Geometry) -> shapely.Geometry:
    """Return the box around both, by the smallest arc of longitude.

    As long as all fits into half a turn it is that of all places, in whatever order they came.
    """
    west, east = smallest_arc([(box.bounds[0], box.bounds[2]), (place.bounds[0], place.bounds[2])])
    south, north = min(box.bounds[1], place.bounds[1]), max(box.bounds[3], place.bounds[3])
    return shapely.box(west, south, east, north)
