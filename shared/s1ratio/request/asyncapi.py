"""The topics of requests, commands and events as an AsyncAPI document (3.0.0), from their models.

Its schemas are JSON Schema of draft 7, which AsyncAPI's own are: what the message's schema has of
a later draft is written as draft 7 has it.
"""

from typing import Any

from s1ratio.commands.reader import MAX_COMMAND_BYTES
from s1ratio.commands.schema import command_schema
from s1ratio.events.asyncapi import event_messages, event_schemas, events_channel
from s1ratio.request.reader import MAX_MESSAGE_BYTES
from s1ratio.request.schema import message_schema

VERSION = "3.0.0"
_DEFS = "#/$defs/"
_SCHEMAS = "#/components/schemas/"
_MESSAGE, _COMMAND = "CompositeRequest", "Command"
_TOPIC = "projects/{project}/topics/s1r-{deployment}"
_EXAMPLES: dict[str, dict[str, Any]] = {
    "the least": {
        "aoi": {"bbox": [15.10, 48.00, 15.16, 48.04]},
        "start": "2023-05-01",
        "end": "2023-07-01",
    },
    "one orbit, another filter": {
        "request_id": "my-field-2023",
        "aoi": {"type": "Point", "coordinates": [15.13, 48.02], "buffer_m": 2500},
        "start": "2023-05-01",
        "end": "2023-07-01",
        "orbits": [95],
        "direction": "DESCENDING",
        "speckle": {"filter": "boxcar", "size_px": 5},
        "labels": {"team": "fields"},
    },
}
# What a draft of OpenAPI's says, and JSON Schema does not know.
_UNKNOWN = frozenset({"discriminator", "$schema", "$defs"})


_COMMANDS: dict[str, dict[str, Any]] = {
    "cancel a request": {
        "id": "my-field-not-needed",
        "command": "cancel",
        "target": {"request": "my-field-2023"},
        "by": "anna",
        "reason": "the wrong area",
    },
    "pause a region": {
        "id": "po-spring-flood",
        "command": "pause",
        "target": {"region": "po"},
        "expires_at": "2026-12-01T12:00:00Z",
    },
    "silence an incident": {
        "command": "silence",
        "target": {"incident": "i-0123456789"},
        "ends_at": "2026-12-24T00:00:00Z",
        "reason": "an exercise",
    },
}


def _operation(action: str, topic: str, summary: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{topic}"}, "summary": summary}


_OPERATIONS = {
    "receiveRequest": _operation(
        "receive", "requests", "A message becomes a request, or a rejection with every reason."
    ),
    "receiveCommand": _operation(
        "receive", "commands", "A command is done once, refused with the reason, or too late."
    ),
    "sendEvent": _operation(
        "send", "events", "What became of requests, tasks, regions, incidents and commands."
    ),
}


def asyncapi_document() -> dict[str, Any]:
    """Return the AsyncAPI document of what is published to a deployment, and by it."""
    models = {_MESSAGE: message_schema(), _COMMAND: command_schema(), **event_schemas()}
    schemas: dict[str, Any] = {}
    for name, schema in models.items():
        schemas |= _schemas(name, schema)
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "s1ratio",
            "version": "1",  # of the messages
            "description": (
                "Publish an area, get Sentinel-1 VV/VH ratio composites, and hear of them."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"pubsub": {"host": "pubsub.googleapis.com", "protocol": "googlepubsub"}},
        "channels": {
            "requests": _channel("requests", _MESSAGE),
            "commands": _channel("commands", _COMMAND),
            "events": events_channel(),
        },
        "operations": _OPERATIONS,
        "components": {
            "messages": {
                _MESSAGE: _message(
                    _MESSAGE, "One request for composites", MAX_MESSAGE_BYTES, _EXAMPLES
                ),
                _COMMAND: _message(_COMMAND, "One command", MAX_COMMAND_BYTES, _COMMANDS),
                **event_messages(),
            },
            "schemas": schemas,
        },
    }


def _schemas(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return a message's schema under its name, and beside it those that it refers to."""
    inner = {each: _draft_7(value) for each, value in schema.get("$defs", {}).items()}
    return {**inner, name: _draft_7(schema)}


def _channel(topic: str, message: str) -> dict[str, Any]:
    # The binding of a channel is all about Pub/Sub's own schemas: the topic has none, since a
    # message that breaks the rules is recorded with its reasons, and not refused unseen.
    return {
        "address": f"{_TOPIC}-{topic}",
        "messages": {message: {"$ref": f"#/components/messages/{message}"}},
        "parameters": {
            "project": {"description": "The project of the deployment."},
            "deployment": {"description": "Its name, such as dev or prod."},
        },
    }


def _message(
    name: str, title: str, most: int, examples: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "summary": (
            f"UTF-8 JSON in the data of a message, {most:,} bytes at most. The same message again "
            "changes nothing."
        ),
        "contentType": "application/json",
        "payload": {"$ref": f"{_SCHEMAS}{name}"},
        "bindings": {"googlepubsub": {"attributes": {}, "bindingVersion": "0.2.0"}},
        "examples": [{"name": each, "payload": example} for each, example in examples.items()],
    }


def _draft_7(value: Any) -> Any:
    """Return a schema as draft 7 has it, its references to where they lie in the document."""
    if isinstance(value, list):
        return [_draft_7(each) for each in value]
    if not isinstance(value, dict):
        return value
    made = {name: _draft_7(each) for name, each in value.items() if name not in _UNKNOWN}
    if isinstance(reference := made.get("$ref"), str):
        # Beside a reference draft 7 reads nothing.
        target = {"$ref": f"{_SCHEMAS}{reference.removeprefix(_DEFS)}"}
        del made["$ref"]
        return {**made, "allOf": [target]} if made else target
    if isinstance(items := made.pop("prefixItems", None), list):
        made["items"] = items
    return made
