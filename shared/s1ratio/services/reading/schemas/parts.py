"""Parts that schemas are made of."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
URL: Schema = {"type": "string", "format": "uri"}
FREE: Schema = {"type": "object", "additionalProperties": True}


def ref(name: str) -> Schema:
    """Return the schema of a name."""
    return {"$ref": f"#/components/schemas/{name}"}


def or_null(schema: Schema) -> Schema:
    """Return a schema that null meets, too."""
    enum = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, **enum, "nullable": True}


def several(schema: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": schema}


def by_name(schema: Schema) -> Schema:
    """Return the schema of an object with any names."""
    return {"type": "object", "additionalProperties": schema}


def one_of(kind: Iterable[StrEnum]) -> Schema:
    """Return the schema of the words of a vocabulary."""
    return {"type": "string", "enum": [word.value for word in kind]}


def whole(properties: dict[str, Schema], optional: Iterable[str] = ()) -> Schema:
    """Return the schema of an object that has all these, but for what is optional, and no more."""
    left_out = set(optional)
    return {
        "type": "object",
        "required": sorted(name for name in properties if name not in left_out),
        "properties": properties,
        "additionalProperties": False,
    }


LINK = whole(
    {"href": URL, "rel": TEXT, "type": TEXT, "hreflang": TEXT, "title": TEXT},
    optional=("rel", "type", "hreflang", "title"),
)
LINKS = several(ref("link"))
FAULTS = several(whole({"path": TEXT, "code": TEXT, "message": TEXT}))
