"""Filters written as text."""

from __future__ import annotations

from typing import Any, Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.context import Context
from local_earthengine.expression.registry import algorithm, invoke
from local_earthengine.formula.parser import parse
from local_earthengine.formula.tree import Call, Literal, Name, Tree
from local_earthengine.values.filter import All, AnyOf, Filter, Not

_COMPARISONS: Final = {
    "==": "equals", "!=": "notEquals", "<": "lessThan", "<=": "lessThanOrEquals",
    ">": "greaterThan", ">=": "greaterThanOrEquals",
}  # fmt: skip
_TURNED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}


@algorithm("Filter.expression")
def expression(context: Context, text: str) -> Filter:
    """Return a filter of comparisons, joined by `&&`, `||`, `!` and parentheses."""
    return _filter(context, parse(text))


def _filter(context: Context, tree: Tree) -> Filter:
    match tree:
        case Call(function="&&", operands=parts):
            return All([_filter(context, part) for part in parts])
        case Call(function="||", operands=parts):
            return AnyOf([_filter(context, part) for part in parts])
        case Call(function="!", operands=(part,)):
            return Not(_filter(context, part))
        case Call(function=symbol, operands=(one, other)) if symbol in _COMPARISONS:
            return _compared(context, symbol, one, other)
    raise EarthEngineError("A filter's expression compares properties with values.")


def _compared(context: Context, symbol: str, one: Tree, other: Tree) -> Filter:
    if isinstance(other, Name) and not isinstance(one, Name):
        symbol, one, other = _TURNED[symbol], other, one
    if not isinstance(one, Name):
        raise EarthEngineError("One side of a comparison must be a property.")
    given: dict[str, Any] = {"leftField": one.name}
    if isinstance(other, Name):
        given["rightField"] = other.name
    else:
        given["rightValue"] = _literal(other)
    found: Filter = invoke(f"Filter.{_COMPARISONS[symbol]}", given, context)
    return found


def _literal(tree: Tree) -> Any:
    match tree:
        case Literal():
            return tree.value
        case Call(function="-", operands=(Literal(value=int() | float() as number),)):
            return -number
    raise EarthEngineError("One side of a comparison must be a number or a text.")
