"""Take in: a message becomes a stored request, new or known.

One that names its passes is stored whole, with all of its tasks in one commit: nobody ever finds
it without them. Any other, or one of very many tasks, is stored first, and expanded then.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from s1ratio.errors import (
    AlreadyExists,
    InvalidRequest,
    RecordRefused,
    RequestIdConflict,
    StoreUnavailable,
)
from s1ratio.events.of_requests import tell_of_request
from s1ratio.faults import Fault
from s1ratio.ground_tracks import node_notes
from s1ratio.plan import Plan, make_plan, named_passes, not_before
from s1ratio.records import RequestRecord, RequestState
from s1ratio.request import CompositeRequest, Message, read_message
from s1ratio.request.labels import label_text
from s1ratio.request.reader import identify
from s1ratio.request.resolved import resolve
from s1ratio.services.context import Context
from s1ratio.services.event_world import teller_of
from s1ratio.services.launch_memory import UNKNOWN, Head
from s1ratio.services.requesting.origin import find_origin
from s1ratio.services.requesting.pinning import lacks_pins
from s1ratio.services.requesting.planning import make_tasks
from s1ratio.services.requesting.selection import joined
from s1ratio.services.storing.requests import request_of
from s1ratio.services.waiting.fairness import find_head, next_turn, not_in_line
from s1ratio.task import Task

_MOST_AT_ONCE = 100  # tasks: with the largest request they fit into one commit


@dataclass(frozen=True)
class Taken:
    """A stored request. Of one that was stored just now with its tasks: these, as stored.

    Then `request` is what it asks for, and `head` who was first in line before its tasks.
    """

    record: RequestRecord
    request: CompositeRequest | None = None
    tasks: tuple[Task, ...] | None = None
    head: Head = UNKNOWN


def take_in(context: Context, payload: bytes) -> Taken:
    """Return the stored request of a message, new or known; raise InvalidRequest if it can't be.

    One that is known stays so: what it was taken in by may have been tightened since.
    """
    try:
        limits = context.settings.limits(context.clock.now().date())
        return _store_request(context, read_message(payload, limits))
    except InvalidRequest:
        known = _find_known(context, payload)
        if known is None:
            raise
        return Taken(known)


def _find_known(context: Context, payload: bytes) -> RequestRecord | None:
    """Return the request that was made of this very message before, or None."""
    found = identify(payload)
    if found is None:
        return None
    request_id, digest = found
    record = context.store.get_request(request_id)
    return record if record is not None and record.digest == digest else None


def _store_request(context: Context, message: Message) -> Taken:
    """Return the stored request of a message, new or known; raise InvalidRequest if it can't be."""
    now, limits = context.clock.now(), context.settings.plan_limits
    record, plan = _new_record(context, message, now), None
    if record.passes is not None:
        # Judged before it is stored: a plan that is too large is the publisher's to change.
        plan = make_plan(record.id, message.request, record.passes, limits, now)
    taken = _store_whole(context, record, plan, now) if plan is not None else None
    if taken is None:
        taken = Taken(_create_request(context, record))
    if taken.record.digest != message.digest:
        words = f"{record.id} is the id of another request: choose a new one"
        raise RequestIdConflict([Fault("request_id", "request_id_conflict", words)])
    return taken


def _new_record(context: Context, message: Message, now: datetime) -> RequestRecord:
    """Return the record of a message that is not known yet, with its passes if it names them."""
    passes = named_passes(message.request)
    if passes is not None:
        passes = joined(message.request, passes)
    labels = message.request.labels
    origin = find_origin(message.request_id, labels)
    return RequestRecord(
        id=message.request_id,
        digest=message.digest,
        message=message.text,
        state=RequestState.EXPANDING,
        created_at=now,
        not_before=now if passes is not None else not_before(message.request, now),
        passes=passes,
        limits=context.settings.plan_limits if passes is not None else None,
        resolved=resolve(message.request),
        priority=min(message.request.priority, context.settings.max_priority),
        notes=(*message.request.aoi.notes, *node_notes(message.request)),
        labels=tuple(sorted(label_text(*each) for each in labels.items())),
        region=origin.region,
        incident=origin.incident,
    )


def _store_whole(
    context: Context,
    record: RequestRecord,
    plan: Plan,
    now: datetime,
) -> Taken | None:
    """Store a request with its tasks; None where something of it is known, or can't be made.

    Then it takes the other way, on which an error is isolated.
    """
    if not 0 < len(plan.tasks) <= _MOST_AT_ONCE or record.priority is None or lacks_pins(record):
        return None
    try:
        head, first = UNKNOWN, not_in_line(0)
        if plan.not_before <= now:
            head = find_head(context)
            first = next_turn(context, record.priority, head)
        # As whoever comes to it later reads it: digests tell words apart that mean the same.
        request = request_of(record)
        tasks = make_tasks(record, request, plan, now, priority=record.priority, first_turn=first)
        accepted = replace(record, state=RequestState.ACCEPTED, size=len(tasks), sequence=1)
        events = [tell_of_request(teller_of(context), accepted)]
        stored, made = context.store.create_accepted(accepted, tasks, events)
        context.outbox.note(events)
    except StoreUnavailable:
        raise
    except AlreadyExists:
        known = context.store.get_request(record.id)
        return Taken(known) if known is not None else None
    except Exception:  # it is told where it is met again
        return None
    return Taken(stored, request, tuple(made), head)


def _create_request(context: Context, record: RequestRecord) -> RequestRecord:
    """Store a request, or return the one that is known; one that can't be kept is invalid."""
    try:
        return context.store.create_request(record)
    except RecordRefused as error:
        words = f"too large to be kept with what will be added to it: {error}"
        words += ": leave out the properties of features"
        raise InvalidRequest([Fault("", "too_large", words)]) from error
