"""Follow: the project's operations, read once, move the tasks whose operations changed.

What changed is what was updated since the watermark, less an overlap. The watermark stops before
whatever must be looked at again. Now and then all are looked at, whenever they changed: one that
was listed very late, or that two ticks at once passed over, is not lost for good.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from s1ratio import task as tasks
from s1ratio.ports import Operation
from s1ratio.services.context import Context
from s1ratio.services.observe import observe
from s1ratio.task import Task

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


def follow(context: Context, operations: Sequence[Operation], until: datetime) -> Sequence[Task]:
    """Move the tasks whose operations changed, as long as there is time; return those moved."""
    since = _since(context)
    # By time of change: what there is no time for is then behind the watermark.
    new = sorted((op for op in operations if op.updated_at >= since), key=_updated_at)
    names = {op.name: tasks.task_of(context.settings.deployment, op.description) for op in new}
    known = context.store.tasks({name[0] for name in names.values() if name})
    moved: dict[str, Task] = {}
    again: list[datetime] = []
    for operation in new:
        if context.clock.now() >= until:
            again.append(operation.updated_at)
            break
        name = names[operation.name]
        before = known.get(name[0]) if name else None
        if name is None or before is None:
            continue
        after = observe(context, before, name[1], operation)
        if after is None:
            again.append(operation.updated_at)
        elif after != before:
            known[after.id] = moved[after.id] = after
    _advance(context, again or [op.updated_at for op in new[-1:]])
    return list(moved.values())


def _since(context: Context) -> datetime:
    """Return the time of the oldest changes to look at."""
    now, store = context.clock.now(), context.store
    mark, reconciled = store.watermark(_OPERATIONS), store.watermark(_RECONCILED)
    if mark is None or reconciled is None or now - reconciled >= _RECONCILE_EVERY:
        store.set_watermark(_RECONCILED, now)
        return datetime.min.replace(tzinfo=UTC)
    return mark - OVERLAP


def _updated_at(operation: Operation) -> datetime:
    return operation.updated_at


def _advance(context: Context, times: Sequence[datetime]) -> None:
    """Set the watermark to the first of these times; one in the future would hide all others."""
    if times:
        context.store.set_watermark(_OPERATIONS, min(*times, context.clock.now()))
