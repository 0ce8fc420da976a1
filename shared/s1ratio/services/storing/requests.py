"""Requests: a request's change is stored in one place, with what goes into the same commit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from s1ratio.errors import Conflict
from s1ratio.events.of_requests import tell_of_request
from s1ratio.growth import bounded_request
from s1ratio.plan import not_before
from s1ratio.records import RequestRecord, RequestState
from s1ratio.request import CompositeRequest
from s1ratio.request.reader import stored_request
from s1ratio.services.context import Context
from s1ratio.services.event_world import teller_of
from s1ratio.services.storing.log_lines import tell_request_end

# A late duplicate of a message must find its request as long as there is anything of it.
_KEPT_LONGER = timedelta(days=7)
_ALL_THERE = frozenset({RequestState.VERIFIED, RequestState.SUCCEEDED, RequestState.EMPTY})
_MAX_ROUNDS = 5


def commit_request(context: Context, before: RequestRecord, after: RequestRecord) -> RequestRecord:
    """Store what becomes of a request; return it, or raise Conflict.

    That it is accepted, and that it ends, is told in the same commit.
    """
    ends = after.state.terminal and not before.state.terminal
    if ends:
        now = context.clock.now()
        expire_at = now + context.retention + _KEPT_LONGER
        why = after.error or (None if after.state in _ALL_THERE else after.cancelling)
        after = replace(after, ended_at=now, expire_at=expire_at, cancelling=None, error=why)
    after, events = bounded_request(after), []
    if ends or _is_accepted(before, after):
        after = replace(after, sequence=before.sequence + 1)
        events = [tell_of_request(teller_of(context), after)]
    stored = context.store.update_request(after, before.version, events)
    context.outbox.note(events)
    if ends:
        tell_request_end(stored, context.clock.now())
    return stored


def _is_accepted(before: RequestRecord, after: RequestRecord) -> bool:
    return after.state is RequestState.ACCEPTED and before.state is RequestState.EXPANDING


def update_request(
    context: Context,
    record: RequestRecord,
    change: Callable[[RequestRecord], RequestRecord],
    always: bool = False,
) -> RequestRecord:
    """Store what `change` makes of a request, beginning anew where another writer came first.

    Return it as it then stands. What `change` leaves as it is, is written only if `always`: then
    whoever has read it before, and judged by what has changed since, comes too late. Raises
    Conflict if others keep writing it.
    """
    for _ in range(_MAX_ROUNDS):
        after = change(record)
        if after == record and not always:
            return record
        try:
            return commit_request(context, record, after)
        except Conflict:
            record = context.store.get_request(record.id) or record
    raise Conflict(f"request {record.id} is written by others again and again: try once more")


def set_going(record: RequestRecord, now: datetime) -> RequestRecord:
    """Return an ended request as under way again; one without all its tasks is to get them."""
    if not record.state.terminal:
        return record
    return replace(
        record,
        state=RequestState.RUNNING if record.size else RequestState.EXPANDING,
        not_before=record.not_before if record.size else due_from(record, now),
        round=record.round + 1,
        tries=0,
        mishaps=0,
        idle_since=None,
        line_since=None,
        reasons=(),
        error=None,
        error_class=None,
        cancelling=None,
        ended_at=None,
        expire_at=None,
    )


def due_from(record: RequestRecord, now: datetime) -> datetime:
    """Return since when a request that is set going now may be worked on: once its period is over.

    One that today's rules reject is worked on at once: that tells why.
    """
    try:
        return max(now, not_before(request_of(record), record.created_at))
    except ValueError:
        return now


def request_of(record: RequestRecord) -> CompositeRequest:
    """Return the request of a record: with the defaults of the day on which it was taken in.

    It is judged by the rules of form alone, not by today's limits.

    Raises ValidationError where those rules have changed since it was stored.
    """
    return stored_request(record.message, record.resolved)
