"""Batch: a run of starts, in turn, until there is no time or room, or no more are taken."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from s1ratio import task as tasks
from s1ratio.errors import Conflict, ErrorClass
from s1ratio.services.context import Context
from s1ratio.services.starting.refusals import Refusals, is_refused
from s1ratio.services.starting.request_cache import RequestCache
from s1ratio.services.starting.sharing import join_leader, release_followers
from s1ratio.services.starting.start import start
from s1ratio.services.storing.tasks import commit_or_reload
from s1ratio.services.waiting.admission import probe_outage
from s1ratio.services.waiting.isolation import isolate_task
from s1ratio.task import Task, TaskState

# So many POSTs in a row of which nothing is known end a run of starts.
_MAX_UNKNOWN_IN_A_ROW = 3
_ACTIVE_BY_NOW = frozenset({TaskState.SUBMITTED, TaskState.RUNNING, TaskState.SUCCEEDED})


@dataclass
class StartReport:
    """What a run of starts came to; `over`: Earth Engine takes no more of them now.

    `waiting` are tasks that found others exporting the same pixels, `shared` those that ended by
    others' files. `requests` are those whose tasks it touched; `troubles` are unexpected errors,
    in words.
    """

    started: int = 0
    requeued: int = 0
    broken: int = 0
    failed: int = 0
    waiting: int = 0
    shared: int = 0
    over: bool = False
    requests: set[str] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)

    @property
    def room_taken(self) -> int:
        """How many of Earth Engine's places it took, or may have taken."""
        return self.started + self.broken


def start_all(
    context: Context,
    due: Sequence[Task],
    until: datetime,
    room: int,
    *,
    whole_line: bool = True,
    known: RequestCache | None = None,
) -> StartReport:
    """Start planned tasks in turn, until there is no time or room, or no more are taken.

    Those that wait for others' pixels need no room to end with them. Without the `whole_line` of
    those that are due it can't be told that everybody is refused. `known` are requests that were
    read just now.
    """
    requests = RequestCache(context) if known is None else known
    return _Run(context, until, room, Refusals(context, due, whole_line), requests).run(due)


class _Run:
    """One run of starts, and what it has met so far."""

    def __init__(
        self,
        context: Context,
        until: datetime,
        room: int,
        refusals: Refusals,
        requests: RequestCache,
    ) -> None:
        self._context, self._until, self._room = context, until, room
        self._report = StartReport()
        self._requests = requests
        self._refusals = refusals
        self._unknown_in_a_row = 0

    def run(self, due: Sequence[Task]) -> StartReport:
        """Start what is due; a request of which a start was refused lets the others go first."""
        line = list(due)
        while not self._is_over() and (task := self._refusals.take_next(line)) is not None:
            self._advance(task)
        for task in self._refusals.conclude():
            self._note(task)
        return self._report

    def _is_over(self) -> bool:
        return self._report.over or self._context.clock.now() >= self._until

    def _advance(self, task: Task) -> None:
        report, has_room = self._report, self._report.room_taken < self._room
        if self._is_over() or (not has_room and task.pixels.waits_for is None):
            return
        report.requests.add(task.plan.request_id)
        with isolate_task(self._context, task, report.troubles):
            after = _advance_task(self._context, self._requests, task, has_room)
            if after is not None:
                self._note(after)
        if self._unknown_in_a_row == _MAX_UNKNOWN_IN_A_ROW:
            report.over = True
            probe_outage(self._context)

    def _note(self, after: Task) -> None:
        _count(self._report, after)
        _release_followers(self._context, self._report, after)
        self._report.over = self._refusals.note(after) or self._report.over
        self._unknown_in_a_row = self._unknown_in_a_row + 1 if _is_unknown(after) else 0


def _advance_task(
    context: Context, requests: RequestCache, task: Task, has_room: bool
) -> Task | None:
    """Bring a task on whose turn it is; return it as it then stands, None if nothing was done."""
    why = requests.cancelling(task)
    if why is not None:
        return commit_or_reload(context, task, tasks.cancelled(task, why))
    try:
        after = join_leader(context, task)
    except Conflict:
        return None
    if after is not None:
        return after
    return start(context, requests.of(task), task) if has_room else None


def _release_followers(context: Context, report: StartReport, task: Task) -> None:
    shared = release_followers(context, [task], report.troubles)
    report.shared += len(shared)
    report.requests.update(follower.plan.request_id for follower in shared)


def _is_unknown(task: Task) -> bool:
    """Tell whether a start was made of which nothing is known."""
    unknown = task.trouble.error_class == ErrorClass.TRANSIENT
    return task.state is TaskState.STARTING and unknown


def _count(report: StartReport, task: Task) -> None:
    if task.state is TaskState.PLANNED and task.pixels.waits_for is not None:
        report.waiting += 1
    elif is_refused(task):
        report.requeued += 1
    elif task.state is TaskState.PLANNED:
        report.requeued += 1
        report.over = True
    elif task.result.same_as is not None:
        report.shared += 1
    elif task.state is TaskState.STARTING:
        report.broken += 1
    elif task.state is TaskState.FAILED:
        report.failed += 1
    elif task.state in _ACTIVE_BY_NOW:
        report.started += 1
