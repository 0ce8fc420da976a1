"""A deployment with more work than room: what the services that ship make of the room there is."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from s1ratio.adapters.store.document_store import DocumentStore
from s1ratio.adapters.store.sqlite import SqliteDatabase
from s1ratio.services.polling.poll import poll
from s1ratio.services.requesting.launch import launch
from tests.support.billed_database import MeteredDatabase
from tests.support.simulated import World
from tests.support.simulated.busy_earth_engine import BusyEarthEngine

_TICK_MIN = 5  # as the poller's schedule is by default
_MOST_TICKS = 20_000
_EVERY, _FOR = 72, 12  # ticks: an hour in six


@dataclass
class Found:
    """What came of so many areas, in documents, ticks, starts that met a full queue.

    `used` is the share of the room that was in use while tasks were due, minute by minute, as far
    as there were tasks for it;
    `tick_reads` the documents read in the cheapest tick. `calls` are those of the store, `cpu_s` is
    what launches and ticks took, the world's part of them included.
    """

    areas: int
    used: float = 1.0
    ticks: int = 0
    ended: int = 0
    refused_alone: int = 0
    refused_beside_others: int = 0
    reads: int = 0
    writes: int = 0
    tick_reads: int = 10**9
    calls: int = 0
    cpu_s: float = 0.0

    @property
    def reads_each(self) -> float:
        """Documents read for each area, but for what ticks cost that find nothing."""
        return (self.reads - self.ticks * self.tick_reads) / self.areas

    @property
    def writes_each(self) -> float:
        """Documents written for each area."""
        return self.writes / self.areas

    @property
    def calls_each(self) -> float:
        """Calls of the store for each area."""
        return self.calls / self.areas

    @property
    def cpu_ms_each(self) -> float:
        """CPU for each area, in ms."""
        return 1_000 * self.cpu_s / self.areas


class BusyQueue:
    """So many areas, published at once to a deployment with so much room in Earth Engine's queue.

    `faulty` is the share of starts and exports that go wrong; for an hour in six others take half
    of the queue, if there are `others`.
    """

    def __init__(
        self,
        folder: Path,
        areas: int,
        room: int,
        *,
        seed: int = 1,
        faulty: float = 0.02,
        others: bool = True,
    ) -> None:
        self.found = Found(areas)
        self._room, self._others = room, others
        self.world = World(folder, max_active=room, max_tasks_day=10 * areas + 1000)
        self.world.close()
        self._database = MeteredDatabase(SqliteDatabase(folder / "busy.db", 20.0))
        self.world.store = DocumentStore(self._database)
        random = Random(seed)  # noqa: S311 - a simulation
        self.ee = BusyEarthEngine(self.world.clock, self.world.bucket, random, faulty)
        self.ee.capacity = room + max(1, room // 9)  # as 2,700 of 3,000
        self.world.ee = self.ee
        self._context = self.world.context()
        self._in_use, self._minutes = 0.0, 0

    def close(self) -> None:
        """Close the store."""
        self.world.store.close()

    def live_through(self) -> Found:
        """Publish all, poll until all have ended; return what came of it."""
        for number in range(self.found.areas):
            self._timed(partial(launch, self._context, _message(number), f"m{number}"))
        while not self._is_over():
            self._wait()
            self._tick()
        found, meter = self.found, self._database.meter
        found.reads, found.writes, found.calls = meter.reads, meter.writes, meter.calls
        found.ended = sum(self.world.settled(f"a{n}") for n in range(found.areas))
        found.used = self._in_use / self._minutes if self._minutes else 1.0
        return found

    def _timed(self, work: Callable[[], object]) -> None:
        began = time.process_time()
        work()
        self.found.cpu_s += time.process_time() - began

    def _is_over(self) -> bool:
        assert self.found.ticks < _MOST_TICKS, "it never ends"
        store = self.world.store
        # One of them may wait for its next attempt, or for a look at its files.
        return not (self.ee.live or store.count_active() or store.count_planned()) and not (
            store.find_open_requests(1)
        )

    def _wait(self) -> None:
        """Let the time between two ticks pass, and see what of the room is in use."""
        for _ in range(_TICK_MIN):
            self.world.clock.sleep(60)
            if self._has_due():
                live, left = self.ee.live, min(self._room, self.ee.capacity - self.ee.others)
                # The last few need no more room than they take.
                usable = min(left, live + self.world.store.count_planned())
                self._in_use += min(1.0, live / usable)
                self._minutes += 1

    def _has_due(self) -> bool:
        meter = self._database.meter  # what is asked here is not the deployment's
        reads, calls = meter.reads, meter.calls
        due = self.world.store.find_startable(self.world.clock.now(), 1)
        meter.reads, meter.calls = reads, calls
        return bool(due)

    def _tick(self) -> None:
        found, meter = self.found, self._database.meter
        crowded = self._others and found.ticks % _EVERY < _FOR
        self.ee.others = self.ee.capacity // 2 if crowded else 0
        reads, refused = meter.reads, self.ee.refused
        self._timed(partial(poll, self._context))
        found.ticks += 1
        found.tick_reads = min(found.tick_reads, meter.reads - reads)
        if crowded:
            found.refused_beside_others += self.ee.refused - refused
        else:
            found.refused_alone += self.ee.refused - refused


def _message(number: int) -> bytes:
    """One task each; no two have pixels in common."""
    west, south = 13.0 + number % 1000 / 100, 45.0 + number // 1000 / 10
    fields = {
        "request_id": f"a{number}",
        "aoi": {"bbox": [west, south, west + 0.008, south + 0.008]},
        "start": "2024-01-01",
        "end": "2024-03-01",
        "orbits": [58],
        "direction": "ASCENDING",
    }
    return json.dumps(fields).encode()
