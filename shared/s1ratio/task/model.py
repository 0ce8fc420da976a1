"""One export task as it is stored."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from s1ratio.errors import InvalidTransition
from s1ratio.plan import ExportTask
from s1ratio.task.states import MOVES, TaskState


@dataclass(frozen=True)
class Task:
    """One export task as it is stored. Times are UTC.

    Its place in the queue: `priority`, then `turn`, which is dealt so that requests take turns; it
    is 0 for what goes before them, and negative until the task may start at all.
    `not_before` holds a planned task back, whatever the reason; a SUCCEEDED or LOST task waits
    until then for a look at its files.

    Its starts: `attempt` numbers those that may have had an operation, from 1; `retries` counts
    the failures among them that are held against it; `start_number` counts the Earth Engine
    request ids taken within an attempt; `id_used_at` is when the last one was refused as used.
    `starting_at` is since when the attempt may have an operation; planned once more, the task keeps
    that of the last one, for the day's count. `tries` counts what went wrong since it came into its
    state: starts that broke, verifications that came to no end.

    Its pixels: `digest` tells two tasks with the same pixels; `waits_for` is the task that is
    exporting them, `same_as` the one that has. `parts` is how many children it was split into,
    `parent` whose child it is, `depth` how often split.

    `eecu_seconds` were spent on all its attempts, `eecu_earlier` on those before this one.
    `cancelling` says why it is to be cancelled. `ended_at` and `expire_at` are set when it ends.
    `version` is the store's token for compare-and-set and no part of what is stored.
    """

    plan: ExportTask
    state: TaskState
    created_at: datetime
    priority: int
    not_before: datetime
    turn: int = 0
    attempt: int = 1
    retries: int = 0
    start_number: int = 1
    owner: str | None = None
    lease_until: datetime | None = None
    starting_at: datetime | None = None
    ee_request_id: str | None = None
    id_used_at: datetime | None = None
    operation: str | None = None
    progress: float = 0.0
    eecu_seconds: float | None = None
    eecu_earlier: float = 0.0
    error_class: str | None = None
    error: str | None = None
    tries: int = 0
    verified: bool | None = None
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    digest: str | None = None
    waits_for: str | None = None
    same_as: str | None = None
    parent: str | None = None
    depth: int = 0
    parts: int = 0
    cancelling: str | None = None
    ended_at: datetime | None = None
    expire_at: datetime | None = None
    version: Any = field(default=None, compare=False)

    @property
    def id(self) -> str:
        """The task's deterministic id."""
        return self.plan.id

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself: a terminal state, or nobody can check."""
        unchecked = self.state is TaskState.SUCCEEDED and self.verified is False
        return self.state.terminal or unchecked

    @property
    def in_flight(self) -> bool:
        """Whether its pixels are on their way: started, or succeeded and not looked at yet."""
        return not self.ended and self.state is not TaskState.PLANNED

    @property
    def children(self) -> tuple[str, ...]:
        """The ids of the tasks that it was split into."""
        return tuple(f"{self.id}-q{number}" for number in range(self.parts))

    def to(self, state: TaskState, **changes: Any) -> "Task":
        """Return the task after a move; raise InvalidTransition if its state knows none."""
        if state not in MOVES[self.state]:
            raise InvalidTransition(f"task {self.id} can't go from {self.state} to {state}")
        tries = self.tries if state is self.state else 0
        return replace(self, **{"state": state, "tries": tries, **changes})

    def released(self) -> "Task":
        """Return the task without the claim on its start."""
        return replace(self, owner=None, lease_until=None, id_used_at=None)


def planned(
    plan: ExportTask,
    now: datetime,
    priority: int,
    not_before: datetime,
    *,
    turn: int = 0,
    digest: str | None = None,
) -> Task:
    """Return a new task that waits for its start."""
    return Task(plan, TaskState.PLANNED, now, priority, not_before, turn=turn, digest=digest)
