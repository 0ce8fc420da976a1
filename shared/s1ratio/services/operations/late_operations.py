"""Late: operations that may still come to light though no task has one any more.

A start that was cancelled while nobody knew its fate, or a lost task: its operation may be listed
after all. For a while the poller then reads the list even without an active task.
"""

from datetime import datetime, timedelta

from s1ratio.services.context import Context
from s1ratio.services.waiting.clocks import is_ahead, tell_ahead
from s1ratio.time_marks import TimeMark

# Long enough for an hourly reconciliation, which looks at operations whenever they changed.
MAX_WATCH = timedelta(hours=2)
# Before it was cancelled a start had its lease, and the list its grace.
_BEFORE = timedelta(hours=1)
_FRESH = timedelta(minutes=1)


def watch_late(context: Context) -> None:
    """Have the list read for a while from now on."""
    now, at = context.clock.now(), _fetch_mark(context)
    if at is None or now - at > _FRESH:  # many at once need it once
        context.store.set_time_mark(TimeMark.LATE, now)


def find_search_start(context: Context, oldest: datetime | None) -> datetime | None:
    """Return since when operations are to be looked for, None if there is nothing to look for.

    `oldest` is the earliest start of an active task, if there is one.
    """
    at = _fetch_mark(context)
    if at is None or context.clock.now() - at > MAX_WATCH:
        return oldest
    return min(at - _BEFORE, oldest or at)


def _fetch_mark(context: Context) -> datetime | None:
    """Return since when the list is read; set by a clock that was ahead, it is since now."""
    at = context.store.get_time_mark(TimeMark.LATE)
    if at is None or not is_ahead(context, at):
        return at
    tell_ahead(f"the mark {TimeMark.LATE.value!r}", at)
    now = context.clock.now()
    context.store.set_time_mark(TimeMark.LATE, now)
    return now
