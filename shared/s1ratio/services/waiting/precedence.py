"""Precedence: a request's planned tasks take on the priority that the request was given.

So does what they wait for: a task that exports the same pixels is lifted to the priority of who
waits for it, with its parts. What Earth Engine has taken keeps its own there; should it be planned
once more, or split, it has the higher one.
"""

from contextlib import suppress
from dataclasses import replace

from s1ratio.errors import Conflict
from s1ratio.services.context import Context
from s1ratio.services.storing.tasks import commit_task
from s1ratio.services.waiting.fairness import not_in_line
from s1ratio.task import Task, TaskState


def find_with_another_priority(context: Context, request_id: str, priority: int) -> list[Task]:
    """Return the planned tasks of a request that have another priority than this."""
    return [
        task
        for task in context.store.find_tasks_of(request_id)
        if task.state is TaskState.PLANNED and task.place.priority != task.place.lowest(priority)
    ]


def give_priority(context: Context, request_id: str, priority: int) -> list[Task]:
    """Give the planned tasks of a request a priority; return them as they were before.

    Those in line go to the end of the line of their new priority, among themselves as they were.
    """
    given = []
    for place, task in enumerate(find_with_another_priority(context, request_id, priority)):
        after = _planned_with(task, task.place.lowest(priority), place)
        with suppress(Conflict):  # somebody starts it, or it is looked at again
            commit_task(context, task, after)
            given.append(task)
    return given


def find_to_lift(context: Context, task_id: str, priority: int) -> list[Task]:
    """Return what is to be lifted so that who waits for a task has its pixels sooner.

    That is the task itself, its parts, and what they wait for in their turn. A start under way is
    left alone: whoever waits looks again.
    """
    names, seen, found = [task_id], set[str](), list[Task]()
    while names:
        read = context.store.get_tasks(names)
        seen.update(names)
        open_ = [task for task in read.values() if not task.ended]
        found += [task for task in open_ if _is_low(task, priority)]
        named = [name for task in open_ for name in (*task.children, task.pixels.waits_for)]
        names = sorted({name for name in named if name is not None} - seen)
    return found


def lift(context: Context, task_id: str, priority: int) -> list[Task]:
    """Lift a task that others wait for, and what it depends on; return them as they were before."""
    lifted = []
    for place, task in enumerate(find_to_lift(context, task_id, priority)):
        after = replace(task, place=replace(task.place, at_least=priority))
        if task.state is TaskState.PLANNED:
            after = _planned_with(after, after.place.lowest(task.place.priority), place)
        with suppress(Conflict):  # somebody moves it: whoever waits looks again
            commit_task(context, task, after)
            lifted.append(task)
    return lifted


def _is_low(task: Task, priority: int) -> bool:
    if task.state is TaskState.STARTING:
        return False
    return max(task.place.priority, task.place.at_least or 0) < priority


def _planned_with(task: Task, priority: int, place: int) -> Task:
    """Return a planned task with a priority, at the end of its line if it is in line."""
    turn = not_in_line(place) if task.place.turn > 0 else task.place.turn
    return task.to(TaskState.PLANNED, place=replace(task.place, priority=priority, turn=turn))
