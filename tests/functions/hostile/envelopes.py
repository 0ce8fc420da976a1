"""Deliveries that hurt before anything was published in them: by name, the data of an event."""

import base64
import json
from typing import Any

PLAIN = base64.b64encode(b"{}").decode()
MEGABYTES_14 = 14_000_000


def envelopes() -> dict[str, bytes]:
    """Return the JSON, or what comes in its place, that each encoding carries as its data."""
    objects = {name: json.dumps(data).encode() for name, data in _objects().items()}
    return {**objects, **_bodies(), **_large()}


def _objects() -> dict[str, Any]:
    return {
        "null": None,
        "true": True,
        "a number": 7,
        "a string": "message",
        "an array": [],
        "an array of messages": [_delivery()],
        "an empty object": {},
        "no message": {"subscription": "s"},
        "message null": {"message": None},
        "message a string": {"message": "data"},
        "message a number": {"message": 5},
        "message an array": {"message": [PLAIN]},
        "message empty": {"message": {}},
        "message in a message": {"message": {"message": _delivery()["message"]}},
        "only attributes": _delivery(data=..., attributes={"a": "b"}),
        "data null": _delivery(data=None),
        "data a number": _delivery(data=5),
        "data an object": _delivery(data={"aoi": 1}),
        "data an array": _delivery(data=[PLAIN]),
        "data true": _delivery(data=True),
        "data no base64": _delivery(data="not base64!"),
        "data base64 without its end": _delivery(data="e30"),
        "data base64 with line breaks": _delivery(data="e30=\r\n"),
        "data base64 of URLs": _delivery(data="_-_-"),
        "data with an accent": _delivery(data="é30="),
        "data a surrogate": _delivery(data="\ud800"),
        "data a NUL": _delivery(data="\0"),
        "data empty": _delivery(data=""),
        "id null": _delivery(data="WzFd", messageId=None),
        "id a number": _delivery(data="WzJd", messageId=17),
        "id an object": _delivery(data="WzNd", messageId={"a": 1}),
        "id a surrogate": _delivery(data="WzRd", messageId="\udfff"),
        "id of a megabyte": _delivery(data="WzVd", messageId="9" * 1_000_000),
        "id a path": _delivery(data="WzZd", messageId="../../x"),
        "time junk": _delivery(data="Wzdd", publishTime="the day before yesterday"),
        "time a number": _delivery(data="Wzhd", publishTime=1e308),
        "time an array": _delivery(data="Wzld", publishTime=[[]]),
        "attributes an array": _delivery(data="WzEwXQ==", attributes=[1, 2]),
        "attributes nested": _delivery(data="WzExXQ==", attributes={"a": {"b": [{}]}}),
        "attributes NaN": _delivery(data="WzEyXQ==", attributes={"a": float("nan")}),
        "attributes 10,000": _delivery(
            data="WzEzXQ==", attributes={str(i): "x" * 100 for i in range(10_000)}
        ),
        "subscription an object": {**_delivery(data="WzE0XQ=="), "subscription": {"a": []}},
        "a context": {**_delivery(data="WzE1XQ=="), "context": {"eventId": 1}},
        "a legacy event": {"context": {"eventType": "google.pubsub.topic.publish"}, "data": {}},
        "an object of storage": {"bucket": "b", "name": "n", "kind": "storage#object"},
    }


def _delivery(**changes: Any) -> dict[str, Any]:
    message = {"data": PLAIN, "messageId": "17", **changes}
    kept = {name: value for name, value in message.items() if value is not ...}
    return {"message": kept, "subscription": "projects/p/subscriptions/launch"}


def _bodies() -> dict[str, bytes]:
    """What json.dumps would not write."""
    return {
        "nothing": b"",
        "a space": b" ",
        "words": b"hello",
        "half": b'{"message":{"data":"e30=","messageId"',
        "random": bytes(range(256)),
        "arrays 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
        "messages 100,000 deep": b'{"message":' * 100_000 + b"{}" + b"}" * 100_000,
        "10,000 digits": b'{"message":{"data":' + b"1" * 10_000 + b"}}",
        "10,000 digits beside": b'{"message":{"data":"WzE2XQ=="},"a":' + b"1" * 10_000 + b"}",
        "NaN": b'{"message":NaN}',
        "Infinity beside": b'{"message":{"data":"WzE3XQ=="},"a":-Infinity}',
        "a key twice": b'{"message":1,"message":{"data":"WzE4XQ=="}}',
        "a byte order mark": b'\xef\xbb\xbf{"message":{"data":"WzE5XQ=="}}',
        "Latin-1": b'{"message":{"data":"\xe9"}}',
        "UTF-16": '{"message":{"data":"WzIwXQ=="}}'.encode("utf-16"),
        "two bodies": b'{"message":{"data":"e30="}}' * 2,
    }


def _large() -> dict[str, bytes]:
    """Bodies of 3 to 14 MB, most of which no parser may see."""
    small = {"message": {"data": PLAIN}}
    return {
        "3.5 MB of lists": b'{"message":[' + b"[]," * 1_150_000 + b"[]]}",
        "3.5 MB of objects": b'{"message":[' + b'{"":0},' * 500_000 + b"{}]}",
        "3.5 MB of lists of lists": b'{"message":[' + b"[0]," * 870_000 + b"[]]}",
        "3.5 MB of numbers": b'{"message":[' + b"1.5," * 870_000 + b"1]}",
        "3.5 MB of keys": b"{" + b",".join(b'"%d":0' % i for i in range(330_000)) + b"}",
        "3.5 MB beside": json.dumps({**small, "a": "é" * 580_000}).encode(),
        "3.5 MB of zeros": json.dumps(_delivery(data="AAAA" * 870_000)).encode(),
        "14 MB of zeros": json.dumps(_delivery(data="AAAA" * (MEGABYTES_14 // 4))).encode(),
        "14 MB of lists": b"[" + b"[]," * (MEGABYTES_14 // 3) + b"[]]",
        "14 MB of objects": b'{"message":[' + b"{}," * (MEGABYTES_14 // 3) + b"{}]}",
        "14 MB of digits": b'{"message":' + b"1" * MEGABYTES_14 + b"}",
        "14 MB of spaces": b" " * MEGABYTES_14 + json.dumps(small).encode(),
        "14 MB of NULs": bytes(MEGABYTES_14),
    }
