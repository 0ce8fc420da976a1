"""Dates read by Joda's patterns."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from local_earthengine.algorithms.values.date_patterns import Piece, pieces
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.values.date import Date, of_datetime, time_zone

_MOST_DIGITS: Final[Mapping[str, int]] = {
    "C": 9, "Y": 9, "y": 9, "x": 9, "w": 2, "e": 1, "D": 3, "M": 2, "d": 2, "K": 2, "h": 2,
    "H": 2, "k": 2, "m": 2, "s": 2,
}  # fmt: skip
_MONTHS: Final = [name.lower() for name in calendar.month_name]
_DAYS: Final = [name.lower() for name in calendar.day_name]
_YEARS: Final = "Yyx"
# Two digits of a year mean the one of the hundred years that began so many years ago.
_BACK: Final = 80
Fields = dict[str, str]


@algorithm("Date.parse")
def parse(pattern: str, text: str, zone: str | None) -> Date:
    """Read by a Joda pattern: numbers may have fewer digits, words any case.

    What the pattern lacks is the first there is: of a month or day alone in 2000, else in 1970.
    """
    parts = list(pieces(pattern))
    wanted = "".join(_expression(part, parts[i + 1 : i + 2], i) for i, part in enumerate(parts))
    found = re.fullmatch(wanted, text, re.IGNORECASE | re.ASCII)
    if found is None:
        raise _malformed(pattern, text)
    named = [(part, found[f"f{i}"]) for i, part in enumerate(parts) if part.letter]
    fields = {part.letter: _whole_year(part, value) for part, value in named}
    try:
        return of_datetime(_moment(fields, zone))
    except (ValueError, OverflowError):
        raise _malformed(pattern, text) from None


def _malformed(pattern: str, text: str) -> EarthEngineError:
    return EarthEngineError(f"Invalid format: '{text}' is malformed for the pattern '{pattern}'.")


def _expression(part: Piece, following: Sequence[Piece], place: int) -> str:
    """Return the expression of a piece; digits that others follow are as many as letters."""
    letter, count = part.letter, part.count
    if not letter:
        return re.escape(part.text)
    if letter == "M" and count >= 3:
        return f"(?P<f{place}>{_words(_MONTHS[1:])})"
    if letter in _MOST_DIGITS:
        crowded = bool(following) and _is_number(following[0])
        most = count if crowded and letter in _YEARS else max(count, _MOST_DIGITS[letter])
        sign = "[+-]?" if letter in _YEARS and not crowded else ""
        return rf"(?P<f{place}>{sign}\d{{1,{most}}}+)"
    forms = {
        "S": rf"\d{{1,{count}}}",
        "E": _words(_DAYS),
        "G": "AD|CE",
        "a": "AM|PM",
        "Z": r"Z|[+-]\d\d:?\d\d" if count < 3 else r"[\w/+-]+",
        "z": "UTC|GMT",
    }
    return f"(?P<f{place}>{forms[letter]})"


def _is_number(part: Piece) -> bool:
    return part.letter == "S" or (
        part.letter in _MOST_DIGITS and not (part.letter == "M" and part.count >= 3)
    )


def _words(names: Sequence[str]) -> str:
    """Return names, each whole or its first three letters; the longer ones first."""
    return "|".join([*names, *(name[:3] for name in names)])


def _moment(fields: Fields, zone: str | None) -> datetime:
    """Return the moment that fields mean; raise ValueError for a day or an hour that is none."""
    whole = {letter: int(text) for letter, text in fields.items() if text.lstrip("+-").isdigit()}
    midnight = datetime(1970, 1, 1)  # noqa: DTZ001 - the zone follows
    day = midnight.replace(year=_year(fields)) if fields else midnight
    if "M" in fields:
        day = day.replace(month=_month(fields["M"]))
    if "d" in fields:
        day = day.replace(day=whole["d"])
    if "D" in fields:
        day = day.replace(month=1) + timedelta(days=_within(whole["D"], 1, 366) - 1)
    if "x" in fields or "w" in fields:
        day = datetime.fromisocalendar(day.year, whole.get("w", 1), whole.get("e", 1))
    fraction = int(fields.get("S", "0").ljust(6, "0")[:6])
    moment = day.replace(
        hour=_hour(fields, whole), minute=whole.get("m", 0), second=whole.get("s", 0),
        microsecond=fraction,
    )  # fmt: skip
    return moment.replace(tzinfo=_zone(fields, zone))


def _year(fields: Fields) -> int:
    """Return the year; where none is written 2000 for months and days, else 1970."""
    written = next((fields[letter] for letter in _YEARS if letter in fields), None)
    if written is not None:
        return int(written)
    return 2000 if {"M", "d", "D", "w", "e"} & set(fields) else 1970


def _whole_year(part: Piece, text: str) -> str:
    """Return what a field says; of a year of two letters and two digits the one near today."""
    if part.letter not in _YEARS or part.count != 2 or len(text) != 2 or not text.isdigit():
        return text
    first = datetime.now(UTC).year - _BACK
    return str(first + (int(text) - first) % 100)


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    return next(i for i, name in enumerate(_MONTHS) if i and name.startswith(text.lower()[:3]))


def _hour(fields: Fields, whole: Mapping[str, int]) -> int:
    """Return the hour of the day; raise ValueError if it is none of its kind."""
    if "H" in fields:
        return whole["H"]
    if "k" in fields:
        return _within(whole["k"], 1, 24) % 24
    half = 12 if fields.get("a", "").lower() == "pm" else 0
    if "K" in fields:
        return half + _within(whole["K"], 0, 11)
    return half + (_within(whole["h"], 1, 12) % 12 if "h" in fields else 0)


def _within(number: int, low: int, high: int) -> int:
    if not low <= number <= high:
        raise ValueError(f"{number} is not from {low} to {high}.")
    return number


def _zone(fields: Fields, zone: str | None) -> tzinfo:
    written = fields.get("Z") or fields.get("z")
    return time_zone(zone if written is None else written)
