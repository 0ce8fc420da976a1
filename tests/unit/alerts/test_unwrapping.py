"""However an alert is wrapped, the same is in it."""

import base64
import json
from typing import Any

import pytest

from s1ratio.alerts.unwrapping import unwrap
from tests.unit.alerts.samples import dumped, event, feature, pushed

BARE = dumped(feature())
BINARY = {
    "ce-id": "E-1",
    "ce-source": "//monitor.example.org/water",
    "ce-type": "org.example.alert.v1",
    "ce-time": "2026-03-04T06:10:00Z",
    "ce-specversion": "1.0",
}


def eventarc(body: dict[str, Any]) -> dict[str, Any]:
    return event(
        body, "google.cloud.pubsub.topic.v1.messagePublished", source="//pubsub.googleapis.com/t"
    )


def in_base64(data: bytes) -> dict[str, Any]:
    whole = event()
    del whole["data"]
    return {**whole, "data_base64": base64.b64encode(data).decode()}


WRAPPED: dict[str, tuple[bytes, dict[str, str]]] = {
    "structured": (dumped(event()), {}),
    "binary": (BARE, BINARY),
    "data as base64": (dumped(in_base64(BARE)), {}),
    "data as text": (dumped(event(json.dumps(feature()))), {}),
    "with a byte order mark": (b"\xef\xbb\xbf" + dumped(event()), {}),
    "a push body": (dumped(pushed(dumped(event()))), {}),
    "binary in a push body": (dumped(pushed(BARE, BINARY)), {}),
    "Eventarc's around a structured one": (dumped(eventarc(pushed(dumped(event())))), {}),
    "Eventarc's around a binary one": (dumped(eventarc(pushed(BARE, BINARY))), {}),
    "Eventarc's, in attributes": (
        dumped(pushed(dumped(event()))),
        {**BINARY, "ce-type": "google.cloud.pubsub.topic.v1.messagePublished"},
    ),
    "a CloudEvent in a CloudEvent": (dumped(event(event(), "org.example.outer")), {}),
}


@pytest.mark.parametrize("name", WRAPPED)
def test_what_is_wrapped_is_found(name: str) -> None:
    found = unwrap(*WRAPPED[name])
    assert found.document["data"] == feature()
    assert (found.source, found.type) == ("//monitor.example.org/water", "org.example.alert.v1")
    assert (found.document["id"], found.document["time"]) == ("E-1", "2026-03-04T06:10:00Z")


def test_a_bare_message_has_no_source() -> None:
    found = unwrap(BARE, {"feed": "mine"})
    assert (found.feed, found.source, found.document["data"]) == ("mine", None, feature())


def test_the_attributes_of_the_innermost_message_count() -> None:
    assert unwrap(dumped(pushed(BARE, {"feed": "inner"})), {"feed": "outer"}).feed == "inner"


def test_csv_stays_text() -> None:
    assert unwrap(b"a,b\n1,2\n", {}).document["data"] == "a,b\n1,2\n"


def _deep(times: int) -> bytes:
    payload = dumped(event())
    for _ in range(times):
        payload = dumped(pushed(payload))
    return payload


def test_layers_are_counted() -> None:
    assert unwrap(_deep(3), {}).source
    with pytest.raises(ValueError, match="more than 4 times"):
        unwrap(_deep(6), {})


@pytest.mark.parametrize(
    "body",
    [
        {"message": {"data": "no base64!", "messageId": "1"}},
        {"specversion": "1.0", "id": "1", "source": "s", "type": "t", "data_base64": 5},
        {"message": {"data": base64.b64encode(b"{").decode(), "messageId": "1"}},
    ],
)
def test_what_can_t_be_unwrapped_is_told(body: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"base64|JSON"):
        unwrap(dumped(body), {})
