"""Schemas: the JSON Schema of each kind of event's data, made from its model."""

from typing import Any

from s1ratio.events.cloud_event import schema_of
from s1ratio.events.data import (
    CommandData,
    EventData,
    IncidentData,
    RegionData,
    RejectedData,
    RequestData,
    TaskData,
    WatchData,
)
from s1ratio.events.kinds import EventKind

MODELS: dict[EventKind, type[EventData]] = {
    EventKind.REQUEST_ACCEPTED: RequestData,
    EventKind.REQUEST_REJECTED: RejectedData,
    EventKind.REQUEST_ENDED: RequestData,
    EventKind.TASK_SUBMITTED: TaskData,
    EventKind.TASK_RUNNING: TaskData,
    EventKind.TASK_ENDED: TaskData,
    EventKind.REGION_CHANGED: RegionData,
    EventKind.INCIDENT_CHANGED: IncidentData,
    EventKind.WATCH_ARRIVED: WatchData,
    EventKind.WATCH_DELIVERED: WatchData,
    EventKind.WATCH_MISSED: WatchData,
    EventKind.COMMAND_APPLIED: CommandData,
    EventKind.COMMAND_REFUSED: CommandData,
}


def event_schema(kind: EventKind) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a kind's data, under the name that events give."""
    schema = MODELS[kind].model_json_schema()
    name = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": schema_of(kind)}
    return {**name, **schema, "title": kind.value}
