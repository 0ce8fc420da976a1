"""Dates changed, parsed by a pattern, measured within a unit; ranges joined and cut."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any, Final

from local_earthengine.algorithms.dates import advance, get_range
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.values.date import Date, DateRange, of_datetime, time_zone

# All that a date in milliseconds can be.
_FIRST: Final = -(2**63)
_LAST: Final = 2**63 - 1
# Joda's letters to those of strptime, by letter and whether there are many.
_LETTERS: Final = {
    "y": "%Y", "Y": "%Y", "x": "%Y", "M": "%m", "d": "%d", "D": "%j", "H": "%H", "h": "%I",
    "m": "%M", "s": "%S", "S": "%f", "a": "%p", "Z": "%z",
}  # fmt: skip


@algorithm("Date.update")
def update(  # noqa: PLR0917 - Earth Engine's arguments
    date: Date,
    year: int | None,
    month: int | None,
    day: int | None,
    hour: int | None,
    minute: int | None,
    second: float | None,
    zone: str | None,
) -> Date:
    """With some of its parts set; EarthEngineError for a day that there is not."""
    moment = date.at(zone)
    names = ("year", "month", "day", "hour", "minute")
    given: dict[str, Any] = {
        name: value
        for name, value in zip(names, (year, month, day, hour, minute), strict=True)
        if value is not None
    }
    if second is not None:
        whole = math.floor(second)
        given |= {"second": whole, "microsecond": round((second - whole) * 1000) * 1000}
    try:
        return of_datetime(moment.replace(**given))
    except (ValueError, OverflowError) as error:
        raise EarthEngineError(f"Bad date: {error}.") from None


@algorithm("Date.getFraction")
def get_fraction(date: Date, unit: str, zone: str | None) -> float:
    """How much of its year, month, day, hour, minute, second or week has passed, from 0 to 1."""
    if unit.lower().rstrip("s") == "week":
        moment = date.at(zone)
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        start = of_datetime(midnight - timedelta(days=moment.weekday()))
        span = DateRange(start.millis, advance(start, 7, "day", zone).millis)
    else:
        span = get_range(date, unit, zone)
    return (date.millis - span.start) / (span.end - span.start)


@algorithm("Date.parse")
def parse(pattern: str, text: str, zone: str | None) -> Date:
    """By a Joda pattern of numbers: years, months, days, hours, minutes, seconds."""
    try:
        moment = datetime.strptime(text, _form(pattern))  # noqa: DTZ007 - the zone follows
    except ValueError:
        raise EarthEngineError(
            f"Invalid format: '{text}' is malformed for the pattern '{pattern}'."
        ) from None
    return of_datetime(moment if moment.tzinfo else moment.replace(tzinfo=time_zone(zone)))


def _form(pattern: str) -> str:
    """A Joda pattern as strptime's."""
    found, place = "", 0
    while place < len(pattern):
        letter = pattern[place]
        if letter == "'":
            end = pattern.find("'", place + 1)
            end = len(pattern) if end < 0 else end
            found += pattern[place + 1 : end].replace("%", "%%")
            place = end + 1
            continue
        count = len(pattern[place:]) - len(pattern[place:].lstrip(letter))
        if not letter.isalpha():
            found += letter.replace("%", "%%") * count
        else:
            found += _letter(letter, count)
        place += count
    return found


def _letter(letter: str, count: int) -> str:
    if letter == "M" and count >= 3:
        return "%b" if count == 3 else "%B"
    if letter in "yY" and count == 2:
        return "%y"
    if letter not in _LETTERS:
        raise EarthEngineError(f"The pattern letter '{letter}' is not supported here.")
    return _LETTERS[letter]


@algorithm("DateRange.unbounded")
def unbounded() -> DateRange:
    """All dates."""
    return DateRange(_FIRST, _LAST)


@algorithm("DateRange.isUnbounded")
def is_unbounded(span: DateRange) -> bool:
    """Whether it holds all dates."""
    return span.start <= _FIRST and span.end >= _LAST


@algorithm("DateRange.intersection")
def intersection(span: DateRange, other: DateRange) -> DateRange:
    """What both hold; if that is nothing, a range without an instant."""
    start, end = max(span.start, other.start), min(span.end, other.end)
    return DateRange(start, max(start, end))


@algorithm("DateRange.union")
def union(span: DateRange, other: DateRange) -> DateRange:
    """From the earlier start to the later end: what lies between them too."""
    if span.end <= span.start or other.end <= other.start:
        return other if span.end <= span.start else span
    return DateRange(min(span.start, other.start), max(span.end, other.end))
