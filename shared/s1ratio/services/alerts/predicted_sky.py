"""What a replay has in the place of Earth Engine and of the topic of requests.

The sky lists each pass that the track model predicts, as if it had been acquired: which tracks
really were, only Earth Engine's list tells. Each request ends as VERIFIED as soon as it is
published, or as refused if it could not be taken in.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import shapely

from s1ratio.alerts.foretelling import passes_of_track
from s1ratio.alerts.watch_tracks import Track, tracks_without
from s1ratio.aoi import Aoi
from s1ratio.errors import InvalidRequest
from s1ratio.estimate import Estimate, Sample, estimate, passes_of, work_of
from s1ratio.orbits import is_near_equator
from s1ratio.plan import PlanLimits
from s1ratio.ports import Clock, Store
from s1ratio.preview import preview
from s1ratio.records import Rejection, RequestRecord, RequestState
from s1ratio.request import CompositeRequest, Direction, Limits, read_message
from s1ratio.scenes import Scene, SceneAnswer, SceneQuestion
from s1ratio.services.requesting.estimating import find_samples

LISTED_AFTER = timedelta(hours=3)  # a scene is, after its pass
_MARGIN = 0.01  # degrees: what an area touches is seen
_HIGHEST = 9_999


@dataclass
class PredictedSky:
    """Scenes as the track model has them; of Earth Engine's port what watching asks."""

    clock: Clock
    _tracks: dict[Aoi, list[Track]] = field(default_factory=dict)

    def find_scenes(self, questions: Sequence[SceneQuestion]) -> list[SceneAnswer]:
        """Return the scenes over each area that would be listed by now."""
        return [SceneAnswer(one.key, tuple(self._scenes(one))) for one in questions]

    def _scenes(self, question: SceneQuestion) -> list[Scene]:
        area = question.area
        if area not in self._tracks:
            self._tracks[area] = tracks_without((), area)
        until = min(question.end, self.clock.now() - LISTED_AFTER)
        found = [
            scene
            for track in self._tracks[area]
            for scene in _scenes_of(track, area, question.start, until)
        ]
        return sorted(found, key=lambda one: one.start)[: question.most]


def _scenes_of(track: Track, area: Aoi, start: datetime, end: datetime) -> list[Scene]:
    orbit, direction = track
    # One that climbs near the equator bears its number of the south, and ends on the next.
    ends_later = direction is Direction.ASCENDING and is_near_equator(area)
    footprint = shapely.buffer(shapely.envelope(area.unwrapped), _MARGIN)
    return [
        Scene(
            index=f"S1{each.platform}_{each.absolute_orbit}",
            platform=each.platform,
            absolute_orbit=each.absolute_orbit,
            last_orbit=each.absolute_orbit + ends_later,
            relative_orbit=orbit,
            direction=direction,
            start=each.first_line.replace(microsecond=0),
            end=(each.first_line + takes).replace(microsecond=0),
            footprint=footprint,
        )
        for each, takes in passes_of_track(track, area, start, end)
    ]


@dataclass(frozen=True)
class Asked:
    """A request that was published: when, its message, what it will cost, or why it is refused."""

    at: datetime
    message: Mapping[str, object]
    estimate: Estimate | None
    refused: str | None = None


@dataclass
class RequestDesk:
    """Takes requests in: a Publisher. `history` is a store by whose tasks costs are told."""

    store: Store
    clock: Clock
    history: Store | None = None
    asked: dict[str, Asked] = field(default_factory=dict)
    _samples: dict[str, list[Sample]] = field(default_factory=dict)

    def publish(self, data: bytes, attributes: Mapping[str, str]) -> str:
        """Take a message in, once."""
        del attributes
        message, now = json.loads(data), self.clock.now()
        name = message["request_id"]
        if name in self.asked:
            return str(name)
        try:
            self.asked[name] = Asked(now, message, self._cost(data, now))
        except InvalidRequest as error:
            self.asked[name] = Asked(now, message, None, str(error))
            digest = hashlib.sha256(data).hexdigest()[:40]
            self.store.reject(Rejection(digest, now, tuple(error.faults), data.decode()))
        else:
            state = RequestState.VERIFIED
            record = RequestRecord(name, "", data.decode(), state, now, now, ended_at=now)
            self.store.create_request(record)
        return str(name)

    def _cost(self, data: bytes, now: datetime) -> Estimate | None:
        """Return what a request will cost, None without history; raise InvalidRequest."""
        message = read_message(data, Limits(today=now.date()))
        tasks = preview(message, PlanLimits(), _HIGHEST, now).tasks
        # A period that is one pass has one, whatever share of a cycle its day is.
        passes = max(1.0, passes_of(message.request))
        amounts = [task.grid.pixels * passes for task in tasks]
        return estimate(amounts, self._known(message.request))

    def _known(self, request: CompositeRequest) -> list[Sample]:
        work = work_of(request)
        if work not in self._samples:
            found = [] if self.history is None else find_samples(self.history, request)
            self._samples[work] = found
        return self._samples[work]
