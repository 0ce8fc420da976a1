"""One topic as a client sends to it: connected to at the first send, tried again where silent."""

import threading
from collections.abc import Callable, Sequence

from s1ratio.errors import PubSubUnavailable
from s1ratio.ports import BatchPublisher

_PAUSES_S = (0.5, 1.0, 2.0)


class Sender:
    """Sends to one topic, `projects/P/topics/T`; may be used from several threads.

    A call has the deadline `deadline_s`, and is made four times at most. `publisher` and `sleep`
    are for tests.
    """

    def __init__(
        self,
        topic: str,
        deadline_s: float,
        publisher: BatchPublisher | None,
        sleep: Callable[[float], None],
    ) -> None:
        self.topic = topic
        self._deadline_s, self._publisher, self._sleep = deadline_s, publisher, sleep
        self._first = threading.Lock()

    def send(self, payloads: Sequence[bytes]) -> Sequence[str]:
        """Publish messages in one call; return their ids once Pub/Sub keeps them.

        Raises ValueError where no topic is known, PubSubError where Pub/Sub refuses,
        PubSubUnavailable where it did not answer.
        """
        if not self.topic:
            raise ValueError("name a project, or the topic as projects/P/topics/T")
        publisher = self._ready()
        for pause in _PAUSES_S:
            try:
                return publisher.publish_all(payloads)
            except PubSubUnavailable:
                self._sleep(pause)
        return publisher.publish_all(payloads)

    def close(self) -> None:
        """Let go of the connection, if there is one."""
        with self._first:
            publisher, self._publisher = self._publisher, None
        if publisher is not None:
            publisher.close()

    def _ready(self) -> BatchPublisher:
        with self._first:
            if self._publisher is None:
                # Who only looks before sending needs no Pub/Sub.
                from s1ratio.adapters.pubsub import PubSubPublisher  # noqa: PLC0415

                self._publisher = PubSubPublisher(self.topic, self._deadline_s)
            return self._publisher
