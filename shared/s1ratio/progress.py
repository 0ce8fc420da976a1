"""Progress: what each task of a request waits for, until when, and for how long already. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from s1ratio.errors import ErrorClass
from s1ratio.records import RequestRecord, RequestState
from s1ratio.task import Task, TaskState

# Until when starts are held up, by what holds them.
Holds = Mapping[ErrorClass, datetime]
HELD_WORDS = {
    ErrorClass.QUOTA: "Earth Engine's quota is used up",
    ErrorClass.OUTAGE: "Earth Engine does not answer",
    ErrorClass.REFUSED: "Earth Engine refuses what it is asked",
    ErrorClass.QUEUE: "Earth Engine's queue is full",
    ErrorClass.CEILING: "as many tasks were started today as a day may have",
}
_WAITS_FOR = {
    TaskState.STARTING: "Earth Engine to take its start",
    TaskState.SUBMITTED: "Earth Engine to begin its export",
    TaskState.RUNNING: "its export to end",
    TaskState.SUCCEEDED: "its files to be verified",
    TaskState.LOST: "its operation to be found again",
    TaskState.SPLIT: "its parts to end",
}


@dataclass(frozen=True)
class Waiting:
    """One task, or a request before it has any: what it waits for, until when, since when (UTC).

    `progress` goes from 0 to 1 and is None before an export runs. `until` is None where nobody
    can tell.
    """

    id: str
    state: str
    waits_for: str
    since: datetime
    until: datetime | None = None
    progress: float | None = None

    def json(self, now: datetime) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "id": self.id,
            "state": self.state,
            "waits_for": self.waits_for,
            "until": None if self.until is None else _text(self.until),
            "since": _text(self.since),
            "age_s": round((now - self.since).total_seconds()),
            "progress": self.progress,
        }

    def words(self, now: datetime) -> str:
        """Return it as a line for people."""
        share = "" if self.progress is None else f" {self.progress:.0%}"
        until = "" if self.until is None else f", until {self.until:%Y-%m-%d %H:%M} UTC"
        age = age_words(now - self.since)
        return f"{self.id}: {self.state}{share}, waits for {self.waits_for}{until} ({age})"


def describe_waiting(
    record: RequestRecord, tasks: Sequence[Task], now: datetime, holds: Holds
) -> list[Waiting]:
    """Return what a request's open tasks wait for, or the request itself while it has none."""
    if record.state.terminal:
        return []
    if record.state is RequestState.EXPANDING:
        until = record.not_before if record.not_before > now else None
        why = (
            f"its orbits to be found: {record.error}" if record.error else "its orbits to be found"
        )
        if record.passes is not None:
            why = "its export tasks to be made"
        return [Waiting(record.id, record.state.value, why, record.created_at, until)]
    return [_of_task(task, now, holds) for task in tasks if not task.ended]


def age_words(age: timedelta) -> str:
    """Return how long something has lasted, in its largest unit."""
    seconds = max(0, round(age.total_seconds()))
    for name, length in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {name}"
    return f"{seconds} s"


def _of_task(task: Task, now: datetime, holds: Holds) -> Waiting:
    later = task.place.not_before if task.place.not_before > now else None
    since = task.claim.starting_at or task.created_at
    state = task.state.value
    if task.state is TaskState.PLANNED:
        why, until = _what_holds(task, later, holds)
        # What is tried again, or once more by a person, has not waited since it was made.
        due = task.created_at if later else max(task.created_at, task.place.not_before)
        return Waiting(task.id, state, why, due, until)
    what = _WAITS_FOR[task.state]
    if task.state is TaskState.STARTING:
        lease = task.claim.lease_until
        return Waiting(task.id, state, what, since, lease if lease and lease > now else None)
    if task.state is TaskState.RUNNING:
        return Waiting(task.id, state, what, since, progress=task.run.progress)
    if task.state is TaskState.SUCCEEDED:
        since = task.run.succeeded_at or since
    return Waiting(task.id, state, what, since, later)


def _what_holds(task: Task, later: datetime | None, holds: Holds) -> tuple[str, datetime | None]:
    """Return what holds a planned task back, and until when."""
    if task.pixels.waits_for:
        return f"{task.pixels.waits_for}, which exports the same pixels", None
    if later is not None:
        error = task.trouble.error
        why = (
            f"another try after: {error}" if error else "the end of its period, and its last scenes"
        )
        return why, later
    for reason, words in HELD_WORDS.items():
        if reason in holds:
            return f"starts to be allowed again: {words}", holds[reason]
    return "its turn to start", None


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
