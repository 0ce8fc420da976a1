"""Strangers: live operations under our deployment's name that are of no task in this store.

They are left alone. Tasks are stored before they are started, and go long after they ended: such an
operation is another store's under the same name, or this one's before it was restored or made
anew.
"""

import logging
from collections.abc import Iterable, Mapping

from s1ratio import task as tasks
from s1ratio.logevents import STRANGERS, tell
from s1ratio.ports import Operation
from s1ratio.services.context import Context
from s1ratio.services.operations.identity import is_cancellable, is_ours
from s1ratio.task import Task

_LOG = logging.getLogger(__name__)
_MAX_NAMED = 20


def tell_strangers(
    context: Context,
    operations: Iterable[Operation],
    known: Mapping[str, Task],
    troubles: list[str],
) -> None:
    """Say which operations are strangers, and what to do; `known` are the tasks named, by id."""
    found = [op for op in operations if op.live and _is_stranger(context, op, known)]
    if not found:
        return
    deployment = context.settings.deployment
    stores = {tasks.identity_in(deployment, op.description) for op in found}
    others = sorted(name for name in stores if name not in (None, context.identity))
    several = "operations are" if len(found) > 1 else "operation is"
    what = (
        f"{len(found)} live {several} under the name of deployment {deployment} and of no task in "
        f"this store, {context.identity}"
    )
    if others:
        what += f", but of {', '.join(others)}"
    advice = (
        "if another store is in use, give one of the two another S1RATIO_DEPLOYMENT; if this one "
        "was restored or made anew, let them end or cancel them in Earth Engine"
    )
    names = [op.name for op in found[:_MAX_NAMED]]
    troubles.append(f"{what}: {advice}")
    tell(
        _LOG,
        STRANGERS,
        what=what,
        advice=advice,
        count=len(found),
        operations=names,
        stores=others or None,
    )


def _is_stranger(context: Context, operation: Operation, known: Mapping[str, Task]) -> bool:
    name = tasks.task_of(context.settings.deployment, operation.description)
    if name is None:
        return False
    task = known.get(name[0])
    if task is None:
        return True
    ours = operation.is_named(task.run.operation) or is_ours(context, task, operation)
    return not (ours or is_cancellable(context, operation))
