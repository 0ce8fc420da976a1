"""Evaluates expressions: lazily, each value once, and deep graphs without deep recursion."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression import graph
from local_earthengine.expression.graph import Node
from local_earthengine.expression.needs import (
    CHOICE,
    UNKNOWN,
    VARIABLES,
    chosen_branch,
    formula_variables,
    needs_of,
    plain_arguments,
    used_arguments,
)

Scope = Mapping[str, Any]
Invoke = Callable[[str, Mapping[str, Any]], Any]

_MAX_INTEGER: Final = 2**63 - 1
# Calls within calls: each costs a dozen frames of Python's stack.
_MAX_CALLS: Final = 40


@dataclass(frozen=True, eq=False)
class Function:
    """A function of the expression, or one that an algorithm made.

    `uses` are the arguments that its value depends on, None for all of them: where it is called
    the others are never evaluated, and null is given for them.
    """

    names: Sequence[str]
    body: Callable[[Sequence[Any]], Any]
    uses: Collection[str] | None = None

    def __call__(self, *values: Any) -> Any:
        """Return the body's value for these arguments, in order.

        Raise EarthEngineError if they are too few.
        """
        if len(values) < len(self.names):
            raise EarthEngineError(
                f"A function takes {len(self.names)} arguments, but {len(values)} were given."
            )
        return self.body(values)


class Evaluator:
    """One request: a graph, and `invoke`, which computes an algorithm by its name."""

    def __init__(self, expression: Any, invoke: Invoke) -> None:
        self._root = graph.graph_of(expression)
        self._invoke = invoke
        self._memo: dict[tuple[Node | int, ...], Any] = {}
        self._bound: list[Any] = []
        self._calls = 0

    def result(self) -> Any:
        """Return the value of the whole expression.

        Raise EarthEngineError for whatever is wrong with it.
        """
        return self._evaluate(self._root, {})

    def _evaluate(self, root: Node, scope: Scope) -> Any:
        """Return the value of a node.

        What it needs comes first, from a list instead of the stack.
        """
        pending = [root]
        while pending:
            node = pending[-1]
            key = self._key(node, scope)
            if key not in self._memo:
                needs = needs_of(node, partial(self._peek, scope=scope))
                missing = [need for need in needs if self._key(need, scope) not in self._memo]
                if missing:
                    pending.extend(reversed(missing))
                    continue
                self._memo[key] = self._value(node, scope)
            pending.pop()
        return self._known(root, scope)

    def _key(self, node: Node, scope: Scope) -> tuple[Node | int, ...]:
        """Return the node and the identities of the arguments that it depends on, no others."""
        try:
            return (node, *[id(scope[name]) for name in node.free or ()])
        except KeyError as name:
            raise EarthEngineError(f"Invalid expression: no argument {name} is in scope.") from None

    def _known(self, node: Node, scope: Scope) -> Any:
        return self._memo[self._key(node, scope)]

    def _peek(self, node: Node, scope: Scope) -> Any:
        return self._memo.get(self._key(node, scope), UNKNOWN)

    def _value(self, node: Node, scope: Scope) -> Any:
        """Return the value of a node whose needs are known."""
        match node.kind:
            case graph.ARRAY:
                return [self._known(child, scope) for child in node.children]
            case graph.DICTIONARY:
                return self._known_of(node.arguments, scope)
            case graph.ARGUMENT:
                return scope[node.body]
            case graph.DEFINITION:
                return self._function(node, scope)
            case graph.CALL:
                return self._call(node, scope)
        return _integer(node.body) if node.kind == "integerValue" else node.body

    def _known_of(self, nodes: Mapping[str, Node], scope: Scope) -> dict[str, Any]:
        return {name: self._known(node, scope) for name, node in nodes.items()}

    def _function(self, definition: Node, scope: Scope) -> Function:
        (target,) = definition.children

        def body(values: Sequence[Any]) -> Any:
            """Return the function's value for these arguments."""
            # Kept to the end of the request: the memo's keys are their identities.
            self._bound.extend(values)
            if self._calls >= _MAX_CALLS:
                raise EarthEngineError("Functions are nested too deeply.")
            self._calls += 1
            try:
                bound = dict(zip(definition.names, values, strict=False))
                return self._evaluate(target, {**scope, **bound})
            finally:
                self._calls -= 1

        return Function(definition.names, body, target.free)

    def _call(self, node: Node, scope: Scope) -> Any:
        name = node.body.get("functionName")
        if node.reference is not None:
            function = self._known(node.reference, scope)
            return _apply(function, node, self._known_of(used_arguments(node, function), scope))
        if name == CHOICE:
            return self._choose(node, scope)
        if not isinstance(name, str):
            raise EarthEngineError("Invalid expression: a call names no function.")
        given = self._known_of(plain_arguments(node), scope)
        if len(given) < len(node.arguments):
            variables = formula_variables(node, given["expression"])
            given[VARIABLES] = self._known_of(variables, scope)
        return self._invoke(name, given)

    def _choose(self, node: Node, scope: Scope) -> Any:
        condition = node.arguments.get("condition")
        known = None if condition is None else self._known(condition, scope)
        branch = chosen_branch(node, known)
        return None if branch is None else self._known(branch, scope)


def _apply(function: Any, call: Node, given: Mapping[str, Any]) -> Any:
    if not isinstance(function, Function):
        raise EarthEngineError("Invalid expression: a call's reference is no function.")
    missing = [name for name in function.names if name not in call.names]
    if missing:
        raise EarthEngineError(f"A function's argument '{missing[0]}' is missing.")
    return function(*(given.get(name) for name in function.names))


def _integer(text: str | int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = _MAX_INTEGER + 1
    if not -_MAX_INTEGER <= number <= _MAX_INTEGER:
        raise EarthEngineError(f"Invalid expression: '{str(text)[:20]}' is no integer.")
    return number
