"""What parsing may cost: counted in a text's bytes before, and for one message at a time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from s1ratio.errors import InvalidRequest

T = TypeVar("T")

# Each value, and each name in an object, stands beside at least one of these. Those within
# strings count as well: outlines have none, and labels few.
_MARKS = (",", "[", "{", ":")

# Of a message. Measured at so many, as the process grows: empty rings 44 MB (55 in the function,
# with what was delivered: a fault for each), lists in lists 31, objects in objects 25, `{"":0}` 22,
# points 20, empty objects 16, numbers 13; with an emoji beside them, for which a text takes 4 bytes
# a character. What may be sent has far fewer: 10,000 vertices 30,000, or 40,000 with heights;
# 2,500 triangles as features with 10 properties each 110,000.
MAX_STRUCTURE = 120_000

_PARSER = ThreadPoolExecutor(1, thread_name_prefix="parser")


def count_structure(text: bytes | str) -> int:
    """Return how many commas, colons and opening brackets are in a JSON text."""
    if isinstance(text, bytes):
        return sum(text.count(mark.encode()) for mark in _MARKS)
    return sum(text.count(mark) for mark in _MARKS)


def parse_alone(parse: Callable[[], T]) -> T:
    """Return what `parse` returns, or raise its InvalidRequest, when no other message is parsed.

    One thread does it for all that call. Messages that come at once so need the memory of one,
    and are no later done: who parses holds the interpreter's lock anyway. A mere lock does not
    do: the C library keeps for each thread what that has freed, 30 MB in each of eight.
    """
    value, error = _PARSER.submit(_tried, parse).result()
    if error is not None:
        raise error
    return value  # type: ignore[return-value]


def _tried(parse: Callable[[], T]) -> tuple[T | None, InvalidRequest | None]:
    """Return the error bare: its traceback would keep all that was parsed until it is recorded."""
    try:
        return parse(), None
    except InvalidRequest as error:
        error.__context__ = None
        return None, error.with_traceback(None)
