"""Periods: which days a firing or a pass asks for. Whole UTC days, the end exclusive."""

import itertools
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from s1ratio.regions.days import Days
from s1ratio.regions.kinds import (
    Calendar,
    CalendarUnit,
    FromDay,
    LastDays,
    LastMonths,
    Period,
    SinceLast,
)

_MONTHS = {CalendarUnit.MONTH: 1, CalendarUnit.QUARTER: 3, CalendarUnit.YEAR: 12}


def period_at(period: Period, fired: datetime, since: date) -> Days:
    """Return the days that a firing (UTC) asks for; `since` is where the last period ended."""
    day = fired.date()
    if isinstance(period, Calendar):
        begun = _begin(day, period.unit)
        return Days(months_before(begun, _MONTHS[period.unit]), begun)
    return _rolling(period, day, since)


def period_of_pass(period: Period, last_line: datetime, since: date) -> Days:
    """Return the days that a pass asks for: up to and with the day of its last line (UTC)."""
    day = last_line.date() + timedelta(days=1)
    if isinstance(period, Calendar):
        return Days(_begin(last_line.date(), period.unit), day)
    return _rolling(period, day, since)


def _rolling(period: LastDays | LastMonths | SinceLast | FromDay, end: date, since: date) -> Days:
    match period:
        case LastDays():
            return Days(end - timedelta(days=period.n), end)
        case LastMonths():
            return Days(months_before(end, period.n), end)
        case SinceLast():
            return Days(since, end)
        case FromDay():
            return Days(period.day, end)


def period_ends(period: Period, start: date) -> Iterator[date]:
    """Yield where periods end that follow each other from a day on, the first after that day.

    Those of the calendar end with its months, quarters or years, of others the first begins on the
    day. Raises ValueError for periods that don't follow each other: see `is_in_a_row`.
    """
    for count in itertools.count(1):
        match period:
            case Calendar():
                size = _MONTHS[period.unit]
                yield months_before(_begin(start, period.unit), -count * size)
            case LastDays():
                yield start + timedelta(days=count * period.n)
            case LastMonths():
                yield months_before(start, -count * period.n)
            case _:
                raise ValueError(f"periods {period.kind} don't follow each other")


def is_in_a_row(period: Period) -> bool:
    """Tell whether periods of this kind follow each other without a schedule that says when."""
    return isinstance(period, Calendar | LastDays | LastMonths)


def months_before(day: date, count: int) -> date:
    """Return the same day so many months before, or that month's last."""
    months = day.year * 12 + day.month - 1 - count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _begin(day: date, unit: CalendarUnit) -> date:
    """Return the first day of the month, quarter or year that a day lies in."""
    size = _MONTHS[unit]
    return date(day.year, (day.month - 1) // size * size + 1, 1)
