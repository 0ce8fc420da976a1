"""Merge: the wholes that end with the last of their parts."""

from collections.abc import Iterable
from datetime import datetime

from s1ratio.services.context import Context
from s1ratio.services.move import merge
from s1ratio.services.paging import every_in
from s1ratio.services.trouble import guarded
from s1ratio.task import Task, TaskState


def merge_all(context: Context, until: datetime, troubles: list[str]) -> set[str]:
    """End every SPLIT task whose children have all ended; return the ids of their requests.

    Whoever stores the end of a last child stores its parent's too, unless it dies in between.
    Costs four reads for each SPLIT task, so it belongs into the reconciliation. An unexpected
    error over one of them is added to `troubles`.
    """
    changed = set[str]()
    for parent in every_in(context.store, TaskState.SPLIT):
        if context.clock.now() >= until:
            break
        with guarded(f"task {parent.id}", troubles):
            if merge(context, parent):
                changed.add(parent.plan.request_id)
    return changed


def ended_with(context: Context, ended: Iterable[Task]) -> list[Task]:
    """Return what ended with the last of its parts, of which these tasks may be one."""
    names = {task.parent for task in ended if task.parent is not None}
    if not names:
        return []
    wholes = [task for task in context.store.tasks(names).values() if task.ended]
    return [*wholes, *ended_with(context, wholes)]
