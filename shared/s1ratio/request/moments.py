"""Moments: the bounds of a period, as days or as date-times, both UTC.

A date-time is one of RFC 3339 with its offset. It is kept in UTC to the millisecond, since scenes'
times are known no better; what is finer is cut off. Midnight is the day itself, so that the
same period has the same pixels however it is written.
"""

import datetime as dt
import math
import re
from typing import TypeAlias

Moment: TypeAlias = dt.date | dt.datetime  # a datetime is aware, UTC, and no midnight

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"(?P<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
_MAX_YEAR = 2100
_FORM = "must be a day as YYYY-MM-DD (UTC), or a date-time such as 2026-08-16T10:00:00Z"


def read_moment(value: object) -> Moment:
    """Return the moment of a text, or of a date or an aware datetime; raise ValueError in words."""
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return _usual(value)
    if type(value) is dt.date:
        return value
    if not isinstance(value, str):
        raise ValueError(_FORM)  # noqa: TRY004 - pydantic collects ValueErrors
    moment = _read_day(value) if _DAY.fullmatch(value) else _read_time(value)
    if moment.year > _MAX_YEAR:
        raise ValueError(f"{value} is too far in the future")
    return moment


def instant_of(moment: Moment) -> dt.datetime:
    """Return when a moment is (UTC): a day's is its midnight."""
    if isinstance(moment, dt.datetime):
        return moment
    return dt.datetime.combine(moment, dt.time(), dt.UTC)


def text_of(moment: Moment) -> str:
    """Return a moment as Earth Engine reads it: `2026-08-16`, `2026-08-16T10:00:00`, UTC."""
    if not isinstance(moment, dt.datetime):
        return moment.isoformat()
    return moment.replace(tzinfo=None).isoformat(
        timespec="milliseconds" if moment.microsecond else "seconds"
    )


def message_text_of(moment: Moment) -> str:
    """Return a moment as a message may say it: `2026-08-16`, `2026-08-16T10:00:00Z`."""
    return text_of(moment) + ("Z" if isinstance(moment, dt.datetime) else "")


def count_days(start: Moment, end: Moment) -> int:
    """Return how many days a period has, a broken one counted whole."""
    return math.ceil((instant_of(end) - instant_of(start)) / dt.timedelta(days=1))


def days_around(start: Moment, end: Moment) -> tuple[dt.date, dt.date]:
    """Return the first day that a period touches, and the one after its last."""
    first, last = instant_of(start).date(), instant_of(end).date()
    return first, last + dt.timedelta(days=1) if isinstance(end, dt.datetime) else last


def _read_day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text} is no day: {error}") from None


def _read_time(text: str) -> Moment:
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(_FORM)
    if found["offset"] is None:
        raise ValueError(f"{text} has no offset: write {text}Z if it is UTC")
    try:
        return _usual(dt.datetime.fromisoformat(text.upper()))
    except (ValueError, OverflowError) as error:  # such as a leap second, or the year 0
        raise ValueError(f"{text} is no date-time: {error}") from None


def _usual(time: dt.datetime) -> Moment:
    utc = time.astimezone(dt.UTC)
    utc = utc.replace(microsecond=utc.microsecond // 1000 * 1000)
    return utc.date() if utc.time() == dt.time() else utc
