"""Tracks over an incident: whose passes came lately, what they saw, how much a new one sees."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import shapely

from s1ratio.alerts.places import place_of
from s1ratio.alerts.watch import ArrivedPass
from s1ratio.aoi import Aoi, read
from s1ratio.errors import InvalidRequest
from s1ratio.ground_tracks import tracks_over
from s1ratio.orbits import is_near_equator, previous_orbit
from s1ratio.request import Direction
from s1ratio.scenes import Scene, ScenePass, passes_over, shared

LOOK_BACK = timedelta(days=48)  # a track without a scene for so long is not acquired here
_REFERENCE_PASSES = 3
_DECIMALS = 6

Track = tuple[int, Direction]


def area_of(area: str) -> Aoi:
    """Return an incident's area, WKT, as requests have it; raise InvalidRequest with its faults."""
    found, faults = read(geojson_of(area))
    if found is None:
        raise InvalidRequest(faults)
    return found


def geojson_of(area: str) -> Any:
    """Return an incident's area, WKT, as a message has it: GeoJSON within ±180°.

    An incident that lies across 180° is one picture, with longitudes beyond that.
    """
    shape = shapely.union_all([each for each in shapely.get_parts(place_of(area)) if each.area])
    return _lists(Aoi(shape).geojson())


def passes_by_track(scenes: Iterable[Scene], area: Aoi) -> dict[Track, list[ScenePass]]:
    """Return the passes that see some of an area, by track and time."""
    tracks: dict[Track, list[ScenePass]] = {}
    for each in passes_over(scenes, area):
        tracks.setdefault((each.relative_orbit, each.direction), []).append(each)
    return tracks


def tracks_without(acquired: Iterable[Track], area: Aoi) -> list[Track]:
    """Return the tracks that fly over an area, by the model, and took nothing there lately.

    Near the equator a track that climbs has one number here, that of its south.
    """
    known = set(acquired)
    found = [track for track in tracks_over(area) if track not in known]
    if not is_near_equator(area):
        return found
    flown = known | set(found)
    ascending = Direction.ASCENDING
    return [
        (orbit, direction)
        for orbit, direction in found
        if direction is not ascending or (previous_orbit(orbit), ascending) not in flown
    ]


def reference_of(passes: Sequence[ScenePass], area: Aoi) -> str | None:
    """Return what the last three of a track's passes saw of an area (WKT), None without any."""
    if not passes:
        return None
    seen = shapely.union_all([_seen(each, area) for each in passes[-_REFERENCE_PASSES:]])
    return str(shapely.to_wkt(seen, rounding_precision=_DECIMALS))


def coverage_of(each: ScenePass, reference: str | None, area: Aoi) -> float:
    """Return the share, 0 to 1, that a pass sees of what the ones before it saw of an area.

    Of the whole area where none came before it.
    """
    wanted = area.unwrapped if reference is None else shapely.from_wkt(reference)
    whole = float(shapely.area(wanted))
    if whole <= 0:
        return 1.0
    return min(1.0, float(shapely.area(shapely.intersection(_seen(each, area), wanted))) / whole)


def arrived_pass(each: ScenePass, reference: str | None, area: Aoi) -> ArrivedPass:
    """Return a pass as far as it is there, with how much it has of what those before it saw."""
    return ArrivedPass(
        platform=each.platform,
        absolute_orbit=each.absolute_orbit,
        first_line=each.first_line,
        last_line=each.last_line,
        coverage=round(coverage_of(each, reference, area), 4),
        scenes=len(each.scenes),
    )


def _seen(each: ScenePass, area: Aoi) -> shapely.Geometry:
    return shapely.union_all([shared(scene, area) for scene in each.scenes])


def _lists(value: object) -> object:
    """Return a mapping of shapely's as JSON has it: lists in the place of tuples."""
    if isinstance(value, dict):
        return {name: _lists(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_lists(each) for each in value]
    return value
