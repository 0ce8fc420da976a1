"""Settle: a request's state and tallies follow from its tasks, counted anew, never incremented."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from s1ratio.errors import Conflict
from s1ratio.records import RequestRecord, RequestState, Tallies, state_of, tally
from s1ratio.services.context import Context, written
from s1ratio.services.merge import merge_all
from s1ratio.services.trouble import guarded
from s1ratio.task import TaskState

# A tick that died between a task's move and its request's is made good within this time.
_EVERY = timedelta(minutes=10)
_WATERMARK = "settled"
_PAGE = 50  # records hold their areas
_ROUNDS = 3
_FEW = 50  # tasks: to count more where they lie takes fewer reads


def settle(context: Context, request_ids: Iterable[str], troubles: list[str]) -> int:
    """Bring these requests up to date; return how many changed.

    An unexpected error over one of them is added to `troubles`.
    """
    changed = 0
    for request_id in sorted(set(request_ids)):
        with guarded(f"request {request_id}", troubles):
            changed += _settle(context, request_id)
    return changed


def settle_all(context: Context, until: datetime, troubles: list[str]) -> int:
    """Bring every open request up to date now and then; return how many changed.

    Page by page, the oldest first, as long as there is time: one page at least.
    """
    now = context.clock.now()
    last = context.store.watermark(_WATERMARK)
    if last is not None and now - last < _EVERY:
        return 0
    context.store.set_watermark(_WATERMARK, now)
    merge_all(context, until, troubles)
    changed, seen = 0, set[str]()
    since: datetime | None = None
    while since is None or context.clock.now() < until:
        page = context.store.open_requests(_PAGE, since)
        fresh = {record.id for record in page} - seen
        changed += settle(context, fresh, troubles)
        if not fresh or len(page) < _PAGE:
            break
        seen |= fresh
        since = page[-1].created_at
    return changed


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
    found = _tallies(context, record)
    after = replace(
        record,
        state=state_of(found),
        tallies={state.value: found.counts[state] for state in TaskState if state in found.counts},
        eecu_seconds=found.eecu_seconds,
        missing=found.missing,
        cancelling=record.cancelling or _over_ceiling(context, found),
    )
    if after == record:
        return False
    written(context, record, after)
    return True


def _over_ceiling(context: Context, found: Tallies) -> str | None:
    """Return why a request is to be cancelled that has spent more than one may, or None."""
    ceiling = context.settings.max_request_eecu_s
    if found.eecu_seconds <= ceiling:
        return None
    return f"spent {found.eecu_seconds:,.0f} EECU-s, its ceiling is {ceiling:,.0f}"


def _tallies(context: Context, record: RequestRecord) -> Tallies:
    """Return a request's tasks in numbers: few are read, many are counted where they lie."""
    if record.size <= _FEW:
        return tally(context.store.tasks_of(record.id))
    return context.store.tallies(record.id)
