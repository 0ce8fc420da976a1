"""Merge: what a process that died left undone when it had stored the end of a last part."""

from datetime import datetime

from s1ratio.services.context import Context
from s1ratio.services.move import merge
from s1ratio.services.paging import every_in
from s1ratio.services.trouble import guarded
from s1ratio.task import TaskState


def merge_all(context: Context, until: datetime, troubles: list[str]) -> set[str]:
    """End every SPLIT task whose children have all ended; return the ids of their requests.

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
