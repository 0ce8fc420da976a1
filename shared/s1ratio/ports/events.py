"""Events on their way out: the part of the store that keeps them, and the topic they go to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from s1ratio.errors import PubSubError
from s1ratio.records import Event


class EventStore(Protocol):
    """The part of a Store that keeps events; they are created with the changes that they tell."""

    def find_events_of(self, request_id: str) -> Sequence[Event]:
        """Return the events of a request, in the order they were committed."""

    def find_unsent_events(self, limit: int, since: datetime | None = None) -> Sequence[Event]:
        """Return events that nobody has published, committed at `since` or later, oldest first.

        Clocks differ: the order of the commits is that of the events' `version`.
        """

    def find_unsent_events_of(self, key: str) -> Sequence[Event]:
        """Return all events of a key that nobody has published, in the order of the commits."""

    def mark_sent(self, events: Sequence[Event]) -> None:
        """Note that events are published; the same again changes nothing."""


@dataclass(frozen=True)
class OutgoingMessage:
    """A message to a topic: its data, and what can be filtered by."""

    data: bytes
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class KeyedMessages:
    """Messages of one ordering key, in their order: up to a thousand and 10 MB."""

    key: str
    messages: Sequence[OutgoingMessage]


class EventPublisher(Protocol):
    """One topic, whose messages keep their order within a key."""

    def publish_keyed(self, batches: Sequence[KeyedMessages]) -> Sequence[PubSubError | None]:
        """Publish batches of different keys; return what went wrong with each, None: nothing.

        All of a batch is kept, or nothing. MessageRefused says that a message of it is at fault,
        another PubSubError that the topic refused it, PubSubUnavailable that it is not known
        whether it is kept. A key that failed is not held back: whoever publishes it again decides.
        """
