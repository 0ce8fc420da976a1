"""Deliveries of Pub/Sub: the published bytes, or what came instead."""

import base64
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s1ratio.envelope import MAX_DELIVERY_BYTES, open_envelope, read_body
from s1ratio.errors import UnreadableEnvelope
from s1ratio.request.reader import MAX_MESSAGE_BYTES
from tests.support.relative_effort import effort

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(
                st.sampled_from(["message", "data", "messageId", "data_base64"]),
                st.text(max_size=5),
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)
Encoding = Callable[[Any], bytes]


def pushed(data: Any) -> bytes:
    """A push body, or that of a binary CloudEvent."""
    return json.dumps(data).encode()


def structured(data: Any) -> bytes:
    return json.dumps({"specversion": "1.0", "id": "1", "data": data}).encode()


def structured_base64(data: Any) -> bytes:
    encoded = base64.b64encode(json.dumps(data).encode()).decode()
    return json.dumps({"specversion": "1.0", "id": "1", "data_base64": encoded}).encode()


encoded = pytest.mark.parametrize("encoding", [pushed, structured, structured_base64])


@encoded
@given(payload=st.binary(max_size=200))
def test_what_was_published_comes_out(encoding: Encoding, payload: bytes) -> None:
    data = {"message": {"data": base64.b64encode(payload).decode(), "messageId": "7"}}
    envelope = open_envelope(encoding(data))
    assert (envelope.payload, envelope.message_id) == (payload, "7")


@pytest.mark.parametrize("name", ["messageId", "message_id"])
def test_the_id_is_read_in_either_spelling(name: str) -> None:
    assert open_envelope(pushed({"message": {"data": "e30=", name: "9"}})).message_id == "9"


@pytest.mark.parametrize("wrong", [None, 7, ["x"], "", "\ud800", "a b", "9" * 3_000, "\0", "é"])
def test_a_strange_id_is_no_id(wrong: Any) -> None:
    assert (
        open_envelope(pushed({"message": {"data": "e30=", "messageId": wrong}})).message_id is None
    )


@encoded
@pytest.mark.parametrize(
    "data",
    [
        None,
        7,
        "text",
        [],
        {},
        {"message": None},
        {"message": []},
        {"message": {"attributes": {"a": "b"}}},
        {"message": {"data": None}},
        {"message": {"data": 5}},
        {"message": {"data": {"data": "e30="}}},
        {"message": {"data": "not base64!"}},
        {"message": {"data": "e30"}},
        {"message": {"data": "e30=\n"}},
        {"message": {"data": "é30="}},
        {"message": {"data": "\ud800"}},
    ],
    ids=repr,
)
def test_a_delivery_without_a_message_is_kept_as_it_came(encoding: Encoding, data: Any) -> None:
    body = encoding(data)
    with pytest.raises(UnreadableEnvelope) as caught:
        open_envelope(body)
    assert caught.value.copy == body
    assert caught.value.reject


def test_what_is_refused_keeps_its_id() -> None:
    with pytest.raises(UnreadableEnvelope) as caught:
        open_envelope(pushed({"message": {"attributes": {"a": "b"}, "messageId": "17"}}))
    assert caught.value.message_id == "17"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff raw",
        b'{"message":',
        b"[" * 100_000,
        b'{"message":' * 100_000,
        b'{"message":{"data":' + b"1" * 10_000 + b"}}",
        b'{"message":{"data":NaN}}',
        b"[" + b"[]," * 1_000_000 + b"[]]",
    ],
    ids=lambda body: repr(body)[:30],
)
def test_a_body_that_is_no_delivery_is_refused_fast(body: bytes) -> None:
    def refused() -> None:
        with pytest.raises(UnreadableEnvelope):
            open_envelope(body)

    assert effort(refused) < 100


def test_a_message_too_large_to_be_read_is_not_decoded() -> None:
    for size, readable in [(MAX_MESSAGE_BYTES, True), (MAX_MESSAGE_BYTES + 3, False)]:
        body = pushed({"message": {"data": base64.b64encode(bytes(size)).decode()}})
        if readable:
            assert len(open_envelope(body).payload) == size
            continue
        with pytest.raises(UnreadableEnvelope, match="at most 2000000") as caught:
            open_envelope(body)
        assert caught.value.faults[0].code == "too_large"


def test_the_largest_message_with_the_most_attributes_is_read() -> None:
    # 100 attributes, keys of 256 bytes and values of 1,024: what Pub/Sub allows.
    attributes = {f"{i:0256d}": "\1" * 1024 for i in range(100)}
    data = base64.b64encode(bytes(MAX_MESSAGE_BYTES)).decode()
    body = pushed({"message": {"data": data, "attributes": attributes}, "subscription": "s" * 300})
    assert open_envelope(read_body(io.BytesIO(body))).payload == bytes(MAX_MESSAGE_BYTES)


@given(st.lists(st.binary(max_size=50)))
def test_a_body_is_read_to_its_end(chunks: list[bytes]) -> None:
    class Trickle:
        def __init__(self) -> None:
            self.rest = [chunk for chunk in chunks if chunk]

        def read(self, _: int) -> bytes:
            return self.rest.pop(0) if self.rest else b""

    assert read_body(Trickle()) == b"".join(chunks)


def test_a_body_too_large_to_be_read_is_drained_and_not_kept() -> None:
    stream = io.BytesIO(b"x" * (MAX_DELIVERY_BYTES * 5))
    with pytest.raises(UnreadableEnvelope, match="18000000 bytes") as caught:
        read_body(stream)
    assert 0 < len(caught.value.copy) <= MAX_DELIVERY_BYTES
    assert stream.read(1) == b"", "what is left unread would be read by the framework"


@given(st.one_of(JSON.map(pushed), JSON.map(structured), st.binary(max_size=100)))
def test_nothing_else_is_ever_raised(body: bytes) -> None:
    try:
        open_envelope(body)
    except UnreadableEnvelope as error:
        copy = error.copy
        assert copy == body
