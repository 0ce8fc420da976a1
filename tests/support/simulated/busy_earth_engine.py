"""A simulated Earth Engine that is kept busy: tasks of minutes to hours, faults, other users.

Only what is live is gone through, so that ten thousand operations cost ten thousand steps.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

from typing_extensions import override

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import QueueFull
from s1ratio.ports import Operation
from s1ratio.request import CompositeRequest
from s1ratio.task import Task
from tests.support.simulated.bucket import SimulatedBucket
from tests.support.simulated.clock import SimulatedClock
from tests.support.simulated.earth_engine import TIMEOUT, SimulatedEarthEngine
from tests.support.simulated.operation import Outcome, SimulatedOperation

_SHORTEST_MIN, _LONGEST_MIN = 5, 300
_INTERNAL = "Internal error."


class BusyEarthEngine(SimulatedEarthEngine):
    """Each operation runs for 5 minutes to 5 hours; `faulty` is the share of calls that go wrong.

    `others` are the places that other users take in the queue. `refused` counts the starts that
    met a full one. `done` counts how operations ended.
    """

    def __init__(
        self, clock: SimulatedClock, bucket: SimulatedBucket, random: Random, faulty: float
    ) -> None:
        super().__init__(clock, bucket)
        self._random, self._faulty = random, faulty
        self._live: dict[str, SimulatedOperation] = {}
        self._takes: dict[str, timedelta] = {}
        self.others = self.refused = 0
        self.done: Counter[str] = Counter()

    @property
    def live(self) -> int:
        """How many places of the queue are ours."""
        self.current()
        return len(self._live)

    @override
    def current(self) -> list[SimulatedOperation]:
        now = self.clock.now()
        with self._lock:
            for name, op in list(self._live.items()):
                if op.advance(now, self.wait, self._takes[name]):
                    file = op.file()
                    if file is not None:
                        self.bucket.write(file, op.updated_at)
                if not op.live:
                    del self._live[name]
                    self.done[op.state] += 1
        return list(self.made.values())

    @override
    def list_operations(self) -> Iterator[Operation]:
        with self._called("list_operations"):
            self.current()
            names = list(reversed(self.made))  # newest first: they are listed as they are made
        for name in names:  # who has read enough does not go on
            yield self._shown(self.made[name])

    @override
    def start(self, request: CompositeRequest, task: Task, description: str) -> str:
        fault = self._random.random() < self._faulty
        if fault and self._random.random() < 0.5:
            raise fault_of(TIMEOUT)
        name = super().start(request, task, description)
        if fault:
            raise fault_of(TIMEOUT)
        return name

    @override
    def _check_room(self, id_: str) -> None:
        taken = len(self._live) + self.others
        if taken >= self.capacity:
            self.current()
            taken = len(self._live) + self.others
        if taken >= self.capacity:
            self.refused += 1
            self.used_ids.setdefault(id_, None)
            raise QueueFull("Too many tasks already in the queue (3000).")

    @override
    def _make(self, request: CompositeRequest, task: Task, description: str) -> str:
        name = super()._make(request, task, description)
        if self._random.random() < self._faulty:
            self.made[name] = replace(self.made[name], outcome=Outcome(error=_INTERNAL))
        minutes = self._random.uniform(_SHORTEST_MIN, _LONGEST_MIN)
        self._live[name] = self.made[name]
        self._takes[name] = timedelta(minutes=minutes)
        return name
