"""Sees every write of watches, and objects to what must never happen: a request of a pass that is
not listed, one pass asked for twice, a pass missed too soon, a pair delivered that is not there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import shapely

from s1ratio.alerts.watch import Watch, WatchReason, WatchState
from s1ratio.ports import Store
from s1ratio.records import Event, RequestState
from tests.simulation.drawing.skies import Sighting
from tests.simulation.judging.incident_history import SOON, IncidentHistory
from tests.simulation.judging.told import faults_of_told

_MARGIN = timedelta(seconds=60)
_MISSED_AFTER = timedelta(hours=72)
_STATES = set(WatchState)
_LOOKING = _STATES - {WatchState.DELIVERED, WatchState.REQUESTED, WatchState.ENDED}
# What may follow on what.
_MOVES = {
    **dict.fromkeys(_LOOKING, _STATES - {WatchState.DELIVERED}),
    WatchState.REQUESTED: _STATES - {WatchState.NOT_ACQUIRED, WatchState.ARRIVED},
    WatchState.DELIVERED: {WatchState.DELIVERED, WatchState.REQUESTED},
    WatchState.ENDED: {WatchState.ENDED},
}


class WatchHistory:
    """Keeps the last committed state of each watch.

    `asked` are the ids of all requests of watches; `cancelled` those whose end a watch may ask for.
    """

    def __init__(
        self,
        store: Store,
        complaints: list[str],
        sky: Sequence[Sighting],
        incidents: IncidentHistory,
    ) -> None:
        self._store, self._complaints, self._sky = store, complaints, sky
        self._incidents, self._clock, self._skew = incidents, incidents.clock, incidents.skew
        self.watches: dict[str, Watch] = {}
        self.asked: dict[str, str] = {}
        self.cancelled: set[str] = set()
        self._passes: dict[tuple[str, int, str, int], str] = {}
        self.handlers: Mapping[str, Callable[..., None]] = {"save_watch": self._saved}

    @property
    def open(self) -> list[str]:
        """The watches that have not ended."""
        over = {WatchState.DELIVERED, WatchState.ENDED}
        return [one.id for one in self.watches.values() if one.state not in over]

    def _saved(
        self, who: str, watch: Watch, expected: Any, events: Sequence[Event] = (), *, answer: Watch
    ) -> None:
        before = self.watches.get(watch.id)
        for words in (
            *self._faults(before, watch, expected),
            *self._of_told(before, watch, events),
        ):
            self._complaints.append(f"{who}: {words}")
        self.asked |= {one.id: watch.id for one in watch.requests}
        self.cancelled |= set(watch.stale)
        if watch.cancelling:
            self.cancelled |= {one.id for one in watch.requests}
        self.watches[watch.id] = answer

    def _faults(self, before: Watch | None, watch: Watch, expected: Any) -> Iterator[str]:
        if before is not None and before.version != expected:
            yield f"{watch.id} was overwritten"
        if before is not None and watch.state not in _MOVES[before.state]:
            yield f"{watch.id} went from {before.state} to {watch.state}"
        if watch.tries > 0 or watch.reason is WatchReason.UNEXPECTED:
            yield f"{watch.id} met the unexpected: {watch.words}"
        if watch.requested_at != (before.requested_at if before else None):
            yield from self._of_requests(watch)
        if before is not None and watch.missed > before.missed:
            yield from self._of_missed(before, watch)
        if watch.delivered > (before.delivered if before else 0):
            yield from self._of_delivered(watch)

    def _of_told(
        self, before: Watch | None, watch: Watch, events: Sequence[Event]
    ) -> Iterator[str]:
        delivered, missed = (before.delivered, before.missed) if before else (0, 0)
        changed = watch.delivered > delivered or watch.missed > missed
        numbers = before.sequence if before else 0, watch.sequence
        yield from faults_of_told(
            watch.id, numbers, events, changed=changed, state=watch.state.value
        )

    def _of_requests(self, watch: Watch) -> Iterator[str]:
        """Tell what is wrong with requests that are made now."""
        incident = self._incidents.incidents.get(watch.incident)
        if self._incidents.ended_long_ago(watch.incident):
            yield f"{watch.id} asks for a pass, and its incident has ended"
        if incident is not None and self._incidents.is_silenced(incident):
            yield f"{watch.id} asks for a pass, and its incident is silenced"
        for one in watch.requests:
            if one.id == watch.baseline:
                continue
            taken = self._pass_of(watch, one.start + _MARGIN, one.end - _MARGIN)
            if taken is None:
                yield f"{one.id} is of no pass that is listed: {one.start} to {one.end}"
                continue
            key = (watch.id, watch.revision, *taken)
            if self._passes.setdefault(key, one.id) != one.id:
                yield f"{one.id} is of the pass that {self._passes[key]} is of"

    def _pass_of(self, watch: Watch, start: datetime, end: datetime) -> tuple[str, int] | None:
        """Return the pass whose first and last line, as far as it was listed, these are."""
        scenes = [one.scene for one in self._listed(watch, timedelta())]
        first = {(each.platform, each.absolute_orbit) for each in scenes if each.start == start}
        last = {(each.platform, each.absolute_orbit) for each in scenes if each.end == end}
        return next(iter(first & last), None)

    def _listed(self, watch: Watch, since: timedelta) -> list[Sighting]:
        """Return what of a watch's track is listed, and was so long ago."""
        at = self._clock.now() - since
        return [
            one
            for one in self._sky
            if (one.scene.relative_orbit, one.scene.direction) == watch.track
            and one.listed_at <= at
        ]

    def _of_missed(self, before: Watch, watch: Watch) -> Iterator[str]:
        if watch.reason is not WatchReason.NO_SCENE:
            return
        expected = before.expected_at
        if expected is None or self._clock.now() + self._skew < expected + _MISSED_AFTER:
            yield f"{watch.id} missed a pass that was predicted for {expected}"
            return
        window = (before.since, expected + timedelta(hours=6))
        area = shapely.from_wkt(watch.area)
        there = [
            one.scene.index
            for one in self._listed(watch, SOON)
            if one.gone_at is None
            and window[0] <= one.scene.start < window[1]
            and shapely.area(shapely.intersection(one.scene.footprint, area)) > 0
        ]
        if there:
            yield f"{watch.id} missed a pass, and {there} are listed"

    def _of_delivered(self, watch: Watch) -> Iterator[str]:
        names = {*(one.id for one in watch.requests), watch.baseline or ""}
        found = self._store.get_requests(names)
        earlier = found.get(watch.baseline or "")
        asked = {one.id for one in watch.requests}
        if earlier is not None and earlier.id not in asked and earlier.round > 1:
            names.discard(earlier.id)  # of a pair before, and made again by hand
        states = {name: found[name].state if name in found else None for name in names}
        if set(states.values()) != {RequestState.VERIFIED}:
            yield f"{watch.id} is delivered, and {states} are its pair"
