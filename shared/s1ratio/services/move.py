"""Move: a task's move is stored in one place, with what goes into the same commit."""

from collections.abc import Sequence
from dataclasses import replace

from s1ratio.errors import Conflict
from s1ratio.records import PixelClaim
from s1ratio.services.context import Context
from s1ratio.services.telling import tell_move
from s1ratio.task import Task


def moved(
    context: Context,
    task: Task,
    after: Task,
    *,
    children: Sequence[Task] = (),
    claim: PixelClaim | None = None,
) -> Task:
    """Store what becomes of a task, and tell of its end; return it as stored, or raise Conflict."""
    ends = after.ended and not task.ended
    if ends:
        now = context.clock.now()
        after = replace(after, ended_at=now, expire_at=now + context.retention)
    events = [context.task_event(after)] if ends else []
    stored = context.store.transition(
        task, after, task.version, events, children=children, claim=claim
    )
    tell_move(task, stored, context.clock.now())
    return stored


def moved_or_current(
    context: Context, task: Task, after: Task, *, children: Sequence[Task] = ()
) -> Task:
    """Store what becomes of a task; return it as it then stands, whoever moved it."""
    try:
        return moved(context, task, after, children=children)
    except Conflict:
        return context.store.task(task.id) or task
