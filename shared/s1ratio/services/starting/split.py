"""Split: an export that is too much for Earth Engine becomes four on the same pixel grid."""

from collections.abc import Sequence
from dataclasses import replace

from s1ratio import task as tasks
from s1ratio.errors import (
    Conflict,
    EarthEngineFault,
    ExportTooLarge,
    RecordMissing,
    ResourcesExceeded,
)
from s1ratio.pixels import digests, tell_selection
from s1ratio.plan import ExportTask
from s1ratio.services.context import Context
from s1ratio.services.storing.requests import request_of
from s1ratio.services.storing.tasks import commit_task
from s1ratio.task import Task

MAX_DEPTH = 2  # sixteen parts
_TOO_MUCH = (ExportTooLarge, ResourcesExceeded)


def is_too_much(fault: EarthEngineFault) -> bool:
    """Tell whether a smaller export may do where this one failed."""
    return isinstance(fault, _TOO_MUCH)


def split(context: Context, task: Task, fault: EarthEngineFault) -> Task:
    """Store a task as split into its quarters, in one commit with them, or as FAILED for good.

    Return it as stored; raise Conflict if another worker moved it.
    """
    quarters = task.plan.quarters() if task.family.depth < MAX_DEPTH else ()
    if not quarters:
        words = f"{fault} It is part of a task that was split {task.family.depth} times already."
        return commit_task(context, task, tasks.failed(task, fault.error_class, words))
    failed = replace(task, trouble=task.trouble.because(fault.error_class, str(fault)))
    plans, same = _with_digests(context, task, quarters)
    parent, children = tasks.split_up(failed, plans, same, context.clock.now())
    return commit_task(context, task, parent, children=children)


def split_or_reload(context: Context, task: Task, fault: EarthEngineFault) -> Task:
    """Do the same; return the task as it then stands, whoever moved it."""
    try:
        return split(context, task, fault)
    except Conflict:
        return context.store.get_task(task.id) or task


def _with_digests(
    context: Context, task: Task, plans: Sequence[ExportTask]
) -> tuple[Sequence[ExportTask], tuple[str | None, ...]]:
    """Return parts and their digests, so that they, too, are exported once for all who ask.

    They are made of the slices that the whole was planned of.
    """
    if task.pixels.digest is None:
        return plans, tuple(None for _ in plans)
    record = context.store.get_request(task.plan.request_id)
    if record is None:
        raise RecordMissing(f"request {task.plan.request_id} has tasks but no record in the store")
    request = request_of(record)
    joined = tell_selection(request, task.plan, task.pixels.digest).joined
    plans = [replace(plan, joined=joined) for plan in plans]
    return plans, digests(request, plans)
