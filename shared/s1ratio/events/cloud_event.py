"""An event as a CloudEvent 1.0 in a Pub/Sub message, in binary mode.

Its data is the message's, all else are attributes, so that subscriptions can filter by it. By
CloudEvents' Pub/Sub protocol binding these begin with `ce-`; a message's labels stand beside them,
each as `label-NAME`.
"""

import json

from s1ratio.events.teller import LABEL
from s1ratio.records import Event

SCHEMA_VERSION = 1
_MAX_VALUE = 1_024  # bytes of an attribute, as Pub/Sub has it


def source_of(deployment: str) -> str:
    """Return the source of a deployment's events, a URI reference."""
    return f"//s1ratio/{deployment}"


def schema_of(kind: str) -> str:
    """Return the name of the JSON Schema of an event's data, a URI: its `$id`."""
    return f"urn:s1ratio:schema:{kind.removeprefix('s1ratio.')}:{SCHEMA_VERSION}"


def attributes_of(event: Event, deployment: str) -> dict[str, str]:
    """Return the attributes of an event's message."""
    context = {
        "id": event.id,
        "source": source_of(deployment),
        "specversion": "1.0",
        "type": event.kind,
        "time": f"{event.at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "subject": event.subject,
        "dataschema": schema_of(event.kind),
        "sequence": str(event.sequence),
    }
    labels = {name: value for name, value in event.attributes.items() if name.startswith(LABEL)}
    context |= {name: value for name, value in event.attributes.items() if name not in labels}
    told = {f"ce-{name}": value for name, value in context.items()}
    return {
        "content-type": "application/json",
        **{name: value for name, value in (told | labels).items() if _fits(value)},
    }


def data_of(event: Event) -> bytes:
    """Return the data of an event's message, as JSON in UTF-8."""
    return json.dumps(event.data, ensure_ascii=False, separators=(",", ":")).encode()


def _fits(value: str) -> bool:
    """Tell whether Pub/Sub takes a value: of what is too long nothing is better than a part."""
    return len(value.encode()) <= _MAX_VALUE
