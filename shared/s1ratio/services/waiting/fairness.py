"""Fairness: requests of one priority start their tasks in turn, however many they have.

A request's first task goes behind the task that is first in line, at the next turn, its second
one turn later, and so on: a request of five thousand takes one start in each round, whoever came
before or comes after it. What has been through the line before, such as a retry, goes first.
"""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from s1ratio.errors import Conflict
from s1ratio.services.context import Context
from s1ratio.services.launch_memory import Head
from s1ratio.services.storing.tasks import commit_task
from s1ratio.services.waiting.isolation import isolate_task
from s1ratio.task import Task, TaskState

# A task that can't start yet has no turn, only its place among its request's.
_NOT_IN_LINE = -1_000_000_000
# A launch starts its own tasks, unless others have been waiting for so long.
_MAX_WAIT_AHEAD = timedelta(minutes=1)
_LOOK_AHEAD_PAGE = 20


def deal_turns(context: Context, priority: int, in_line: bool) -> int:
    """Return the first turn of a request's new tasks; they get theirs later if not in line yet."""
    return _find_next_turn(context, priority) if in_line else not_in_line(0)


def find_head(context: Context) -> Head:
    """Return who is first in line, or was a second ago. Costs one document."""
    now = context.clock.now()
    return context.launches.find_head(
        lambda: Head(next(iter(context.store.find_startable(now, 1)), None)), now
    )


def next_turn(context: Context, priority: int, head: Head) -> int:
    """Return the first turn of new tasks that are due; of a line whose head tells, nobody asks."""
    first = head.task.place if head.task is not None else None
    if head.known and (first is None or first.priority < priority):
        return 1  # nobody of this priority is in line
    if first is not None and first.priority == priority and first.turn > 0:
        return first.turn + 1
    return _find_next_turn(context, priority)


def not_in_line(place: int) -> int:
    """Return what stands for the turn of a request's task until it comes into line."""
    return _NOT_IN_LINE + place


def fetch_due_tasks(context: Context, limit: int, troubles: list[str]) -> Sequence[Task]:
    """Return the tasks whose turn it is, in turn; those that just came into line get theirs.

    An unexpected error over one of them is added to `troubles`, and puts that one off.
    """
    now = context.clock.now()
    due = context.store.find_startable(now, limit)
    new = [task for task in due if task.place.turn < 0]
    if not new:
        return due
    priorities = {task.place.priority for task in new}
    first = {priority: _find_next_turn(context, priority) for priority in priorities}
    for task in new:
        turn = first[task.place.priority] + task.place.turn - not_in_line(0)
        with isolate_task(context, task, troubles), suppress(Conflict):
            commit_task(
                context, task, task.to(TaskState.PLANNED, place=replace(task.place, turn=turn))
            )
    # More of them may have come than have their turns by now: they hold up nobody who has one.
    return context.store.find_startable(now, limit, least_turn=0)


def in_another_order(tasks: Iterable[Task], now: datetime) -> list[Task]:
    """Return tasks in an order that is another one each time, so that none is first for good.

    For runs that end early, be it for want of time or by the faults of a few. It follows from the
    time and the ids, so that a replay has the same.
    """
    return sorted(tasks, key=lambda task: hashlib.sha256(f"{now}|{task.id}".encode()).digest())


def may_go_first(context: Context, request_id: str, priority: int, head: Head) -> bool:
    """Tell whether a request may start its tasks at once: nobody has long been waiting ahead.

    `head` is who was first in line before these tasks of this priority came into it.
    """
    now = context.clock.now()
    if head.known and (head.task is None or head.task.place.priority < priority):
        return True
    if head.task is not None and _has_long_waited(head.task, now):
        return False
    for task in context.store.find_startable(now, _LOOK_AHEAD_PAGE):
        if task.plan.request_id == request_id:
            return True
        if _has_long_waited(task, now):
            return False
    return True


def _has_long_waited(task: Task, now: datetime) -> bool:
    return max(task.created_at, task.place.not_before) < now - _MAX_WAIT_AHEAD


def _find_next_turn(context: Context, priority: int) -> int:
    first = context.store.find_first_in_line(priority, context.clock.now())
    return first.place.turn + 1 if first is not None else 1
