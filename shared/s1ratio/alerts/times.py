"""Decoders of times: the forms in which feeds tell them, each by its name, all to UTC."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def read_time(form: str, value: Any) -> datetime:
    """Return the time (UTC, to the millisecond) of a value in a form; raise ValueError in words."""
    try:
        time = _FORMS[form](value)
        time = time.astimezone(UTC)
    except (TypeError, OverflowError, IndexError, AttributeError) as error:
        raise ValueError(f"{str(value)[:60]!r} is no time as {form}") from error
    except ValueError as error:
        raise ValueError(f"{str(value)[:60]!r} is no time as {form}: {error}") from error
    if not _FIRST <= time < _LAST:
        raise ValueError(f"{str(value)[:60]!r} lies before 1970 or after 2099")
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def _iso(value: str) -> datetime:
    """Read ISO 8601; without a zone it is UTC, and digits past the microsecond are cut off."""
    if not isinstance(value, str):
        raise TypeError
    text = value.strip()
    head, point, fraction = text.partition(".")
    if point:
        digits = len(fraction) - len(fraction.lstrip("0123456789"))
        text = f"{head}.{fraction[: min(digits, 6)]}{fraction[digits:]}" if digits else head
    time = datetime.fromisoformat(text.upper())
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _epoch_ms(value: Any) -> datetime:
    """Read milliseconds since 1970, as a number or as its digits."""
    if isinstance(value, bool):
        raise TypeError
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("it is not finite")
    return _EPOCH + timedelta(milliseconds=number)


def _rfc822(value: str) -> datetime:
    """Read RFC 822; some sources that write it write ISO 8601 now and then."""
    if value.strip()[:5].replace("-", "").isdigit():
        return _iso(value)
    time = parsedate_to_datetime(value.strip())
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _date(value: str) -> datetime:
    """Read a day: its first moment (UTC). Of a longer text the rest is not looked at."""
    return datetime.strptime(value.strip()[:10], "%Y-%m-%d").replace(tzinfo=UTC)


def _date_hhmm(value: Any) -> datetime:
    """Read `YYYY-MM-DD HHMM`, or the two in a list; `536` is 05:36."""
    day, clock = value.split() if isinstance(value, str) else map(str, value)
    if not (clock.isdigit() and len(clock) <= 4):
        raise ValueError("no hour and minute")
    return datetime.strptime(f"{day} {clock.zfill(4)}", "%Y-%m-%d %H%M").replace(tzinfo=UTC)


_FORMS: Mapping[str, Callable[[Any], datetime]] = {
    "iso": _iso,
    "epoch_ms": _epoch_ms,
    "rfc822": _rfc822,
    "date": _date,
    "date_hhmm": _date_hhmm,
}
TIME_FORMS = tuple(_FORMS)
