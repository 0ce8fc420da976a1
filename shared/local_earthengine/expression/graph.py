"""An expression as the client sends it, checked and turned into nodes that know each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from local_earthengine.errors import EarthEngineError

Json = Mapping[str, Any]

CONSTANT: Final = "constantValue"
ARRAY: Final = "arrayValue"
DICTIONARY: Final = "dictionaryValue"
ARGUMENT: Final = "argumentReference"
DEFINITION: Final = "functionDefinitionValue"
CALL: Final = "functionInvocationValue"
_REFERENCE: Final = "valueReference"

_KINDS: Final[Mapping[str, type | tuple[type, ...]]] = {
    CONSTANT: object,
    _REFERENCE: str,
    ARRAY: Mapping,
    DICTIONARY: Mapping,
    ARGUMENT: str,
    DEFINITION: Mapping,
    CALL: Mapping,
    "integerValue": (str, int),
    "bytesValue": str,
}


class Node:
    """One value of an expression; references are followed, and are no nodes.

    `names` are those of the children of a call or a dictionary, or the arguments of a function.
    `free` are the arguments of functions around it that its value depends on.
    """

    __slots__ = ("body", "children", "free", "kind", "names")

    def __init__(self, kind: str, body: Any) -> None:
        self.kind = kind
        self.body = body
        self.names: tuple[str, ...] = ()
        self.children: tuple[Node, ...] = ()
        self.free: tuple[str, ...] | None = None

    @property
    def arguments(self) -> Mapping[str, Node]:
        """The children of a call or a dictionary by their names."""
        return dict(zip(self.names, self.children, strict=False))

    @property
    def reference(self) -> Node | None:
        """The node whose value a call calls, where it doesn't call an algorithm by its name."""
        called = self.kind == CALL and len(self.children) > len(self.names)
        return self.children[-1] if called else None


def graph_of(expression: Any) -> Node:
    """Return the node of an expression's result.

    Raise EarthEngineError if anything in it is malformed.

    What the result does not lead to is not even looked at.
    """
    if not isinstance(expression, Mapping) or not isinstance(expression.get("values"), Mapping):
        raise EarthEngineError("Invalid expression: it must have 'values' and 'result'.")
    builder = _Builder(expression["values"])
    root = builder.node({_REFERENCE: expression.get("result")})
    builder.connect()
    _bind(root)
    return root


class _Builder:
    """Makes one node for each JSON object, from a list instead of the stack."""

    def __init__(self, values: Json) -> None:
        self._values = values
        self._nodes: dict[int, Node] = {}
        self._pending: list[Node] = []

    def node(self, json: Any) -> Node:
        """Return the node of a JSON object, or of what it refers to."""
        for _ in range(len(self._values) + 2):
            kind, body = _kind(json)
            if kind != _REFERENCE:
                break
            json = self._lookup(body)
        else:
            raise EarthEngineError("Invalid expression: a reference leads to itself.")
        known = self._nodes.get(id(json))
        if known is None:
            known = self._nodes[id(json)] = Node(kind, body)
            self._pending.append(known)
        return known

    def connect(self) -> None:
        """Give every node its children, and make these."""
        while self._pending:
            node = self._pending.pop()
            body = node.body
            match node.kind:
                case "arrayValue":
                    node.children = tuple(map(self.node, _member(body, "values", list)))
                case "dictionaryValue":
                    self._named(node, _member(body, "values", dict))
                case "functionInvocationValue":
                    self._named(node, _member(body, "arguments", dict))
                    if body.get("functionReference") is not None:
                        function = self.node({_REFERENCE: body["functionReference"]})
                        node.children = (*node.children, function)
                case "functionDefinitionValue":
                    node.names = tuple(map(str, _member(body, "argumentNames", list)))
                    node.children = (self.node({_REFERENCE: body.get("body")}),)

    def _named(self, node: Node, children: Json) -> None:
        node.names = tuple(children)
        node.children = tuple(map(self.node, children.values()))

    def _lookup(self, reference: Any) -> Json:
        found = self._values.get(reference) if isinstance(reference, str) else None
        if not isinstance(found, Mapping):
            raise EarthEngineError(f"Invalid expression: there is no value '{reference}'.")
        return found


def _kind(json: Any) -> tuple[str, Any]:
    """Return a JSON object's one member.

    Raise EarthEngineError if it isn't an expression's node.
    """
    if isinstance(json, Mapping):
        for name, body in json.items():
            if name in _KINDS and (isinstance(body, _KINDS[name]) or name == _REFERENCE):
                return name, body
    raise EarthEngineError(f"Invalid expression node: {str(json)[:100]}")


def _member(body: Json, name: str, kind: type) -> Any:
    value = body.get(name, kind())
    if not isinstance(value, kind):
        raise EarthEngineError(f"Invalid expression: '{name}' must be a {kind.__name__}.")
    return value


def _bind(root: Node) -> None:
    """Find the free arguments of every node; raise EarthEngineError if one depends on itself."""
    pending, opened = [root], set[Node]()
    while pending:
        node = pending[-1]
        missing = [child for child in node.children if child.free is None]
        if node.free is None and missing:
            if not opened.isdisjoint(missing):
                raise EarthEngineError("Invalid expression: a value depends on itself.")
            opened.add(node)
            pending.extend(missing)
            continue
        if node.free is None:
            node.free = _free(node, node.children)
        opened.discard(pending.pop())


def _free(node: Node, children: Sequence[Node]) -> tuple[str, ...]:
    if node.kind == ARGUMENT:
        return (node.body,)
    found = {name for child in children for name in child.free or ()}
    return tuple(sorted(found.difference(node.names if node.kind == DEFINITION else ())))
