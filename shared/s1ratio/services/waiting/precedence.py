"""Precedence: a request's planned tasks take on the priority that the request was given."""

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
        if task.state is TaskState.PLANNED and task.place.priority != priority
    ]


def give_priority(context: Context, request_id: str, priority: int) -> list[Task]:
    """Give the planned tasks of a request a priority; return them as they were before.

    Those in line go to the end of the line of their new priority, among themselves as they were.
    """
    given = []
    for place, task in enumerate(find_with_another_priority(context, request_id, priority)):
        turn = not_in_line(place) if task.place.turn > 0 else task.place.turn
        after = task.to(TaskState.PLANNED, place=replace(task.place, priority=priority, turn=turn))
        with suppress(Conflict):  # somebody starts it, or it is looked at again
            commit_task(context, task, after)
            given.append(task)
    return given
