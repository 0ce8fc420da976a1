"""From what Pub/Sub delivers over HTTP to the bytes that were published.

A push body, a binary CloudEvent and a structured one all hold the same `message`, the first two
at the top of the body, the third in its `data`: so the body tells, and headers don't matter.
Sizes are looked at before anything is parsed or decoded.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from s1ratio.errors import UnreadableEnvelope
from s1ratio.request.parsing import count_structure, parse_alone
from s1ratio.request.reader import MAX_MESSAGE_BYTES

# A message of MAX_MESSAGE_BYTES in base64, and as many attributes as Pub/Sub allows, escaped.
MAX_DELIVERY_BYTES = 3_600_000
_MAX_BASE64 = (MAX_MESSAGE_BYTES + 2) // 3 * 4
# What Pub/Sub wraps a message in has few values: base64 holds none of these characters, and all
# the text of the attributes 128,000 of them. A megabyte of `[],` would cost 70 MB.
_MAX_STRUCTURE = 130_000
_CHUNK = 65_536
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Stream(Protocol):
    """What a request's body is read from."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""


@dataclass(frozen=True)
class Envelope:
    """One delivery: the published bytes, Pub/Sub's id of the message, and its attributes.

    `published_at` is when Pub/Sub took it (UTC), None if it does not tell.
    """

    payload: bytes
    message_id: str | None
    attributes: Mapping[str, str] = field(default_factory=dict)
    published_at: datetime | None = None


def read_body(stream: Stream) -> bytes:
    """Return a request's body; raise UnreadableEnvelope, and keep its start only, if too large."""
    kept = bytearray()
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size <= MAX_DELIVERY_BYTES:
            kept += chunk
    if size > MAX_DELIVERY_BYTES:
        words = f"a delivery of {size} bytes, at most {MAX_DELIVERY_BYTES} are read"
        raise UnreadableEnvelope(words, bytes(kept), "too_large", None)
    return bytes(kept)


def open_envelope(body: bytes) -> Envelope:
    """Return the message in a request's body; raise UnreadableEnvelope if there is none."""
    return parse_alone(lambda: _opened(body))


def _opened(body: bytes) -> Envelope:
    message = _message(_parsed(body))
    message_id = _id(message)
    data = message.get("data")
    if not isinstance(data, str):
        words = "no Pub/Sub message with base64 `data`"
        raise UnreadableEnvelope(words, body, "envelope", message_id)
    if len(data) > _MAX_BASE64:
        words = f"{len(data) // 4 * 3} bytes, at most {MAX_MESSAGE_BYTES} are read"
        raise UnreadableEnvelope(words, body, "too_large", message_id)
    payload = _decoded(data)
    if payload is None:
        words = "the message's `data` is not base64"
        raise UnreadableEnvelope(words, body, "envelope", message_id)
    return Envelope(payload, message_id, _attributes(message), _published_at(message))


def _parsed(body: bytes) -> Any:
    """Return a body's JSON, or None: then it is none, or more than Pub/Sub ever wraps."""
    if count_structure(body) > _MAX_STRUCTURE:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _message(value: Any) -> dict[str, Any]:
    """Return the message in a body, or in the data of a structured CloudEvent; else nothing."""
    if isinstance(value, dict) and "message" not in value:
        encoded = value.get("data_base64")
        inner = _decoded(encoded) if isinstance(encoded, str) else None
        value = value.get("data") if inner is None else _parsed(inner)
    message = value.get("message") if isinstance(value, dict) else None
    return message if isinstance(message, dict) else {}


def _id(message: dict[str, Any]) -> str | None:
    """Return Pub/Sub's id of a message; what Pub/Sub would never give is none."""
    given = message.get("messageId", message.get("message_id"))
    return given if isinstance(given, str) and _PLAIN_ID.fullmatch(given) else None


def _published_at(message: dict[str, Any]) -> datetime | None:
    """Return when Pub/Sub says that it took a message; what it would never say is none."""
    given = message.get("publishTime", message.get("publish_time"))
    if not isinstance(given, str) or not _TIME.fullmatch(given):
        return None
    try:
        return datetime.fromisoformat(given).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _attributes(message: dict[str, Any]) -> dict[str, str]:
    """Return a message's attributes; what Pub/Sub would never give is none."""
    given = message.get("attributes")
    pairs = given.items() if isinstance(given, dict) else ()
    return {name: value for name, value in pairs if isinstance(value, str)}


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
