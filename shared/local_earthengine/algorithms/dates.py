"""Dates and ranges of dates; all in UTC unless a time zone is named."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.values.date import (
    Date,
    DateRange,
    of_datetime,
    parse,
    time_zone,
    to_millis,
    to_range,
)

_MILLIS: Final[Mapping[str, float]] = {
    "second": 1_000,
    "minute": 60_000,
    "hour": 3_600_000,
    "day": 86_400_000,
    "week": 7 * 86_400_000,
    "month": 86_400_000 * 365.2425 / 12,
    "year": 86_400_000 * 365.2425,
}
_FIELDS: Final[Mapping[str, Callable[[datetime], int]]] = {
    "year": lambda moment: moment.year,
    "month": lambda moment: moment.month,
    "week": lambda moment: moment.isocalendar().week,
    "week_of_year": lambda moment: moment.isocalendar().week,
    "day": lambda moment: moment.day,
    "day_of_month": lambda moment: moment.day,
    "day_of_year": lambda moment: moment.timetuple().tm_yday,
    "day_of_week": lambda moment: moment.isoweekday(),
    "hour": lambda moment: moment.hour,
    "minute": lambda moment: moment.minute,
    "second": lambda moment: moment.second,
}


def _unit(name: str) -> str:
    unit = name.lower().rstrip("s")
    if unit not in _MILLIS:
        raise EarthEngineError(f"Unknown unit of time: '{name}'.")
    return unit


def calendar_field(date: Date, name: str, zone: str | None) -> int:
    """A part of a date, such as "month" or "day_of_year", as a number."""
    read = _FIELDS.get(name.lower())
    if read is None:
        raise EarthEngineError(f"Unknown field of a date: '{name}'.")
    return read(date.at(zone))


@algorithm("Date")
def make(value: Any, zone: str | None) -> Date:
    """Of text, milliseconds or a date."""
    return parse(value, zone) if isinstance(value, str) else Date(to_millis(value))


@algorithm("Date.fromYMD")
def from_ymd(year: int, month: int, day: int, zone: str | None) -> Date:
    """The start of a day."""
    try:
        return of_datetime(datetime(year, month, day, tzinfo=time_zone(zone)))
    except ValueError as error:
        raise EarthEngineError(f"Bad date: {error}.") from None


@algorithm("Date.millis")
def millis(date: Date) -> int:
    """Since 1970."""
    return date.millis


@algorithm("Date.advance")
def advance(date: Date, delta: float, unit: str, zone: str | None) -> Date:
    """Moved on; months and years by the calendar, a day that the month lacks is its last."""
    name = _unit(unit)
    if name not in {"month", "year"}:
        return Date(date.millis + round(delta * _MILLIS[name]))
    moment = date.at(zone)
    months = moment.year * 12 + moment.month - 1 + int(delta) * (12 if name == "year" else 1)
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise EarthEngineError("Date out of range.")
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return of_datetime(moment.replace(year=year, month=month + 1, day=day))


@algorithm("Date.difference")
def difference(date: Date, start: Date, unit: str) -> float:
    """Since `start`, in units; months and years of average length."""
    return (date.millis - start.millis) / _MILLIS[_unit(unit)]


@algorithm("Date.unitRatio")
def unit_ratio(numerator: str, denominator: str) -> float:
    """How many of one unit are in another."""
    return _MILLIS[_unit(numerator)] / _MILLIS[_unit(denominator)]


@algorithm("Date.get")
def get(date: Date, unit: str, zone: str | None) -> int:
    """A part of the date."""
    return calendar_field(date, unit if unit in _FIELDS else _unit(unit), zone)


@algorithm("Date.getRelative")
def get_relative(date: Date, unit: str, whole: str, zone: str | None) -> int:
    """A part of the date within a longer unit, from 0 on."""
    moment = date.at(zone)
    begin = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    match _unit(unit), _unit(whole):
        case "month", "year":
            return moment.month - 1
        case small, "year":
            begin = begin.replace(month=1, day=1)
        case small, "month":
            begin = begin.replace(day=1)
        case small, "day":
            pass
        case _:
            raise EarthEngineError(f"'{unit}' in '{whole}' is not supported here.")
    return int((moment - begin) / timedelta(milliseconds=_MILLIS[small]))


_PATTERN: Final = re.compile(r"'([^']*)'|([A-Za-z])\2*|.", re.DOTALL)


@algorithm("Date.format")
def form(date: Date, pattern: str | None, zone: str | None) -> str:
    """By a Joda pattern: years, months, days, hours, minutes, seconds and their fractions."""
    moment = date.at(zone)
    parts = _PATTERN.finditer(pattern or "yyyy-MM-dd'T'HH:mm:ss")
    return "".join(_formed(part, moment) for part in parts)


def _formed(part: re.Match[str], moment: datetime) -> str:
    text, letter = part.group(0), part.group(2)
    if letter is None:
        return part.group(1) if text.startswith("'") else text
    if letter in "Yyux":
        return str(moment.year)[-2:] if len(text) == 2 else str(moment.year).zfill(len(text))
    if letter == "M" and len(text) >= 3:
        return calendar.month_name[moment.month][: None if len(text) > 3 else 3]
    if letter == "S":
        return f"{moment.microsecond:06d}"[: len(text)].ljust(len(text), "0")
    numbers = {"M": "month", "d": "day", "D": "day_of_year", "H": "hour", "m": "minute",
               "s": "second", "e": "day_of_week", "w": "week"}  # fmt: skip
    if letter not in numbers:
        raise EarthEngineError(f"The pattern letter '{letter}' is not supported here.")
    return str(_FIELDS[numbers[letter]](moment)).zfill(len(text))


@algorithm("Date.getRange")
def get_range(date: Date, unit: str, zone: str | None) -> DateRange:
    """The year, month, day, hour, minute or second that holds the date."""
    names = ["year", "month", "day", "hour", "minute", "second"]
    name = _unit(unit)
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
    """From a date up to, without, another; a range passes through."""
    first = parse(start, zone) if isinstance(start, str) else start
    last = parse(end, zone) if isinstance(end, str) else end
    return to_range(first, last)


@algorithm("DateRange.start")
def range_start(span: DateRange) -> Date:
    """Its first instant."""
    return Date(span.start)


@algorithm("DateRange.end")
def range_end(span: DateRange) -> Date:
    """The first instant after it."""
    return Date(span.end)


@algorithm("DateRange.contains")
def range_contains(span: DateRange, other: Any) -> bool:
    """Whether a date, or all of a range, lies within."""
    if isinstance(other, DateRange):
        return span.start <= other.start and other.end <= span.end
    return span.contains(to_millis(other))


@algorithm("DateRange.intersects")
def range_intersects(span: DateRange, other: DateRange) -> bool:
    """Whether they have an instant in common: a range that holds none meets no other."""
    return max(span.start, other.start) < min(span.end, other.end)


@algorithm("DateRange.isEmpty")
def range_empty(span: DateRange) -> bool:
    """Whether it holds no instant."""
    return span.end <= span.start
