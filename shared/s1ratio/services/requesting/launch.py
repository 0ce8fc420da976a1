"""Launch: one message becomes a stored request, its tasks, and as many starts as time allows.

Once the request is stored, Earth Engine's troubles never send the message back: the poller goes
on where this stopped. Only a store that can't be reached raises.
"""

import hashlib
import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from s1ratio.errors import InvalidRequest, RecordRefused, RequestIdConflict
from s1ratio.faults import Fault, capped
from s1ratio.ground_tracks import node_notes
from s1ratio.logevents import MESSAGE_REJECTED, REQUEST_LAUNCHED, tell
from s1ratio.plan import make_plan, named_passes, not_before
from s1ratio.records import MAX_REJECTED_COPY, Rejection, RequestRecord, RequestState
from s1ratio.request import Message, read_message
from s1ratio.request.reader import identify
from s1ratio.request.resolved import resolve
from s1ratio.services.context import Context
from s1ratio.services.publishing.publish import publish_committed
from s1ratio.services.requesting.expand import expand
from s1ratio.services.requesting.selection import joined
from s1ratio.services.starting.batch import start_all
from s1ratio.services.storing.rejections import commit_rejection
from s1ratio.services.waiting.admission import admit
from s1ratio.services.waiting.fairness import may_go_first
from s1ratio.services.waiting.isolation import log_unexpected
from s1ratio.task import TaskState

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Launched:
    """What became of a message: the request's id and state, how many starts, why rejected."""

    request_id: str | None
    state: RequestState
    started: int = 0
    reasons: tuple[Fault, ...] = ()


def launch(context: Context, payload: bytes, message_id: str | None = None) -> Launched:
    """Take a message in; the same message again changes nothing and goes on where it stands."""
    launched = _launch(context, payload, message_id)
    publish_committed(context)
    return launched


def _launch(context: Context, payload: bytes, message_id: str | None) -> Launched:
    try:
        record = _take_in(context, payload)
    except InvalidRequest as error:
        _reject(context, payload, error.faults, message_id)
        return Launched(None, RequestState.REJECTED, reasons=error.faults)
    until = context.clock.now() + timedelta(seconds=context.settings.launch_budget_s)
    record = expand(context, record)
    started = 0
    if record.state is RequestState.ACCEPTED:
        with log_unexpected(f"starting request {record.id}", []):  # the poller starts it then
            started = _start(context, record, until)
    fields = {"state": record.state.value, "started": started, "pubsub_message": message_id}
    tell(_LOG, REQUEST_LAUNCHED, request=record.id, **fields, **_why(record))
    return Launched(record.id, record.state, started, record.reasons)


def reject(
    context: Context, payload: bytes, reasons: tuple[Fault, ...], message_id: str | None = None
) -> None:
    """Record why a message was refused, with a copy of it cut to a safe size.

    What the store refuses even so is kept without the copy, or in the log alone.
    """
    _reject(context, payload, reasons, message_id)
    publish_committed(context)


def _reject(
    context: Context, payload: bytes, reasons: tuple[Fault, ...], message_id: str | None
) -> None:
    reasons = capped(reasons)
    copy = payload[:MAX_REJECTED_COPY].decode("utf-8", "replace")
    digest = rejection_id(payload)
    now = context.clock.now()
    expire_at = now + context.retention
    _keep(context, Rejection(digest, now, reasons, copy, message_id, expire_at), payload)
    words = [str(reason) for reason in reasons]
    fields = {"code": reasons[0].code, "reason": words[0], "reasons": words}
    tell(_LOG, MESSAGE_REJECTED, rejection=digest, pubsub_message=message_id, **fields)


def _keep(context: Context, rejection: Rejection, payload: bytes) -> None:
    """Store a rejection; whatever is in it, its message must not come again."""
    named = identify(payload)
    request_id = named[0] if named else None
    try:
        commit_rejection(context, rejection, request_id)
    except RecordRefused:
        with suppress(RecordRefused):
            short = replace(rejection, payload="", reasons=rejection.reasons[:1])
            commit_rejection(context, short, request_id)


def _why(record: RequestRecord) -> dict[str, object]:
    reasons = [str(reason) for reason in record.reasons]
    return {"error": record.error, "reasons": reasons or None}


def rejection_id(payload: bytes) -> str:
    """Return the id under which a payload is recorded if it is rejected."""
    return hashlib.sha256(payload).hexdigest()[:40]


def _take_in(context: Context, payload: bytes) -> RequestRecord:
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
        return known


def _find_known(context: Context, payload: bytes) -> RequestRecord | None:
    """Return the request that was made of this very message before, or None."""
    found = identify(payload)
    if found is None:
        return None
    request_id, digest = found
    record = context.store.get_request(request_id)
    return record if record is not None and record.digest == digest else None


def _store_request(context: Context, message: Message) -> RequestRecord:
    """Return the stored request of a message, new or known; raise InvalidRequest if it can't be."""
    now, limits = context.clock.now(), context.settings.plan_limits
    passes = named_passes(message.request)
    if passes is not None:
        passes = joined(message.request, passes)
        # Judged before it is stored: a plan that is too large is the publisher's to change.
        make_plan(message.request_id, message.request, passes, limits, now)
    record = _create_request(
        context,
        RequestRecord(
            id=message.request_id,
            digest=message.digest,
            message=message.text,
            state=RequestState.EXPANDING,
            created_at=now,
            not_before=now if passes is not None else not_before(message.request, now),
            passes=passes,
            limits=limits if passes is not None else None,
            resolved=resolve(message.request),
            priority=min(message.request.priority, context.settings.max_priority),
            notes=(*message.request.aoi.notes, *node_notes(message.request)),
        ),
    )
    if record.digest != message.digest:
        words = f"{record.id} is the id of another request: choose a new one"
        raise RequestIdConflict([Fault("request_id", "request_id_conflict", words)])
    return record


def _create_request(context: Context, record: RequestRecord) -> RequestRecord:
    """Store a request, or return the one that is known; one that can't be kept is invalid."""
    try:
        return context.store.create_request(record)
    except RecordRefused as error:
        words = f"too large to be kept with what will be added to it: {error}"
        words += ": leave out the properties of features"
        raise InvalidRequest([Fault("", "too_large", words)]) from error


def _start(context: Context, record: RequestRecord, until: datetime) -> int:
    """Start what is due of a request, if there is room and nobody has long been waiting for it.

    Return how many starts Earth Engine took. What is left is the poller's.
    """
    now = context.clock.now()
    if now >= until:
        return 0
    # Room is counted, who waits is read: in a storm, which leaves no room, nobody is read.
    room = admit(context).room
    if room <= 0 or not may_go_first(context, record.id):
        return 0
    due = [
        task
        for task in context.store.find_tasks_of(record.id)
        if task.state is TaskState.PLANNED and task.place.not_before <= now
    ]
    due.sort(key=lambda task: task.place.turn)
    return start_all(context, due, until, room, whole_line=False).started
