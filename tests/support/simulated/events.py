"""A topic of events, as strict as Pub/Sub: a request holds one key's messages, all or nothing."""

from collections.abc import Callable, Sequence

from s1ratio.errors import MessageRefused, PubSubError, PubSubUnavailable
from s1ratio.ports import KeyedMessages, OutgoingMessage

_MAX_MESSAGES, _MAX_BYTES = 1_000, 10_000_000
_MAX_ATTRIBUTES, _MAX_NAME, _MAX_VALUE = 100, 256, 1_024


class SimulatedEvents:
    """Meets `ports.EventPublisher`; `delivered` is what the topic took, in its order.

    While `down` it does not answer. `lost_answers` are calls to come that it takes and does not
    confirm. `trouble` may be asked what to answer to a batch.
    """

    def __init__(self) -> None:
        self.delivered: list[tuple[str, dict[str, str], bytes]] = []
        self.batches = 0
        self.down = False
        self.lost_answers = 0
        self.trouble: Callable[[KeyedMessages], PubSubError | None] = lambda _: None

    @property
    def ids(self) -> list[str]:
        """The ids of the events that were delivered, in their order."""
        return [attributes["ce-id"] for _, attributes, _ in self.delivered]

    def numbers(self, subject: str) -> list[int]:
        """Return the sequence of a record as it was delivered, without what came twice."""
        told = [each for _, each, _ in self.delivered if each["ce-subject"] == subject]
        return list(dict.fromkeys(int(each["ce-sequence"]) for each in told))

    def publish_keyed(self, batches: Sequence[KeyedMessages]) -> Sequence[PubSubError | None]:
        """Keep batches, or some of them."""
        return [self._publish(batch) for batch in batches]

    def _publish(self, batch: KeyedMessages) -> PubSubError | None:
        self.batches += 1
        if self.down:
            return PubSubUnavailable("Pub/Sub did not answer")
        if error := self.trouble(batch) or _refusal(batch):
            return error
        self.delivered += [(batch.key, dict(one.attributes), one.data) for one in batch.messages]
        if self.lost_answers:
            self.lost_answers -= 1
            return PubSubUnavailable("Pub/Sub did not answer")
        return None


def _refusal(batch: KeyedMessages) -> PubSubError | None:
    if not 0 < len(batch.messages) <= _MAX_MESSAGES or not 0 < len(batch.key.encode()) <= 1_024:
        return MessageRefused("Pub/Sub refused: no messages or too many, or no ordering key")
    if sum(len(one.data) for one in batch.messages) > _MAX_BYTES:
        return MessageRefused("Pub/Sub refused: too large")
    if not all(map(_is_fit, batch.messages)):
        return MessageRefused("Pub/Sub refused: attributes")
    return None


def _is_fit(message: OutgoingMessage) -> bool:
    return len(message.attributes) <= _MAX_ATTRIBUTES and all(
        0 < len(name.encode()) <= _MAX_NAME
        and not name.startswith("goog")
        and len(value.encode()) <= _MAX_VALUE
        for name, value in message.attributes.items()
    )
