"""Any value as JSON short enough for a log line: texts, lists, depth and the whole have bounds."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

_MAX_DEPTH: Final = 8
_MAX_VALUES: Final = 20_000  # in all: more than a line can hold
_MAX_FIELDS: Final = 50  # of the line itself
_MAX_NAME: Final = 100
_MAX_BITS: Final = 64  # JSON's readers take no longer numbers, Python writes none of 4,300 digits
_CUT: Final = "…"


@dataclass(frozen=True)
class Bounds:
    """How many characters are left of a text, and how many items of a list or an object."""

    text: int
    items: int


def plain(fields: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    """Return a line's fields as plain JSON: `None`, `bool`, numbers, texts, lists, objects."""
    return _Shortener(bounds).object(fields, max(bounds.items, _MAX_FIELDS), 0)


class _Shortener:
    """Counts the values that it has passed on; what is beyond a bound it only mentions."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._left = _MAX_VALUES

    def object(self, value: Mapping[Any, Any], most: int, depth: int) -> dict[str, Any]:
        """Return the first members, shortened, and how many more there are."""
        kept = {
            _shorten(_said(name), _MAX_NAME): self._value(item, depth + 1)
            for name, item in islice(value.items(), most)
        }
        return {**kept, _CUT: f"{len(value) - most} more"} if len(value) > most else kept

    def _value(self, value: Any, depth: int) -> Any:
        self._left -= 1
        match value:
            case None | bool() | int() | float():
                return _number(value)
            case Mapping() | list() | tuple() | set() | frozenset() if self._is_beyond(depth):
                return _CUT
            case Mapping():
                return self.object(value, self._bounds.items, depth)
            case list() | tuple() | set() | frozenset():
                return self._list(value, depth)
            case _:
                return _shorten(_said(value), self._bounds.text)

    def _list(self, value: Collection[Any], depth: int) -> list[Any]:
        most = self._bounds.items
        kept = [self._value(item, depth + 1) for item in islice(value, most)]
        return [*kept, f"{_CUT} {len(value) - most} more"] if len(value) > most else kept

    def _is_beyond(self, depth: int) -> bool:
        return depth > _MAX_DEPTH or self._left <= 0


def _number(value: Any) -> Any:
    """Return a number, truth value or null, or words on one that JSON can't tell."""
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        return f"a number of {value.bit_length()} bits"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _said(value: Any) -> str:
    """Return what an object says of itself; a line must not fail for want of it."""
    try:
        return str(value)
    except Exception as error:
        return f"a {type(value).__name__} that says nothing: {type(error).__name__}"


def _shorten(text: str, most: int) -> str:
    """Leave out the middle of a long text: a stack's first lines and its last ones matter."""
    if len(text) > most:
        half = most // 2
        left_out = len(text) - 2 * half
        text = f"{text[:half]}\n{_CUT} {left_out} characters left out {_CUT}\n{text[-half:]}"
    return text.encode("utf-8", "replace").decode()
