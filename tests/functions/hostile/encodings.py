"""The encodings of a delivery: the path, headers and body of the request that carries its data."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

TYPE = "google.cloud.pubsub.topic.v1.messagePublished"
SOURCE = "//pubsub.googleapis.com/projects/p/topics/requests"
JSON_TYPE = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Delivery:
    """One request of the corpus; `request_id` names what it becomes, None if it is rejected."""

    name: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    path: str = "/"
    request_id: str | None = None


Encoding = Callable[[str, bytes], Delivery]


def push(name: str, data: bytes) -> Delivery:
    """As a push subscription sends it."""
    return Delivery(f"push: {name}", data, JSON_TYPE, "/projects/p/topics/requests")


def binary(name: str, data: bytes) -> Delivery:
    """As Eventarc sends it: the event's attributes in headers."""
    headers = {"ce-id": "1", "ce-source": SOURCE, "ce-type": TYPE, "ce-specversion": "1.0"}
    return Delivery(f"binary: {name}", data, {**JSON_TYPE, **headers})


def structured(name: str, data: bytes) -> Delivery:
    """All of the event in the body, whose `data` may make it invalid as a whole."""
    event = {"id": "1", "source": SOURCE, "type": TYPE, "specversion": "1.0"}
    body = json.dumps(event).encode()[:-1] + b',"data":' + data + b"}"
    content = {"Content-Type": "application/cloudevents+json"}
    return Delivery(f"structured: {name}", body, content)


ENCODINGS: tuple[Encoding, ...] = (push, binary, structured)


def odd_headers(data: bytes) -> list[Delivery]:
    """Return deliveries of one and the same data whose headers are wrong, none the same way."""
    event = {"ce-id": "1", "ce-source": SOURCE, "ce-type": TYPE, "ce-specversion": "1.0"}
    kinds = ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "é/\xff"]
    kinds += ["application/cloudevents+json", "application/cloudevents-batch+json", "x" * 4_000]
    wrong = [{"Content-Type": kind} for kind in kinds]
    wrong += [{k: v for k, v in event.items() if k != name} for name in event]
    wrong += [{**event, name: "\xff junk"} for name in event]
    wrong += [{**event, "ce-specversion": version} for version in ("0.3", "2.0", "")]
    wrong += [{**event, "ce-time": "yesterday"}, {**event, "ce-message": "{"}]
    wrong += [{"Content-Encoding": "gzip"}, {"Content-Encoding": "br"}]
    wrong += [{"X-Cloud-Trace-Context": "/;o="}, {"traceparent": "0" * 3_000}]
    wrong += [{"Function-Execution-Id": "\xff" * 500}, {"X-Forwarded-For": "a" * 7_000}]
    return [
        Delivery(f"headers {number}: {_short(headers)}", data, headers)
        for number, headers in enumerate(wrong)
    ]


def _short(headers: dict[str, str]) -> str:
    return re.sub(r"[^ -~]", "?", str(headers))[:60]
