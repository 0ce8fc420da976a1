"""Pub/Sub's genuine emulator: events keep their order within a key, and a failure holds none up."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient

from s1ratio.adapters.pubsub_events import PubSubEvents
from s1ratio.errors import MessageRefused, PubSubError, PubSubUnavailable
from s1ratio.ports import KeyedMessages, OutgoingMessage
from tests.support import unresponsive_servers as silent
from tests.support.object_stores import BUSY_S

emulated = pytest.mark.emulators


@pytest.fixture
def topic(pubsub_emulator: str, project: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a topic with a subscription of the same name, which keeps messages in order."""
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub_emulator)
    name = f"projects/{project}/topics/events"
    with PublisherClient() as publisher, SubscriberClient() as subscriber:
        publisher.create_topic(name=name, timeout=20)
        request = {
            "name": f"projects/{project}/subscriptions/events",
            "topic": name,
            "enable_message_ordering": True,
        }
        subscriber.create_subscription(request=request, timeout=20)
    return name


@pytest.fixture
def subscriber(topic: str) -> Iterator[SubscriberClient]:
    assert topic
    with closing(SubscriberClient()) as client:
        yield client


def batch(key: str, *numbers: int, **attributes: str) -> KeyedMessages:
    made = [OutgoingMessage(b"%d" % n, {"ce-id": f"{key}{n}", **attributes}) for n in numbers]
    return KeyedMessages(key, made)


def pulled(client: SubscriberClient, topic: str, count: int) -> list[Any]:
    """Return as many messages as are to come, acknowledged."""
    subscription = topic.replace("topics", "subscriptions")
    found: list[Any] = []
    end = time.monotonic() + 20
    while len(found) < count and time.monotonic() < end:
        request = {"subscription": subscription, "max_messages": 100}
        got = client.pull(request=request, timeout=20).received_messages
        ids = [one.ack_id for one in got]
        if ids:
            client.acknowledge(subscription=subscription, ack_ids=ids, timeout=20)
        found += [one.message for one in got]
    return found


@emulated
def test_each_key_s_messages_come_in_their_order(topic: str, subscriber: SubscriberClient) -> None:
    publisher = PubSubEvents(topic)
    keys = [f"k{n}" for n in range(40)]
    for first in (0, 10):
        outcomes = publisher.publish_keyed([batch(k, *range(first, first + 10)) for k in keys])
        assert outcomes == [None] * 40
    found = pulled(subscriber, topic, 800)
    for key in keys:
        of_it = [int(one.data) for one in found if one.ordering_key == key]
        assert of_it == list(range(20)), key


@emulated
def test_attributes_come_as_they_were_sent(topic: str, subscriber: SubscriberClient) -> None:
    odd = {"ce-type": "s1ratio.task.ended", "label-täm": "füße", "topic": "x", "data": "y"}
    assert PubSubEvents(topic).publish_keyed([batch("k", 1, **odd)]) == [None]
    [found] = pulled(subscriber, topic, 1)
    assert dict(found.attributes) == {"ce-id": "k1", **odd}


@emulated
def test_a_refused_message_is_told_apart_and_its_key_goes_on(
    topic: str, subscriber: SubscriberClient
) -> None:
    publisher = PubSubEvents(topic)
    empty = KeyedMessages("k", [OutgoingMessage(b"", {})])
    outcomes = publisher.publish_keyed([empty, batch("l", 1)])
    assert isinstance(outcomes[0], MessageRefused)
    assert outcomes[1] is None
    assert publisher.publish_keyed([batch("k", 2)]) == [None]
    assert sorted(one.data for one in pulled(subscriber, topic, 2)) == [b"1", b"2"]


@emulated
def test_a_topic_that_is_not_there_is_no_message_s_fault(topic: str) -> None:
    [error] = PubSubEvents(f"{topic}-nowhere").publish_keyed([batch("k", 1)])
    assert isinstance(error, PubSubError)
    assert not isinstance(error, MessageRefused | PubSubUnavailable)


@pytest.mark.parametrize("server", [silent.refused, silent.mute, silent.dripping])
@pytest.mark.parametrize("count", [1, 20])
def test_pubsub_that_does_not_answer_is_told_of_by_the_deadline(
    server: Callable[[], Any], count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many keys at once it takes as long as their threads take turns."""
    deadline_s = 0.6
    with server() as address:
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", address)
        publisher = PubSubEvents("projects/p/topics/t", deadline_s)
        began = time.monotonic()
        outcomes = publisher.publish_keyed([batch(f"k{n}", 1) for n in range(count)])
        assert time.monotonic() - began < deadline_s * (1 + count // 16) + BUSY_S
        assert {type(one) for one in outcomes} == {PubSubUnavailable}
