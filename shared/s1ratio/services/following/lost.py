"""Lost: an operation that Earth Engine shows no more, neither in its list nor by name.

Tasks do drop out of the list, and nobody says for how long names last: a miss is unknown, not
failed. The task is LOST for a grace, by Earth Engine's clock; then it is looked for once more, also
under another name, and in the bucket. What is not found is started again, under the next attempt's
name.
"""

from s1ratio import task as tasks
from s1ratio.errors import Conflict, ErrorClass, ObjectStoreUnavailable, OperationUnknown
from s1ratio.ports import Operation
from s1ratio.request import CompositeRequest, DriveDestination
from s1ratio.services.context import PollContext
from s1ratio.services.following.observe import observe, retried_or_failed
from s1ratio.services.following.recover import find_adoptable
from s1ratio.services.operations.identity import note_twin
from s1ratio.services.operations.listing import A_SECOND, Listing
from s1ratio.services.storing.tasks import commit_or_reload, commit_task
from s1ratio.services.verifying import verdict
from s1ratio.services.verifying.verdict import Verdict
from s1ratio.services.waiting.backoff import pause
from s1ratio.task import Task, TaskState


def is_missing(context: PollContext, task: Task, listing: Listing) -> bool:
    """Tell whether the list should show an active task's operation by now, and does not."""
    if task.run.operation is None or listing.find(task.run.operation) is not None:
        return False
    started = task.claim.starting_at or task.created_at
    if listing.drawn_at - started < context.lost_grace:
        return False
    return listing.covers(task) or listing.is_too_old(task)


def confirm_lost(context: PollContext, task: Task, listing: Listing) -> Task | None:
    """Ask by name for the operation that the list does not show; return its task as it then stands.

    Unknown, the task is LOST. None: another writer has it. Raises EarthEngineFault, and then
    nothing is known.
    """
    found = _fetch_by_name(context, task)
    if found is not None:
        return observe(context, task, task.run.attempt, found)
    context.memory.forget(task.run.operation)
    words = f"Earth Engine knows no operation {task.run.operation} any more"
    look_again = context.clock.now() + context.lost_grace
    task = note_twin(context, task, listing.operations)
    lost = tasks.lost(task, look_again, words, missed_at=listing.drawn_at)
    return commit_or_reload(context, task, lost)


def resolve_lost(
    context: PollContext,
    request: CompositeRequest,
    task: Task,
    listing: Listing,
    share: float | None = None,
) -> Task | None:
    """Decide on a LOST task whose grace is over; return it as it then stands.

    `share` is the part of its area that its passes cover at least, if that is known. None:
    another writer has it. Raises EarthEngineFault or ObjectStoreUnavailable, and then it is
    decided later.
    """
    found = listing.find(task.run.operation) or _fetch_by_name(context, task)
    if found is not None:
        return observe(context, task, task.run.attempt, found)
    other = find_adoptable(context, task, listing.operations)
    if other is None and not _is_missing_long(context, task, listing):
        return task
    try:
        if other is not None:
            adopted = tasks.submitted(task, other.name, other.created_at)
            task = commit_task(context, task, adopted)
            return observe(context, task, task.run.attempt, other) or task
        seen = note_twin(context, task, listing.operations)
        return commit_task(context, task, _judge_files(context, request, seen, share))
    except Conflict:
        return None


def _is_missing_long(context: PollContext, task: Task, listing: Listing) -> bool:
    """Tell whether the grace is over by Earth Engine's clock, not only by one of ours."""
    missed_at = task.claim.missed_at
    return missed_at is None or listing.drawn_at - missed_at >= context.lost_grace - A_SECOND


def _fetch_by_name(context: PollContext, task: Task) -> Operation | None:
    if task.run.operation is None:
        return None
    try:
        return context.earth_engine.get_operation(task.run.operation)
    except OperationUnknown:
        return None


def _judge_files(
    context: PollContext, request: CompositeRequest, task: Task, share: float | None
) -> Task:
    """Return the task as SUCCEEDED if its files are all there, else as to be started again.

    Files that another store's operation may have written are not taken for its own.
    """
    is_readable = not isinstance(request.destination, DriveDestination)
    is_own = is_readable and not task.claim.has_twin
    found = _judge(context, request, task, share) if is_own else None
    if found is not None and found.state is not TaskState.FAILED:
        return tasks.written(task, context.clock.now())
    words = f"{task.trouble.error or 'its operation is gone'}, and its files are not all there"
    if found is not None:
        words += f" as they were planned: {found.error}"
    return retried_or_failed(context, task, ErrorClass.LOST, words)


def _judge(
    context: PollContext, request: CompositeRequest, task: Task, share: float | None
) -> Verdict:
    try:
        return verdict.judge_outputs(task, request, context.objects, context.rasters, share)
    except ObjectStoreUnavailable as error:
        later = context.clock.now() + pause(task.trouble.tries + 1, task.id)
        words = f"{task.trouble.error}; the bucket: {error}"[:500]
        commit_or_reload(context, task, tasks.postponed(task, later, ErrorClass.LOST, words))
        raise
