"""Pub/Sub as an `EventPublisher`: a request for each ordering key, those of several side by side.

A request may hold messages of one key alone. The client's own publisher would put them together by
itself, in a thread, try for minutes, and then refuse the key until it is resumed: what is to be
tried again, and in which order, is known by whoever keeps the events.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

from google.cloud.pubsub_v1 import PublisherClient
from google.pubsub_v1 import PublisherClient as PlainPublisher
from typing_extensions import override

from s1ratio.adapters.pubsub import asked
from s1ratio.errors import PubSubError
from s1ratio.ports import EventPublisher, KeyedMessages

DEADLINE_S = 5.0
_AT_ONCE = 16


class PubSubEvents(EventPublisher):
    """One topic, named in full; the first call connects. One attempt a batch, with a deadline."""

    def __init__(self, topic: str, deadline_s: float = DEADLINE_S) -> None:
        self._topic, self._deadline_s = topic, deadline_s

    @override
    def publish_keyed(self, batches: Sequence[KeyedMessages]) -> Sequence[PubSubError | None]:
        if len(batches) <= 1:
            return [self._publish(batch) for batch in batches]
        with ThreadPoolExecutor(min(_AT_ONCE, len(batches))) as threads:
            return list(threads.map(self._publish, batches))

    @cached_property
    def _client(self) -> PublisherClient:
        return asked("connect", PublisherClient)

    def _publish(self, batch: KeyedMessages) -> PubSubError | None:
        publish: Any = PlainPublisher.publish
        messages = [
            {"data": one.data, "attributes": one.attributes, "ordering_key": batch.key}
            for one in batch.messages
        ]
        request = {"topic": self._topic, "messages": messages}
        try:
            asked(
                f"publish to {self._topic}",
                lambda: publish(
                    self._client, request=request, retry=None, timeout=self._deadline_s
                ),
            )
        except PubSubError as error:
            return error
        return None
