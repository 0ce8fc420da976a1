"""Dates written and read by Joda patterns."""

from __future__ import annotations

import calendar
import re
from datetime import datetime
from typing import Final

from local_earthengine.algorithms.values.dates import FIELDS
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.values.date import Date, of_datetime, time_zone

_PATTERN: Final = re.compile(r"'([^']*)'|([A-Za-z])\2*|.", re.DOTALL)


@algorithm("Date.format")
def form(date: Date, pattern: str | None, zone: str | None) -> str:
    """Write by a Joda pattern: years, months, days, hours, minutes, seconds and their fractions."""
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
    return str(FIELDS[numbers[letter]](moment)).zfill(len(text))


# Joda's letters to those of strptime, by letter and whether there are many.
_LETTERS: Final = {
    "y": "%Y", "Y": "%Y", "x": "%Y", "M": "%m", "d": "%d", "D": "%j", "H": "%H", "h": "%I",
    "m": "%M", "s": "%S", "S": "%f", "a": "%p", "Z": "%z",
}  # fmt: skip


@algorithm("Date.parse")
def parse(pattern: str, text: str, zone: str | None) -> Date:
    """Read by a Joda pattern of numbers: years, months, days, hours, minutes, seconds."""
    try:
        moment = datetime.strptime(text, _form(pattern))  # noqa: DTZ007 - the zone follows
    except ValueError:
        raise EarthEngineError(
            f"Invalid format: '{text}' is malformed for the pattern '{pattern}'."
        ) from None
    return of_datetime(moment if moment.tzinfo else moment.replace(tzinfo=time_zone(zone)))


def _form(pattern: str) -> str:
    """Return a Joda pattern as strptime's."""
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
