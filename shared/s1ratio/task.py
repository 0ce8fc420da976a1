"""Export tasks as data: their states, and the moves between them. Pure: no clock, no call.

    PLANNED → STARTING → SUBMITTED → RUNNING → SUCCEEDED → VERIFIED | EMPTY
       ↑__________| queue full           |→ FAILED | retry → PLANNED (attempt + 1)
                                         |→ CANCELLED | LOST | SPLIT

Every move is a function from a task to a new task; a store writes it with compare-and-set.
"""

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from s1ratio.errors import InvalidTransition
from s1ratio.plan import ExportTask


class TaskState(StrEnum):
    """Where an export task stands."""

    PLANNED = "PLANNED"
    STARTING = "STARTING"
    SUBMITTED = "SUBMITTED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    VERIFIED = "VERIFIED"
    EMPTY = "EMPTY"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    LOST = "LOST"
    SPLIT = "SPLIT"

    @property
    def terminal(self) -> bool:
        """Whether nothing more will happen."""
        return self in _TERMINAL

    @property
    def active(self) -> bool:
        """Whether Earth Engine may hold an operation for it: it takes room in the queue."""
        return self in ACTIVE


_TERMINAL = frozenset(
    {TaskState.VERIFIED, TaskState.EMPTY, TaskState.FAILED, TaskState.CANCELLED, TaskState.SPLIT}
)
ACTIVE = frozenset({TaskState.STARTING, TaskState.SUBMITTED, TaskState.RUNNING})

_S = TaskState
_FROM_RUNNING = frozenset(
    {_S.RUNNING, _S.SUCCEEDED, _S.FAILED, _S.CANCELLED, _S.LOST, _S.PLANNED, _S.SPLIT}
)
MOVES: dict[TaskState, frozenset[TaskState]] = {
    _S.PLANNED: frozenset({_S.PLANNED, _S.STARTING, _S.FAILED, _S.CANCELLED}),
    _S.STARTING: frozenset({_S.STARTING, _S.SUBMITTED, _S.PLANNED, _S.FAILED, _S.CANCELLED}),
    _S.SUBMITTED: _FROM_RUNNING | {_S.SUBMITTED},
    _S.RUNNING: _FROM_RUNNING,
    _S.SUCCEEDED: frozenset({_S.SUCCEEDED, _S.VERIFIED, _S.EMPTY, _S.FAILED, _S.PLANNED}),
    _S.LOST: frozenset({_S.SUBMITTED, _S.RUNNING, _S.SUCCEEDED, _S.PLANNED, _S.FAILED}),
    **dict.fromkeys(_TERMINAL, frozenset[TaskState]()),
}


@dataclass(frozen=True)
class Task:
    """One export task as it is stored. Times are UTC.

    `attempt` counts the starts that cost an attempt, from 1; `start_number` counts the Earth
    Engine request ids taken within it; `id_used_at` is when the last one was refused as used.
    `starting_at` is since when the attempt may have an operation.
    `not_before` holds a planned task back, whatever the
    reason; a SUCCEEDED task waits until then for its verification. `tries` counts what went wrong
    since it came into its state: starts that broke, verifications that came to no end. `version`
    is the store's token for compare-and-set and no part of what is stored.
    """

    plan: ExportTask
    state: TaskState
    created_at: datetime
    priority: int
    not_before: datetime
    attempt: int = 1
    start_number: int = 1
    owner: str | None = None
    lease_until: datetime | None = None
    starting_at: datetime | None = None
    ee_request_id: str | None = None
    id_used_at: datetime | None = None
    operation: str | None = None
    progress: float = 0.0
    eecu_seconds: float | None = None
    error_class: str | None = None
    error: str | None = None
    tries: int = 0
    verified: bool | None = None
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    version: Any = field(default=None, compare=False)

    @property
    def id(self) -> str:
        """The task's deterministic id."""
        return self.plan.id

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen: a terminal state, or a success nobody can check."""
        unchecked = self.state is TaskState.SUCCEEDED and self.verified is False
        return self.state.terminal or unchecked

    def to(self, state: TaskState, **changes: Any) -> "Task":
        """Return the task after a move; raise InvalidTransition if its state knows none."""
        if state not in MOVES[self.state]:
            raise InvalidTransition(f"task {self.id} can't go from {self.state} to {state}")
        tries = self.tries if state is self.state else 0
        return replace(self, **{"state": state, "tries": tries, **changes})


def planned(plan: ExportTask, now: datetime, priority: int, not_before: datetime) -> Task:
    """Return a new task that waits for its start."""
    return Task(plan, TaskState.PLANNED, now, priority, not_before)


def starting(task: Task, owner: str, now: datetime, lease: timedelta, deployment: str) -> Task:
    """Return the task claimed by `owner` for one POST, under its next Earth Engine request id.

    From STARTING it is the claim of somebody else's broken start: the same id goes on, and
    `starting_at` stays, since an operation may have been made since then.
    """
    again = task.state is TaskState.STARTING
    return task.to(
        TaskState.STARTING,
        owner=owner,
        lease_until=now + lease,
        starting_at=task.starting_at if again else now,
        ee_request_id=ee_request_id(deployment, task.id, task.attempt, task.start_number),
        operation=None,
    )


def next_start(task: Task, deployment: str) -> Task:
    """Return the same claim under a fresh Earth Engine request id: the last one is burned."""
    number = task.start_number + 1
    fresh = ee_request_id(deployment, task.id, task.attempt, number)
    return task.to(TaskState.STARTING, start_number=number, ee_request_id=fresh, id_used_at=None)


def id_used(task: Task, now: datetime, look_again: datetime) -> Task:
    """Return the claim whose request id was refused as used: touch it no sooner than `look_again`.

    The operation that used it may reach the list late.
    """
    return task.to(TaskState.STARTING, id_used_at=task.id_used_at or now, lease_until=look_again)


def held(task: Task, until: datetime, error_class: str, error: str) -> Task:
    """Return the claim of a broken start that found no room: touch it no sooner than `until`.

    It is not put back: its first POST may have been taken all the same.
    """
    told = {"error_class": error_class, "error": error}
    return task.to(TaskState.STARTING, lease_until=until, **told)


def postponed(task: Task, until: datetime, error_class: str, error: str) -> Task:
    """Return the task after one more try that came to nothing: to be touched again at `until`.

    Of a start nothing is known then: its lease lasts as long as it did, if not longer.
    """
    told = {"tries": task.tries + 1, "error_class": error_class, "error": error}
    if task.state is TaskState.STARTING:
        return task.to(task.state, lease_until=max(until, task.lease_until or until), **told)
    return task.to(task.state, not_before=until, **told)


def submitted(task: Task, operation: str) -> Task:
    """Return the task with the operation that Earth Engine made for it."""
    return _released(
        task.to(TaskState.SUBMITTED, operation=operation, error=None, error_class=None)
    )


def put_back(task: Task, not_before: datetime, error_class: str, error: str) -> Task:
    """Return a start that found no room to the planned ones; it cost no attempt.

    Only for one whose every POST was refused: else an operation might be forgotten.
    """
    return _released(
        task.to(
            TaskState.PLANNED,
            start_number=task.start_number + 1,
            not_before=not_before,
            error_class=error_class,
            error=error,
        )
    )


def retried(task: Task, not_before: datetime, error_class: str, error: str) -> Task:
    """Return the task planned for its next attempt."""
    return _released(
        task.to(
            TaskState.PLANNED,
            attempt=task.attempt + 1,
            start_number=1,
            not_before=not_before,
            operation=None,
            progress=0.0,
            error_class=error_class,
            error=error,
        )
    )


def failed(task: Task, error_class: str, error: str) -> Task:
    """Return the task ended by an error that no retry mends."""
    return _released(task.to(TaskState.FAILED, error_class=error_class, error=error))


def _released(task: Task) -> Task:
    return replace(task, owner=None, lease_until=None, id_used_at=None)


def ee_request_id(deployment: str, task_id: str, attempt: int, start_number: int) -> str:
    """Return the deterministic request id of one start: `s1-` and 40 hex (60 are allowed)."""
    text = f"{deployment}|{task_id}|{attempt}|{start_number}"
    return f"s1-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def description(deployment: str, task: Task) -> str:
    """Return the description of an attempt's operation, the way back from it to the task."""
    return f"s1r-{deployment}-{task.id}-a{task.attempt}"


def task_of(deployment: str, text: str) -> tuple[str, int] | None:
    """Return (task id, attempt) of a description of this deployment, matched whole, or None."""
    found = re.fullmatch(rf"s1r-{re.escape(deployment)}-(.+)-a([1-9][0-9]{{0,5}})", text)
    return (found[1], int(found[2])) if found else None
