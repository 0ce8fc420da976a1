"""Ticks of a local run's regions, by a clock that is set: months of them pass in minutes."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from s1ratio.cli.waiting import tell_doing
from s1ratio.embedded.cloud import BUCKET, EmbeddedCloud, embedded_cloud
from s1ratio.embedded.shifted_clock import ShiftedClock
from s1ratio.ports import Store
from s1ratio.services.storing.paging import created_at, fetch_pages
from s1ratio.summary import summarize

_PAUSE_S = 0.2
_MOST = 500  # requests of a region in one tick
_LONGEST_S = 1_800.0  # that what one tick has begun may take on this machine


@dataclass
class TickCounts:
    """What ticks came to: of the regions by counts, and what went wrong in words."""

    ticks: int = 0
    requested: int = 0
    revised: int = 0
    calls: int = 0
    requests: list[dict[str, Any]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def add(self, counts: dict[str, Any]) -> None:
        """Add what one tick came to."""
        self.ticks += 1
        for name in ("requested", "revised", "calls"):
            setattr(self, name, getattr(self, name) + counts[name])
        self.requests += counts["requests"]
        self.troubles += counts["troubles"]


def tick_regions(
    out: Path, catalog: Path | None, at: datetime, until: datetime, every: timedelta
) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Tick the regions in the folder `out` from `at` until `until`; yield each time and counts.

    What a tick asked for is followed to its end before the next.
    """
    clock = ShiftedClock(at)
    with embedded_cloud(out, catalog, clock) as cloud:
        while at <= until:
            clock.go_to(at)
            tell_doing(f"regions at {at:%Y-%m-%d %H:%M} UTC")
            counts = cloud.refresh()
            _settle(cloud, clock)
            yield at, {**counts, "requests": made_since(cloud.store, out, at)}
            at += every


def made_since(store: Store, out: Path, since: datetime) -> list[dict[str, Any]]:
    """Return the requests that regions made since a time: id, state, region, the files of each."""
    made = []
    for page in fetch_pages(store.find_regions, created_at):
        found = [each for one in page for each in store.find_refreshes_of(one.id, _MOST, since)]
        records = store.get_requests({each.id for each in found})
        for each in sorted(found, key=lambda one: (one.made_at, one.id)):
            record = records.get(each.id)
            state = record.state.value if record else each.state.value
            tasks = store.find_tasks_of(each.id) if record else ()
            summary = summarize(record, list(tasks), BUCKET) if record else {"tasks": []}
            files = [str(out / name) for task in summary["tasks"] for name in task["files"]]
            told = {"id": each.id, "region": each.region_id, "state": state, "files": files}
            made.append(told)
    return made


def _settle(cloud: EmbeddedCloud, clock: ShiftedClock) -> None:
    """Poll until nothing is under way that need not wait for a later day."""
    end = time.monotonic() + _LONGEST_S
    while _is_busy(cloud.store, clock.now()) and time.monotonic() < end:
        cloud.tick()
        time.sleep(_PAUSE_S)


def _is_busy(store: Store, now: datetime) -> bool:
    return bool(
        store.find_expandable(now, 1)
        or store.count_active()
        or store.find_startable(now, 1)
        or store.find_to_verify(now + timedelta(minutes=15), 1)
        or (store.find_open_requests(1) and _waits_for_count(store, now))
    )


def _waits_for_count(store: Store, now: datetime) -> bool:
    """Tell whether a request is open of which every task has ended: the next tick counts it."""
    return any(
        all(task.ended for task in store.find_tasks_of(record.id))
        for record in store.find_open_requests(20)
        if record.not_before <= now
    )
