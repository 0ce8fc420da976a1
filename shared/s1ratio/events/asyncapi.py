"""The topic of events, as parts of an AsyncAPI document: its channel, messages and schemas."""

from typing import Any

from s1ratio.events.cloud_event import schema_of
from s1ratio.events.kinds import EventKind
from s1ratio.events.schemas import MODELS

_TOPIC = "projects/{project}/topics/s1r-{deployment}-events"
_ATTRIBUTES = {
    "ce-id": "of the event: its record and sequence; the same again is a repetition",
    "ce-source": "the deployment, as //s1ratio/DEPLOYMENT",
    "ce-time": "when it was committed (UTC), by the clock of whoever did",
    "ce-subject": "id of the record",
    "ce-sequence": "numbers the record's changes that are told, from 1",
    "ce-state": "where the record stands",
    "ce-request": "id of the request",
    "ce-region": "id of the region, by the request's label or the region's own",
    "ce-incident": "id of the incident, likewise",
}
_ALWAYS = ("ce-id", "ce-source", "ce-time", "ce-subject", "ce-sequence", "ce-state")
_SUMMARIES = {
    EventKind.REQUEST_ACCEPTED: "A request has all its tasks.",
    EventKind.REQUEST_REJECTED: "A message was refused, or asks for what can't be done.",
    EventKind.REQUEST_ENDED: "All tasks of a request have ended, or it has without any.",
    EventKind.TASK_SUBMITTED: "Earth Engine took a task's export.",
    EventKind.TASK_RUNNING: "Earth Engine works on it.",
    EventKind.TASK_ENDED: "A task has ended; its files are there if it is VERIFIED.",
    EventKind.REGION_CHANGED: "Somebody or something changed a region.",
    EventKind.INCIDENT_CHANGED: "An incident stands otherwise than before.",
    EventKind.WATCH_ARRIVED: "Scenes of a pass over an incident are there.",
    EventKind.WATCH_DELIVERED: "The composites of that pass are VERIFIED.",
    EventKind.WATCH_MISSED: "A pass brought no scene, or its composites failed.",
    EventKind.COMMAND_APPLIED: "A command is done.",
    EventKind.COMMAND_REFUSED: "A command can't be done, or came too late.",
}


def message_name(kind: EventKind) -> str:
    """Return what a kind is called in the document, such as TaskEnded."""
    return "".join(word.capitalize() for word in kind.value.split(".")[1:])


def events_channel() -> dict[str, Any]:
    """Return the channel of events."""
    names = [message_name(kind) for kind in EventKind]
    return {
        "address": _TOPIC,
        "description": (
            "CloudEvents 1.0 in binary mode, at least once; the ordering key is the request, the "
            "incident or the region, or what a command was aimed at. The labels of a request's "
            "message are the attributes label-NAME."
        ),
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "parameters": {
            "project": {"description": "The project of the deployment."},
            "deployment": {"description": "Its name, such as dev or prod."},
        },
    }


def event_messages() -> dict[str, Any]:
    """Return the messages of the channel, by name."""
    return {message_name(kind): _message(kind) for kind in EventKind}


def event_schemas() -> dict[str, Any]:
    """Return the schemas that these refer to, as pydantic has them, each by its model's name."""
    models = dict.fromkeys(MODELS.values())
    return {model.__name__: model.model_json_schema() for model in models}


def _message(kind: EventKind) -> dict[str, Any]:
    return {
        "name": kind.value,
        "title": kind.value,
        "summary": _SUMMARIES[kind],
        "contentType": "application/json",
        "headers": _headers(kind),
        "payload": {"$ref": f"#/components/schemas/{MODELS[kind].__name__}"},
        "bindings": {
            "googlepubsub": {
                "orderingKey": "{request, incident or region}",
                "bindingVersion": "0.2.0",
            }
        },
    }


def _headers(kind: EventKind) -> dict[str, Any]:
    """Return the schema of a kind's attributes."""
    constant = {
        "ce-specversion": "1.0",
        "ce-type": kind.value,
        "ce-dataschema": schema_of(kind),
        "content-type": "application/json",
    }
    told = {name: {"type": "string", "description": words} for name, words in _ATTRIBUTES.items()}
    return {
        "type": "object",
        "properties": {**{name: {"const": value} for name, value in constant.items()}, **told},
        "required": [*constant, *_ALWAYS],
        "additionalProperties": {"type": "string"},
    }
