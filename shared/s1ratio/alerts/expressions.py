"""JMESPath with bounds: an expression's length and depth, and the time of one evaluation.

JMESPath knows no arithmetic and can't take text apart: that is what the named decoders are for.
Whatever goes wrong in an evaluation is a ValueError, in words: the library raises bare TypeErrors
for comparisons of unlike values, and RecursionErrors.
"""

import time
from functools import lru_cache
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult
from jmespath.visitor import TreeInterpreter

MAX_LENGTH = 1_000
MAX_ITEMS = 10_000
# Of one evaluation; an ordinary one takes some fifty millionths of it.
DEADLINE_S = 1.0
_MAX_DEPTH = 50  # brackets within brackets: thousands would be a RecursionError, or worse


def check_expression(text: str) -> str:
    """Return an expression that can be compiled; raise ValueError, in words, for another one."""
    if not text.strip():
        raise ValueError("an expression is empty")
    if len(text) > MAX_LENGTH:
        raise ValueError(f"an expression has {len(text)} characters, at most {MAX_LENGTH} may be")
    if _depth(text) > _MAX_DEPTH:
        raise ValueError(f"an expression is nested deeper than {_MAX_DEPTH} brackets")
    try:
        _compiled(text)
    except RecursionError:
        raise ValueError("an expression is nested too deeply") from None
    except (JMESPathError, ValueError, TypeError) as error:
        words = str(error).replace("\n", " ")[:200]
        raise ValueError(f"no JMESPath expression: {words}") from None
    return text


def evaluate(text: str, document: Any, deadline_s: float = DEADLINE_S) -> Any:
    """Return what an expression finds in a document of JSON values, None where it finds nothing.

    Raises ValueError if it can't be evaluated on this one, or not in `deadline_s`.
    """
    try:
        found = _Interpreter(time.monotonic() + deadline_s).visit(_compiled(text).parsed, document)
    except RecursionError:
        raise ValueError(f"{text[:80]}: nested too deeply") from None
    except (JMESPathError, TypeError, ValueError, AttributeError, OverflowError) as error:
        words = str(error).replace("\n", " ")[:200]
        raise ValueError(f"{text[:80]}: {words}") from None
    return found


def evaluate_items(text: str, document: Any) -> list[Any]:
    """Return the items that an expression finds: a list's members, or one object by itself.

    Raises ValueError if they are more than 10,000, or neither.
    """
    found = evaluate(text, document)
    if found is None:
        return []
    items = found if isinstance(found, list) else [found]
    if len(items) > MAX_ITEMS:
        raise ValueError(f"{len(items)} items, at most {MAX_ITEMS} are read of a message")
    return items


def is_true(value: Any) -> bool:
    """Tell whether JMESPath takes a value as true: all but null, false and what is empty."""
    return value is not None and value is not False and not _is_empty(value)


def _is_empty(value: Any) -> bool:
    return isinstance(value, str | list | dict) and not value


class _Interpreter(TreeInterpreter):  # type: ignore[misc]
    """Visits a node at a time, as long as there is time: one may be visited for each row."""

    def __init__(self, end: float) -> None:
        super().__init__()
        self._end = end

    def visit(self, node: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the value of a node; raise ValueError after the deadline."""
        if time.monotonic() > self._end:
            raise ValueError("it took too long: simplify the expression, or split the message")
        return super().visit(node, *args, **kwargs)


def _depth(text: str) -> int:
    deepest = depth = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    return max(deepest, text.count("!"), text.count("|"))


@lru_cache(maxsize=512)
def _compiled(text: str) -> ParsedResult:
    return jmespath.compile(text)
