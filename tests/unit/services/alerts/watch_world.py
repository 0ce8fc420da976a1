"""Alerts with a sky: what is listed of passes, what is published, and what is launched of that."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import shapely

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.records import Kind
from s1ratio.alerts.watch import Watch, WatchState
from s1ratio.plan import OrbitPass
from s1ratio.request import Direction
from s1ratio.scenes import Scene
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.alerts.definitions import apply, propose
from s1ratio.services.alerts.record import record
from s1ratio.services.alerts.watch import watch_incidents
from s1ratio.services.alerts.watch_context import WatchContext
from s1ratio.services.context import Context
from tests.support.alert_world import KeptPayloads, PlayedFeeds, documents
from tests.support.simulated.crash import Breaker, broken
from tests.support.simulated.events import SimulatedEvents
from tests.support.simulated.pubsub import SimulatedTopic
from tests.support.simulated.world import World

TRACK = 18
BOX = (103.5, 10.5, 106.5, 12.7)  # over all of the place of the sample of GDACS
HALF = (103.5, 10.5, 104.9, 12.7)
# Orbits whose ascending node was crossed at these times, on relative orbit 137: of public tools.
ANCHORS = {"A": (51484, "2023-12-03T01:49:37"), "C": (1708, "2025-04-02T01:48:44")}
CYCLE = timedelta(days=12)


def passes(
    start: datetime, end: datetime, platforms: str = "AC"
) -> list[tuple[str, int, datetime]]:
    """Return platform, absolute orbit and first line of the passes of TRACK, by time."""
    found = []
    for platform in platforms:
        orbit, text = ANCHORS[platform]
        orbit += TRACK - 137
        at = datetime.fromisoformat(f"{text}+00:00") + (TRACK - 137) * CYCLE / 175
        at += timedelta(minutes=46)  # descending, at 11.6° N
        cycles = (start - at) // CYCLE + 1
        while (flown := at + cycles * CYCLE) < end:
            found.append((platform, orbit + cycles * 175, flown.replace(microsecond=0)))
            cycles += 1
    return sorted(found, key=lambda each: each[2])


class WatchWorld(World):
    """A deployment that takes alerts and watches; requests are launched as they are published."""

    def __init__(self, folder: Path, at: datetime) -> None:
        super().__init__(folder, events=SimulatedEvents())
        self.go_to(at)
        self.topic, self.launched = SimulatedTopic(), 0
        self.feeds, self.payloads = PlayedFeeds(), KeptPayloads()
        self.define(Kind.FEED, *documents("feeds"))
        self.define(Kind.RULE, *documents("rules"))
        self.ee.found = (OrbitPass(TRACK, Direction.DESCENDING, 0.9, 5),)

    def define(self, kind: Kind, *several: Any) -> None:
        """Store definitions."""
        apply(self.store, propose(self.store, kind, several, self.clock.now()))

    def go_to(self, at: datetime) -> None:
        """Let time pass until then."""
        self.clock.sleep((at - self.clock.now()).total_seconds())

    def watch_context(self, breaker: Breaker | None = None) -> WatchContext:
        """Return the context of a new process; its calls go through `breaker`."""
        base = self.context(breaker)
        inherited = {item.name: getattr(base, item.name) for item in fields(Context)}
        publisher = self.topic if breaker is None else broken(self.topic, breaker)
        alerts = AlertContext(
            base.settings,
            base.store,
            base.clock,
            base.owner,
            self.payloads,
            self.feeds,
            outbox=base.outbox,
        )
        return WatchContext(**inherited, alerts=alerts, publisher=publisher)

    def say(self, payload: bytes, feed: str = "gdacs") -> None:
        """Take an alert in."""
        record(self.watch_context().alerts, payload, {"feed": feed})

    def watch(self, breaker: Breaker | None = None) -> dict[str, Any]:
        """Run one tick of alerts, then launch what was published."""
        counts = watch_incidents(self.watch_context(breaker))
        self.deliver()
        return counts

    def assert_told(self) -> None:
        """Fail unless each change of the incident and its watches was delivered, in its order."""
        assert self.events is not None
        told = {self.incident.id: self.incident.sequence}
        told |= {one.id: one.sequence for one in self.store.find_watches_of(self.incident.id, 350)}
        for name, sequence in told.items():
            assert self.events.numbers(name) == list(range(1, sequence + 1)), name
        assert self.store.find_unsent_events(1) == []

    def deliver(self) -> None:
        """Launch what was published and not launched yet."""
        while self.launched < len(self.topic.messages):
            self.launch(self.topic.messages[self.launched][0])
            self.launched += 1

    def hours(self, count: float, every: float = 0.5, polled: bool = True) -> None:
        """Let hours pass, with ticks of alerts and, unless told otherwise, of the poller."""
        end = self.clock.now() + timedelta(hours=count)
        while self.clock.now() < end:
            self.clock.sleep(every * 3600)
            self.watch()
            if polled:
                self.tick(0)

    def see_passes(self, start: datetime, end: datetime, **changes: Any) -> list[datetime]:
        """Let scenes of all passes of a time be listed; return their first lines."""
        flown = passes(start, end)
        for platform, orbit, at in flown:
            self.see(at, platform=platform, orbit=orbit, **changes)
        return [at for _, _, at in flown]

    def see(self, at: datetime, listed: datetime | None = None, **changes: Any) -> Scene:
        """Let a scene be listed, three hours after it was taken unless told otherwise."""
        scene = scene_at(at, **changes)
        self.ee.scenes.append((listed or at + timedelta(hours=3), scene))
        return scene

    @property
    def incident(self) -> Incident:
        """The only incident."""
        (found,) = self.store.find_incidents(9)
        return found

    @property
    def watches(self) -> list[Watch]:
        """The watches of the only incident, but those of tracks that are not acquired."""
        found = self.store.find_watches_of(self.incident.id, 350)
        return [one for one in found if one.seen_at is not None]

    @property
    def only(self) -> Watch:
        """The only watch of a track that is acquired."""
        (found,) = self.watches
        return found

    def is_at(self, state: WatchState) -> bool:
        """Tell whether the only watch stands there; it may stand elsewhere when asked again."""
        return self.only.state is state

    @property
    def published(self) -> list[dict[str, Any]]:
        """What was published, as messages."""
        return [json.loads(data) for data, _ in self.topic.messages]


def scene_at(
    at: datetime,
    platform: str = "C",
    orbit: int = 9000,
    box: tuple[float, float, float, float] = BOX,
    **changes: Any,
) -> Scene:
    """Return a scene over the place, 25 seconds long, on TRACK."""
    known: dict[str, Any] = {
        "index": f"S1{platform}_{at:%Y%m%dT%H%M%S}",
        "platform": platform,
        "absolute_orbit": orbit,
        "last_orbit": orbit,
        "relative_orbit": TRACK,
        "direction": Direction.DESCENDING,
        "start": at,
        "end": at + timedelta(seconds=25),
        "footprint": shapely.box(*box),
    }
    return Scene(**(known | changes))


@contextmanager
def opened_world(folder: Path, at: datetime) -> Iterator[WatchWorld]:
    """Open a world, and close it."""
    made = WatchWorld(folder, at)
    try:
        yield made
    finally:
        made.close()
