"""Looking into serialised expressions: sizes, calls, arguments."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import ee

Graph = dict[str, Any]


def encoded(expression: Any) -> Graph:
    """Return the Cloud API form of an expression, as a POST carries it."""
    sent: Graph = json.loads(json.dumps(ee.serializer.encode(expression, for_cloud_api=True)))
    return sent


def size(expression: Any) -> int:
    """Return the bytes of an expression as compact JSON."""
    return len(json.dumps(encoded(expression), separators=(",", ":")).encode())


def calls(expression: Any, name: str) -> list[dict[str, Any]]:
    """Return the arguments of every call of an algorithm, references and constants resolved."""
    graph = encoded(expression)
    return [
        {key: _plain(graph, value) for key, value in call["arguments"].items()}
        for call in _invocations(graph["values"])
        if call["functionName"] == name
    ]


def algorithms(expression: Any) -> Counter[str]:
    """Return how often each algorithm stands in an expression, shared parts once."""
    return Counter(call["functionName"] for call in _invocations(encoded(expression)["values"]))


def _invocations(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "functionInvocationValue" in node:
            yield node["functionInvocationValue"]
        for value in node.values():
            yield from _invocations(value)
    elif isinstance(node, list):
        for value in node:
            yield from _invocations(value)


def _plain(graph: Graph, node: dict[str, Any]) -> Any:
    """Return a constant as itself, an invocation as its algorithm's name."""
    if "valueReference" in node:
        return _plain(graph, graph["values"][node["valueReference"]])
    if "constantValue" in node:
        return node["constantValue"]
    if "arrayValue" in node:
        return [_plain(graph, value) for value in node["arrayValue"]["values"]]
    if "functionInvocationValue" in node:
        name: str = node["functionInvocationValue"]["functionName"]
        arguments = node["functionInvocationValue"]["arguments"]
        return (name, {key: _plain(graph, value) for key, value in arguments.items()})
    return node
