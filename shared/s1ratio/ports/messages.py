"""Topics to publish to, and subscriptions to what could not be delivered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class DeadLetter:
    """A message that was given up. `handle` is what this pull calls it, `message_id` Pub/Sub."""

    handle: str
    message_id: str
    data: bytes
    attributes: Mapping[str, str] = field(default_factory=dict)


class Publisher(Protocol):
    """One topic; each call has a deadline, raises PubSubError, PubSubUnavailable past it."""

    def publish(self, data: bytes, attributes: Mapping[str, str]) -> str:
        """Publish a message; return its id once Pub/Sub has confirmed that it keeps it.

        Raises PubSubError if it is refused, PubSubUnavailable if nothing is known of it.
        """


class BatchPublisher(Protocol):
    """One topic, to which several messages go in one call; raises as a Publisher does."""

    def publish_all(self, payloads: Sequence[bytes]) -> Sequence[str]:
        """Publish messages, up to a thousand and 10 MB; return their ids, in their order.

        All or nothing is kept of them; PubSubUnavailable says that it is not known which.
        """

    def close(self) -> None:
        """Let go of the connection."""


class DeadLetters(Protocol):
    """One subscription; each call has a deadline, raises PubSubError, PubSubUnavailable past it."""

    def pull(self, limit: int) -> Sequence[DeadLetter]:
        """Return up to `limit` letters, none if there are none to be had now."""

    def acknowledge(self, letter: DeadLetter) -> None:
        """Have a letter forgotten."""

    def release(self, letters: Sequence[DeadLetter]) -> None:
        """Let letters be pulled again at once."""
