"""Settle: a request's state and tallies follow from its tasks, counted anew, never incremented."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from s1ratio.errors import Conflict
from s1ratio.records import RequestRecord, RequestState, state_of
from s1ratio.services.context import Context

# A tick that died between a task's move and its request's is made good within this time.
_EVERY = timedelta(minutes=10)
_WATERMARK = "settled"
_BATCH = 500
_ROUNDS = 3


def settle(context: Context, request_ids: Iterable[str]) -> int:
    """Bring these requests up to date; return how many changed."""
    return sum(_settle(context, request_id) for request_id in sorted(set(request_ids)))


def settle_all(context: Context) -> int:
    """Bring every open request up to date now and then; return how many changed."""
    now = context.clock.now()
    last = context.store.watermark(_WATERMARK)
    if last is not None and now - last < _EVERY:
        return 0
    context.store.set_watermark(_WATERMARK, now)
    return settle(context, [record.id for record in context.store.open_requests(_BATCH)])


def _settle(context: Context, request_id: str) -> bool:
    """Count until no other writer comes in between: its count may have been the older one."""
    for _ in range(_ROUNDS):
        record = context.store.request(request_id)
        try:
            return record is not None and _recount(context, record)
        except Conflict:
            continue
    return False


def _recount(context: Context, record: RequestRecord) -> bool:
    if record.state is RequestState.EXPANDING or record.state.terminal:
        return False
    state, tallies = state_of(context.store.tasks_of(record.id))
    after = replace(record, state=state, tallies=tallies)
    if after == record:
        return False
    events = [context.request_event(after)] if state.terminal else []
    context.store.update_request(after, record.version, events)
    return True
