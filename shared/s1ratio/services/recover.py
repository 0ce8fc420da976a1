"""Recover: a start that broke is found again, or made again; never both.

After its lease: look for the operation by description and destination; adopt it, else POST the
same request id again. An id refused as used belongs to an operation that the list may show late:
wait the grace out, look again, and only then take the next id.
"""

from collections.abc import Iterable
from datetime import timedelta

from s1ratio import task as tasks
from s1ratio.errors import Conflict
from s1ratio.ports import Operation
from s1ratio.services.context import Context
from s1ratio.services.observe import observe
from s1ratio.services.start import Requests, post, record
from s1ratio.task import Task

LOOK_BACK = timedelta(minutes=5)
# Of several operations under one description the best is adopted.
_BEST_FIRST = ("SUCCEEDED", "RUNNING", "PENDING", "FAILED", "CANCELLING", "CANCELLED")


def recover(
    context: Context, requests: Requests, task: Task, operations: Iterable[Operation]
) -> Task | None:
    """Bring one broken start on; return it as it then stands, or None if another worker has it.

    `operations` are the project's, newest first, back to `starting_at` - `LOOK_BACK` at least.
    """
    now = context.clock.now()
    deployment = context.settings.deployment
    claim = tasks.starting(task, context.owner, now, context.lease, deployment)
    try:
        claim = context.store.transition(task, claim, task.version)
    except Conflict:
        return None
    found = find(context, claim, operations)
    if found is not None:
        adopted = record(context, claim, found.name)
        # Its last change may lie too far back for the poller to look at it again.
        return observe(context, adopted, adopted.attempt, found)
    if claim.id_used_at is not None:
        try:
            claim = context.store.transition(
                claim, tasks.next_start(claim, deployment), claim.version
            )
        except Conflict:
            return None
    return post(context, requests.of(claim), claim)


def find(context: Context, claim: Task, operations: Iterable[Operation]) -> Operation | None:
    """Return the operation of a claim's attempt, or None: description and destination are ours."""
    text = tasks.description(context.settings.deployment, claim)
    ours = [
        op for op in operations if op.description == text and is_destination(context, claim, op)
    ]
    return min(ours, key=_rank, default=None)


def is_destination(context: Context, task: Task, operation: Operation) -> bool:
    """Tell whether an operation writes where the task says, as far as Earth Engine tells.

    Earth Engine names the folder in the bucket, and nothing before it has begun to write.
    """
    folder = f"{context.settings.bucket}/{task.plan.folder}"
    places = [uri for uri in operation.destinations if "/storage/" in uri]
    return not places or any(folder in uri for uri in places)


def _rank(operation: Operation) -> int:
    known = operation.state in _BEST_FIRST
    return _BEST_FIRST.index(operation.state) if known else len(_BEST_FIRST)
