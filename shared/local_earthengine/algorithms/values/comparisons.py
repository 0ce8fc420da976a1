"""Comparisons of any values. `If` takes only the branch it needs: the evaluator's."""

from __future__ import annotations

from typing import Any

from local_earthengine.expression.coercion import type_name
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.registry import algorithm


@algorithm("IsEqual")
def is_equal(left: Any, right: Any) -> bool:
    """Tell whether two values are the same, seen as JSON."""
    return bool(to_json(left) == to_json(right))


@algorithm("ObjectType")
def object_type(value: Any) -> str:
    """Return the name of a value's type."""
    return type_name(value)


@algorithm("Describe")
def describe(value: Any) -> Any:
    """Return the value itself: it is described when it is encoded."""
    return value
