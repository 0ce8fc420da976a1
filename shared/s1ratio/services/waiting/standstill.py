"""Standstill: what keeps everybody's work from going on is noted, lest anybody be held to be late.

An outage of Earth Engine and a used up quota are marks of their own, in `admission`.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from s1ratio.errors import ErrorClass, ObjectStoreUnavailable
from s1ratio.services.context import Context, PollContext
from s1ratio.services.waiting.admission import Admitted
from s1ratio.time_marks import TimeMark

# For so long each is noted, and not looked for again: a probe is a call to the bucket.
_NOTED_FOR = {
    TimeMark.STARTS_FULL: timedelta(minutes=50),
    TimeMark.BUCKET_SILENT: timedelta(hours=6),
}
_PROBE = "s1ratio-probe/"  # nothing is there, so that a list of it is short


def note_no_room(context: Context, admitted: Admitted, taken: int) -> None:
    """Note that tasks wait for want of room, if they do: in the queue, or in what a day may have.

    `taken` are the starts that were made of what was admitted.
    """
    full = admitted.held in {ErrorClass.QUEUE, ErrorClass.CEILING}
    if full or (admitted.held is None and taken >= admitted.room):
        _note(context, TimeMark.STARTS_FULL)


def was_noted(context: Context, mark: TimeMark, since: datetime) -> bool:
    """Tell whether a standstill was noted at `since` or later, or lasted until then."""
    at = context.store.get_time_mark(mark)
    return at is not None and at + _NOTED_FOR[mark] >= since


def probe_bucket(context: PollContext) -> None:
    """Note that the bucket does not answer, if it does not: one file's trouble is its own."""
    if _is_fresh(context, TimeMark.BUCKET_SILENT):
        return
    with suppress(ObjectStoreUnavailable):
        context.objects.list(_PROBE)
        return
    _note(context, TimeMark.BUCKET_SILENT)


def _note(context: Context, mark: TimeMark) -> None:
    if not _is_fresh(context, mark):
        context.store.set_time_mark(mark, context.clock.now())


def _is_fresh(context: Context, mark: TimeMark) -> bool:
    at = context.store.get_time_mark(mark)
    return at is not None and context.clock.now() - at < _NOTED_FOR[mark]
