"""Raise: an operator gives a request another priority than its message could ask for.

The request first: what is planned from then on takes its priority from there. Then the tasks that
are planned already, and what they wait for. One that is at Earth Engine keeps its own there, which
can't be changed.
"""

from dataclasses import replace

from s1ratio.commands.marks import marked
from s1ratio.records import RequestRecord
from s1ratio.services.commands.change import Change
from s1ratio.services.commands.selection import Selection, find_request
from s1ratio.services.context import Context
from s1ratio.services.storing.requests import update_request
from s1ratio.services.waiting.precedence import (
    find_to_lift,
    find_with_another_priority,
    give_priority,
    lift,
)
from s1ratio.task import Task, TaskState

_MAX_ROUNDS = 3  # a task may be planned by a worker that read the request before it was written


def raise_priority(
    context: Context,
    wish: Selection,
    priority: int,
    dry_run: bool = False,
    command: str | None = None,
) -> list[Change]:
    """Give a request and its planned tasks a priority, 0 to 9999; return what changed.

    A lower one than before is taken, too. Safe to do again; where a `command` of this id has given
    the request its priority, the tasks get the one that it has by now. Raises UnknownRecord.
    """
    record = find_request(context.store, wish)
    if dry_run:
        planned = find_with_another_priority(context, record.id, priority)
        changes = _of_request(record, priority) + [_change_of(task, priority) for task in planned]
        return changes + _foreseen(context, record.id, priority)
    stored = update_request(context, record, lambda now: _raised(now, priority, command))
    priority = priority if stored.priority is None else stored.priority
    changes = _of_request(record, priority)
    for _ in range(_MAX_ROUNDS):
        given = give_priority(context, record.id, priority)
        changes += [_change_of(task, priority) for task in given]
        if not given:
            break
    for leader in _find_leaders(context, record.id):
        changes += [_change_of(task, priority) for task in lift(context, leader, priority)]
    return changes


def _raised(record: RequestRecord, priority: int, command: str | None) -> RequestRecord:
    if command in record.commands:
        return record
    return replace(record, priority=priority, commands=marked(record.commands, command))


def _of_request(record: RequestRecord, priority: int) -> list[Change]:
    if record.priority == priority:
        return []
    said = (_said(record.priority), _said(priority))
    return [Change("request", record.id, record.id, *said)]


def _find_leaders(context: Context, request_id: str) -> list[str]:
    """Return the tasks whose export of the same pixels a request's tasks wait for."""
    waiting = [task.pixels.waits_for for task in context.store.find_tasks_of(request_id)]
    return sorted({name for name in waiting if name is not None})


def _foreseen(context: Context, request_id: str, priority: int) -> list[Change]:
    """Return what would become of the tasks that others wait for."""
    found = {
        task.id: task
        for leader in _find_leaders(context, request_id)
        for task in find_to_lift(context, leader, priority)
    }
    return [_change_of(task, priority) for task in found.values()]


def _change_of(task: Task, priority: int) -> Change:
    was, now = _said(task.place.priority), _said(task.place.lowest(priority))
    if task.state is not TaskState.PLANNED:
        now += ", should it be planned again"
    return Change("task", task.id, task.plan.request_id, was, now)


def _said(priority: int | None) -> str:
    return "as its tasks have" if priority is None else f"priority {priority}"
