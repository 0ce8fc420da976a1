"""The OpenAPI document: the table of operations in the words of OpenAPI 3.0."""

import re
from collections.abc import Sequence
from typing import Any

from s1ratio.services.reading.call import JSON
from s1ratio.services.reading.landing import OPENAPI
from s1ratio.services.reading.operations import Operation
from s1ratio.services.reading.schemas.components import SCHEMAS
from s1ratio.software import VERSION

_PLACES = re.compile(r"\{\+?(\w+)\}")
PROBLEM = "application/problem+json"
# What any call may be answered with: a bad parameter, trouble of ours, a store that is not there.
_ALWAYS = (400, 500, 503)
_WORDS = {
    400: "A parameter is none, or has a value that is none: it is named.",
    403: "It is not allowed here.",
    404: "There is nothing of this name.",
    409: "It has ended already, or came to no results.",
    500: "Something went wrong that nobody had foreseen.",
    503: "What is read did not answer in time: try again after the seconds in `Retry-After`.",
}
_MEDIA = {
    "openapi": (OPENAPI,),
    "stac": (JSON, "application/geo+json", "image/png"),
}


def make_document(operations: Sequence[Operation], title: str, base: str) -> dict[str, Any]:
    """Return the OpenAPI document of operations that are served below a URL."""
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        path = _PLACES.sub(r"{\1}", one.path)
        paths.setdefault(path, {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": title,
            "version": VERSION,
            "description": "Sentinel-1 VV/VH ratio composites: what was asked for, and what "
            "came of it. HEAD is answered wherever GET is.",
            "license": {"name": "Apache-2.0"},
        },
        "servers": [{"url": base}],
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }


def _operation(one: Operation) -> dict[str, Any]:
    places = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PLACES.findall(one.path)
    ]
    responses: dict[str, Any] = {"200": _answer(one, one.words)}
    if one.accepted:
        responses["202"] = _answer(one, "It will be done: how the job stands until then.")
    for status in sorted({*one.problems, *_ALWAYS}):
        responses[str(status)] = _problem(status)
    return {
        "operationId": one.id,
        "summary": one.words,
        "parameters": [*places, *(parameter.document for parameter in one.parameters)],
        "responses": responses,
    }


def _answer(one: Operation, words: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{one.schema}"}
    content: dict[str, Any] = {
        media: {"schema": {"type": "string", "format": "binary"}}
        if media == "image/png"
        else {"schema": schema}
        for media in _MEDIA.get(one.schema, (JSON,))
    }
    return {"description": words, "content": content}


def _problem(status: int) -> dict[str, Any]:
    header = {"description": "Seconds.", "schema": {"type": "integer"}}
    schema = {"$ref": "#/components/schemas/exception"}
    told = {"description": _WORDS[status], "content": {PROBLEM: {"schema": schema}}}
    return {**told, "headers": {"Retry-After": header}} if status == 503 else told
