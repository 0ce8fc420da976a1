"""Expire: a request that nothing has become of for thirty days is given up, and says so.

The days are those of clocks of their own, which stand still while nobody could have brought it on:
see `idle_clocks`. They begin anew with whatever becomes of the request, and not before its period
is over.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from s1ratio import task as tasks
from s1ratio.errors import Conflict, ErrorClass
from s1ratio.plan import not_before
from s1ratio.records import RequestRecord, RequestState
from s1ratio.services.context import Context
from s1ratio.services.operations.cancellation import request_cancel
from s1ratio.services.operations.late_operations import watch_late
from s1ratio.services.requesting.idle_clocks import IdleClocks, read_idle_clocks
from s1ratio.services.starting.sharing import release_followers
from s1ratio.services.storing.requests import commit_request, request_of
from s1ratio.services.storing.tasks import commit_or_reload, fetch_ended_parents
from s1ratio.task import Task, TaskState

MAX_IDLE = timedelta(days=30)
_WORDS = f"nothing has become of it for {MAX_IDLE.days} days: it is given up; retry begins anew"
_LIVE = frozenset({TaskState.SUBMITTED, TaskState.RUNNING})
_PAGE = 500
# For these it waits in line: nothing can become of it while there is no room.
_IN_LINE = frozenset({TaskState.PLANNED, TaskState.SPLIT})


def expire(
    context: Context, request_id: str, clocks: IdleClocks, troubles: list[str]
) -> list[Task]:
    """Give a request up that has been idle for too long; return its tasks that ended.

    Where it is not idle yet the clocks' times are kept with it. Starts under way are left to their
    workers, and operations that can't be cancelled now: the next look does it again. An unexpected
    error over a task that waited for one of these is added to `troubles`.
    """
    record = context.store.get_request(request_id)
    if record is None or record.cancelling is not None or not _is_under_way(record):
        return []
    if record.idle_since is None or record.line_since is None:
        if not_before(request_of(record), record.created_at) <= context.clock.now():
            _keep(context, record, _looked_at(record, clocks))
        return []
    if clocks.work - record.idle_since < MAX_IDLE:
        return []
    if _is_in_line(record) and clocks.line - record.line_since < MAX_IDLE:
        return []
    found = context.store.find_tasks_of(record.id)
    if _waits_for_another(context, found):  # that one is given up before those who wait for it
        return []
    ended = _give_up_tasks(context, found)
    if ended:
        _keep(context, record, replace(record, error=_WORDS))
    leaders = [*ended, *fetch_ended_parents(context, ended)]
    free = _find_waiting(context, leaders)
    release_followers(context, leaders, troubles)
    for waited in free:
        _begin_anew(context, waited)
    return ended


def expire_unexpanded(context: Context, record: RequestRecord) -> RequestRecord:
    """Give a request up that is due and has been EXPANDING for too long; return it as it stands.

    It FAILED then, and says what kept it. Tasks that were made already end first.
    """
    now = context.clock.now()
    if record.state is not RequestState.EXPANDING or record.cancelling is not None:
        return record
    if not_before(request_of(record), record.created_at) > now:
        return record
    clocks = read_idle_clocks(context)
    if record.idle_since is None:
        return _keep(context, record, replace(record, idle_since=clocks.work))
    if clocks.work - record.idle_since < MAX_IDLE:
        return record
    _give_up_tasks(context, context.store.find_tasks_of(record.id))
    if not all(task.ended for task in context.store.find_tasks_of(record.id)):
        return record
    words = f"{_WORDS}; the last trouble: {record.error}" if record.error else _WORDS
    after = replace(record, state=RequestState.FAILED, error=words, error_class=ErrorClass.EXPIRED)
    return _keep(context, record, after)


def _is_under_way(record: RequestRecord) -> bool:
    return record.state in {RequestState.ACCEPTED, RequestState.RUNNING}


def _is_in_line(record: RequestRecord) -> bool:
    """Tell whether a request has no open task that is not waiting for its start."""
    open_ = {state for name in record.tallies if not (state := TaskState(name)).terminal}
    return open_ <= _IN_LINE and TaskState.PLANNED in open_


def _looked_at(record: RequestRecord, clocks: IdleClocks) -> RequestRecord:
    return replace(
        record,
        idle_since=record.idle_since or clocks.work,
        line_since=record.line_since or clocks.line,
    )


def _keep(context: Context, record: RequestRecord, after: RequestRecord) -> RequestRecord:
    """Store what was seen of a request, unless somebody else wrote it meanwhile; return it."""
    with suppress(Conflict):
        if after != record:
            return commit_request(context, record, after)
    return record


def _waits_for_another(context: Context, found: Iterable[Task]) -> bool:
    """Tell whether any of a request's tasks waits for the pixels of one that is in flight."""
    names = {task.pixels.waits_for for task in found if task.pixels.waits_for is not None}
    return any(task.in_flight for task in context.store.get_tasks(names).values())


def _find_waiting(context: Context, leaders: Iterable[Task]) -> set[str]:
    """Return the requests of which tasks wait for these: some at least."""
    return {
        task.plan.request_id
        for leader in leaders
        for task in context.store.find_waiting_for(leader.id, _PAGE)
    }


def _begin_anew(context: Context, request_id: str) -> None:
    """Let a request's days begin anew: it was another one's fault that it waited."""
    record = context.store.get_request(request_id)
    if record is not None and _is_under_way(record):
        _keep(context, record, replace(record, idle_since=None, line_since=None))


def _give_up_tasks(context: Context, found: Iterable[Task]) -> list[Task]:
    """End a request's tasks as far as they can be ended now; return those."""
    tasks_ = {task.id: task for task in found}
    after = [_give_up(context, task, tasks_) for task in tasks_.values()]
    return [task for task in after if task is not None and task.ended]


def _give_up(context: Context, task: Task, others: Mapping[str, Task]) -> Task | None:
    """End a task as FAILED, its operation cancelled; return None where it is left as it is."""
    if task.ended or task.state is TaskState.STARTING:  # somebody holds its start
        return None
    if task.state is TaskState.SPLIT:
        return _give_up_whole(context, task, others)
    operation = task.run.operation
    if task.state in _LIVE and (operation is None or not request_cancel(context, operation)):
        return None
    if task.state is TaskState.LOST:
        watch_late(context)
    return commit_or_reload(context, task, tasks.failed(task, ErrorClass.EXPIRED, _WORDS))


def _give_up_whole(context: Context, whole: Task, others: Mapping[str, Task]) -> Task | None:
    """End a SPLIT task that would never end with its parts, since one of them is gone."""
    gone = [name for name in whole.children if name not in others]
    if not gone or not all(others[name].ended for name in whole.children if name in others):
        return None
    words = f"{_WORDS}; its part {', '.join(gone)} is gone from the store"
    return commit_or_reload(context, whole, tasks.failed(whole, ErrorClass.EXPIRED, words))
