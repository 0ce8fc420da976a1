"""Batch: a run of starts, in turn, until there is no time or room, or no more are taken."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from s1ratio import task as tasks
from s1ratio.errors import Conflict, ErrorClass
from s1ratio.services.context import Context
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


def start_all(context: Context, due: Iterable[Task], until: datetime, room: int) -> StartReport:
    """Start planned tasks in turn, until there is no time or room, or no more are taken.

    Those that wait for others' pixels need no room to end with them.
    """
    report = StartReport()
    requests = RequestCache(context)
    in_a_row = 0
    for task in due:
        if context.clock.now() >= until or report.over:
            break
        has_room = report.room_taken < room
        if not has_room and task.pixels.waits_for is None:
            continue
        report.requests.add(task.plan.request_id)
        with isolate_task(context, task, report.troubles):
            after = _advance_task(context, requests, task, has_room)
            if after is not None:
                _count(report, after)
                _release_followers(context, report, after)
                in_a_row = in_a_row + 1 if _is_unknown(after) else 0
        if in_a_row == _MAX_UNKNOWN_IN_A_ROW:
            report.over = True
            probe_outage(context)
    return report


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
