"""Files of regions: YAML, or JSON, which is YAML, too, as plain data with its lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from s1ratio.errors import InvalidRequest
from s1ratio.faults import Fault

MAX_BYTES = 4_000_000
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STRING, _DAY = "tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp"
_MAX_DEPTH = 100


@dataclass(frozen=True)
class RegionFile:
    """A file's data, and the lines (from 1) of its values by their paths."""

    data: Any
    lines: Mapping[str, int]

    def placed(self, fault: Fault) -> Fault:
        """Return a fault with the line of what it is about in its words."""
        path = fault.path
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        line = self.lines.get(path, 1)
        return Fault(fault.path, fault.code, f"line {line}: {fault.message}")


def read_region_file(path: Path) -> RegionFile:
    """Return what is in a file; raise InvalidRequest, by the line, for what is no YAML.

    Days stay texts. Anchors and aliases are refused: a few lines of them are gigabytes.
    """
    text = path.read_bytes()
    if len(text) > MAX_BYTES:
        raise _invalid("too_large", f"{len(text)} bytes, at most {MAX_BYTES} are read: split it")
    try:
        loader = _LOADER(text.decode("utf-8"))
        root = loader.get_single_node()
        if root is None:
            raise _invalid("empty", "there is nothing in it")
        lines: dict[str, int] = {}
        return RegionFile(_value(loader, root, "", lines, set()), lines)
    except UnicodeDecodeError as error:
        raise _invalid(
            "not_utf8", f"not UTF-8 text: {error.reason} at byte {error.start}"
        ) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _invalid("not_yaml", f"line {line}: {error.problem or error}") from None
    except yaml.YAMLError as error:
        raise _invalid("not_yaml", str(error)) from None
    except RecursionError:
        raise _invalid("not_yaml", "it is nested too deeply") from None


def _invalid(code: str, words: str) -> InvalidRequest:
    return InvalidRequest([Fault("", code, words)])


def _value(loader: Any, node: Node, path: str, lines: dict[str, int], seen: set[int]) -> Any:
    """Return the plain value of a node; note the lines of all in it."""
    line = node.start_mark.line + 1
    if id(node) in seen:
        raise _invalid("alias", f"line {line}: an alias (`*name`): write the value out")
    seen.add(id(node))
    if path.count(".") + path.count("[") > _MAX_DEPTH:
        raise _invalid("not_yaml", f"line {line}: it is nested too deeply")
    lines[path] = line
    if isinstance(node, MappingNode):
        return _mapping(loader, node, path, lines, seen)
    if isinstance(node, SequenceNode):
        return [
            _value(loader, each, f"{path}[{number}]", lines, seen)
            for number, each in enumerate(node.value)
        ]
    return _scalar(loader, node)


def _mapping(
    loader: Any, node: MappingNode, path: str, lines: dict[str, int], seen: set[int]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            raise _invalid("not_yaml", f"line {line}: a name must be a plain text")
        if key.value in found:
            raise _invalid("twice", f"line {line}: {key.value[:60]!r} stands twice")
        below = f"{path}.{key.value}" if path else str(key.value)
        found[key.value] = _value(loader, value, below, lines, seen)
        lines[below] = line
    return found


def _scalar(loader: Any, node: Node) -> Any:
    if node.tag in {_STRING, _DAY}:
        return node.value
    try:
        return loader.construct_object(node)
    except ValueError as error:
        line = node.start_mark.line + 1
        raise _invalid("not_yaml", f"line {line}: {error}") from None
