"""Merge: the wholes that end with the last of their parts."""

from collections.abc import Iterable

from s1ratio.services.context import Context
from s1ratio.services.polling.tick import Tick
from s1ratio.services.storing.tasks import merge
from s1ratio.services.waiting.isolation import isolated
from s1ratio.task import Task


def merge_left(tick: Tick, parent: Task) -> None:
    """End a SPLIT task if its children have all ended. Costs four reads.

    Whoever stores the end of a last child stores its parent's too, unless it dies in between.
    """
    with isolated(tick.context, parent, tick.report.troubles):
        if merge(tick.context, parent):
            tick.changed.add(parent.plan.request_id)


def ended_with(context: Context, ended: Iterable[Task]) -> list[Task]:
    """Return what ended with the last of its parts, of which these tasks may be one."""
    names = {task.family.parent for task in ended if task.family.parent is not None}
    if not names:
        return []
    wholes = [task for task in context.store.tasks(names).values() if task.ended]
    return [*wholes, *ended_with(context, wholes)]
