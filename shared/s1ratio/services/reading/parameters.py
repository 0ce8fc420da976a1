"""Parameters of a query: what each takes, in words of OpenAPI, and how it is read."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from s1ratio.services.reading.call import Problem
from s1ratio.services.reading.cursors import MAX_ASKED_BYTES, read_name, read_place

INVALID = "InvalidParameterValue"
_MAX_TEXT = 400
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class Parameter:
    """One parameter: what it means, its schema, and what reads it or raises ValueError in words.

    One that may be given `several` times, for values of which each will do, is read to a tuple.
    """

    name: str
    words: str
    schema: dict[str, Any]
    read: Callable[[str], Any]
    several: bool = False

    @property
    def document(self) -> dict[str, Any]:
        """The parameter as OpenAPI has it."""
        schema = {"type": "array", "items": self.schema} if self.several else self.schema
        style = {"style": "form", "explode": True} if self.several else {}
        told = {"name": self.name, "in": "query", "description": self.words, "required": False}
        return {**told, **style, "schema": schema}


@dataclass(frozen=True)
class Interval:
    """A time from `since` until `until`, both of it; None is open."""

    since: datetime | None = None
    until: datetime | None = None


def read_query(
    known: Sequence[Parameter], given: Iterable[tuple[str, str]]
) -> dict[str, Any] | Problem:
    """Return the parameters that were given, as read, or the problem that names the first bad."""
    parameters = {one.name: one for one in known}
    values: dict[str, Any] = {}
    for name, text in given:
        parameter = parameters.get(name)
        if parameter is None:
            named = ", ".join(parameters) or "none"
            return invalid(name[:_MAX_TEXT], f"is no parameter of this; there are: {named}")
        if name in values and not parameter.several:
            return invalid(name, "was given twice")
        try:
            value = parameter.read(text)
        except ValueError as error:
            return invalid(name, str(error))
        values[name] = (*values.get(name, ()), value) if parameter.several else value
    return values


def invalid(name: str, words: str) -> Problem:
    """Return the problem of a parameter."""
    return Problem(400, "Invalid parameter", f"{name}: {words}", INVALID, {"parameter": name})


def limit(most: int, usual: int) -> Parameter:
    """Return the parameter that says how long a page is."""
    words = f"must be a whole number from 1 to {most}"

    def read(text: str) -> int:
        """Return the number."""
        if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
            raise ValueError(words)
        return int(text)

    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": usual}
    return Parameter("limit", "How many the page has at most.", schema, read)


def word(name: str, words: str, kind: type[StrEnum], several: bool = False) -> Parameter:
    """Return a parameter that takes a word of a vocabulary."""
    every = [one.value for one in kind]

    def read(text: str) -> StrEnum:
        """Return the word."""
        if text not in every:
            raise ValueError(f"must be one of {', '.join(every)}")
        return kind(text)

    return Parameter(name, words, {"type": "string", "enum": every}, read, several)


def text(name: str, words: str, several: bool = False, most: int = _MAX_TEXT) -> Parameter:
    """Return a parameter that takes any text that is not empty."""

    def read(given: str) -> str:
        """Return the text."""
        if not 1 <= len(given) <= most or "\0" in given:
            raise ValueError(f"must have from 1 to {most} characters")
        if len(given.encode("utf-8", "replace")) > MAX_ASKED_BYTES:
            raise ValueError(f"must have at most {MAX_ASKED_BYTES} bytes as UTF-8")
        return given

    schema = {"type": "string", "minLength": 1, "maxLength": most}
    return Parameter(name, words, schema, read, several)


_CURSOR = "Where the page begins, as the link to the next page has it."
CURSOR = Parameter("cursor", _CURSOR, {"type": "string"}, read_place)
NAME_CURSOR = Parameter("cursor", _CURSOR, {"type": "string"}, read_name)


def _read_interval(given: str) -> Interval:
    """Return the time of a date-time, a day, or an interval of these (UTC)."""
    begin, slash, end = given.partition("/")
    if not slash:
        return Interval(_bound(begin, last=False), _bound(begin, last=True))
    since = None if begin in ("", "..") else _bound(begin, last=False)
    until = None if end in ("", "..") else _bound(end, last=True)
    if since is None and until is None:
        raise ValueError("the interval is open at both ends: leave it out")
    if since and until and until < since:
        raise ValueError("the interval ends before it begins")
    return Interval(since, until)


def _bound(given: str, last: bool) -> datetime:
    """Return the first or the last moment of a date-time or of a day."""
    words = "must be a date-time such as 2026-08-16T10:00:00Z, a day, or BEGIN/END of these"
    try:
        moment = datetime.fromisoformat(given)
        if _DAY.fullmatch(given):
            moment = moment.replace(tzinfo=UTC)
            return moment + timedelta(days=1, microseconds=-1) if last else moment
        known = moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        known = None
    if known is None:
        raise ValueError(words)
    return known


DATETIME = Parameter(
    "datetime",
    "When it was made: a date-time of RFC 3339, a day (UTC), or an interval `BEGIN/END`, of which "
    "`..` or nothing is an open end.",
    {"type": "string"},
    _read_interval,
)
