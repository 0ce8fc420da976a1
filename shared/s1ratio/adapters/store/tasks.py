"""Export tasks as documents, and the claims on their pixels."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from typing_extensions import override

from s1ratio.adapters.store import queries
from s1ratio.adapters.store.base import Documents, chunks, compare_and_set, record_in, record_of
from s1ratio.adapters.store.codec import Codec
from s1ratio.adapters.store.database import Create, Query, Replace, Write
from s1ratio.adapters.store.queries import PIXELS, TASKS
from s1ratio.ports import TaskStore
from s1ratio.records import ENDED_WITHOUT, MAX_MISSING, Event, PixelClaim, Tallies
from s1ratio.task import GROUPS, Task, TaskState

TASK = Codec(Task, as_text=frozenset({"labels"}), groups=GROUPS)
_CLAIM = Codec(PixelClaim)


class TaskDocuments(Documents, TaskStore):
    """The part of a Store that keeps tasks; see there."""

    @override
    def create_tasks(self, tasks: Sequence[Task]) -> None:
        for chunk in chunks(map(task_creation, tasks)):
            self._create_missing(chunk)

    @override
    def get_task(self, task_id: str) -> Task | None:
        return self.get_tasks([task_id]).get(task_id)

    @override
    def get_tasks(self, task_ids: Iterable[str]) -> dict[str, Task]:
        found = self._database.get(TASKS, task_ids)
        read = {name: self._read(TASK, TASKS, item) for name, item in found.items()}
        return {name: task for name, task in read.items() if task is not None}

    @override
    def find_tasks_of(self, request_id: str) -> Sequence[Task]:
        found = self._database.find(queries.tasks_of(request_id))
        tasks = [record_of(TASK, f"a task of {request_id}", item) for item in found]
        return sorted(tasks, key=lambda task: task.id)

    @override
    def find_tasks_of_in(self, request_id: str, state: TaskState, limit: int) -> Sequence[Task]:
        return self._tasks(queries.in_state(request_id, state, limit))

    @override
    def count_tasks_of(self, request_id: str) -> Tallies:
        # Tasks move between one count and the next. So what is open is counted first and at once: a
        # task put back from a state not counted yet to one that was would be in none of the others.
        count = self._database.count
        moving = count(queries.moving(request_id))
        counts = {state: count(queries.leaves(request_id, state)) for state in TaskState}
        counts[TaskState.SPLIT] = count(queries.in_state(request_id, TaskState.SPLIT))
        missing = [
            task.id
            for state in ENDED_WITHOUT
            if counts[state]
            for task in self._tasks(queries.leaves(request_id, state, MAX_MISSING))
        ]
        succeeded = counts[TaskState.SUCCEEDED]
        unchecked = count(queries.unchecked(request_id)) if succeeded else 0
        return Tallies(
            {state: number for state, number in counts.items() if number},
            open=moving + succeeded - unchecked,
            eecu_seconds=self._database.total(queries.spent(request_id), "eecu_seconds"),
            missing=tuple(sorted(missing)[:MAX_MISSING]),
        )

    @override
    def transition(
        self,
        task: Task,
        to: Task,
        expected: Any,
        events: Sequence[Event] = (),
        *,
        children: Sequence[Task] = (),
        claim: PixelClaim | None = None,
    ) -> Task:
        if task.id != to.id:
            raise ValueError(f"task {task.id} can't become {to.id}")
        document = TASK.document(to)
        parts = [task_creation(child) for child in children]
        more: list[Write] = []
        if claim is not None:
            more.append(compare_and_set(_CLAIM, PIXELS, claim.digest, claim, claim.version))
        version = self._commit(
            Replace(TASKS, to.id, document, expected), events, *more, parts=parts
        )
        return replace(to, version=version)

    @override
    def find_startable(
        self, now: datetime, limit: int, least_turn: int | None = None
    ) -> Sequence[Task]:
        return self._tasks(queries.startable(now, limit, least_turn))

    @override
    def find_first_in_line(self, priority: int, now: datetime) -> Task | None:
        return next(iter(self._tasks(queries.first_in_line(priority, now))), None)

    @override
    def find_stale_starts(self, now: datetime, limit: int) -> Sequence[Task]:
        return self._tasks(queries.stale_starts(now, limit))

    @override
    def find_to_verify(self, now: datetime, limit: int) -> Sequence[Task]:
        return self._tasks(queries.to_verify(now, limit))

    @override
    def find_lost(self, now: datetime, limit: int) -> Sequence[Task]:
        return self._tasks(queries.lost(now, limit))

    @override
    def find_waiting_for(self, task_id: str, limit: int) -> Sequence[Task]:
        return self._tasks(queries.waiting_for(task_id, limit))

    @override
    def find_cancelling_tasks(self, limit: int) -> Sequence[Task]:
        return self._tasks(queries.cancelling_tasks(limit))

    @override
    def find_tasks_in(
        self, state: TaskState, limit: int, since: datetime | None = None
    ) -> Sequence[Task]:
        return self._tasks(queries.tasks_in(state, limit, since))

    @override
    def find_ended(self, limit: int, since: datetime | None = None) -> Sequence[Task]:
        return self._tasks(queries.ended(limit, since))

    @override
    def find_to_catalogue(self, now: datetime, limit: int) -> Sequence[Task]:
        return self._tasks(queries.to_catalogue(now, limit))

    @override
    def find_verified_of(self, work: str, limit: int) -> Sequence[Task]:
        return self._tasks(queries.verified_of(work, limit))

    @override
    def count_active(self) -> int:
        return self._database.count(queries.active())

    @override
    def count_planned(self) -> int:
        return self._database.count(queries.planned())

    @override
    def count_started(self, since: datetime) -> int:
        return self._database.count(queries.started(since))

    @override
    def find_oldest_start(self) -> datetime | None:
        return next((task.claim.starting_at for task in self._tasks(queries.oldest_start())), None)

    @override
    def get_pixel_claim(self, digest: str) -> PixelClaim | None:
        return record_in(_CLAIM, PIXELS, digest, self._database.get(PIXELS, [digest]))

    def _tasks(self, query: Query) -> list[Task]:
        return self._readable(TASK, query)


def task_creation(task: Task) -> Create:
    """Return the write of a new task."""
    return Create(TASKS, task.id, TASK.document(task))
