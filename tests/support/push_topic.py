"""A topic of Pub/Sub with all that a deployment has around it: push, retries, dead letters."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from google.api_core.exceptions import DeadlineExceeded
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient

_CALL_S = 20.0
_LOOK_S = 1.0
_ACK_DEADLINE_S = 60
_MOST_DELIVERIES = 100


@dataclass(frozen=True)
class Topic:
    """A topic with a push subscription, and a topic with a subscription for its dead letters."""

    path: str
    publisher: PublisherClient
    subscriber: SubscriberClient
    dead_letters: str

    def publish(self, *payloads: bytes) -> None:
        """Publish messages at once; return when Pub/Sub has them all."""
        for sent in [self.publisher.publish(self.path, payload) for payload in payloads]:
            sent.result(timeout=_CALL_S)

    def dead(self) -> list[bytes]:
        """Return messages that were given up, as far as they are there now."""
        asked = {"subscription": self.dead_letters, "max_messages": 100}
        try:
            pulled = self.subscriber.pull(request=asked, retry=None, timeout=_LOOK_S)
        except DeadlineExceeded:  # it waits for one that may yet come
            return []
        return [bytes(item.message.data) for item in pulled.received_messages]


@contextmanager
def push_topic(project: str, name: str, url: str) -> Iterator[Topic]:
    """Make a topic with all that Terraform gives it; `PUBSUB_EMULATOR_HOST` must be set."""
    path, dead = (f"projects/{project}/topics/{name}{end}" for end in ("", "-dead"))
    with PublisherClient() as publisher, SubscriberClient() as subscriber:
        publisher.create_topic(name=path, timeout=_CALL_S)
        publisher.create_topic(name=dead, timeout=_CALL_S)
        letters = f"projects/{project}/subscriptions/{name}-dead"
        subscriber.create_subscription(name=letters, topic=dead, timeout=_CALL_S)
        subscriber.create_subscription(request=_pushing(path, dead, url), timeout=_CALL_S)
        yield Topic(path, publisher, subscriber, letters)


def _pushing(path: str, dead: str, url: str) -> dict[str, Any]:
    """Return a push subscription, but for its retry policy.

    With one the emulator (0.8.20) never delivers some messages again whose endpoint was gone for
    a moment; without one it tries again at once, which is the harder test.
    """
    return {
        "name": path.replace("/topics/", "/subscriptions/"),
        "topic": path,
        "push_config": {"push_endpoint": f"{url}/{path}"},
        "ack_deadline_seconds": _ACK_DEADLINE_S,
        "dead_letter_policy": {
            "dead_letter_topic": dead,
            "max_delivery_attempts": _MOST_DELIVERIES,
        },
    }
