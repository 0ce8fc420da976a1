"""From a delivery's payload and attributes to one document in the shape of a CloudEvent.

Publishers wrap alerts in many ways: bare, in a CloudEvent whose fields are attributes (binary) or
stand around the data (structured), that once more in what Eventarc makes of a Pub/Sub message, and
all of it in base64. Each layer is taken off, up to four of them.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from s1ratio.alerts.texts import decode_text, read_text

FEED_ATTRIBUTE = "feed"
_MAX_LAYERS = 4
_OF_PUBSUB = "google.cloud.pubsub.topic.v1.messagePublished"
_FIELDS = ("source", "type", "id", "time", "subject")


@dataclass(frozen=True)
class Unwrapped:
    """What was in a delivery: `document` is what the expressions of feeds see.

    `feed` is the feed's name as the message's attribute says it, None without one.
    """

    document: dict[str, Any]
    feed: str | None

    @property
    def source(self) -> str | None:
        """The CloudEvent's source, None of what is none."""
        return _text(self.document["source"])

    @property
    def type(self) -> str | None:
        """The CloudEvent's type, None of what is none."""
        return _text(self.document["type"])


def unwrap(payload: bytes, attributes: Mapping[str, str]) -> Unwrapped:
    """Return what is in a delivery; raise ValueError, in words, if it can't be read.

    What is neither JSON nor XML is left as text: of CSV its feed knows.
    """
    all_attributes = dict(attributes)
    event = _binary(attributes)
    value = read_text(decode_text(payload))
    for _ in range(_MAX_LAYERS + 1):
        message = _message(value)
        if message is not None:
            more = message.get("attributes")
            inner = {k: v for k, v in more.items() if _text(v)} if isinstance(more, dict) else {}
            all_attributes |= inner
            event = _binary(inner) or event
            value = _decoded(message.get("data"))
        elif _is_event(value):
            event = {name: value.get(name) for name in _FIELDS}
            encoded = value.get("data_base64")
            value = value.get("data") if encoded is None else _decoded(encoded)
            value = read_text(value) if isinstance(value, str) else value
        else:
            document = {**dict.fromkeys(_FIELDS), **event, "data": value}
            document["attributes"] = all_attributes
            return Unwrapped(document, all_attributes.get(FEED_ATTRIBUTE) or None)
    raise ValueError(f"it is wrapped more than {_MAX_LAYERS} times")


def _message(value: Any) -> dict[str, Any] | None:
    """Return the Pub/Sub message in a push body, or in an Eventarc event around one."""
    if not isinstance(value, dict):
        return None
    if _is_event(value):
        if value["type"] != _OF_PUBSUB:
            return None
        value = value.get("data")
        value = read_text(value) if isinstance(value, str) else value
    message = value.get("message") if isinstance(value, dict) else None
    if not isinstance(message, dict) or not isinstance(message.get("data"), str):
        return None
    return message if {"messageId", "message_id", "attributes"} & set(message) else None


def _is_event(value: Any) -> bool:
    """Tell whether a value is a structured CloudEvent: it has all that one must have."""
    must = ("specversion", "id", "source", "type")
    return isinstance(value, dict) and all(isinstance(value.get(name), str) for name in must)


def _binary(attributes: Mapping[str, str]) -> dict[str, Any]:
    """Return the CloudEvent's fields in a message's attributes, none if it has no type."""
    found = {name: attributes.get(f"ce-{name}") for name in _FIELDS}
    return found if found["type"] and found["source"] else {}


def _decoded(text: Any) -> Any:
    try:
        payload = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise ValueError("what should be base64 is not") from None
    return read_text(decode_text(payload))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
