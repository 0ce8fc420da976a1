"""What the store holds beside tasks: requests, rejections, outgoing events."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from s1ratio.errors import Fault
from s1ratio.plan import OrbitPass
from s1ratio.task import Task, TaskState


class RequestState(StrEnum):
    """Where a request stands; past ACCEPTED it follows from its tasks."""

    EXPANDING = "EXPANDING"  # stored, its tasks not all created yet
    ACCEPTED = "ACCEPTED"  # all tasks exist, none has started
    RUNNING = "RUNNING"
    VERIFIED = "VERIFIED"
    SUCCEEDED = "SUCCEEDED"  # exported to where it can't be read back
    EMPTY = "EMPTY"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"  # found impossible after it was stored, such as no_scenes

    @property
    def terminal(self) -> bool:
        """Whether nothing more will happen."""
        return self not in {RequestState.EXPANDING, RequestState.ACCEPTED, RequestState.RUNNING}


@dataclass(frozen=True)
class RequestRecord:
    """One request as stored. `message` is the JSON as sent; `passes` None until resolved.

    `tallies` counts its tasks by state; the poller recomputes them, nobody increments. `tries`
    counts the times that Earth Engine did not tell the passes.
    """

    id: str
    digest: str
    message: str
    state: RequestState
    created_at: datetime
    not_before: datetime
    passes: tuple[OrbitPass, ...] | None = None
    tallies: dict[str, int] = field(default_factory=dict)
    reasons: tuple[Fault, ...] = ()
    error: str | None = None
    tries: int = 0
    version: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class Rejection:
    """A message that was refused: why, when, and a copy of it, cut to `MAX_REJECTED_COPY`."""

    id: str
    at: datetime
    reasons: tuple[Fault, ...]
    payload: str
    message_id: str | None = None


MAX_REJECTED_COPY = 20_000


@dataclass(frozen=True)
class Event:
    """Something that others will want to hear of, committed with the change that it tells of."""

    id: str
    kind: str
    request_id: str
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)


def state_of(tasks: Iterable[Task]) -> tuple[RequestState, dict[str, int]]:
    """Return the state of a request whose tasks are all created, and their tallies by state."""
    every = list(tasks)
    tallies = Counter(task.state for task in every)
    counts = {state.value: tallies[state] for state in TaskState if tallies[state]}
    if all(task.ended for task in every):
        return _end(set(tallies) - {TaskState.SPLIT}), counts
    started = any(state is not TaskState.PLANNED for state in tallies)
    return (RequestState.RUNNING if started else RequestState.ACCEPTED), counts


def _end(states: set[TaskState]) -> RequestState:
    """Return what a request's ended tasks come to: PARTIAL only where some of it is there."""
    done = states & {TaskState.VERIFIED, TaskState.SUCCEEDED}
    if done and states - done - {TaskState.EMPTY}:
        return RequestState.PARTIAL
    for state in (TaskState.SUCCEEDED, TaskState.VERIFIED, TaskState.FAILED, TaskState.CANCELLED):
        if state in states:
            return RequestState(state.value)
    return RequestState.EMPTY
