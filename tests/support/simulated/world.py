"""The services that ship, wired to the simulated world and the SQLite store."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.ports import DocumentStore, EarthEngine, EventPublisher, Store, operation_id
from s1ratio.records import RequestRecord
from s1ratio.services.context import Context, PollContext
from s1ratio.services.outbox import Outbox
from s1ratio.services.polling.poll import PollReport, poll
from s1ratio.services.requesting.launch import Launched, launch
from s1ratio.settings import Settings
from s1ratio.task import Task, TaskState, description, task_of
from tests.support.simulated.bucket import SimulatedBucket, SimulatedRasters
from tests.support.simulated.clock import SimulatedClock, SkewedClock
from tests.support.simulated.crash import Breaker, broken
from tests.support.simulated.documents import SimulatedDocuments
from tests.support.simulated.earth_engine import SimulatedEarthEngine
from tests.support.simulated.events import SimulatedEvents
from tests.support.simulated.operation import SimulatedOperation
from tests.support.task_fields import with_fields

BUCKET = "exports"


def message(**changes: Any) -> bytes:
    """Return a valid message: request `r1`, two orbits, ascending; None takes a field away."""
    fields: dict[str, Any] = {
        "request_id": "r1",
        "aoi": {"bbox": [13.0, 52.0, 13.02, 52.02]},
        "start": "2024-01-01",
        "end": "2024-03-01",
        "orbits": [58, 131],
        "direction": "ASCENDING",
    }
    wanted = {key: value for key, value in (fields | changes).items() if value is not None}
    return json.dumps(wanted).encode()


class World:
    """One deployment, `prod`. Each context is a process of its own; all share the store's file.

    Where there are `documents`, what is verified is catalogued. `ahead` is how wrong the clocks of
    the machines are on which new processes run.
    """

    def __init__(
        self,
        folder: Path,
        beside: "World | None" = None,
        events: SimulatedEvents | None = None,
        **settings: Any,
    ) -> None:
        """Make one with its store in `folder`; `beside`: on the same Earth Engine and bucket.

        Its processes publish to `events`, if there is such a topic.
        """
        self.events = events
        self.clock: SimulatedClock = beside.clock if beside else SimulatedClock()
        self.bucket: SimulatedBucket = beside.bucket if beside else SimulatedBucket(BUCKET)
        self.ee: SimulatedEarthEngine = (
            beside.ee if beside else SimulatedEarthEngine(self.clock, self.bucket)
        )
        self.store: Store = SqliteStore(folder / "store.db")
        self.settings = Settings(project="p", bucket=BUCKET, deployment="prod", **settings)
        self.documents: SimulatedDocuments | None = None
        self._host: str = f"{beside._host}-other" if beside else "process"
        self.ahead = timedelta()
        self._processes = 0

    def close(self) -> None:
        """Close the store's file."""
        if isinstance(self.store, SqliteStore):
            self.store.close()

    def set(self, **settings: Any) -> None:
        """Change the deployment's settings."""
        self.settings = replace(self.settings, **settings)

    def context(
        self,
        breaker: Breaker | None = None,
        earth_engine_only: bool = False,
        ahead: timedelta | None = None,
    ) -> PollContext:
        """Return the context of a new process; its calls to the ports go through `breaker`.

        Its clock is wrong by `ahead`, by default as much as the world's machines' are; Earth
        Engine's and the bucket's are always right.
        """
        self._processes += 1
        store: Store = self.store
        earth_engine: EarthEngine = self.ee
        documents: DocumentStore | None = self.documents
        if breaker is not None:
            earth_engine = broken(earth_engine, breaker)
            store = store if earth_engine_only else broken(store, breaker)
            if documents is not None and not earth_engine_only:
                documents = broken(documents, breaker)
        owner = f"{self._host}-{self._processes}"
        return PollContext(
            settings=self.settings,
            store=store,
            earth_engine=earth_engine,
            clock=SkewedClock(self.clock, self.ahead if ahead is None else ahead),
            owner=owner,
            objects=self.bucket,
            rasters=SimulatedRasters(self.bucket),
            documents=documents,
            outbox=Outbox(self._topic(None if earth_engine_only else breaker)),
        )

    def _topic(self, breaker: Breaker | None) -> EventPublisher | None:
        if self.events is None or breaker is None:
            return self.events
        return broken(self.events, breaker)

    def launch(self, payload: bytes | None = None, context: Context | None = None) -> Launched:
        """Deliver a message, by default `message()`."""
        return launch(context or self.context(), message() if payload is None else payload, "m1")

    def tick(self, minutes: float = 1) -> PollReport:
        """Let time pass, then poll once."""
        self.clock.sleep(minutes * 60)
        return poll(self.context())

    def ticks(self, count: int, minutes: float = 1) -> None:
        """Poll so often."""
        for _ in range(count):
            self.tick(minutes)

    def until(self, done: Callable[[], bool], limit: int = 300, minutes: float = 1) -> None:
        """Poll until something holds."""
        for _ in range(limit):
            if done():
                return
            self.tick(minutes)
        raise AssertionError(f"not within {limit} ticks: {self.states()}")

    def settled(self, request_id: str = "r1") -> bool:
        """Tell whether a request is known and has ended."""
        record = self.store.get_request(request_id)
        return record is not None and record.state.terminal

    def request(self, request_id: str = "r1") -> RequestRecord:
        """Return a request that must be there."""
        record = self.store.get_request(request_id)
        assert record is not None
        return record

    def tasks(self, request_id: str = "r1") -> list[Task]:
        """Return a request's tasks."""
        return list(self.store.find_tasks_of(request_id))

    def task(self, task_id: str = "r1-o131a") -> Task:
        """Return a task that must be there."""
        task = self.store.get_task(task_id)
        assert task is not None
        return task

    def states(self, request_id: str = "r1") -> dict[str, TaskState]:
        """Return the states of a request's tasks by their names."""
        return {
            task.id.removeprefix(f"{request_id}-"): task.state for task in self.tasks(request_id)
        }

    def operations(self, task_id: str = "r1-o131a", attempt: int = 1) -> list[SimulatedOperation]:
        """Return the operations of a task's attempt, oldest first."""
        task = with_fields(self.task(task_id), attempt=attempt)
        return self.ee.of(description("prod", task))

    def started(self) -> list[str]:
        """Return the attempts that have operations, as `{task}-a{attempt}`, in turn."""
        names = [task_of("prod", op.description) for op in self.ee.current()]
        return [f"{name[0]}-a{name[1]}" for name in names if name]

    def assert_sound(self, request_id: str = "r1") -> None:
        """Fail unless each attempt has at most one surviving operation and no orphan lives."""
        named = {operation_id(task.run.operation or "") for task in self.tasks(request_id)}
        for task in self.tasks(request_id):
            for attempt in range(1, task.run.attempt + 1):
                ops = [op for op in self.operations(task.id, attempt) if op.survives]
                assert len(ops) <= 1, f"{task.id} attempt {attempt}: {ops}"
        current = self.ee.current()
        live = {operation_id(op.name) for op in current if op.live and self._is_of(op, request_id)}
        assert live <= named, f"nobody names {live - named}"

    def _is_of(self, operation: SimulatedOperation, request_id: str) -> bool:
        name = task_of("prod", operation.description)
        return name is not None and name[0].startswith(f"{request_id}-")
