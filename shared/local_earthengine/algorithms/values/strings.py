"""The String family: joined, cut, compared and searched."""

from __future__ import annotations

import json
import re
from typing import Any

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.registry import algorithm


@algorithm("String")
def make(value: Any) -> str:
    """Return a value as text: numbers as they read, all else as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(to_json(value))


@algorithm("String.cat")
def cat(one: str, other: str) -> str:
    """Return both in a row."""
    return one + other


@algorithm("String.equals")
def equals(one: str, other: Any) -> bool:
    """Tell whether both are the same text."""
    return bool(one == other)


@algorithm("String.compareTo")
def compare(one: str, other: str) -> int:
    """Return -1, 0 or 1."""
    return (one > other) - (one < other)


@algorithm("String.length")
def length(text: str) -> int:
    """Return how many characters there are."""
    return len(text)


@algorithm("String.index")
def index(text: str, pattern: str) -> int:
    """Return where a text first stands in it; -1 if nowhere."""
    return text.find(pattern)


@algorithm("String.rindex")
def rindex(text: str, pattern: str) -> int:
    """Return where a text last stands in it; -1 if nowhere."""
    return text.rfind(pattern)


@algorithm("String.slice")
def part(text: str, start: int, end: int | None) -> str:
    """Cut from `start` up to, without, `end`."""
    return text[start:end]


@algorithm("String.toLowerCase")
def lower(text: str) -> str:
    """Return it in small letters."""
    return text.lower()


@algorithm("String.toUpperCase")
def upper(text: str) -> str:
    """Return it in capital letters."""
    return text.upper()


@algorithm("String.trim")
def trim(text: str) -> str:
    """Return it without blanks at its ends."""
    return text.strip()


def _compiled(pattern: str, flags: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.IGNORECASE if "i" in flags else 0)
    except re.error as error:
        raise EarthEngineError(f"Invalid regular expression '{pattern}': {error}.") from None


@algorithm("String.match")
def match(text: str, pattern: str, flags: str) -> list[str]:
    """Return the first match and its groups, or with "g" all matches."""
    regex = _compiled(pattern, flags)
    if "g" in flags:
        return [found.group(0) for found in regex.finditer(text)]
    found = regex.search(text)
    return [] if found is None else [found.group(0), *(group or "" for group in found.groups())]


@algorithm("String.replace")
def replace(text: str, pattern: str, replacement: str, flags: str) -> str:
    """Return the first match replaced, or with "g" all; $1 stands for a group."""
    template = re.sub(r"\$(\d)", r"\\\1", replacement)
    return _compiled(pattern, flags).sub(template, text, count=0 if "g" in flags else 1)


@algorithm("String.split")
def split(text: str, pattern: str, flags: str) -> list[str]:
    """Return the parts between the matches; the characters for an empty pattern."""
    if not pattern:
        return list(text)
    return _compiled(pattern, flags).split(text)


@algorithm("String.encodeJSON")
def encode(value: Any) -> str:
    """Return a value as JSON."""
    return json.dumps(to_json(value))


@algorithm("String.decodeJSON")
def decode(text: str) -> Any:
    """Return the value of JSON."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise EarthEngineError(f"Invalid JSON: {error}.") from None
