"""Expressions of graphs: what `ee.serializer.encode` makes of them, at half of what it costs.

The client's own serializer names the parts of a graph. What it does then, to lift what is used
once into its place, asks of each part what kind it is, up to ten times over; here it is asked once.
A test compares the two on every kind of graph, and the golden graphs are written by the client's.
"""

from collections import Counter
from typing import Any

from ee import serializer

_AS_THEY_ARE = frozenset({"constantValue", "integerValue", "bytesValue", "argumentReference"})
_DEPTH_LIMIT: int = serializer._DEPTH_LIMIT


def encode(graph: Any) -> dict[str, Any]:
    """Return the expression of a graph, as the API takes it."""
    parts = serializer.Serializer(for_cloud_api=True)
    result: Any = parts._encode_cloud_object(graph)
    scope: Any = parts._scope
    return _Lifting(dict(scope), result).expression()


class _Lifting:
    """Lifts parts that are used once, and plain constants, into the places that refer to them."""

    def __init__(self, parts: dict[str, Any], result: str) -> None:
        self._parts, self._result = parts, result
        self._uses: Counter[str] = Counter([result])
        self._named: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def expression(self) -> dict[str, Any]:
        """Return the whole, its parts named anew in the order in which they are met."""
        for part in self._parts.values():
            self._count(part)
        result = self._refer(self._result)
        return {"result": result, "values": self._values}

    def _count(self, value: Any) -> None:
        """Count what a part refers to."""
        ((kind, content),) = value.items()
        if kind == "valueReference":
            self._uses[content] += 1
        elif kind == "functionInvocationValue":
            if "functionReference" in content:
                self._uses[content["functionReference"]] += 1
            for argument in content["arguments"].values():
                self._count(argument)
        elif kind == "arrayValue":
            for item in content["values"]:
                self._count(item)
        elif kind == "dictionaryValue":
            for item in content["values"].values():
                self._count(item)
        elif kind == "functionDefinitionValue":
            self._uses[content["body"]] += 1

    def _refer(self, part: str) -> str:
        """Return the new name of a part that stays one."""
        known = self._named.get(part)
        if known is None:
            known = self._named[part] = str(len(self._named))
            self._values[known] = self._lifted(self._parts[part], 0)
        return known

    def _lifted(self, value: Any, depth: int) -> Any:
        ((kind, content),) = value.items()
        if kind in _AS_THEY_ARE:
            return value
        if kind == "valueReference":
            return self._in_its_place(content, depth)
        if kind == "functionInvocationValue":
            return {kind: self._call(content, depth)}
        if kind == "functionDefinitionValue":
            body = self._refer(content["body"])
            return {kind: {"argumentNames": content["argumentNames"], "body": body}}
        return self._container(kind, content["values"], depth)

    def _container(self, kind: str, values: Any, depth: int) -> dict[str, Any]:
        """Return an array or a dictionary, as a constant if it holds nothing else."""
        if kind == "arrayValue":
            items = [self._lifted(item, depth + 3) for item in values]
            if all("constantValue" in item for item in items):
                return {"constantValue": [item["constantValue"] for item in items]}
            return {kind: {"values": items}}
        named = {key: self._lifted(item, depth + 3) for key, item in values.items()}
        if all("constantValue" in item for item in named.values()):
            return {"constantValue": {key: item["constantValue"] for key, item in named.items()}}
        return {kind: {"values": named}}

    def _call(self, content: Any, depth: int) -> dict[str, Any]:
        call: dict[str, Any] = {}
        if "functionName" in content:
            call["functionName"] = content["functionName"]
        else:
            call["functionReference"] = self._refer(content["functionReference"])
        arguments = content["arguments"]
        call["arguments"] = {k: self._lifted(v, depth + 3) for k, v in arguments.items()}
        return call

    def _in_its_place(self, part: str, depth: int) -> Any:
        value = self._parts[part]
        if self._uses[part] == 1 and depth < _DEPTH_LIMIT:
            return self._lifted(value, depth)
        if "argumentReference" in value:
            return value
        constant = value.get("constantValue", "")
        if constant is None or isinstance(constant, bool | float | int):
            return value
        return {"valueReference": self._refer(part)}
