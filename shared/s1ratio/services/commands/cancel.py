"""Cancel: a person's wish is stored, and what has not begun ends at once.

The rest is the poller's: `services.commands.sweep`. Nothing is asked of Earth Engine here.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from s1ratio.commands.marks import marked
from s1ratio.errors import Conflict
from s1ratio.records import RequestRecord, RequestState
from s1ratio.services.commands.change import Change
from s1ratio.services.commands.selection import Selection, find_request, select_tasks
from s1ratio.services.commands.sweep import WITHOUT_OPERATION, advance_cancel, cancel_request_tasks
from s1ratio.services.context import Context
from s1ratio.services.requesting.settle import settle
from s1ratio.services.starting.sharing import release_followers
from s1ratio.services.storing.requests import update_request
from s1ratio.services.storing.tasks import fetch_ended_parents
from s1ratio.task import Task, TaskState

_OPEN = tuple(state for state in TaskState if not state.terminal)
_MAX_ROUNDS = 5
_NEVER = datetime.max.replace(tzinfo=UTC)


def cancel(
    context: Context,
    wish: Selection,
    reason: str,
    dry_run: bool = False,
    command: str | None = None,
) -> list[Change]:
    """Cancel a request, or each task that is meant; return what changed, or would change.

    Safe to do again; what a `command` of this id has cancelled it leaves as it has become since.
    Raises UnknownRecord.
    """
    tasks = [task for task in select_tasks(context.store, wish, _OPEN) if not task.ended]
    record = find_request(context.store, wish) if wish.whole_request else None
    if dry_run:
        return _foreseen(record, tasks, reason)
    if record is not None:
        return _cancel_request(context, record, tasks, reason, command)
    after = [_cancel_task(context, task, reason, command) for task in tasks]
    _release_followers(context, after)
    settle(context, {task.plan.request_id for task in tasks}, [])
    return _changes_since(context, tasks)


def _cancel_request(
    context: Context, record: RequestRecord, tasks: list[Task], reason: str, command: str | None
) -> list[Change]:
    flagged = update_request(context, record, lambda now: _flagged(now, reason, command))
    if flagged.cancelling is not None:
        _release_followers(context, cancel_request_tasks(context, flagged, _NEVER, []))
        settle(context, [record.id], [])
    after = context.store.get_request(record.id) or flagged
    if after.state is record.state and after.cancelling == record.cancelling:
        return _changes_since(context, tasks)
    return [Change.of_request(record, after), *_changes_since(context, tasks)]


def _cancel_task(context: Context, task: Task, reason: str, command: str | None) -> Task:
    """Cancel a task, anew where another writer came first; return it as it then stands."""
    for _ in range(_MAX_ROUNDS):
        if task.ended or command in task.origin.commands:
            return task
        marked_task = replace(task, origin=task.origin.marked(command))
        task = advance_cancel(context, marked_task, reason)
        if task.end.cancelling is not None:
            return task
    raise Conflict(f"task {task.id} is written by others again and again: try once more")


def _release_followers(context: Context, after: Iterable[Task]) -> None:
    """Set those free that wait for pixels which are not exported now."""
    ended = [task for task in after if task.ended]
    release_followers(context, [*ended, *fetch_ended_parents(context, ended)], [])


def _flagged(record: RequestRecord, reason: str, command: str | None = None) -> RequestRecord:
    if record.state.terminal or command in record.commands:
        return record
    why = record.cancelling if record.cancelling is not None else reason
    return replace(record, cancelling=why, commands=marked(record.commands, command))


def _changes_since(context: Context, before: list[Task]) -> list[Change]:
    """Return what became of tasks."""
    after = context.store.get_tasks(task.id for task in before)
    return [Change.of_task(task, after.get(task.id, task)) for task in before]


def _foreseen(record: RequestRecord | None, tasks: list[Task], reason: str) -> list[Change]:
    """Return what would become of a request and of tasks."""
    changes = [Change.of_task(task, _end(task, reason)) for task in tasks]
    if record is None or record.state.terminal:
        return changes
    all_end = all(change.now == TaskState.CANCELLED for change in changes)
    end = replace(record, state=RequestState.CANCELLED) if all_end else _flagged(record, reason)
    return [Change.of_request(record, end), *changes]


def _end(task: Task, reason: str) -> Task:
    if task.state in WITHOUT_OPERATION:
        return replace(task, state=TaskState.CANCELLED)
    return replace(task, end=replace(task.end, cancelling=task.end.cancelling or reason))
