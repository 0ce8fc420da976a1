"""Expire: a request that nothing has become of for thirty days is given up, and says so.

The days are those of a clock of its own, which stands still while starts are held up by an outage
or a used up quota, and while no poller looks: what nobody could bring on is not late. It begins
anew with whatever becomes of the request, and not before its period is over.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from s1ratio import task as tasks
from s1ratio.errors import Conflict, ErrorClass
from s1ratio.plan import not_before
from s1ratio.records import RequestRecord, RequestState, TimeMark
from s1ratio.services.context import Context
from s1ratio.services.operations.cancellation import request_cancel
from s1ratio.services.operations.late_operations import watch_late
from s1ratio.services.starting.sharing import release_followers
from s1ratio.services.storing.requests import commit_request, request_of
from s1ratio.services.storing.tasks import commit_or_reload, fetch_ended_parents
from s1ratio.services.waiting.admission import is_held
from s1ratio.task import Task, TaskState

MAX_IDLE = timedelta(days=30)
_MAX_UNSEEN = timedelta(days=1)  # between two looks; after a longer pause of the poller it stands
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_WORDS = f"nothing has become of it for {MAX_IDLE.days} days: it is given up; retry begins anew"
_LIVE = frozenset({TaskState.SUBMITTED, TaskState.RUNNING})
# Somebody holds its start, or it ends as its parts do.
_LEFT_ALONE = frozenset({TaskState.STARTING, TaskState.SPLIT})


def advance_idle_clock(context: Context) -> datetime:
    """Let the clock go by the time since the last look, if work was possible; return its time."""
    store, now = context.store, context.clock.now()
    shown = store.get_time_mark(TimeMark.IDLE_CLOCK) or _BEGIN
    looked = store.get_time_mark(TimeMark.IDLE_LOOKED) or now
    store.set_time_mark(TimeMark.IDLE_LOOKED, now)
    if timedelta() < now - looked <= _MAX_UNSEEN and not is_held(context):
        shown += now - looked
        store.set_time_mark(TimeMark.IDLE_CLOCK, shown)
    return shown


def expire(
    context: Context, request_id: str, idle_clock: datetime, troubles: list[str]
) -> list[Task]:
    """Give a request up that has been idle for too long; return its tasks that ended.

    Where it is not idle yet the clock's time is kept with it. Starts under way are left to their
    workers, and operations that can't be cancelled now: the next look does it again. An unexpected
    error over a task that waited for one of these is added to `troubles`.
    """
    record = context.store.get_request(request_id)
    if record is None or record.cancelling is not None or not _is_under_way(record):
        return []
    if record.idle_since is None:
        if not_before(request_of(record), record.created_at) <= context.clock.now():
            _keep(context, record, replace(record, idle_since=idle_clock))
        return []
    if idle_clock - record.idle_since < MAX_IDLE:
        return []
    after = [_give_up(context, task) for task in context.store.find_tasks_of(record.id)]
    ended = [task for task in after if task is not None and task.ended]
    if ended:
        _keep(context, record, replace(record, error=_WORDS))
    release_followers(context, [*ended, *fetch_ended_parents(context, ended)], troubles)
    return ended


def _is_under_way(record: RequestRecord) -> bool:
    return record.state in {RequestState.ACCEPTED, RequestState.RUNNING}


def _keep(context: Context, record: RequestRecord, after: RequestRecord) -> None:
    """Store what was seen of a request, unless somebody else wrote it meanwhile."""
    with suppress(Conflict):
        if after != record:
            commit_request(context, record, after)


def _give_up(context: Context, task: Task) -> Task | None:
    """End a task as FAILED, its operation cancelled; return None where it is left as it is."""
    if task.ended or task.state in _LEFT_ALONE:
        return None
    operation = task.run.operation
    if task.state in _LIVE and (operation is None or not request_cancel(context, operation)):
        return None
    if task.state is TaskState.LOST:
        watch_late(context)
    return commit_or_reload(context, task, tasks.failed(task, ErrorClass.EXPIRED, _WORDS))
