"""Recover: a start that broke is found again, or made again; never both.

After its lease: look for the operation by description and destination; adopt it, else POST the
same request id again. An id refused as used belongs to an operation that the list may show late:
only what `absence` has established lets the next id be taken, or a start that was refused in other
words end by them. To POST the same id twice does no harm, so a lease may be judged by any clock. A
start that breaks time after time is tried on, once an hour.
"""

from collections.abc import Sequence
from dataclasses import replace

from s1ratio import task as tasks
from s1ratio.errors import (
    Conflict,
    EarthEngineFault,
    ErrorClass,
    ExportTooLarge,
    ResourcesExceeded,
)
from s1ratio.ports import Operation
from s1ratio.services.context import Context, PollContext
from s1ratio.services.following.absence import judge_bucket, look_again
from s1ratio.services.following.observe import observe
from s1ratio.services.operations.identity import is_ours, note_twin
from s1ratio.services.operations.late_operations import watch_late
from s1ratio.services.operations.listing import Listing
from s1ratio.services.starting.making import with_maker
from s1ratio.services.starting.request_cache import RequestCache
from s1ratio.services.starting.split import split_or_reload
from s1ratio.services.starting.start import MAX_BROKEN, post, record_operation
from s1ratio.services.storing.tasks import commit_or_reload, commit_task
from s1ratio.task import Task

# Of several operations under one description the best is adopted. Not one that was cancelled: by
# a worker that lost its claim, and the task is not to end by that.
_BEST_FIRST = ("SUCCEEDED", "RUNNING", "PENDING", "FAILED")
_TOO_MUCH: dict[str, type[EarthEngineFault]] = {
    fault.error_class: fault for fault in (ExportTooLarge, ResourcesExceeded)
}
_NEVER = frozenset({"CANCELLING", "CANCELLED"})


def recover(
    context: PollContext, requests: RequestCache, task: Task, listing: Listing
) -> Task | None:
    """Bring one broken start on; return it as it then stands, or None if another worker has it.

    The list must go back to before `starting_at`, and have been drawn when the lease was over.
    Raises ObjectStoreUnavailable, and then it is brought on later.
    """
    found = find_adoptable(context, task, listing.operations)
    if found is not None:
        return _adopt(context, task, found)
    why = requests.cancelling(task)
    if why is not None:
        return _abandon(context, task, why)
    task = note_twin(context, task, listing.operations)
    after = look_again(context, task, listing) or judge_bucket(context, requests, task)
    try:
        if after is not None:
            return commit_task(context, task, after)
        claimed = commit_task(context, task, _claimed(context, requests, task, listing))
    except Conflict:
        return None
    return _end(context, claimed) or post(context, requests.of(claimed), claimed, first=False)


def _taken_over(context: Context, task: Task) -> Task:
    """Return a broken start as claimed by this worker."""
    now, deployment = context.clock.now(), context.settings.deployment
    return tasks.starting(
        task, context.owner, now, context.lease, deployment, identity=context.identity
    )


def _adopt(context: PollContext, task: Task, found: Operation) -> Task | None:
    """Give a start the operation that the list shows; None if another worker has it."""
    claim = _taken_over(context, task)
    try:
        claimed = commit_task(context, task, claim)
    except Conflict:
        return None
    adopted = record_operation(context, claimed, found.name, found.created_at)
    # Its last change may lie too far back for the poller to look at it again.
    return observe(context, adopted, adopted.run.attempt, found) or adopted


def _claimed(context: Context, requests: RequestCache, task: Task, listing: Listing) -> Task:
    """Return the claim of a start that is to be made again, under the next id if that was used."""
    claimed = _taken_over(context, task)
    is_fresh = claimed.claim.id_used_at is not None
    if is_fresh:
        claimed = tasks.next_start(claimed, context.settings.deployment)
    else:
        # It was looked for as far back as clocks may be wrong: from now on, as far as need be.
        claimed = replace(claimed, claim=replace(claimed.claim, missed_at=listing.drawn_at))
    if _is_refused_for_good(claimed):
        return claimed
    return with_maker(context, requests.of(task), claimed, alone=is_fresh)


def _is_refused_for_good(claimed: Task) -> bool:
    """Tell whether a start is not POSTed once more."""
    return claimed.claim.refused_at is not None or claimed.claim.refusals >= MAX_BROKEN


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
    until = (task.claim.lease_until or context.clock.now()) + context.list_grace
    words = f"{why}; its operation may be listed late"
    return commit_or_reload(
        context, task, tasks.deferred(task, until, ErrorClass.CANCELLING, words)
    )


def _end(context: Context, claimed: Task) -> Task | None:
    """End a start that Earth Engine refuses; None if it is to be made again."""
    if claimed.claim.refused_at is not None:
        return _end_refused(context, claimed)
    if claimed.claim.refusals >= MAX_BROKEN:
        return commit_or_reload(context, claimed, _refused_for_good(context, claimed))
    return None


def _end_refused(context: Context, claimed: Task) -> Task:
    """End a start that was refused, and of which no operation has come to light: as it was told."""
    words = claimed.trouble.error or "the start was refused"
    too_much = _TOO_MUCH.get(claimed.trouble.error_class or "")
    if too_much is not None:
        return split_or_reload(context, claimed, too_much(words))
    return commit_or_reload(context, claimed, tasks.failed(claimed, _class_of(claimed), words))


def _refused_for_good(context: Context, claimed: Task) -> Task:
    """Return a start that is not made again: one that came before may have been taken."""
    words = f"refused {claimed.claim.refusals} times, and others were not: {claimed.trouble.error}"
    later = context.clock.now() + context.list_grace
    return tasks.refused(claimed, context.told_at(), later, _class_of(claimed), words)


def _class_of(task: Task) -> ErrorClass:
    last = task.trouble.error_class
    return ErrorClass(last) if last in set(ErrorClass) else ErrorClass.TRANSIENT


def _rank(operation: Operation) -> int:
    known = operation.state in _BEST_FIRST
    return _BEST_FIRST.index(operation.state) if known else len(_BEST_FIRST)
