"""Idle clocks: how long work, and how long a start, was possible. A request is late by them alone.

Both stand still in an outage of Earth Engine or of the bucket, while a quota is used up, while all
starts are refused, and while no poller looks. That of the line stands still, too, while there is no
room for another start: then whoever is in line is not to blame.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from s1ratio.errors import ErrorClass
from s1ratio.services.context import Context
from s1ratio.services.waiting.admission import was_held_since
from s1ratio.services.waiting.standstill import was_noted
from s1ratio.time_marks import TimeMark

_MAX_UNSEEN = timedelta(days=1)  # between two looks; after a longer pause of the poller they stand
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_NOBODYS_FAULT = (ErrorClass.QUOTA, ErrorClass.OUTAGE, ErrorClass.REFUSED)


@dataclass(frozen=True)
class IdleClocks:
    """The clocks' times, counted from 1970: of work, and of the line."""

    work: datetime
    line: datetime


def read_idle_clocks(context: Context) -> IdleClocks:
    """Return the clocks as they stood when they were last advanced."""
    store = context.store
    return IdleClocks(
        store.get_time_mark(TimeMark.IDLE_CLOCK) or _BEGIN,
        store.get_time_mark(TimeMark.LINE_CLOCK) or _BEGIN,
    )


def advance_idle_clocks(context: Context) -> IdleClocks:
    """Let the clocks go by the time since the last look, as far as they go; return their times."""
    store, now = context.store, context.clock.now()
    looked = store.get_time_mark(TimeMark.IDLE_LOOKED) or now
    store.set_time_mark(TimeMark.IDLE_LOOKED, now)
    shown = read_idle_clocks(context)
    if not timedelta() < now - looked <= _MAX_UNSEEN or not _is_work_possible(context, looked):
        return shown
    after = IdleClocks(shown.work + (now - looked), shown.line)
    store.set_time_mark(TimeMark.IDLE_CLOCK, after.work)
    if _was_room(context, looked):
        after = IdleClocks(after.work, shown.line + (now - looked))
        store.set_time_mark(TimeMark.LINE_CLOCK, after.line)
    return after


def _is_work_possible(context: Context, since: datetime) -> bool:
    held = any(was_held_since(context, reason, since) for reason in _NOBODYS_FAULT)
    return not (held or was_noted(context, TimeMark.BUCKET_SILENT, since))


def _was_room(context: Context, since: datetime) -> bool:
    full = was_noted(context, TimeMark.STARTS_FULL, since)
    return not (full or was_held_since(context, ErrorClass.QUEUE, since))
