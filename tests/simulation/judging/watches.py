"""Watches: each ends, each for a reason; each track that was acquired had one."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.watch import Watch, WatchState
from s1ratio.request import Direction
from tests.simulation.world.standing_site import StandingSite

_LATELY = timedelta(days=47)
_OVER = {WatchState.ENDED, WatchState.DELIVERED}
# What becomes of requests that nobody has taken in.
_NEVER_CAME = {"LOST", "REJECTED"}


def judge_watches(site: StandingSite) -> Iterator[str]:
    """Tell of watches that have not ended, of tracks without one, of requests that never came."""
    for incident in site.store.find_incidents(1_000):
        watches = site.store.find_watches_of(incident.id, 350)
        for watch in watches:
            yield from _watch(watch)
        yield from _tracks(site, incident, {watch.track for watch in watches})
    known = set(site.records)
    for name, watch_id in site.watches.asked.items():
        if name not in known and name not in site.watches.cancelled:
            yield f"{name} of {watch_id} never became a request"


def _watch(watch: Watch) -> Iterator[str]:
    if watch.state not in _OVER:
        yield f"{watch.id} is {watch.state} for good: {watch.words}"
    elif watch.state is WatchState.ENDED and watch.reason is None:
        yield f"{watch.id} ended for no reason"
    for one in watch.requests:
        if one.fate in _NEVER_CAME:
            yield f"{one.id} is {one.fate}"


def _tracks(
    site: StandingSite, incident: Incident, tracks: set[tuple[int, Direction]]
) -> Iterator[str]:
    for asked_at in site.incidents.asked.get(incident.id, []):
        missing = _acquired(site, asked_at) - tracks
        if missing:
            yield f"{incident.id} was asked for at {asked_at} without watches of {missing}"


def _acquired(site: StandingSite, at: datetime) -> set[tuple[int, Direction]]:
    """Return the tracks of which a scene was listed and taken lately."""
    return {
        (one.scene.relative_orbit, one.scene.direction)
        for one in site.standing.sky
        if one.listed_at <= at - timedelta(minutes=15)
        and one.gone_at is None
        and one.scene.start > at - _LATELY
    }
