"""Follow: the project's operations, read once, move the tasks whose operations changed.

What changed is what was updated since the watermark, less an overlap. The watermark stops before
whatever must be looked at again. Now and then all are looked at, whenever they changed: one that
was listed very late, or that two ticks at once passed over, is not lost for good.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from s1ratio import task as tasks
from s1ratio.logevents import STRANGERS, tell
from s1ratio.ports import Operation
from s1ratio.services.context import Context
from s1ratio.services.observe import LIVE, observe
from s1ratio.services.trouble import guarded
from s1ratio.task import Task

_LOG = logging.getLogger(__name__)

# An update may be listed a little after later ones.
OVERLAP = timedelta(minutes=10)
_RECONCILE_EVERY = timedelta(hours=1)
_OPERATIONS = "operations"
_RECONCILED = "reconciled"


def listed(context: Context, since: datetime) -> Sequence[Operation]:
    """Return the operations made since then, newest first: one request a page."""
    found = []
    for operation in context.earth_engine.operations():
        if operation.created_at < since:
            break
        found.append(operation)
    return found


def follow(
    context: Context, operations: Sequence[Operation], until: datetime, troubles: list[str]
) -> Sequence[Task]:
    """Move the tasks whose operations changed, as long as there is time; return those moved.

    An unexpected error over one operation is added to `troubles`; it is looked at again when all
    are, lest it hold the watermark for good.
    """
    now, mark = context.clock.now(), context.store.watermark(_OPERATIONS)
    every = mark is None or _is_time_for_all(context, now)
    # By time of change: what there is no time for is then behind the watermark.
    new = sorted(
        (op for op in operations if every or mark is None or op.updated_at >= mark - OVERLAP),
        key=_updated_at,
    )
    names = {op.name: tasks.task_of(context.settings.deployment, op.description) for op in new}
    known = context.store.tasks({name[0] for name in names.values() if name})
    if every:
        _tell_strangers(new, names, known)
    moved: dict[str, Task] = {}
    again: list[datetime] = []
    for operation in new:
        if context.clock.now() >= until:
            again.append(operation.updated_at)
            every = False
            break
        name = names[operation.name]
        before = known.get(name[0]) if name else None
        if name is None or before is None:
            continue
        with guarded(f"operation {operation.name}", troubles):
            after = observe(context, before, name[1], operation)
            if after is None:
                again.append(operation.updated_at)
            elif after != before:
                known[after.id] = moved[after.id] = after
    _advance(context, mark, again or [op.updated_at for op in new[-1:]])
    if every:  # not before: what was not looked at must be at the next tick
        context.store.set_watermark(_RECONCILED, now)
    return list(moved.values())


def _is_time_for_all(context: Context, now: datetime) -> bool:
    reconciled = context.store.watermark(_RECONCILED)
    return reconciled is None or now - reconciled >= _RECONCILE_EVERY


def _tell_strangers(
    operations: Sequence[Operation],
    names: Mapping[str, tuple[str, int] | None],
    known: Mapping[str, Task],
) -> None:
    """Tell of live operations of this deployment whose tasks the store has never known.

    They are left alone. Tasks are stored before they are started and never deleted: such an
    operation is that of another store, such as one before a restore, under our deployment's name.
    """
    strangers = [
        op.name
        for op in operations
        if op.state in LIVE and (name := names[op.name]) and name[0] not in known
    ]
    if strangers:
        tell(_LOG, STRANGERS, count=len(strangers), operations=strangers[:20])


def _updated_at(operation: Operation) -> datetime:
    return operation.updated_at


def _advance(context: Context, mark: datetime | None, times: Sequence[datetime]) -> None:
    """Set the watermark to the first of these times; one in the future would hide all others."""
    if times:
        new = min(*times, context.clock.now())
        if new != mark:
            context.store.set_watermark(_OPERATIONS, new)
