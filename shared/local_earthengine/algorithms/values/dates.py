"""Dates: made, moved on, changed, and asked for their parts; UTC unless a time zone is named."""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.values.date import Date, of_datetime, parse, time_zone, to_millis

_MILLIS: Final[Mapping[str, float]] = {
    "second": 1_000,
    "minute": 60_000,
    "hour": 3_600_000,
    "day": 86_400_000,
    "week": 7 * 86_400_000,
    "month": 86_400_000 * 365.2425 / 12,
    "year": 86_400_000 * 365.2425,
}
FIELDS: Final[Mapping[str, Callable[[datetime], int]]] = {
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


def unit_of(name: str) -> str:
    """Return a unit of time by its name, such as "days"; raise EarthEngineError if it is none."""
    unit = name.lower().rstrip("s")
    if unit not in _MILLIS:
        raise EarthEngineError(f"Unknown unit of time: '{name}'.")
    return unit


def calendar_field(date: Date, name: str, zone: str | None) -> int:
    """Return a part of a date, such as "month" or "day_of_year", as a number."""
    read = FIELDS.get(name.lower())
    if read is None:
        raise EarthEngineError(f"Unknown field of a date: '{name}'.")
    return read(date.at(zone))


@algorithm("Date")
def make(value: Any, zone: str | None) -> Date:
    """Return the date of text, milliseconds or a date."""
    return parse(value, zone) if isinstance(value, str) else Date(to_millis(value))


@algorithm("Date.fromYMD")
def from_ymd(year: int, month: int, day: int, zone: str | None) -> Date:
    """Return the start of a day."""
    try:
        return of_datetime(datetime(year, month, day, tzinfo=time_zone(zone)))
    except ValueError as error:
        raise EarthEngineError(f"Bad date: {error}.") from None


@algorithm("Date.millis")
def millis(date: Date) -> int:
    """Return the milliseconds since 1970."""
    return date.millis


@algorithm("Date.advance")
def advance(date: Date, delta: float, unit: str, zone: str | None) -> Date:
    """Move on; months and years by the calendar, a day that the month lacks is its last."""
    name = unit_of(unit)
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
    """Return the time since `start`, in units; months and years of average length."""
    return (date.millis - start.millis) / _MILLIS[unit_of(unit)]


@algorithm("Date.unitRatio")
def unit_ratio(numerator: str, denominator: str) -> float:
    """Return how many of one unit are in another."""
    return _MILLIS[unit_of(numerator)] / _MILLIS[unit_of(denominator)]


@algorithm("Date.get")
def get(date: Date, unit: str, zone: str | None) -> int:
    """Return a part of the date."""
    return calendar_field(date, unit if unit in FIELDS else unit_of(unit), zone)


@algorithm("Date.getRelative")
def get_relative(date: Date, unit: str, whole: str, zone: str | None) -> int:
    """Return a part of the date within a longer unit, from 0 on."""
    moment = date.at(zone)
    begin = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    match unit_of(unit), unit_of(whole):
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
    """Set some of its parts; raise EarthEngineError for a day that there is not."""
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
