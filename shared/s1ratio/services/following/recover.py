"""Recover: a start that broke is found again, or made again; never both.

After its lease: look for the operation by description and destination; adopt it, else POST the
same request id again. An id refused as used belongs to an operation that the list may show late:
wait the grace out, look again, and only then take the next id. Refused in any other words, it waits
and looks again likewise, and only then ends by them. A start that broke time after time
is given up, but not before the list was read once more after its last POST.
"""

from collections.abc import Sequence
from datetime import timedelta

from s1ratio import task as tasks
from s1ratio.errors import (
    Conflict,
    EarthEngineFault,
    ErrorClass,
    ExportTooLarge,
    ResourcesExceeded,
)
from s1ratio.ports import Operation
from s1ratio.services.context import Context
from s1ratio.services.following.observe import observe
from s1ratio.services.operations.identity import is_ours
from s1ratio.services.operations.late_operations import watch_late
from s1ratio.services.starting.request_cache import RequestCache
from s1ratio.services.starting.split import split_or_reload
from s1ratio.services.starting.start import post, record_operation
from s1ratio.services.storing.tasks import commit_or_reload, commit_task
from s1ratio.task import Task

MAX_BROKEN = 20  # POSTs of one attempt of whose fate nothing is known: about 15 hours
# Of several operations under one description the best is adopted. Not one that was cancelled: by
# a worker that lost its claim, and the task is not to end by that.
_BEST_FIRST = ("SUCCEEDED", "RUNNING", "PENDING", "FAILED")
_TOO_MUCH: dict[str, type[EarthEngineFault]] = {
    fault.error_class: fault for fault in (ExportTooLarge, ResourcesExceeded)
}
_NEVER = frozenset({"CANCELLING", "CANCELLED"})


def recover(
    context: Context, requests: RequestCache, task: Task, operations: Sequence[Operation]
) -> Task | None:
    """Bring one broken start on; return it as it then stands, or None if another worker has it.

    `operations` are the project's, newest first, back to before `starting_at` at least, and
    drawn when the claim's lease was over.
    """
    now = context.clock.now()
    deployment = context.settings.deployment
    why = requests.cancelling(task)
    if why is not None and find_adoptable(context, task, operations) is None:
        return _abandon(context, task, why)
    claimed = tasks.starting(
        task, context.owner, now, context.lease, deployment, identity=context.identity
    )
    try:
        claimed = commit_task(context, task, claimed)
        found = find_adoptable(context, claimed, operations)
        if found is None and claimed.claim.refused_at is not None:
            return _end_refused(context, claimed)
        if found is None and claimed.trouble.tries >= MAX_BROKEN:
            return commit_or_reload(context, claimed, _given_up(claimed))
        if found is None and claimed.claim.id_used_at is not None:
            fresh = tasks.next_start(claimed, deployment)
            claimed = commit_task(context, claimed, fresh)
    except Conflict:
        return None
    if found is None:
        return post(context, requests.of(claimed), claimed, first=False)
    adopted = record_operation(context, claimed, found.name)
    # Its last change may lie too far back for the poller to look at it again.
    return observe(context, adopted, adopted.run.attempt, found) or adopted


def find_adoptable(
    context: Context, claimed: Task, operations: Sequence[Operation]
) -> Operation | None:
    """Return the operation to adopt for a claim's attempt, or None."""
    ours = [op for op in operations if op.state not in _NEVER and is_ours(context, claimed, op)]
    return min(ours, key=_rank, default=None)


def _abandon(context: Context, task: Task, why: str) -> Task:
    """Return a start that nobody wants any more and whose operation is not listed.

    It is never POSTed again, and ends once the list was read past its lease and a grace more.
    """
    if task.trouble.error_class == ErrorClass.CANCELLING:
        watch_late(context)
        return commit_or_reload(context, task, tasks.cancelled(task, why))
    grace = timedelta(seconds=context.settings.list_grace_s)
    until = (task.claim.lease_until or context.clock.now()) + grace
    words = f"{why}; its operation may be listed late"
    return commit_or_reload(
        context, task, tasks.deferred(task, until, ErrorClass.CANCELLING, words)
    )


def _end_refused(context: Context, claimed: Task) -> Task:
    """End a start that was refused, and of which no operation has come to light: as it was told."""
    words = claimed.trouble.error or "the start was refused"
    too_much = _TOO_MUCH.get(claimed.trouble.error_class or "")
    if too_much is not None:
        return split_or_reload(context, claimed, too_much(words))
    return commit_or_reload(context, claimed, tasks.failed(claimed, _class_of(claimed), words))


def _given_up(claimed: Task) -> Task:
    words = (
        f"given up after {claimed.trouble.tries} broken starts; the last: {claimed.trouble.error}"
    )
    return tasks.failed(claimed, _class_of(claimed), words)


def _class_of(task: Task) -> ErrorClass:
    last = task.trouble.error_class
    return ErrorClass(last) if last in set(ErrorClass) else ErrorClass.TRANSIENT


def _rank(operation: Operation) -> int:
    known = operation.state in _BEST_FIRST
    return _BEST_FIRST.index(operation.state) if known else len(_BEST_FIRST)
