"""Every delivery of the corpus, and the requests that are not even HTTP."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace

from tests.functions.hostile.encodings import ENCODINGS, Delivery, odd_headers, push
from tests.functions.hostile.envelopes import envelopes
from tests.functions.hostile.payloads import Payload, payloads

_LARGE = 500_000  # bytes


def corpus() -> Iterator[Delivery]:
    """Yield each payload and each envelope in each encoding, then what headers can do.

    What is large is slow to be judged, and judged alike however it came: once is enough.
    """
    for place, payload in enumerate(payloads()):
        turn = place % len(ENCODINGS)
        large = len(payload.data) > _LARGE
        for encode in ENCODINGS[turn : turn + 1] if large else ENCODINGS:
            delivery = encode(f"payload: {payload.name}", _around(payload))
            yield replace(delivery, request_id=payload.request_id)
    for name, data in envelopes().items():
        for encode in ENCODINGS:
            yield encode(f"envelope: {name}", data)
    yield from odd_headers(_around(Payload("array", b"[22]")))


def pushed(name: str, data: bytes) -> Delivery:
    """Return the delivery of a payload by a push subscription."""
    return push(name, _around(Payload(name, data)))


def _around(payload: Payload) -> bytes:
    """Return what Pub/Sub puts around a payload; service and emulator write the id twice."""
    message = {
        "data": base64.b64encode(payload.data).decode(),
        "messageId": "17",
        "message_id": "17",
        "publishTime": "2023-06-01T10:00:00.123Z",
        "publish_time": "2023-06-01T10:00:00.123Z",
        "attributes": {"from": "the corpus"},
    }
    subscription = "projects/p/subscriptions/launch"
    return json.dumps({"message": message, "subscription": subscription}).encode()


# What the server in front of the function answers itself, or not at all.
NOT_HTTP: dict[str, bytes] = {
    "words": b"hello\r\n\r\n",
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": bytes.fromhex("16030100a50100"),
    "a length that is none": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n",
    "a negative length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: a\r\n"
    b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n[]",
    "a transfer coding that is none": b"POST / HTTP/1.1\r\nHost: a\r\n"
    b"Transfer-Encoding: zip\r\n\r\n{}",
    "a header without a name": b"POST / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
    "an expectation that is none": b"POST / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n",
    "a header of 100 kB": b"POST / HTTP/1.1\r\nHost: a\r\nA: " + b"b" * 100_000 + b"\r\n\r\n",
    "1,000 headers": b"POST / HTTP/1.1\r\nHost: a\r\n" + b"A: b\r\n" * 1_000 + b"\r\n",
}
