"""Start: one surviving operation for each attempt, whatever breaks in between.

Claim by compare-and-set, one POST under a deterministic request id, compare-and-set again. A
start that broke leaves the task STARTING; `services.following.recover` goes on after its lease.
"""

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from s1ratio import task as tasks
from s1ratio.errors import (
    AccessRefused,
    Conflict,
    EarthEngineFault,
    ErrorClass,
    QueueFull,
    QuotaExceeded,
    RequestIdUsed,
    TransientFault,
)
from s1ratio.logevents import TROUBLE, tell
from s1ratio.ports import operation_id
from s1ratio.request import CompositeRequest
from s1ratio.services.context import Context
from s1ratio.services.operations.cancellation import request_cancel
from s1ratio.services.starting.making import with_maker
from s1ratio.services.starting.sharing import claim_pixels
from s1ratio.services.starting.split import is_too_much, split_or_reload
from s1ratio.services.storing.tasks import commit_or_reload, commit_task
from s1ratio.services.waiting.admission import hold, is_refusing
from s1ratio.services.waiting.backoff import pause
from s1ratio.services.waiting.fairness import not_in_line
from s1ratio.task import Maker, Task, TaskState, Trouble

_LOG = logging.getLogger(__name__)

MAX_BROKEN = 20  # POSTs of one attempt of whose fate nothing is known: about 15 hours
# From a claim to the answer on its POST.
_MAX_TAKEN = timedelta(hours=1)
# The longest that a start of which nothing is known is left alone for a used up quota.
_MAX_DEFERRED = timedelta(hours=1)
_MAX_ROUNDS = 5  # of writing down an operation while others write to its task


def start(context: Context, request: CompositeRequest, task: Task) -> Task | None:
    """Start one planned task; return it as it then stands, or None if another worker has it.

    It is not started but waits if another task is exporting the same pixels.
    """
    now = context.clock.now()
    deployment = context.settings.deployment
    claimed = tasks.starting(
        task, context.owner, now, context.lease, deployment, identity=context.identity
    )
    claimed = with_maker(context, request, claimed)
    try:
        claimed = claim_pixels(context, task, claimed)
    except Conflict:
        return None
    return post(context, request, claimed) if claimed.state is TaskState.STARTING else claimed


def post(context: Context, request: CompositeRequest, claimed: Task, first: bool = True) -> Task:
    """Make the one POST of a claim and store what came of it.

    `first` says that no POST of the attempt came before whose fate is unknown.
    """
    text = tasks.description(context.settings.deployment, claimed)
    try:
        operation = context.earth_engine.start(request, claimed, text)
    except EarthEngineFault as fault:
        if not (first or fault.retry or isinstance(fault, RequestIdUsed)):
            return commit_or_reload(context, claimed, _await_list(context, claimed, fault))
        if is_too_much(fault):
            return split_or_reload(context, claimed, fault)
        return commit_or_reload(context, claimed, _handle_fault(context, claimed, fault, first))
    maker = claimed.origin.made_by[-1] if claimed.origin.made_by else None
    return record_operation(context, claimed, operation, _claimed_at(context, claimed), maker)


def record_operation(
    context: Context,
    claimed: Task,
    operation: str,
    made_at: datetime | None = None,
    maker: Maker | None = None,
) -> Task:
    """Store the operation of a claim; if the claim was lost meanwhile, cancel the operation.

    `made_at` is since when it may be there, by Earth Engine's clock, where it tells, `maker` whose
    POST made it, where that is known. A store that can't be reached raises, or one that others keep
    writing to: the operation is found again by its description.
    """
    for _ in range(_MAX_ROUNDS):
        after = tasks.submitted(claimed, operation, made_at, maker)
        with suppress(Conflict):
            return commit_task(context, claimed, after)
        current = context.store.get_task(claimed.id)
        if current is None:  # gone, or unreadable: nobody would follow the operation
            request_cancel(context, operation)
            return claimed
        same_id = current.claim.ee_request_id == claimed.claim.ee_request_id
        if current.state is not TaskState.STARTING or not same_id:
            return _without(context, current, operation)
        # Taken over under the same id, which has no other operation: cancelling it would leave
        # whoever took over with a cancelled one.
        claimed = current
    raise Conflict(f"task {claimed.id} is written by others again and again: try once more")


def _without(context: Context, current: Task, operation: str) -> Task:
    """Return a task that went on under another id; cancel an operation that it does not name."""
    known = current.run.operation
    if known is None or operation_id(known) != operation_id(operation):
        request_cancel(context, operation)
    return current


def _claimed_at(context: Context, claimed: Task) -> datetime | None:
    """Return when a start was claimed whose POST was just answered, by Earth Engine's clock.

    It is as long ago as by ours, which may be wrong: what is no time for a POST counts for none.
    """
    answered_at, since = context.earth_engine.answered_at, claimed.claim.starting_at
    if answered_at is None or since is None:
        return None
    took = context.clock.now() - since
    return answered_at - took if timedelta() <= took <= _MAX_TAKEN else answered_at


def _parked(task: Task) -> Task:
    """Return a start that broke, as parked if it did time after time: tried on, once an hour.

    Earth Engine may take no start of anybody while it answers all else: then it is no task's fault,
    and goes on by itself. Whatever holds so long is told to a person.
    """
    if task.trouble.tries < MAX_BROKEN:
        return task
    words = f"parked after {MAX_BROKEN} broken starts, and tried on once an hour; the last: "
    trouble = Trouble(ErrorClass.PARKED, words + (task.trouble.error or "unknown"), MAX_BROKEN)
    tell(_LOG, TROUBLE, what=f"task {task.id}: {trouble.error}", error_class=ErrorClass.PARKED)
    return replace(task, trouble=trouble)


def _give_back(context: Context, claimed: Task, fault: AccessRefused, first: bool) -> Task:
    """Return the task after a POST that was refused, be it all or this one: see `refusals`."""
    later = context.clock.now() + pause(claimed.claim.refusals + 1, claimed.id)
    if first:
        back = tasks.requeued(claimed, later, fault.error_class, str(fault))
        # Its turn was spent: others get theirs, and tell whether they are refused, too.
        place = replace(back.place, turn=not_in_line(0))
        claim = replace(back.claim, refused_at=context.told_at())
        return replace(back, place=place, claim=claim)
    if is_refusing(context):
        return tasks.deferred(claimed, later, fault.error_class, str(fault))
    counted = replace(claimed.claim, refusals=claimed.claim.refusals + 1)
    after = replace(claimed, claim=counted)
    return tasks.postponed(after, later, fault.error_class, str(fault))


def _await_list(context: Context, claimed: Task, fault: EarthEngineFault) -> Task:
    """Return the claim of a start that was refused for good after a POST of unknown fate.

    Whatever the words: that one may have been taken, and its operation be listed late.
    """
    look_again = context.clock.now() + context.list_grace
    return tasks.refused(claimed, context.told_at(), look_again, fault.error_class, str(fault))


def _handle_fault(context: Context, claimed: Task, fault: EarthEngineFault, first: bool) -> Task:
    """Return the task after a POST that was refused, or of which nothing is known."""
    now = context.clock.now()
    if isinstance(fault, QueueFull | QuotaExceeded):
        until = hold(context, fault)
        if first:
            return tasks.requeued(claimed, until, fault.error_class, str(fault))
        return tasks.deferred(
            claimed, min(until, now + _MAX_DEFERRED), fault.error_class, str(fault)
        )
    if isinstance(fault, RequestIdUsed):
        return tasks.id_used(claimed, context.told_at(), now + context.list_grace)
    if isinstance(fault, AccessRefused):
        return _give_back(context, claimed, fault, first)
    if isinstance(fault, TransientFault):
        # It may have taken effect: untouched until the lease is over, at the least.
        later = now + pause(claimed.trouble.tries + 1, claimed.id)
        return _parked(tasks.postponed(claimed, later, fault.error_class, str(fault)))
    return tasks.failed(claimed, fault.error_class, str(fault))
