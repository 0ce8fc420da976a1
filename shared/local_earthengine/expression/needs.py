"""What a node takes of the graph: no more than it needs, so that the rest is never evaluated.

An `If` takes its condition and one branch, a call of a function the arguments that the function
uses, a formula of numbers the variables in its text. Everything else takes all that it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression import graph
from local_earthengine.expression.graph import Node
from local_earthengine.formula.parser import parse
from local_earthengine.formula.tree import names

CHOICE: Final = "If"
FORMULA: Final = "Number.expression"
VARIABLES: Final = "vars"
# What `peek` gives for a node that is not evaluated yet; null is a value.
UNKNOWN: Final = object()
Peek = Callable[[Node], Any]


def needs_of(node: Node, peek: Peek) -> Sequence[Node]:
    """Return the nodes whose values this one's takes.

    Where one of them decides which others are taken it comes alone, until its value is known.
    """
    if node.kind == graph.DEFINITION:
        return ()
    first = _deciding(node)
    decided = None if first is None else peek(first)
    if first is not None and decided is UNKNOWN:
        return (first,)
    if _is_choice(node):
        branch = chosen_branch(node, decided)
        return () if branch is None else (branch,)
    if first is None:
        return node.children
    if node.reference is not None:
        return (first, *used_arguments(node, decided).values())
    return (*plain_arguments(node).values(), *formula_variables(node, decided).values())


def _deciding(node: Node) -> Node | None:
    """Return the child whose value tells which others are taken; none if all are."""
    if node.kind != graph.CALL or node.reference is not None:
        return node.reference
    if _is_choice(node):
        return node.arguments.get("condition")
    return node.arguments.get("expression") if _has_variables(node) else None


def _is_choice(node: Node) -> bool:
    return node.kind == graph.CALL and node.body.get("functionName") == CHOICE


def _has_variables(node: Node) -> bool:
    """Tell whether a node is a formula of numbers, whose variables are written out one by one."""
    variables = node.arguments.get(VARIABLES)
    written = variables is not None and variables.kind == graph.DICTIONARY
    named = node.body.get("functionName") == FORMULA and "expression" in node.arguments
    return written and named


def chosen_branch(node: Node, condition: Any) -> Node | None:
    """Return the branch of an `If` that is taken; none if that one was left out."""
    return node.arguments.get("trueCase" if truthy(condition) else "falseCase")


def used_arguments(node: Node, function: Any) -> Mapping[str, Node]:
    """Return the arguments of a call that the function called depends on, all if it isn't told."""
    uses = getattr(function, "uses", None)
    return {name: n for name, n in node.arguments.items() if uses is None or name in uses}


def plain_arguments(node: Node) -> Mapping[str, Node]:
    """Return a call's arguments, but for variables that are taken one by one."""
    dropped = VARIABLES if _has_variables(node) else None
    return {name: child for name, child in node.arguments.items() if name != dropped}


def formula_variables(node: Node, text: Any) -> Mapping[str, Node]:
    """Return the written-out variables that stand in a formula's text, by name.

    They are none if the node is no such formula, or if its text is none: the algorithm tells.
    """
    if not _has_variables(node) or not isinstance(text, str):
        return {}
    try:
        used = set(names(parse(text)))
    except EarthEngineError:
        return {}
    return {
        name: child for name, child in node.arguments[VARIABLES].arguments.items() if name in used
    }


def truthy(value: Any) -> bool:
    """Tell whether `If` takes it for true: neither null, false, 0 or NaN, nor anything empty."""
    if isinstance(value, float):
        return value != 0 and value == value  # noqa: PLR0124 - NaN differs from itself
    if isinstance(value, (bool, int, str, list, dict)):
        return bool(value)
    return value is not None
