"""Finding: by which keys an incident is found for an alert that may belong to it. Pure.

A key is of a hazard and a name, or of a hazard and a cell of some 110 km in which a member lies.
An alert asks for its own names, and for the cells within the distance that its rule joins at. What
is found holds all that grouping could join it to: `grouping` decides, and nothing else.

An incident with too many names or cells is found by every alert of its hazard (`EVERYWHERE`), and
an alert that reaches too far asks for all incidents.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import shapely

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.places import place_of

if TYPE_CHECKING:  # rules read expressions, which who only keeps incidents does not have
    from s1ratio.alerts.grouping import Waiting

MAX_KEYS = 2_500  # of an incident
MAX_ASKED = 600  # of a round of alerts
_MAX_CELLS = 400  # of one place
_KM_A_DEGREE = 110.5  # a degree of latitude has no less
_SLACK_KM = 1.0
_EVERYWHERE = "*"


def keys_of(incident: Incident) -> tuple[str, ...]:
    """Return the keys that an incident is found by; none once it has ended."""
    if not incident.state.live:
        return ()
    found: set[str] = set()
    for member in incident.members:
        found |= {_name_key(incident.hazard, name) for name in (member.id, *member.names)}
        cells = _cells(place_of(member.place), 0.0)
        if cells is None or len(found) + len(cells) > MAX_KEYS:
            return (_key(incident.hazard, _EVERYWHERE),)
        found |= {_key(incident.hazard, cell) for cell in cells}
    return tuple(sorted(found))


def keys_for(hazard: str, waiting: Iterable[Waiting]) -> list[str] | None:
    """Return the keys by which all is found that alerts may join; None: ask for all there is."""
    found = {_key(hazard, _EVERYWHERE)}
    for one in waiting:
        found |= {_name_key(hazard, name) for name in (one.member.id, *one.member.names)}
        cells = _cells(place_of(one.member.place), _reach_km(one))
        if cells is None or len(found) + len(cells) > MAX_ASKED:
            return None
        found |= {_key(hazard, cell) for cell in cells}
    return sorted(found)


def _reach_km(one: Waiting) -> float:
    """Return how far from an alert a member may lie that it joins by place."""
    grouping, buffers = one.rule.grouping, one.rule.buffers
    if grouping.distance_km is not None:
        return grouping.distance_km
    radii = [km for _, km in buffers.magnitudes]
    return min(max(radii), buffers.cap_km) if radii else 0.0


def _cells(place: shapely.Geometry, around_km: float) -> set[str] | None:
    """Return the cells of a place and so much around it, None if they are too many."""
    west, south, east, north = place.bounds
    reach = (around_km + _SLACK_KM) / _KM_A_DEGREE if around_km else 0.0
    first, last = math.floor(max(south - reach, -90)), math.floor(min(north + reach, 89.999))
    nearest_pole = min(max(abs(south - reach), abs(north + reach)), 90.0)
    wider = reach / max(math.cos(math.radians(nearest_pole)), 1e-6)
    found: set[str] = set()
    for band in range(first, last + 1):
        found |= set(_cells_of_band(band, west - wider, east + wider))
        if len(found) > _MAX_CELLS:
            return None
    return found


def _cells_of_band(band: int, west: float, east: float) -> Iterator[str]:
    """Yield the cells of a degree of latitude between two longitudes; they are about square."""
    count = max(1, round(360 * math.cos(math.radians(band + 0.5))))
    if east - west >= 360:
        west, east = -180.0, 179.999
    start, end = (math.floor((lon + 180) / 360 * count) for lon in (west, east))
    for cell in range(start, min(end, start + count) + 1):
        yield f"{band}/{cell % count}"


def _name_key(hazard: str, name: str) -> str:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return _key(hazard, digest[:10])


def _key(hazard: str, text: str) -> str:
    """Return a key, short: thousands of them are kept with an incident."""
    return f"{hashlib.sha256(hazard.encode()).hexdigest()[:4]}{text}"
