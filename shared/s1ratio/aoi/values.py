"""How much JSON there is, counted before anything is made of it."""

from typing import Any


def holds_more_than(limit: int, value: Any, *without: str) -> bool:
    """Tell whether a JSON value holds more than `limit` values, itself included, at any depth.

    Members of objects that are named in `without` are left out.
    """
    count, todo = 0, [value]
    while todo and count <= limit:
        item = todo.pop()
        count += 1
        if isinstance(item, list):
            todo.extend(item)
        elif isinstance(item, dict):
            todo.extend(v for k, v in item.items() if k not in without)
    return count > limit
