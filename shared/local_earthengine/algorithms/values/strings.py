"""The String family: joined, cut, compared, searched for texts, and to and from JSON."""

from __future__ import annotations

import json
from typing import Any, Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.registry import algorithm

# What Java's `trim` takes away: no other spaces than these.
_BLANKS: Final = "".join(map(chr, range(33)))


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
    """Return it without blanks and control characters at its ends, as Java's `trim`."""
    return text.strip(_BLANKS)


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
