"""Expand: a stored request gets its passes, then its tasks. Safe to run again from any point."""

import logging
from dataclasses import replace
from datetime import datetime

from s1ratio import task as tasks
from s1ratio.errors import (
    AccessRefused,
    Conflict,
    EarthEngineFault,
    ErrorClass,
    InvalidRequest,
    QuotaExceeded,
    StoreUnavailable,
    TransientFault,
)
from s1ratio.faults import Fault
from s1ratio.logevents import UNEXPECTED, tell
from s1ratio.pixels import digests
from s1ratio.plan import OrbitPass, make_plan
from s1ratio.records import RequestRecord, RequestState
from s1ratio.request import CompositeRequest
from s1ratio.services.context import Context
from s1ratio.services.storing.requests import commit_request, request_of
from s1ratio.services.waiting.admission import hold, in_outage, probe_outage
from s1ratio.services.waiting.backoff import pause
from s1ratio.services.waiting.fairness import deal_turns
from s1ratio.services.waiting.isolation import MAX_UNEXPECTED, describe

_LOG = logging.getLogger(__name__)

MAX_TRIES = 30  # about a day
_TRIES_IN_AN_OUTAGE = 4  # as long as after so many tries: some minutes


def expand(context: Context, record: RequestRecord) -> RequestRecord:
    """Return the request as far as it could be brought now: ACCEPTED at best.

    Earth Engine's troubles, and errors that nobody expects, leave it EXPANDING with a later
    `not_before` and the error, or FAILED in the end; only a store that can't be reached raises.
    """
    if record.state is not RequestState.EXPANDING or record.not_before > context.clock.now():
        return record
    if record.cancelling is not None:  # the sweep ends it
        return record
    try:
        record = _resolve_passes(context, record)
        return _create_tasks(context, record) if record.passes else record
    except Conflict:  # somebody else expands it, to the same end
        return context.store.get_request(record.id) or record
    except StoreUnavailable:
        raise
    except Exception as error:  # such as a message that today's rules reject: its own trouble
        tell(_LOG, UNEXPECTED, error, what=f"expanding {record.id}", request=record.id)
        return _record_unexpected(context, record, error)


def _resolve_passes(context: Context, record: RequestRecord) -> RequestRecord:
    """Return the request with its passes stored, so that no later delivery asks again."""
    if record.passes is not None or in_outage(context):
        return record
    try:
        passes = context.earth_engine.find_passes(request_of(record))
    except EarthEngineFault as fault:
        return _postpone(context, record, fault)
    if not passes:
        return _reject(context, record, (_no_scenes(request_of(record)),))
    return commit_request(context, record, replace(record, passes=passes, error=None))


def _create_tasks(context: Context, record: RequestRecord) -> RequestRecord:
    now = context.clock.now()
    request = request_of(record)
    passes: tuple[OrbitPass, ...] = record.passes or ()
    try:
        plan = make_plan(record.id, request, passes, context.settings.plan_limits, now)
    except InvalidRequest as error:
        return _reject(context, record, error.faults)
    priority = min(request.priority, context.settings.max_priority)
    dealt = deal_turns(context, priority, len(plan.tasks), in_line=plan.not_before <= now)
    context.store.create_tasks(
        [
            tasks.planned(task, now, priority, plan.not_before, turn=turn, digest=digest)
            for task, turn, digest in zip(
                plan.tasks, dealt, digests(request, plan.tasks), strict=True
            )
        ]
    )
    after = replace(record, state=RequestState.ACCEPTED, size=len(plan.tasks))
    return commit_request(context, record, after)


def _postpone(context: Context, record: RequestRecord, fault: EarthEngineFault) -> RequestRecord:
    """Leave the request for the poller, or give it up where trying again is no use.

    An outage, a refusal of everybody, a full queue or a used up quota is never the request's own
    fault: it costs no try.
    """
    words = str(fault)
    if not fault.retry:
        return _fail(context, record, words, fault.error_class)
    if isinstance(fault, TransientFault | AccessRefused) and not probe_outage(context):
        if record.tries + 1 >= MAX_TRIES:
            return _fail(context, record, words, fault.error_class)
        return _count_try(context, record, words)
    if isinstance(fault, QuotaExceeded):
        later = hold(context, fault)
    else:
        later = context.clock.now() + pause(_TRIES_IN_AN_OUTAGE, record.id)
    return commit_request(context, record, replace(record, not_before=later, error=words))


def _record_unexpected(context: Context, record: RequestRecord, error: Exception) -> RequestRecord:
    try:
        if record.tries + 1 >= MAX_UNEXPECTED:
            return _fail(context, record, describe(error), ErrorClass.UNEXPECTED)
        return _count_try(context, record, describe(error))
    except Conflict:
        return context.store.get_request(record.id) or record


def _fail(
    context: Context, record: RequestRecord, words: str, error_class: ErrorClass
) -> RequestRecord:
    after = replace(record, state=RequestState.FAILED, error=words, error_class=error_class)
    return commit_request(context, record, after)


def _count_try(context: Context, record: RequestRecord, words: str) -> RequestRecord:
    tries = record.tries + 1
    later: datetime = context.clock.now() + pause(tries, record.id)
    return commit_request(
        context, record, replace(record, tries=tries, not_before=later, error=words)
    )


def _reject(context: Context, record: RequestRecord, reasons: tuple[Fault, ...]) -> RequestRecord:
    return commit_request(
        context, record, replace(record, state=RequestState.REJECTED, reasons=reasons)
    )


def _no_scenes(request: CompositeRequest) -> Fault:
    words = (
        f"no Sentinel-1 scene with VV and VH meets the area from {request.start} to {request.end} "
        f"({request.direction.value}, platforms {', '.join(request.platforms)}): "
        "widen the period, the direction or the platforms"
    )
    return Fault("aoi", "no_scenes", words)
