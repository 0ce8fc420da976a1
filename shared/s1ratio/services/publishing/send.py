"""Send: events that lie unsent are published and marked, key by key in the order of the commits.

An event goes out only once all earlier ones of its key are known to have: either they were read
with it and stand before it, in the same batch or an earlier one, or they were marked as sent, which
they are only after Pub/Sub has confirmed them. So however many processes send at once, and wherever
they die, the first deliveries of a key's events come in their order; a repetition may come late.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from s1ratio.errors import MessageRefused, PubSubError
from s1ratio.events.cloud_event import attributes_of, data_of
from s1ratio.logevents import TROUBLE, UNEXPECTED, tell
from s1ratio.ports import EventPublisher, KeyedMessages, OutgoingMessage
from s1ratio.records import Event
from s1ratio.services.event_world import EventWorld

_LOG = logging.getLogger(__name__)
_KEYS_AT_ONCE = 32
_MOST_EVENTS = 500  # of a batch; Pub/Sub takes a thousand and 10 MB
_MOST_BYTES = 4_000_000
_HELD = timedelta(seconds=30)


def send(world: EventWorld, lines: Mapping[str, Sequence[Event]], until: datetime) -> int:
    """Publish unsent events, `lines` being all there are of each key; return how many went out.

    A key that fails stays as it is, and the others go on. If Pub/Sub does not answer, or refuses
    all, it is left alone for half a minute. Raises what the store raises.
    """
    if world.outbox.publisher is None:
        return 0
    run = _Run(world, world.outbox.publisher, lines)
    while run.has_more() and world.clock.now() < until:
        run.send_some()
    return run.sent


class _Run:
    """What is left to be sent of each key."""

    def __init__(
        self, world: EventWorld, publisher: EventPublisher, lines: Mapping[str, Sequence[Event]]
    ) -> None:
        self._world, self._publisher, self.sent = world, publisher, 0
        self._rest = {key: list(line) for key, line in lines.items() if line}
        self._one_by_one: set[str] = set()  # keys of which a message was refused

    def has_more(self) -> bool:
        """Tell whether something is left that may be sent now."""
        return bool(self._rest) and not self._world.outbox.is_held(self._world.clock.now())

    def send_some(self) -> None:
        """Send the next batch of some keys, and mark what Pub/Sub has."""
        batches = {key: self._next_of(key) for key in islice(self._rest, _KEYS_AT_ONCE)}
        deployment = self._world.settings.deployment
        outcomes = self._publisher.publish_keyed(
            [_messages(key, batch, deployment) for key, batch in batches.items()]
        )
        done = list[Event]()
        for (key, batch), error in zip(batches.items(), outcomes, strict=True):
            if error is None:
                self.sent += len(batch)
                done += self._advance(key, batch)
            elif isinstance(error, MessageRefused) and (self.sent or None in outcomes):
                done += self._without_refused(key, batch, error)
            else:  # … or all are refused: then it is not for what is in them
                del self._rest[key]
                _hold(self._world, error)
        self._world.store.mark_sent(done)

    def _next_of(self, key: str) -> list[Event]:
        """Return what goes out next of a key: the first events that fit into one request."""
        line = self._rest[key]
        if key in self._one_by_one:
            return line[:1]
        batch, size = list[Event](), 0
        for event in line[:_MOST_EVENTS]:
            size += len(data_of(event))
            if batch and size > _MOST_BYTES:
                break
            batch.append(event)
        return batch

    def _advance(self, key: str, batch: list[Event]) -> list[Event]:
        self._rest[key] = self._rest[key][len(batch) :]
        if not self._rest[key]:
            del self._rest[key]
        return batch

    def _without_refused(
        self, key: str, batch: list[Event], error: MessageRefused
    ) -> Sequence[Event]:
        """Return what of a refused batch is done with: the event at fault, once it stands alone.

        It will never be taken, and must not hold up its key for good: a person is told.
        """
        if len(batch) > 1:
            self._one_by_one.add(key)
            return ()
        tell(_LOG, UNEXPECTED, error, what=f"publishing event {batch[0].id}: it is given up")
        return self._advance(key, batch)


def _messages(key: str, batch: Sequence[Event], deployment: str) -> KeyedMessages:
    made = [OutgoingMessage(data_of(one), attributes_of(one, deployment)) for one in batch]
    return KeyedMessages(key, made)


def _hold(world: EventWorld, error: PubSubError) -> None:
    """Leave Pub/Sub alone for a while: the next key would meet the same."""
    now = world.clock.now()
    if not world.outbox.is_held(now):
        tell(_LOG, TROUBLE, what=f"publishing events: {error}", error_class=error.error_class)
    world.outbox.held_until = now + _HELD
