"""What the store holds beside tasks: requests, rejections, outgoing events, claims on pixels."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from s1ratio.faults import Fault
from s1ratio.plan import OrbitPass, PlanLimits
from s1ratio.task import Task, TaskState

Topic = Literal["requests", "commands"]


class RequestState(StrEnum):
    """Where a request stands; past ACCEPTED it follows from its tasks."""

    EXPANDING = "EXPANDING"  # stored, its tasks not all created yet
    ACCEPTED = "ACCEPTED"  # all tasks exist, none has started
    RUNNING = "RUNNING"
    VERIFIED = "VERIFIED"
    SUCCEEDED = "SUCCEEDED"  # exported to where it can't be read back
    EMPTY = "EMPTY"  # there is nothing: no scene, or all is masked
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"  # found impossible after it was stored, such as too_many_tasks

    @property
    def terminal(self) -> bool:
        """Whether nothing more will happen."""
        return self not in {RequestState.EXPANDING, RequestState.ACCEPTED, RequestState.RUNNING}


@dataclass(frozen=True)
class Search:
    """How far the search for a request's passes is, which asks in as many `parts` as it must.

    `found` are the passes of the first `days` of its period.
    """

    parts: int = 1
    days: int = 0
    found: tuple[OrbitPass, ...] = ()


@dataclass(frozen=True)
class RequestRecord:
    """One request as stored. `message` is the JSON as sent; `passes` None until resolved.

    `resolved` are its fields as JSON, with the defaults of the day on which it was taken in; None
    in records of earlier versions. `size` is how many tasks it was planned as. `tallies` counts
    them by state, `eecu_seconds` sums what they spent, `missing` names those (50 at most) that
    ended without an output; the poller recomputes all three, nobody increments. `cancelling` says
    why it is to be cancelled. `error_class` is the error's, where it FAILED before it had tasks.
    `round` counts how often it was set going. `search` is how far the search for the passes is,
    `tries` counts how often Earth Engine did not answer it since it last went on, `mishaps` how
    often an error came that nobody expects. `priority` is that of its tasks; None in records of
    earlier versions. `limits` are those that its plan was made by; None before it has its passes,
    and in records of earlier versions. `idle_since` and `line_since` are the idle clocks' times
    when it was first seen after the last time that anything became of it. `notes` say what of its
    message was left out. `labels` are the message's, `name=value` each, and `region` or `incident`
    what it was made for: empty in records of earlier versions.
    `commands` are the last commands that changed it. `sequence` counts its changes that were told.
    """

    id: str
    digest: str
    message: str
    state: RequestState
    created_at: datetime
    not_before: datetime
    passes: tuple[OrbitPass, ...] | None = None
    size: int = 0
    tallies: dict[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    eecu_seconds: float = 0.0
    reasons: tuple[Fault, ...] = ()
    error: str | None = None
    error_class: str | None = None
    cancelling: str | None = None
    round: int = 1
    tries: int = 0
    search: Search = Search()
    priority: int | None = None
    limits: PlanLimits | None = None
    resolved: str | None = None
    mishaps: int = 0
    idle_since: datetime | None = None
    line_since: datetime | None = None
    notes: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    region: str | None = None
    incident: str | None = None
    commands: tuple[str, ...] = ()
    ended_at: datetime | None = None
    expire_at: datetime | None = None
    sequence: int = 0
    version: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class Rejection:
    """A message that was refused: why, when, and a copy of it, cut to `MAX_REJECTED_COPY`.

    `topic` is the one that it came by.
    """

    id: str
    at: datetime
    reasons: tuple[Fault, ...]
    payload: str
    message_id: str | None = None
    expire_at: datetime | None = None
    topic: Topic = "requests"


MAX_REJECTED_COPY = 20_000


@dataclass(frozen=True)
class Event:
    """Something that others will want to hear of, committed with the change that it tells of.

    `kind` is its type, as `events.kinds` has them, and `subject` the id of the record that it is
    of: the `sequence`-th change of that one which is told. Events of one `key` are told in the
    order of their commits. `request_id` is "" where it is of no request. `attributes` are what
    subscribers may filter by, beside what follows from the other fields.

    `unsent_since` is there as long as nobody has published it; None in events of earlier versions,
    which were never meant to be. `version` sorts as events were committed.
    """

    id: str
    kind: str
    request_id: str
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    expire_at: datetime | None = None
    subject: str = ""
    sequence: int = 0
    key: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    unsent_since: datetime | None = None
    version: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class StoreIdentity:
    """Which store this is among those of one deployment's name, and where it was when it got it.

    `id` is 8 letters and digits. `place` and `marks` are as the database tells them: one that lies
    at another place, or bears none of the marks, is a copy, and gets an identity of its own.
    """

    id: str
    at: datetime
    place: str
    marks: tuple[str, ...]
    version: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class PixelClaim:
    """Which task exports the pixels of a digest, or did last. `version` None: none did before."""

    digest: str
    task_id: str
    at: datetime
    expire_at: datetime | None = None
    version: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class Tallies:
    """A request's tasks in numbers: by state, those that have not ended, EECU-seconds spent.

    A task that was split counts only as long as it is SPLIT: after that its parts stand for it.
    `missing` names those (50 at most) that ended without an output.
    """

    counts: Mapping[TaskState, int]
    open: int = 0
    eecu_seconds: float = 0.0
    missing: tuple[str, ...] = ()


MAX_MISSING = 50
ENDED_WITHOUT = (TaskState.CANCELLED, TaskState.FAILED)


def tally(tasks: Iterable[Task]) -> Tallies:
    """Return all tasks of a request in numbers."""
    every = list(tasks)
    counted = [task for task in every if not task.family.parts or task.state is TaskState.SPLIT]
    missing = sorted(task.id for task in counted if task.state in ENDED_WITHOUT)
    return Tallies(
        counts=Counter(task.state for task in counted),
        open=sum(not task.ended for task in counted),
        eecu_seconds=sum(task.run.eecu_seconds or 0.0 for task in every),
        missing=tuple(missing[:MAX_MISSING]),
    )


def state_of(tallies: Tallies) -> RequestState:
    """Return the state of a request whose tasks are all created."""
    counts = {state: count for state, count in tallies.counts.items() if count}
    if not tallies.open:
        return _end(set(counts))
    waiting = all(state is TaskState.PLANNED for state in counts)
    return RequestState.ACCEPTED if waiting else RequestState.RUNNING


def _end(states: set[TaskState]) -> RequestState:
    """Return what a request's ended tasks come to: PARTIAL only where some of it is there."""
    done = states & {TaskState.VERIFIED, TaskState.SUCCEEDED}
    if done and states - done - {TaskState.EMPTY}:
        return RequestState.PARTIAL
    for state in (TaskState.SUCCEEDED, TaskState.VERIFIED, TaskState.FAILED, TaskState.CANCELLED):
        if state in states:
            return RequestState(state.value)
    return RequestState.EMPTY
