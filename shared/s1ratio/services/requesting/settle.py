"""Settle: a request's state and tallies follow from its tasks, counted anew, never incremented.

A tick counts the requests whose tasks it moved, and those of all tasks that have ended since the
last tick, whoever ended them. A process that has just begun looks an hour back: the one before it
may have died between a task's end and its request's. Reconciliation counts whatever is open.

A request that has ended is counted anew if a task of it moved since: a person set that going, and
died, or a poller came in between, before the request was told. The request is then under way again.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from s1ratio.errors import Conflict
from s1ratio.records import RequestRecord, RequestState, Tallies, state_of, tally
from s1ratio.services.context import Context, PollContext
from s1ratio.services.storing.paging import fetch_pages
from s1ratio.services.storing.requests import commit_request, set_going
from s1ratio.services.waiting.isolation import isolate_request
from s1ratio.task import Task, TaskState

_MAX_FIRST_LOOK = timedelta(hours=1)
_OVERLAP = timedelta(minutes=2)  # for other processes' clocks and commits on their way
_MAX_ROUNDS = 3
# Some of it is there: that there is more, or less, is news.
_TOLD_AGAIN = frozenset({RequestState.PARTIAL, RequestState.VERIFIED, RequestState.SUCCEEDED})
_MAX_READ = 50  # tasks: to count more where they lie takes fewer reads


def settle(
    context: Context,
    request_ids: Iterable[str],
    troubles: list[str],
    moved_at: datetime | None = None,
) -> int:
    """Bring these requests up to date; return how many changed.

    One that has ended is counted only if it had before a task of it moved, at `moved_at`. An
    unexpected error over one of them is added to `troubles`, and puts that one off.
    """
    changed = 0
    for request_id in sorted(set(request_ids)):
        with isolate_request(context, request_id, troubles):
            changed += _settle(context, request_id, moved_at)
    return changed


def settle_recent(context: PollContext, until: datetime, troubles: list[str]) -> int:
    """Bring up to date what this process has seen move, and what ended; return how many changed.

    As long as there is time: some at least. What is left the next tick does.
    """
    memory, now = context.memory, context.clock.now()
    since = (memory.settled_to or now - _MAX_FIRST_LOOK) - _OVERLAP
    for page in fetch_pages(context.store.find_ended, _ended_at, since):
        for task in page:
            memory.unsettle(task.plan.request_id, task.end.ended_at)
    memory.settled_to = now
    changed = 0
    waiting = sorted(memory.unsettled.items(), key=_moved_first)
    for number, (request_id, moved_at) in enumerate(waiting):
        if number >= _MAX_READ and context.clock.now() >= until:
            break
        changed += settle(context, [request_id], troubles, moved_at)
        del memory.unsettled[request_id]
    return changed


def _ended_at(task: Task) -> datetime:
    return task.end.ended_at or task.created_at


def _moved_first(waiting: tuple[str, datetime]) -> tuple[datetime, str]:
    request_id, moved_at = waiting
    return moved_at, request_id


def _settle(context: Context, request_id: str, moved_at: datetime | None) -> bool:
    """Count until no other writer comes in between: its count may have been the older one."""
    for _ in range(_MAX_ROUNDS):
        record = context.store.get_request(request_id)
        try:
            if record is None or record.state is RequestState.EXPANDING:
                return False
            if record.state.terminal:
                return _moved_since(record, moved_at) and _reopen(context, record)
            return _recount(context, record, record)
        except Conflict:
            continue
    return False


def _moved_since(record: RequestRecord, moved_at: datetime | None) -> bool:
    """Tell whether a task moved after its request had ended; one that had none is not meant."""
    if moved_at is None or record.ended_at is None or not record.size:
        return False
    return moved_at > record.ended_at


def _reopen(context: Context, record: RequestRecord) -> bool:
    """Set an ended request going if its tasks are not as they were counted then.

    Clocks differ: that a task moved later is a hint, and what is counted decides. Its next end is
    told; where nothing of it is there, before and now, only the numbers are set right.
    """
    found = _count_tasks(context, record)
    counted = _as_counted(record, found)
    if (counted.state, counted.tallies) == (record.state, record.tallies):
        return False
    if counted.state is record.state not in _TOLD_AGAIN:
        commit_request(context, record, counted)
        return True
    return _recount(context, record, set_going(record, context.clock.now()), found)


def _recount(
    context: Context, record: RequestRecord, going: RequestRecord, found: Tallies | None = None
) -> bool:
    """Store what a request comes to that is under way, be it since now; tell if it is another."""
    found = found or _count_tasks(context, record)
    after = replace(
        _as_counted(going, found),
        cancelling=going.cancelling or _over_ceiling(context, found),
        # That of a count which failed; earlier versions counted it among the tries.
        error=None if going.mishaps or going.tries else going.error,
        tries=0,
        mishaps=0,
    )
    if after == record:
        return False
    commit_request(context, going, replace(after, idle_since=None, line_since=None))
    return True


def _as_counted(record: RequestRecord, found: Tallies) -> RequestRecord:
    return replace(
        record,
        state=state_of(found),
        tallies={state.value: found.counts[state] for state in TaskState if state in found.counts},
        eecu_seconds=found.eecu_seconds,
        missing=found.missing,
    )


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
