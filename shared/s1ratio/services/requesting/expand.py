"""Expand: a stored request gets its passes, then its tasks. Safe to run again from any point."""

import logging
from dataclasses import replace
from datetime import datetime

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
from s1ratio.orbits import absence
from s1ratio.plan import OrbitPass, make_plan
from s1ratio.records import RequestRecord, RequestState
from s1ratio.request import CompositeRequest
from s1ratio.request.moments import days_around, message_text_of
from s1ratio.services.context import Context
from s1ratio.services.requesting.pinning import lacks_pins, pin_passes
from s1ratio.services.requesting.planning import make_tasks
from s1ratio.services.requesting.search import in_smaller_parts, search_passes
from s1ratio.services.requesting.selection import tell_passes
from s1ratio.services.starting.split import is_too_much
from s1ratio.services.storing.requests import commit_request, request_of
from s1ratio.services.waiting.admission import hold, in_outage, probe_outage
from s1ratio.services.waiting.backoff import pause
from s1ratio.services.waiting.fairness import deal_turns
from s1ratio.services.waiting.isolation import describe, log_unexpected, put_off_request
from s1ratio.services.waiting.precedence import give_priority

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
        record = _resolve_passes(context, tell_passes(context, record))
        if record.passes and lacks_pins(record):
            record = _pin_passes(context, record)
        is_ready = record.passes and record.state is RequestState.EXPANDING
        return _create_tasks(context, record) if is_ready and not lacks_pins(record) else record
    except Conflict:  # somebody else expands it, to the same end
        return context.store.get_request(record.id) or record
    except StoreUnavailable:
        raise
    except Exception as error:  # such as a message that today's rules reject: its own trouble
        tell(_LOG, UNEXPECTED, error, what=f"expanding {record.id}", request=record.id)
        return _put_off(context, record, error)


def _resolve_passes(context: Context, record: RequestRecord) -> RequestRecord:
    """Return the request with its passes stored, so that no later delivery asks again."""
    if record.passes is not None or in_outage(context):
        return record
    after, fault = search_passes(context, record)
    if fault is not None:
        return _postpone(context, after, fault)
    if after.passes == ():  # not kept: a retry is to ask again
        none = replace(after, passes=None, reasons=(no_scenes(request_of(record)),))
        return commit_request(context, record, replace(none, state=RequestState.EMPTY))
    if after.passes is not None:  # from now on it has its plan, by the limits of this day
        after = replace(after, limits=context.settings.plan_limits)
    return commit_request(context, record, replace(after, tries=0, mishaps=0, idle_since=None))


def _pin_passes(context: Context, record: RequestRecord) -> RequestRecord:
    """Return the request with the scenes of its passes stored, so that nobody asks again."""
    if in_outage(context):
        return record
    try:
        after = pin_passes(context, record)
    except InvalidRequest as error:
        return _reject(context, replace(record, limits=None), error.faults)
    except EarthEngineFault as fault:
        return _postpone(context, record, fault)
    return commit_request(context, record, replace(after, tries=0, mishaps=0, idle_since=None))


def _create_tasks(context: Context, record: RequestRecord) -> RequestRecord:
    now = context.clock.now()
    request = request_of(record)
    passes: tuple[OrbitPass, ...] = record.passes or ()
    if record.limits is None:  # else the next one who comes to it might make other tasks
        record = replace(record, limits=context.settings.plan_limits)
        record = commit_request(context, record, record)
    limits = record.limits or context.settings.plan_limits
    try:
        plan = make_plan(record.id, request, passes, limits, now)
    except InvalidRequest as error:  # a retry is to be judged by the limits of its day
        return _reject(context, replace(record, limits=None), error.faults)
    asked = min(request.priority, context.settings.max_priority)
    priority = asked if record.priority is None else record.priority
    first = deal_turns(context, priority, in_line=plan.not_before <= now)
    made = make_tasks(record, request, plan, now, priority=priority, first_turn=first)
    context.store.create_tasks(made)
    if priority != asked:
        # Raised meanwhile, perhaps after some tasks were created.
        give_priority(context, record.id, priority)
    after = replace(record, state=RequestState.ACCEPTED, size=len(made), error=None, tries=0)
    return commit_request(context, record, replace(after, mishaps=0, idle_since=None))


def _postpone(context: Context, record: RequestRecord, fault: EarthEngineFault) -> RequestRecord:
    """Leave the request for the poller, or give it up where trying again is no use.

    An outage, a refusal of everybody, a full queue or a used up quota is never the request's own
    fault: it costs no try.
    """
    words = str(fault)
    passing = isinstance(fault, TransientFault | AccessRefused)
    if is_too_much(fault) or (passing and not probe_outage(context)):
        record = in_smaller_parts(record, fault)
        if record.tries + 1 >= MAX_TRIES:
            return _fail(context, record, _advise(record, fault), fault.error_class)
        return _count_try(context, record, words)
    if not fault.retry:
        return _fail(context, record, words, fault.error_class)
    if isinstance(fault, QuotaExceeded):
        later = hold(context, fault)
    else:
        later = context.clock.now() + pause(_TRIES_IN_AN_OUTAGE, record.id)
    return commit_request(context, record, replace(record, not_before=later, error=words))


def _put_off(context: Context, record: RequestRecord, error: Exception) -> RequestRecord:
    """Put the request off, or end it; return it with the error, even if that can't be stored."""
    stored = None
    with log_unexpected(f"putting off request {record.id}", []):
        put_off_request(context, record.id, error)
        stored = context.store.get_request(record.id)
    return stored or replace(record, error=describe(error))


def _advise(record: RequestRecord, fault: EarthEngineFault) -> str:
    if record.search.parts == 1:
        return str(fault)
    words = f"{fault} That was of its search for passes, the period in {record.search.parts} parts"
    return f"{words}: send a shorter period, or a smaller area"


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


def no_scenes(request: CompositeRequest) -> Fault:
    """Return the fault of a request whose area no scene of its period meets."""
    start, end = message_text_of(request.start), message_text_of(request.end)
    words = (
        f"no Sentinel-1 scene with VV and VH meets the area from {start} to {end} "
        f"({request.direction.value}, platforms {', '.join(request.platforms)}): "
        "widen the period, the direction or the platforms"
    )
    none = absence(request.platforms, *days_around(request.start, request.end))
    return Fault("aoi", "no_scenes", f"{words}; {none}" if none else words)
