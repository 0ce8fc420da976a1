"""Ranges of dates: made, asked, joined and cut; and where a date lies within one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from local_earthengine.algorithms.values.dates import advance, unit_of
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.values.date import Date, DateRange, of_datetime, parse, to_millis, to_range


@algorithm("Date.getRange")
def get_range(date: Date, unit: str, zone: str | None) -> DateRange:
    """Return the year, month, day, hour, minute or second that holds the date."""
    names = ["year", "month", "day", "hour", "minute", "second"]
    name = unit_of(unit)
    if name not in names:
        raise EarthEngineError(f"'{unit}' is not supported here.")
    least = {"month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0}
    cut: dict[str, Any] = {finer: least[finer] for finer in names[names.index(name) + 1 :]}
    begin = date.at(zone).replace(microsecond=0, **cut)
    start = of_datetime(begin)
    if name == "day":  # by the clock of the zone: 23 or 25 hours where it is changed
        return DateRange(start.millis, of_datetime(begin + timedelta(days=1)).millis)
    return DateRange(start.millis, advance(start, 1, name, zone).millis)


@algorithm("DateRange")
def date_range(start: Any, end: Any, zone: str | None) -> DateRange:
    """Return the range from a date up to, without, another; a range passes through."""
    first = parse(start, zone) if isinstance(start, str) else start
    last = parse(end, zone) if isinstance(end, str) else end
    return to_range(first, last)


@algorithm("DateRange.start")
def range_start(span: DateRange) -> Date:
    """Return its first instant."""
    return Date(span.start)


@algorithm("DateRange.end")
def range_end(span: DateRange) -> Date:
    """Return the first instant after it."""
    return Date(span.end)


@algorithm("DateRange.contains")
def range_contains(span: DateRange, other: Any) -> bool:
    """Tell whether a date, or all of a range, lies within."""
    if isinstance(other, DateRange):
        return span.start <= other.start and other.end <= span.end
    return span.contains(to_millis(other))


@algorithm("DateRange.intersects")
def range_intersects(span: DateRange, other: DateRange) -> bool:
    """Tell whether they have an instant in common: a range that holds none meets no other."""
    return max(span.start, other.start) < min(span.end, other.end)


@algorithm("DateRange.isEmpty")
def range_empty(span: DateRange) -> bool:
    """Tell whether it holds no instant."""
    return span.end <= span.start


# All that a date in milliseconds can be.
_FIRST: Final = -(2**63)
_LAST: Final = 2**63 - 1


@algorithm("Date.getFraction")
def get_fraction(date: Date, unit: str, zone: str | None) -> float:
    """Return how much of its year, month, week, ... or second has passed, from 0 to 1."""
    if unit.lower().rstrip("s") == "week":
        moment = date.at(zone)
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        start = of_datetime(midnight - timedelta(days=moment.weekday()))
        span = DateRange(start.millis, advance(start, 7, "day", zone).millis)
    else:
        span = get_range(date, unit, zone)
    return (date.millis - span.start) / (span.end - span.start)


@algorithm("DateRange.unbounded")
def unbounded() -> DateRange:
    """Return all dates."""
    return DateRange(_FIRST, _LAST)


@algorithm("DateRange.isUnbounded")
def is_unbounded(span: DateRange) -> bool:
    """Tell whether it holds all dates."""
    return span.start <= _FIRST and span.end >= _LAST


@algorithm("DateRange.intersection")
def intersection(span: DateRange, other: DateRange) -> DateRange:
    """Return what both hold; if that is nothing, a range without an instant."""
    start, end = max(span.start, other.start), min(span.end, other.end)
    return DateRange(start, max(start, end))


@algorithm("DateRange.union")
def union(span: DateRange, other: DateRange) -> DateRange:
    """Return that from the earlier start to the later end: what lies between them too."""
    if span.end <= span.start or other.end <= other.start:
        return other if span.end <= span.start else span
    return DateRange(min(span.start, other.start), max(span.end, other.end))
