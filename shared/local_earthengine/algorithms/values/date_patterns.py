"""Dates written by Joda's patterns, which are letters for fields and anything else for itself."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.values.date import Date

_DEFAULT: Final = "yyyy-MM-dd'T'HH:mm:ss"
# A quote is written twice, within quotes too; a quote that nothing ends reaches to the end.
_PIECES: Final = re.compile(r"('')|'((?:[^']|'')*)'?|([A-Za-z])\3*|(.)", re.DOTALL)
_LONG: Final = 4


@dataclass(frozen=True)
class Piece:
    """A letter of a pattern, so many times; or a text, then without a letter."""

    letter: str
    count: int = 0
    text: str = ""


def pieces(pattern: str) -> Iterator[Piece]:
    """Yield the pieces of a pattern; raise EarthEngineError for a letter that means nothing."""
    for found in _PIECES.finditer(pattern):
        quote, quoted, letter, other = found.groups()
        if letter is None:
            text = "'" if quote else other if quoted is None else quoted.replace("''", "'")
            yield Piece("", text=text)
        elif letter not in _LETTERS:
            raise EarthEngineError(f"Illegal pattern component: {found.group()}")
        else:
            yield Piece(letter, len(found.group()))


@algorithm("Date.format")
def form(date: Date, pattern: str | None, zone: str | None) -> str:
    """Write by a Joda pattern; English words, and by default the ISO form down to seconds.

    Unsettled: `zzzz` knows the long names of a few zones, and writes the offset of the others.
    """
    moment = date.at(zone)
    written = (_written(piece, moment, zone) for piece in pieces(pattern or _DEFAULT))
    return "".join(written)


def _written(piece: Piece, moment: datetime, zone: str | None) -> str:
    if not piece.letter:
        return piece.text
    number = _NUMBERS.get(piece.letter)
    if number is not None and not (piece.letter == "M" and piece.count > 2):
        return str(number(moment)).zfill(piece.count)
    return _TEXTS[piece.letter](moment, piece.count, zone)


_NUMBERS: Final[Mapping[str, Callable[[datetime], int]]] = {
    "C": lambda moment: moment.year // 100,
    "M": lambda moment: moment.month,
    "w": lambda moment: moment.isocalendar().week,
    "e": lambda moment: moment.isoweekday(),
    "D": lambda moment: moment.timetuple().tm_yday,
    "d": lambda moment: moment.day,
    "K": lambda moment: moment.hour % 12,
    "h": lambda moment: moment.hour % 12 or 12,
    "H": lambda moment: moment.hour,
    "k": lambda moment: moment.hour or 24,
    "m": lambda moment: moment.minute,
    "s": lambda moment: moment.second,
}


def _year(year: int, count: int) -> str:
    """Return a year; two letters are its last two digits."""
    return f"{year % 100:02d}" if count == 2 else str(year).zfill(count)


def _word(name: str, count: int) -> str:
    """Return a name whole for four letters and more, else its first three."""
    return name if count >= _LONG else name[:3]


def _offset(moment: datetime, count: int, zone: str | None) -> str:
    """Return +0100, for two letters +01:00, and for more the zone's name."""
    if count > 2:
        return zone or "UTC"
    text = moment.strftime("%z")[:5]
    return text if count == 1 else f"{text[:3]}:{text[3:]}"


_PLACES: Final = {"P": "Pacific", "M": "Mountain", "C": "Central", "E": "Eastern"}
_LONG_NAMES: Final[Mapping[tuple[str, str], str]] = {
    ("UTC", "+0000"): "Coordinated Universal Time",
    ("GMT", "+0000"): "Greenwich Mean Time",
    ("BST", "+0100"): "British Summer Time",
    ("CET", "+0100"): "Central European Time",
    ("CEST", "+0200"): "Central European Summer Time",
    ("EET", "+0200"): "Eastern European Time",
    ("EEST", "+0300"): "Eastern European Summer Time",
    ("IST", "+0530"): "India Standard Time",
    ("JST", "+0900"): "Japan Standard Time",
    **{
        (f"{letter}{kind[0]}T", f"-{hours + (kind == 'Standard'):02d}00"): f"{place} {kind} Time"
        for (letter, place), hours in zip(_PLACES.items(), (7, 6, 5, 4), strict=True)
        for kind in ("Standard", "Daylight")
    },
}


def _zone_name(moment: datetime, count: int) -> str:
    """Return a zone's short name, for four letters its long one; its offset where it has none."""
    name, offset = moment.tzname() or "", moment.strftime("%z")[:5]
    if count >= _LONG:
        name = _LONG_NAMES.get((name, offset), "")
    return name if name[:1].isalpha() else f"{offset[:3]}:{offset[3:]}"


_TEXTS: Final[Mapping[str, Callable[[datetime, int, str | None], str]]] = {
    "Y": lambda moment, count, _: _year(moment.year, count),
    "y": lambda moment, count, _: _year(moment.year, count),
    "x": lambda moment, count, _: _year(moment.isocalendar().year, count),
    "M": lambda moment, count, _: _word(calendar.month_name[moment.month], count),
    "E": lambda moment, count, _: _word(calendar.day_name[moment.weekday()], count),
    "S": lambda moment, count, _: f"{moment.microsecond:06d}".ljust(count, "0")[:count],
    "G": lambda *_: "AD",
    "a": lambda moment, *_: "AM" if moment.hour < 12 else "PM",
    "Z": _offset,
    "z": lambda moment, count, _: _zone_name(moment, count),
}
_LETTERS: Final = frozenset([*_NUMBERS, *_TEXTS])
