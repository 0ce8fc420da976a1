"""A deployment with a long history and a full queue, and ticks in which little of it changes."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import process_time

from s1ratio.adapters.store.database import Create
from s1ratio.adapters.store.document_store import DocumentStore
from s1ratio.adapters.store.queries import REQUESTS, TASKS
from s1ratio.adapters.store.sqlite import SqliteDatabase
from s1ratio.grid import PixelGrid
from s1ratio.plan import ExportTask
from s1ratio.ports import Operation
from s1ratio.records import RequestRecord, RequestState
from s1ratio.request import Direction
from s1ratio.services.context import PollContext
from s1ratio.services.polling.poll import poll
from s1ratio.task import Task, TaskState, description, planned
from tests.support.billed_database import MeteredDatabase
from tests.support.simulated import SimulatedOperation, World, message
from tests.support.task_fields import with_fields

_EACH = 10  # tasks of a request
_CHUNK = 2_000  # documents of a commit
_PAGE = 500  # operations in a page of the list
_GRID = PixelGrid("EPSG:32633", 10.0, 41_234, 512_345, 300, 200)


@dataclass(frozen=True)
class Tick:
    """What one tick took: requests to Earth Engine, documents, CPU seconds, MB at its peak."""

    requests: int
    reads: int
    counts: int
    writes: int
    seconds: float
    megabytes: float


class Crowd:
    """`history` ended tasks and `active` running ones, ten to a request."""

    def __init__(self, folder: Path, history: int, active: int) -> None:
        self.world = World(folder)
        self.world.close()
        self.database = MeteredDatabase(SqliteDatabase(folder / "crowd.db", 20.0))
        self.world.store = DocumentStore(self.database)
        self.world.ee.run = timedelta(days=9)
        self.drawn = 0
        self._watch_list()
        self._remember(history)
        self._fill(active)
        self._context: PollContext = self.world.context()
        self._left = sorted(self.world.ee.made)

    def close(self) -> None:
        """Close the store."""
        self.world.store.close()

    def settle_in(self) -> None:
        """Let the first ticks pass, in which all is looked at once."""
        for _ in range(3):
            self.tick(0)

    def tick(self, changes: int, minutes: float = 1) -> Tick:
        """Let so many exports succeed and a minute pass, then poll; return what the tick took."""
        self.world.clock.sleep(minutes * 60)
        for _ in range(changes):
            self._succeed(self._left.pop())
        calls, self.drawn = sum(self.world.ee.calls.values()), 0
        self.database.reset()
        tracemalloc.start()
        began = process_time()
        poll(self._context)
        seconds = process_time() - began
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        asked = sum(self.world.ee.calls.values()) - calls + max(0, self.drawn - 1) // _PAGE
        meter = self.database.meter
        return Tick(asked, meter.reads, meter.counts, meter.writes, seconds, peak)

    def _remember(self, count: int) -> None:
        """Store requests that ended long ago, with their tasks: documents like the first one's."""
        at = self.world.clock.now() - timedelta(days=60)
        first = _record("old-000000", at, RequestState.VERIFIED, TaskState.VERIFIED)
        self.world.store.create_request(first)
        self.world.store.create_tasks([_task(first, 1, TaskState.VERIFIED)])
        [request] = self.database.get(REQUESTS, [first.id]).values()
        [task] = self.database.get(TASKS, [f"{first.id}-o001a"]).values()
        news: list[Create] = []
        for number in range(1, count // _EACH + 1):
            name = f"old-{number:06d}"
            news.append(Create(REQUESTS, name, {**request.document, "id": name}))
            for orbit in range(1, _EACH + 1):
                task_id = f"{name}-o{orbit:03d}a"
                plan = {**task.document["plan"], "id": task_id, "request_id": name}
                news.append(Create(TASKS, task_id, {**task.document, "plan": plan}))
            if len(news) > _CHUNK:
                self.database.commit(news)
                news.clear()
        self.database.commit(news)

    def _fill(self, count: int) -> None:
        """Store requests under way, with their running tasks and operations."""
        now = self.world.clock.now()
        for number in range(count // _EACH):
            at = now - timedelta(minutes=90 + 20 * number)  # their progress stands still
            record = _record(f"new-{number:06d}", at, RequestState.RUNNING, TaskState.RUNNING)
            tasks = [_task(record, orbit, TaskState.RUNNING) for orbit in range(1, _EACH + 1)]
            self.world.store.create_request(record)
            self.world.store.create_tasks(tasks)
            for task in tasks:
                self._operate(task)

    def _operate(self, task: Task) -> None:
        assert task.run.operation is not None
        assert task.claim.starting_at is not None
        self.world.ee.put(
            SimulatedOperation(
                task.run.operation,
                description("prod", task),
                task.claim.starting_at,
                task.claim.starting_at,
                task.claim.starting_at,
                f"https://console.developers.google.com/storage/browser/exports/{task.plan.folder}/",
                task.plan.object_name(1),
                task.plan,
                state="RUNNING",
            )
        )

    def _succeed(self, name: str) -> None:
        operation = self.world.ee.made[name]
        operation.enter("SUCCEEDED", self.world.clock.now())
        file = operation.file()
        assert file is not None
        self.world.bucket.write(file, operation.updated_at)

    def _watch_list(self) -> None:
        listing = self.world.ee.list_operations

        def watched() -> Iterator[Operation]:
            for operation in listing():
                self.drawn += 1
                yield operation

        self.world.ee.list_operations = watched  # type: ignore[method-assign]


def _record(name: str, at: datetime, state: RequestState, tasks: TaskState) -> RequestRecord:
    text = message(request_id=name).decode()
    record = RequestRecord(name, "0" * 64, text, state, at, at, size=_EACH)
    return replace(record, tallies={tasks.value: _EACH})


def _task(record: RequestRecord, orbit: int, state: TaskState) -> Task:
    name, at = f"{record.id}-o{orbit:03d}a", record.created_at
    folder = f"composites/{record.id}"
    plan = ExportTask(name, record.id, orbit, Direction.ASCENDING, _GRID, ("b",), folder)
    operation = f"projects/p/operations/{name}"
    return with_fields(planned(plan, at, 100, at), state=state, operation=operation, starting_at=at)
