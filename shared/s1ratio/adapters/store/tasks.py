"""Export tasks as documents, and the claims on their pixels."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from s1ratio.adapters.store import queries
from s1ratio.adapters.store.base import Documents, chunks, compare_and_set, record_in
from s1ratio.adapters.store.codec import Codec
from s1ratio.adapters.store.database import Create, Query, Replace, Write
from s1ratio.adapters.store.queries import PIXELS, TASKS
from s1ratio.records import ENDED_WITHOUT, MAX_MISSING, Event, PixelClaim, Tallies
from s1ratio.task import GROUPS, Task, TaskState

_TASK = Codec(Task, groups=GROUPS)
_CLAIM = Codec(PixelClaim)


class TaskDocuments(Documents):
    """The part of a Store that keeps tasks; see there."""

    def create_tasks(self, tasks: Sequence[Task]) -> None:
        """Create tasks, each only if its id is new, in commits of at most 500 and 2 MiB."""
        for chunk in chunks(map(_create, tasks)):
            self._create_missing(chunk)

    def task(self, task_id: str) -> Task | None:
        """Return a task, or None."""
        return self.tasks([task_id]).get(task_id)

    def tasks(self, task_ids: Iterable[str]) -> dict[str, Task]:
        """Return the tasks of these ids that exist, by id."""
        found = self._database.get(TASKS, task_ids)
        read = {name: self._read(_TASK, TASKS, item) for name, item in found.items()}
        return {name: task for name, task in read.items() if task is not None}

    def tasks_of(self, request_id: str) -> Sequence[Task]:
        """Return all tasks of a request, by id."""
        found = self._database.find(queries.tasks_of(request_id))
        tasks = [_TASK.record(item.document, item.version) for item in found]
        return sorted(tasks, key=lambda task: task.id)

    def tasks_of_in(self, request_id: str, state: TaskState, limit: int) -> Sequence[Task]:
        """Return tasks of a request that are in a state."""
        return self._tasks(queries.in_state(request_id, state, limit))

    def tallies(self, request_id: str) -> Tallies:
        """Return a request's tasks in numbers, counted where they lie: none of them is read.

        Tasks move between one count and the next. So what is open is counted first and at once: a
        task put back from a state not counted yet to one that was would be in none of the others.
        """
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
        """Compare-and-set a task, with all that goes into the same commit; return it as stored."""
        if task.id != to.id:
            raise ValueError(f"task {task.id} can't become {to.id}")
        document = _TASK.document(to)
        more: list[Write] = [_create(child) for child in children]
        if claim is not None:
            more.append(compare_and_set(_CLAIM, PIXELS, claim.digest, claim, claim.version))
        version = self._commit(Replace(TASKS, to.id, document, expected), events, *more)
        return _TASK.record(document, version)

    def startable(self, now: datetime, limit: int, least_turn: int | None = None) -> Sequence[Task]:
        """Return planned tasks whose `not_before` has come: by priority (high first), then turn."""
        return self._tasks(queries.startable(now, limit, least_turn))

    def first_in_line(self, priority: int, now: datetime) -> Task | None:
        """Return the due task of a priority with the lowest turn above 0, or None."""
        return next(iter(self._tasks(queries.first_in_line(priority, now))), None)

    def stale_starts(self, now: datetime, limit: int) -> Sequence[Task]:
        """Return STARTING tasks whose lease is over, oldest lease first."""
        return self._tasks(queries.stale_starts(now, limit))

    def to_verify(self, now: datetime, limit: int) -> Sequence[Task]:
        """Return SUCCEEDED tasks without a verdict whose `not_before` has come, in its order."""
        return self._tasks(queries.to_verify(now, limit))

    def lost(self, now: datetime, limit: int) -> Sequence[Task]:
        """Return LOST tasks whose `not_before` has come, in its order."""
        return self._tasks(queries.lost(now, limit))

    def waiting_for(self, task_id: str, limit: int) -> Sequence[Task]:
        """Return planned tasks that wait for this one's pixels."""
        return self._tasks(queries.waiting_for(task_id, limit))

    def cancelling_tasks(self, limit: int) -> Sequence[Task]:
        """Return tasks that are to be cancelled, each for itself, and have not ended yet."""
        return self._tasks(queries.cancelling_tasks(limit))

    def tasks_in(
        self, state: TaskState, limit: int, since: datetime | None = None
    ) -> Sequence[Task]:
        """Return tasks in a state, made at `since` or later, oldest first."""
        return self._tasks(queries.tasks_in(state, limit, since))

    def ended(self, limit: int, since: datetime | None = None) -> Sequence[Task]:
        """Return tasks that ended at `since` or later, in that order."""
        return self._tasks(queries.ended(limit, since))

    def count_active(self) -> int:
        """Return how many tasks take room in Earth Engine's queue."""
        return self._database.count(queries.active())

    def count_planned(self) -> int:
        """Return how many tasks wait for their start, whatever holds them back."""
        return self._database.count(queries.planned())

    def count_started(self, since: datetime) -> int:
        """Return how many tasks had their last attempt started at `since` or later."""
        return self._database.count(queries.started(since))

    def oldest_start(self) -> datetime | None:
        """Return the earliest `starting_at` of the active tasks, or None without any."""
        return next((task.claim.starting_at for task in self._tasks(queries.oldest_start())), None)

    def pixel_claim(self, digest: str) -> PixelClaim | None:
        """Return which task exports the pixels of a digest, or did last, or None."""
        return record_in(_CLAIM, self._database.get(PIXELS, [digest]).get(digest))

    def _tasks(self, query: Query) -> list[Task]:
        return self._readable(_TASK, query)


def _create(task: Task) -> Create:
    return Create(TASKS, task.id, _TASK.document(task))
