"""From what Pub/Sub delivers to the bytes that were published."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from s1ratio.errors import Fault, InvalidRequest


@dataclass(frozen=True)
class Envelope:
    """One delivery: the published bytes and Pub/Sub's id of the message."""

    payload: bytes
    message_id: str | None


class UnreadableEnvelope(InvalidRequest):
    """A delivery without a message in it; `copy` is what came instead, as bytes."""

    def __init__(self, words: str, copy: bytes) -> None:
        super().__init__([Fault("", "envelope", words)])
        self.copy = copy


def open_envelope(data: Any) -> Envelope:
    """Return the message in a CloudEvent's data; raise UnreadableEnvelope if there is none."""
    message = data.get("message") if isinstance(data, dict) else None
    if not isinstance(message, dict) or not isinstance(message.get("data"), str):
        raise UnreadableEnvelope("no Pub/Sub message with base64 `data`", _copy(data))
    message_id = message.get("messageId", message.get("message_id"))
    try:
        payload = base64.b64decode(message["data"], validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableEnvelope("the message's `data` is not base64", _copy(data)) from None
    return Envelope(payload, message_id if isinstance(message_id, str) else None)


def _copy(data: Any) -> bytes:
    if isinstance(data, bytes):
        return data
    try:
        return json.dumps(data, default=str).encode()
    except (TypeError, ValueError, RecursionError):
        return repr(type(data)).encode()
