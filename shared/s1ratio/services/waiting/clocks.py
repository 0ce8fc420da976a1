"""Clocks: ours may be wrong, and be put right; what was written meanwhile must hold nobody up.

Two of our clocks may differ by `MAX_SKEW`, and all that comes of it is that a pause is so much
shorter or longer. A time that lies further ahead than any that is written now was written by a
clock that was ahead: it is told, and counts as now.

What Earth Engine and the bucket say is never compared with our time; see `operations.listing`.
"""

import logging
from datetime import datetime, timedelta

from s1ratio.logevents import TROUBLE, tell
from s1ratio.services.context import Context
from s1ratio.time_marks import TimeMark

_LOG = logging.getLogger(__name__)

MAX_SKEW = timedelta(minutes=15)


def is_ahead(context: Context, at: datetime, longest: timedelta = timedelta()) -> bool:
    """Tell whether a time lies further ahead than one that is written now for so long."""
    return at > context.clock.now() + longest + MAX_SKEW


def was_ahead(context: Context, mark: TimeMark) -> bool:
    """Tell whether a mark was set, to the time of its setting, by a clock that was ahead."""
    at = context.store.get_time_mark(mark)
    return at is not None and is_ahead(context, at)


def get_past_mark(context: Context, mark: TimeMark) -> datetime | None:
    """Return a mark that is set to the time of its setting; None if a clock was ahead then."""
    at = context.store.get_time_mark(mark)
    if at is None or not is_ahead(context, at):
        return at
    tell_ahead(f"the mark {mark.value!r}", at)
    return None


def judge_time_mark(
    context: Context, mark: TimeMark, at: datetime | None, longest: datetime
) -> datetime | None:
    """Return a mark that is set to a time to come, `longest` at most; what is later is cut to now.

    It stands at `at`; `longest` is what it would be set to now at the latest.
    """
    if at is None or at <= longest + MAX_SKEW:
        return at
    tell_ahead(f"the mark {mark.value!r}", at)
    context.store.set_time_mark(mark, context.clock.now())
    return None


def tell_ahead(what: str, at: datetime) -> str:
    """Log that a time was written by a clock that is ahead, or was; return the words."""
    words = (
        f"{what} stands at {at:%Y-%m-%d %H:%M} UTC: a clock is ahead, or was before it was put "
        "right. It counts as over; set the clocks by NTP"
    )
    tell(_LOG, TROUBLE, what=words)
    return words
