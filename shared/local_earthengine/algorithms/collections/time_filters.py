"""Filters by time."""

from __future__ import annotations

from typing import Any, Final

from local_earthengine.algorithms.collections.filters import check_operands
from local_earthengine.algorithms.values.dates import calendar_field
from local_earthengine.expression.registry import algorithm
from local_earthengine.values.collection import Hints
from local_earthengine.values.date import Date, DateRange, to_range
from local_earthengine.values.element import Element
from local_earthengine.values.filter import Comparison, Filter, Where

_TIME: Final = "system:time_start"


@algorithm("Filter.dateRangeContains")
def date_range_contains(
    left_field: Any, right_value: Any, right_field: Any, left_value: Any
) -> Filter:
    """Return a filter: the range on the left, its end exclusive, holds the instant on the right."""
    check_operands(left_field, right_value, right_field, left_value)
    span = None if left_value is None else to_range(left_value)
    told = Hints()
    if span is not None and right_field == _TIME:
        told = Hints(start=span.start, end=span.end)
    return Comparison(_within, left_field, right_value, right_field, span, told)


def _within(span: Any, instant: Any) -> bool:
    return (
        isinstance(span, DateRange)
        and isinstance(instant, (int, float))
        and (span.contains(instant))
    )


@algorithm("Filter.calendarRange")
def calendar_range(start: int, end: int | None, field: str) -> Filter:
    """Return a filter: a part of the date lies between two numbers, included.

    Reversed, it wraps round.
    """
    last = start if end is None else end

    def test(element: Element) -> bool:
        """Tell whether the element's time lies in the range, which may go round the year's end."""
        millis = element.get(_TIME)
        if not isinstance(millis, (int, float)):
            return False
        part = calendar_field(Date(int(millis)), field, None)
        return start <= part <= last if start <= last else part >= start or part <= last

    return Where(test)


@algorithm("Filter.dayOfYear")
def day_of_year(start: int, end: int) -> Filter:
    """Return a filter: the day of the year lies between two, included, as documented."""
    return calendar_range(start, end, "day_of_year")
