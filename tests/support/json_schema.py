"""As much of JSON Schema (draft 2020-12) as the message's schema uses; more of it fails."""

import re
from collections.abc import Callable
from typing import Any

_TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "integer": int,
    "number": (int, float),
}
_WORDS_ONLY = {"$schema", "$defs", "title", "description", "default", "format", "discriminator"}


def accepts(schema: dict[str, Any], value: Any) -> bool:
    """Tell whether a schema takes a value."""
    return _accepts(schema, value, schema.get("$defs", {}))


def _accepts(schema: dict[str, Any], value: Any, defs: dict[str, Any]) -> bool:
    return all(
        _holds(word, what, value, schema, defs)
        for word, what in schema.items()
        if word not in _WORDS_ONLY
    )


def _is(kind: str, value: Any) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


def _same(a: Any, b: Any) -> bool:
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def _holds(word: str, what: Any, value: Any, schema: Any, defs: dict[str, Any]) -> bool:
    def each(part: dict[str, Any], one: Any) -> bool:
        return _accepts(part, one, defs)

    number = isinstance(value, int | float) and not isinstance(value, bool)
    text, items, members = (isinstance(value, kind) for kind in (str, list, dict))
    known: dict[str, Callable[[], bool]] = {
        "$ref": lambda: each(defs[what.removeprefix("#/$defs/")], value),
        "type": lambda: _is(what, value),
        "const": lambda: _same(value, what),
        "enum": lambda: any(_same(value, one) for one in what),
        "anyOf": lambda: any(each(part, value) for part in what),
        "oneOf": lambda: sum(each(part, value) for part in what) == 1,
        "pattern": lambda: not text or bool(re.search(what, value)),
        "minLength": lambda: not text or len(value) >= what,
        "maxLength": lambda: not text or len(value) <= what,
        "minimum": lambda: not number or value >= what,
        "maximum": lambda: not number or value <= what,
        "exclusiveMinimum": lambda: not number or value > what,
        "minItems": lambda: not items or len(value) >= what,
        "maxItems": lambda: not items or len(value) <= what,
        "prefixItems": lambda: (
            not items or all(each(part, one) for part, one in zip(what, value, strict=False))
        ),
        "items": lambda: not items or all(each(what, one) for one in value),
        "required": lambda: not members or set(what) <= set(value),
        "minProperties": lambda: not members or len(value) >= what,
        "maxProperties": lambda: not members or len(value) <= what,
        "propertyNames": lambda: not members or all(each(what, name) for name in value),
        "properties": lambda: (
            not members or all(each(what[name], value[name]) for name in set(what) & set(value))
        ),
        "additionalProperties": lambda: (
            not members
            or all(
                _extra(what, value[n], defs) for n in set(value) - set(schema.get("properties", ()))
            )
        ),
    }
    return bool(known[word]())


def _extra(what: bool | dict[str, Any], value: Any, defs: dict[str, Any]) -> bool:
    return what if isinstance(what, bool) else _accepts(what, value, defs)
