"""Deliveries of Pub/Sub: the published bytes, or what came instead."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s1ratio.envelope import UnreadableEnvelope, open_envelope

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.sampled_from(["message", "data", "messageId"]), st.text(max_size=5)),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)


@given(st.binary(max_size=200))
def test_what_was_published_comes_out(payload: bytes) -> None:
    data = {"message": {"data": base64.b64encode(payload).decode(), "messageId": "7"}}
    envelope = open_envelope(data)
    assert (envelope.payload, envelope.message_id) == (payload, "7")


@pytest.mark.parametrize("name", ["messageId", "message_id"])
def test_the_id_is_read_in_either_spelling(name: str) -> None:
    assert open_envelope({"message": {"data": "e30=", name: "9"}}).message_id == "9"


@pytest.mark.parametrize("wrong", [None, 7, ["x"]])
def test_a_strange_id_is_no_id(wrong: Any) -> None:
    assert open_envelope({"message": {"data": "e30=", "messageId": wrong}}).message_id is None


@pytest.mark.parametrize(
    "data",
    [
        None,
        b"\xff raw",
        "text",
        [],
        {},
        {"message": None},
        {"message": {"attributes": {"a": "b"}}},
        {"message": {"data": None}},
        {"message": {"data": 5}},
        {"message": {"data": "not base64!"}},
        {"message": {"data": "e30"}},
        {"message": {"data": "é30="}},
        {"message": {"data": "\ud800"}},
        {("a", "b"): 1},
    ],
    ids=repr,
)
def test_a_delivery_without_a_message_is_kept_as_it_came(data: Any) -> None:
    with pytest.raises(UnreadableEnvelope) as caught:
        open_envelope(data)
    assert isinstance(caught.value.copy, bytes)
    assert caught.value.copy
    assert caught.value.reject


def test_a_delivery_nested_past_all_reason_is_refused_too() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(UnreadableEnvelope):
        open_envelope({"message": deep})


@given(JSON)
def test_nothing_else_is_ever_raised(data: Any) -> None:
    try:
        open_envelope(data)
    except UnreadableEnvelope as error:
        copy = error.copy
        assert copy.decode()
