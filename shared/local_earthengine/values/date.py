"""Instants in milliseconds since 1970, UTC, and half-open ranges of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from local_earthengine.errors import EarthEngineError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(
    r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?)?)?"
    r"(Z|[+-]\d{2}:?\d{2})?"
)
_OFFSET = re.compile(r"([+-])([01]?\d|2[0-3])(?::?([0-5]\d))?")


@dataclass(frozen=True)
class Date:
    """An instant."""

    millis: int

    def at(self, zone: str | None = None) -> datetime:
        """Return a datetime in a time zone, UTC if none is named.

        Raise EarthEngineError out of range.
        """
        try:
            return (_EPOCH + timedelta(milliseconds=self.millis)).astimezone(time_zone(zone))
        except OverflowError:
            raise EarthEngineError(f"Date out of range: {self.millis}.") from None

    def to_json(self) -> dict[str, Any]:
        """Return it as `getInfo` shows it."""
        return {"type": "Date", "value": self.millis}


@dataclass(frozen=True)
class DateRange:
    """From `start` up to, without, `end`, in milliseconds."""

    start: int
    end: int

    def contains(self, millis: float) -> bool:
        """Tell whether an instant lies within."""
        return self.start <= millis < self.end

    def to_json(self) -> dict[str, Any]:
        """Return it as `getInfo` shows it."""
        return {"type": "DateRange", "dates": [self.start, self.end]}


def time_zone(name: str | None) -> tzinfo:
    """Return a zone by its name or its offset, such as +05:30; raise EarthEngineError if none."""
    if name is None or name.upper() in {"UTC", "GMT", "Z"}:
        return UTC
    offset = _OFFSET.fullmatch(name)
    if offset is not None:
        shift = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(shift if offset[1] == "+" else -shift)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise EarthEngineError(f"The time zone '{name}' is not recognised.") from None


def of_datetime(moment: datetime) -> Date:
    """Return the instant of an aware datetime."""
    return Date((moment - _EPOCH) // timedelta(milliseconds=1))


def parse(text: str, zone: str | None = None) -> Date:
    """Return an instant of ISO text, down from a mere year.

    Raise EarthEngineError for other text.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise EarthEngineError(f"Date: Bad date/time '{text}'.")
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    micros = int((fraction or "0").ljust(9, "0")[:6])
    numbers = [int(value or default) for value, default in
               ((year, 1), (month, 1), (day, 1), (hour, 0), (minute, 0), (second, 0))]  # fmt: skip
    try:
        moment = datetime(*numbers, micros, tzinfo=time_zone(zone))  # type: ignore[arg-type, misc]
        if offset and offset != "Z":
            moment = datetime.fromisoformat(moment.replace(tzinfo=None).isoformat() + offset)
        elif offset:
            moment = moment.replace(tzinfo=UTC)
    except ValueError as error:
        raise EarthEngineError(f"Date: Bad date/time '{text}': {error}.") from None
    return of_datetime(moment)


def to_millis(value: Any) -> int:
    """Return those of a Date, a number or text; raise EarthEngineError for anything else."""
    match value:
        case Date():
            return value.millis
        case bool():
            pass
        case int() | float():
            return int(value)
        case str():
            return parse(value).millis
        case {"type": "Date", "value": int() | float() as number}:
            return int(number)
    raise EarthEngineError(f"Date: Cannot make a date of {value!r}.")


def to_range(start: Any, end: Any = None) -> DateRange:
    """Return a range.

    Without an end it is the one millisecond of the start. Ranges pass through.
    """
    if isinstance(start, DateRange):
        return start
    first = to_millis(start)
    return DateRange(first, first + 1 if end is None else to_millis(end))
