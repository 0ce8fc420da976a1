"""Expressions as the client sends them: what each value is, by its algorithm's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.randomgraphs.interpreter.images import Image, constants
from tests.randomgraphs.interpreter.operations import OPERATIONS

Scope = Mapping[str, Any]


class Interpreter:
    """A request over a catalogue: images by id, and collections as lists of them by theirs."""

    def __init__(self, expression: Mapping[str, Any], catalogue: Mapping[str, Any]) -> None:
        self._values = expression["values"]
        self._result = expression["result"]
        self._catalogue = catalogue
        self._known: dict[tuple[str, int], Any] = {}
        self._scopes: list[Scope] = [{}]

    def image(self) -> Image:
        """The image that the expression describes."""
        found = self._reference(self._result, self._scopes[0])
        return found if isinstance(found, Image) else constants(found)

    def _reference(self, name: str, scope: Scope) -> Any:
        """A value that others share: the same one for all of them, so that its pixels are."""
        key = name, id(scope)
        if key not in self._known:
            self._known[key] = self._value(self._values[name], scope)
        return self._known[key]

    def _value(self, node: Mapping[str, Any], scope: Scope) -> Any:  # noqa: PLR0911 - one a kind
        ((kind, body),) = node.items()
        match kind:
            case "constantValue":
                return body
            case "integerValue":
                return int(body)
            case "valueReference":
                return self._reference(body, scope)
            case "argumentReference":
                return scope[body]
            case "arrayValue":
                return [self._value(item, scope) for item in body["values"]]
            case "dictionaryValue":
                return {name: self._value(item, scope) for name, item in body["values"].items()}
            case "functionDefinitionValue":
                return self._function(body, scope)
            case "functionInvocationValue":
                return self._call(body["functionName"], body.get("arguments", {}), scope)
        raise AssertionError(kind)

    def _function(self, body: Mapping[str, Any], scope: Scope) -> Callable[..., Any]:
        def call(*values: Any) -> Any:
            inner = {**scope, **dict(zip(body["argumentNames"], values, strict=True))}
            self._scopes.append(inner)  # kept: what is known is known by its identity
            return self._reference(body["body"], inner)

        return call

    def _call(self, name: str, arguments: Mapping[str, Any], scope: Scope) -> Any:
        if name == "If":
            chosen = "trueCase" if self._value(arguments["condition"], scope) else "falseCase"
            return self._value(arguments[chosen], scope)
        given = {key: self._value(item, scope) for key, item in arguments.items()}
        if name in {"Image.load", "ImageCollection.load"}:
            return self._catalogue[given["id"]]
        return OPERATIONS[name](given)
