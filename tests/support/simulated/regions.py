"""Regions in the simulated world: their file's data, scenes over them, ticks of theirs."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import shapely

from s1ratio.ports import Publisher, Store
from s1ratio.regions.model import Region
from s1ratio.regions.reader import read_regions
from s1ratio.regions.records import HistoryEntry, RefreshRecord, RegionRecord
from s1ratio.request import Direction
from s1ratio.scenes import Scene
from s1ratio.services.context import Context
from s1ratio.services.regions.commands import apply, propose
from s1ratio.services.regions.context import RegionContext
from s1ratio.services.regions.tick import RegionsReport, refresh_regions
from tests.support.simulated.crash import Breaker, broken
from tests.support.simulated.pubsub import SimulatedTopic
from tests.support.simulated.world import World

BOX = [13.0, 52.0, 13.02, 52.02]


def region_data(region_id: str = "berlin", **changes: Any) -> dict[str, Any]:
    """Return an entry of a file of regions; None takes a field away."""
    data: dict[str, Any] = {
        "id": region_id,
        "aoi": {"bbox": BOX},
        "request": {"orbits": [58, 131], "direction": "ASCENDING"},
        "schedule": {"cron": "30 2 1 * *", "zone": "Europe/Vienna"},
        "period": {"kind": "calendar", "unit": "month"},
        **changes,
    }
    return {name: value for name, value in data.items() if value is not None}


def a_scene(
    start: datetime, orbit: int = 54000, relative: int = 131, platform: str = "A", **changes: Any
) -> Scene:
    """Return a scene over BOX, 25 seconds long."""
    scene = Scene(
        index=f"S1{platform}_{start:%Y%m%dT%H%M%S}_{orbit}",
        platform=platform,
        absolute_orbit=orbit,
        last_orbit=orbit,
        relative_orbit=relative,
        direction=Direction.ASCENDING,
        start=start,
        end=start + timedelta(seconds=25),
        footprint=shapely.box(12.0, 51.5, 14.5, 53.0),
    )
    return replace(scene, **changes)


class RegionWorld(World):
    """A world with regions; what they publish is launched at once, unless it is `held_back`."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        super().__init__(folder, **settings)
        self.topic = SimulatedTopic()
        self.launched = 0
        self.held_back = False

    def region_context(self, breaker: Breaker | None = None) -> RegionContext:
        """Return the context of a new process; its calls go through `breaker`."""
        base = self.context(breaker)
        inherited = {item.name: getattr(base, item.name) for item in fields(Context)}
        publisher: Publisher = self.topic
        if breaker is not None:
            publisher = broken(publisher, breaker)
        return RegionContext(**inherited, publisher=publisher)

    def apply(self, *entries: dict[str, Any], by: str = "me") -> list[Region]:
        """Apply a file's entries."""
        now = self.clock.now()
        limits = self.settings.limits(now.date())
        found = list(read_regions({"version": 1, "regions": list(entries)}, limits))
        apply(self.context(), propose(self.store, found, now, by))
        return found

    def refresh(self, breaker: Breaker | None = None) -> RegionsReport:
        """Tick the regions once, then launch what was published."""
        report = refresh_regions(self.region_context(breaker))
        self.deliver()
        return report

    def deliver(self) -> None:
        """Launch what was published and not launched yet."""
        while not self.held_back and self.launched < len(self.topic.messages):
            self.launch(self.topic.messages[self.launched][0])
            self.launched += 1

    def go_to(self, at: datetime) -> None:
        """Let time pass until then."""
        self.clock.sleep((at - self.clock.now()).total_seconds())

    def days(self, count: float, every: timedelta = timedelta(hours=1)) -> None:
        """Let days pass, and tick the regions and the poller all the while."""
        end = self.clock.now() + timedelta(days=count)
        while self.clock.now() < end:
            self.clock.sleep(every.total_seconds())
            self.refresh()
            self.tick(0)

    def region(self, region_id: str = "berlin") -> RegionRecord:
        """Return a region that must be there."""
        record = self.store.get_region(region_id)
        assert record is not None
        return record

    def refreshes(self, region_id: str = "berlin") -> list[RefreshRecord]:
        """Return the requests of a region, oldest first."""
        return sorted(
            self.store.find_refreshes_of(region_id, 500), key=lambda one: (one.made_at, one.start)
        )

    def history(self, region_id: str = "berlin", *kinds: str) -> list[HistoryEntry]:
        """Return what happened to a region, oldest first, of some kinds alone."""
        found = list(self.store.find_history_of(region_id, 1_000))[::-1]
        return [one for one in found if not kinds or one.kind in kinds]


def periods(refreshes: Sequence[RefreshRecord]) -> list[tuple[str, str]]:
    """Return the periods of requests, as texts."""
    return [(one.start.isoformat(), one.end.isoformat()) for one in refreshes]


def stored(store: Store) -> int:
    """Return how many regions there are."""
    return len(store.find_regions(10_000))
