"""Until when starts are held up, and by what."""

from datetime import datetime, timedelta

from s1ratio.error_classes import ErrorClass
from s1ratio.ports import Store
from s1ratio.progress import Holds
from s1ratio.settings import Settings
from s1ratio.time_marks import TimeMark

_MARKS = {
    TimeMark.STARTS_QUOTA: ErrorClass.QUOTA,
    TimeMark.STARTS_OUTAGE: ErrorClass.OUTAGE,
    TimeMark.STARTS_REFUSED: ErrorClass.REFUSED,
    TimeMark.STARTS_QUEUE: ErrorClass.QUEUE,
}


def read_holds(store: Store, settings: Settings, now: datetime) -> Holds:
    """Return until when starts are held up, by what holds them."""
    marks = store.get_time_marks(_MARKS)
    found = {reason: marks[mark] for mark, reason in _MARKS.items() if mark in marks}
    midnight = midnight_before(now)
    if store.count_started(midnight) >= settings.max_tasks_day:
        found[ErrorClass.CEILING] = midnight + timedelta(days=1)
    return {reason: until for reason, until in found.items() if until > now}


def midnight_before(now: datetime) -> datetime:
    """Return when the day began (UTC), of which starts are counted."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
