"""Settle: a request's state and tallies follow from its tasks, counted anew, never incremented.

A tick counts the requests whose tasks it moved, and those of all tasks that have ended since the
last tick, whoever ended them. A process that has just begun looks an hour back: the one before it
may have died between a task's end and its request's. Reconciliation counts whatever is open.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from s1ratio.errors import Conflict
from s1ratio.records import RequestRecord, RequestState, Tallies, state_of, tally
from s1ratio.services.context import Context, PollContext
from s1ratio.services.storing.paging import fetch_pages
from s1ratio.services.storing.requests import commit_request
from s1ratio.services.waiting.isolation import isolate_request
from s1ratio.task import Task, TaskState

_MAX_FIRST_LOOK = timedelta(hours=1)
_OVERLAP = timedelta(minutes=2)  # for other processes' clocks and commits on their way
_MAX_ROUNDS = 3
_MAX_READ = 50  # tasks: to count more where they lie takes fewer reads


def settle(context: Context, request_ids: Iterable[str], troubles: list[str]) -> int:
    """Bring these requests up to date; return how many changed.

    An unexpected error over one of them is added to `troubles`, and puts that one off.
    """
    changed = 0
    for request_id in sorted(set(request_ids)):
        with isolate_request(context, request_id, troubles):
            changed += _settle(context, request_id)
    return changed


def settle_recent(context: PollContext, until: datetime, troubles: list[str]) -> int:
    """Bring up to date what this process has seen move, and what ended; return how many changed.

    As long as there is time: some at least. What is left the next tick does.
    """
    memory, now = context.memory, context.clock.now()
    since = (memory.settled_to or now - _MAX_FIRST_LOOK) - _OVERLAP
    for page in fetch_pages(context.store.find_ended, _ended_at, since):
        memory.unsettled |= {task.plan.request_id for task in page}
    memory.settled_to = now
    changed = 0
    for number, request_id in enumerate(sorted(memory.unsettled)):
        if number >= _MAX_READ and context.clock.now() >= until:
            break
        changed += settle(context, [request_id], troubles)
        memory.unsettled.discard(request_id)
    return changed


def _ended_at(task: Task) -> datetime:
    return task.end.ended_at or task.created_at


def _settle(context: Context, request_id: str) -> bool:
    """Count until no other writer comes in between: its count may have been the older one."""
    for _ in range(_MAX_ROUNDS):
        record = context.store.get_request(request_id)
        try:
            return record is not None and _recount(context, record)
        except Conflict:
            continue
    return False


def _recount(context: Context, record: RequestRecord) -> bool:
    if record.state is RequestState.EXPANDING or record.state.terminal:
        return False
    found = _count_tasks(context, record)
    after = replace(
        record,
        state=state_of(found),
        tallies={state.value: found.counts[state] for state in TaskState if state in found.counts},
        eecu_seconds=found.eecu_seconds,
        missing=found.missing,
        cancelling=record.cancelling or _over_ceiling(context, found),
        error=None if record.tries else record.error,  # that of a count which failed
        tries=0,
    )
    if after == record:
        return False
    commit_request(context, record, replace(after, idle_since=None))
    return True


def _over_ceiling(context: Context, found: Tallies) -> str | None:
    """Return why a request is to be cancelled that has spent more than one may, or None."""
    ceiling = context.settings.max_request_eecu_s
    if found.eecu_seconds <= ceiling:
        return None
    return f"spent {found.eecu_seconds:,.0f} EECU-s, its ceiling is {ceiling:,.0f}"


def _count_tasks(context: Context, record: RequestRecord) -> Tallies:
    """Return a request's tasks in numbers: few are read, many are counted where they lie."""
    if record.size <= _MAX_READ:
        return tally(context.store.find_tasks_of(record.id))
    return context.store.count_tasks_of(record.id)
