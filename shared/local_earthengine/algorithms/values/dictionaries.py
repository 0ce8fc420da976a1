"""The Dictionary family: keys, values and what is made of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.coercion import coerce
from local_earthengine.expression.evaluator import Function
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.values.regular_expression import compiled

Items = dict[str, Any]


@algorithm("Dictionary")
def make(source: Any) -> Items:
    """Return a dictionary, or one of a list of keys and values in turn."""
    match source:
        case None:
            return {}
        case dict():
            return source
        case [*items] if len(items) % 2 == 0 and all(isinstance(k, str) for k in items[::2]):
            return dict(zip(items[::2], items[1::2], strict=True))
    raise EarthEngineError("A dictionary is made of a dictionary, or of keys and values in turn.")


@algorithm("Dictionary.fromLists")
def from_lists(keys: list[str], values: list[Any]) -> Items:
    """Return one of keys and as many values."""
    if len(keys) != len(values):
        raise EarthEngineError("There must be as many values as keys.")
    return dict(zip(keys, values, strict=True))


@algorithm(
    "Dictionary.get",
)
def get(items: Items, key: str, default: Any) -> Any:
    """Return the value of a key, or the default; raise EarthEngineError if there is neither."""
    if key not in items and default is None:
        raise EarthEngineError(f"Dictionary does not contain key: '{key}'.")
    return items.get(key, default)


def _typed(kind: str) -> Callable[[Items, str], Any]:
    """Return the value of a key.

    Raise EarthEngineError if there is none, or one of another type.
    """
    return lambda items, key: coerce(get(items, key, None), kind)


for _kind in ("Number", "String", "Geometry"):
    add(f"Dictionary.get{_kind}", _typed(_kind))


@algorithm("Dictionary.contains")
def contains(items: Items, key: str) -> bool:
    """Tell whether there is such a key."""
    return key in items


@algorithm("Dictionary.keys")
def keys(items: Items) -> list[str]:
    """Return all keys, sorted."""
    return sorted(items)


@algorithm("Dictionary.values")
def values(items: Items, names: list[str] | None) -> list[Any]:
    """Return the values of these keys, or of all in the order of the keys."""
    return [get(items, key, None) for key in (keys(items) if names is None else names)]


@algorithm("Dictionary.size")
def size(items: Items) -> int:
    """Return how many keys there are."""
    return len(items)


@algorithm("Dictionary.set")
def put(items: Items, key: str, value: Any) -> Items:
    """Set one key."""
    return {**items, key: value}


@algorithm("Dictionary.combine")
def combine(first: Items, second: Items, overwrite: bool) -> Items:
    """Return both.

    Where a key is in both, the second's value if `overwrite`. Nulls count as no value.
    """
    one, other = (
        {key: value for key, value in items.items() if value is not None}
        for items in (first, second)
    )
    return {**one, **other} if overwrite else {**other, **one}


@algorithm("Dictionary.map")
def mapped(items: Items, function: Function) -> Items:
    """Return the function's result for each key and value.

    A key whose result is null is dropped.
    """
    found = {key: function(key, value) for key, value in items.items()}
    return {key: value for key, value in found.items() if value is not None}


def _matches(pattern: str, name: str) -> bool:
    return compiled(pattern, "").fullmatch(name) is not None


def _selected(items: Items, selectors: list[str], ignore_missing: bool) -> list[str]:
    found = []
    for selector in selectors:
        names = [n for n in items if n == selector or _matches(selector, n)]
        if not names and not ignore_missing:
            raise EarthEngineError(f"Dictionary does not contain key: '{selector}'.")
        found += names
    return found


@algorithm("Dictionary.select")
def select(items: Items, selectors: list[str], ignore_missing: bool) -> Items:
    """Keep only these keys."""
    return {name: items[name] for name in _selected(items, selectors, ignore_missing)}


@algorithm("Dictionary.remove")
def remove(items: Items, selectors: list[str], ignore_missing: bool) -> Items:
    """Leave these keys out."""
    gone = _selected(items, selectors, ignore_missing)
    return {name: value for name, value in items.items() if name not in gone}


@algorithm("Dictionary.rename")
def renamed(items: Items, old: list[str], new: list[str], overwrite: bool) -> Items:
    """Give keys other names."""
    if len(old) != len(new):
        raise EarthEngineError("There must be as many new names as old ones.")
    names = dict(zip(old, new, strict=True))
    kept = {name: value for name, value in items.items() if name not in names}
    moved = {names[name]: get(items, name, None) for name in names}
    if not overwrite and set(kept) & set(moved):
        raise EarthEngineError(f"Keys are taken: {sorted(set(kept) & set(moved))}.")
    return {**kept, **moved}
