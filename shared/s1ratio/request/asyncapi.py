"""The topics of requests and of events as an AsyncAPI document (3.0.0), made from their models.

Its schemas are JSON Schema of draft 7, which AsyncAPI's own are: what the message's schema has of
a later draft is written as draft 7 has it.
"""

from typing import Any

from s1ratio.events.asyncapi import event_messages, event_schemas, events_channel
from s1ratio.request.reader import MAX_MESSAGE_BYTES
from s1ratio.request.schema import message_schema

VERSION = "3.0.0"
_DEFS = "#/$defs/"
_SCHEMAS = "#/components/schemas/"
_MESSAGE = "CompositeRequest"
_TOPIC = "projects/{project}/topics/s1r-{deployment}-requests"
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


def asyncapi_document() -> dict[str, Any]:
    """Return the AsyncAPI document of what is published to a deployment, and by it."""
    schemas: dict[str, Any] = {}
    for name, schema in {_MESSAGE: message_schema(), **event_schemas()}.items():
        schemas |= {part: _draft_7(value) for part, value in schema.get("$defs", {}).items()}
        schemas[name] = _draft_7(schema)
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "s1ratio",
            "version": "1",  # of the message
            "description": (
                "Publish an area, get Sentinel-1 VV/VH ratio composites, and hear of them."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"pubsub": {"host": "pubsub.googleapis.com", "protocol": "googlepubsub"}},
        "channels": {"requests": _channel(), "events": events_channel()},
        "operations": {
            "receiveRequest": {
                "action": "receive",
                "channel": {"$ref": "#/channels/requests"},
                "summary": "A message becomes a request, or a rejection with every reason.",
            },
            "sendEvent": {
                "action": "send",
                "channel": {"$ref": "#/channels/events"},
                "summary": "What became of requests, tasks, regions and incidents.",
            },
        },
        "components": {"messages": {_MESSAGE: _message(), **event_messages()}, "schemas": schemas},
    }


def _channel() -> dict[str, Any]:
    # The binding of a channel is all about Pub/Sub's own schemas: the topic has none, since a
    # message that breaks the rules is recorded with its reasons, and not refused unseen.
    return {
        "address": _TOPIC,
        "messages": {_MESSAGE: {"$ref": f"#/components/messages/{_MESSAGE}"}},
        "parameters": {
            "project": {"description": "The project of the deployment."},
            "deployment": {"description": "Its name, such as dev or prod."},
        },
    }


def _message() -> dict[str, Any]:
    return {
        "name": _MESSAGE,
        "title": "One request for composites",
        "summary": (
            f"UTF-8 JSON in the data of a message, {MAX_MESSAGE_BYTES:,} bytes at most. The same "
            "message again changes nothing."
        ),
        "contentType": "application/json",
        "payload": {"$ref": f"{_SCHEMAS}{_MESSAGE}"},
        "bindings": {"googlepubsub": {"attributes": {}, "bindingVersion": "0.2.0"}},
        "examples": [{"name": name, "payload": each} for name, each in _EXAMPLES.items()],
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
