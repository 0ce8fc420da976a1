"""Lists made of numbers or repetition, ordered, filtered, and put through functions."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.evaluator import Function
from local_earthengine.expression.registry import algorithm
from local_earthengine.values.element import Element
from local_earthengine.values.filter import Filter
from local_earthengine.values.join import sort_key
from local_earthengine.values.reducer import Reducer
from local_earthengine.values.reduction import reduced

# What a list may hold when it is made of nothing: more would fill the memory.
_MAX_LENGTH: Final = 10_000_000
Items = list[Any]


@algorithm("List.iterate")
def iterate(items: Items, function: Function, first: Any) -> Any:
    """Call the function with each element and the result before; return the last."""
    for item in items:
        first = function(item, first)
    return first


@algorithm("List.join")
def join(items: Items, separator: str) -> str:
    """Return the elements as text, in a row."""
    return separator.join(item if isinstance(item, str) else str(to_json(item)) for item in items)


@algorithm("List.map")
def mapped(items: Items, function: Function, drop_nulls: bool) -> Items:
    """Return each element's result."""
    results = (function(item) for item in items)
    return [result for result in results if result is not None or not drop_nulls]


@algorithm("List.reduce")
def reduce(items: Items, reducer: Reducer) -> Any:
    """Return what a reducer of one output gives, else values by the outputs' names.

    For a reducer of several inputs each element is a list of these.
    """
    columns: list[Items] = [items]
    if reducer.inputs > 1:
        if not all(isinstance(item, list) and len(item) == reducer.inputs for item in items):
            raise EarthEngineError(f"The elements must be lists of {reducer.inputs} inputs.")
        columns = [[item[place] for item in items] for place in range(reducer.inputs)]
    results = reduced(reducer, columns)
    return next(iter(results.values())) if len(results) == 1 else results


@algorithm("List.repeat")
def repeat(value: Any, count: int) -> Items:
    """Return a value so many times."""
    return [value] * _allowed(count)


def _allowed(count: float) -> int:
    if not 0 <= count <= _MAX_LENGTH:
        raise EarthEngineError(f"A list of {count} elements can't be made.")
    return int(count)


@algorithm("List.sequence")
def sequence(start: float, end: float | None, step: float, count: int | None) -> Items:
    """Return numbers from `start` to `end`, which is included; or so many, evenly spread."""
    if count is not None:
        gap = step if end is None else (end - start) / max(count - 1, 1)
        return [start + i * gap for i in range(_allowed(count))]
    if end is None or step == 0:
        raise EarthEngineError("An end or a count is needed, and a step other than 0.")
    number = _allowed(max(0, math.floor((end - start) / step + 1e-9) + 1))
    return [start + i * step for i in range(number)]


@algorithm("List.sort")
def in_order(items: Items, keys: Items | None) -> Items:
    """Return ascending, or in the order of the keys."""
    if keys is not None and len(keys) != len(items):
        raise EarthEngineError("There must be as many keys as elements.")
    ranked: Iterable[tuple[Any, Any]] = zip(keys or items, items, strict=True)
    return [item for _, item in sorted(ranked, key=lambda pair: sort_key(pair[0]))]


@algorithm("List.filter")
def filtered(items: Items, condition: Filter) -> Items:
    """Return the elements that pass: features, images, or values under the name `item`."""
    return [item for item in items if condition.passes(_element(item))]


def _element(item: Any) -> Element:
    return item if isinstance(item, Element) else Element({"item": item})
