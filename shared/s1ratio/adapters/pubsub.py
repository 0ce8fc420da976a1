"""Pub/Sub as a `Publisher` and as `DeadLetters`: one attempt a call, each with a deadline.

The clients honour `PUBSUB_EMULATOR_HOST` by themselves and ask for no credentials then.
"""

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from google.api_core import exceptions as api
from google.auth.exceptions import GoogleAuthError
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient
from google.pubsub_v1 import PublisherClient as PlainPublisher
from typing_extensions import override

from s1ratio.errors import MessageRefused, PubSubError, PubSubUnavailable
from s1ratio.ports import BatchPublisher, DeadLetter, DeadLetters, Publisher

T = TypeVar("T")
DEADLINE_S = 20.0
_WAIT_S = 1.0  # for letters to come
_RELEASE_PAGE = 500  # a request holds 512 KiB
_REFUSALS = (
    api.NotFound,
    api.PermissionDenied,
    api.FailedPrecondition,
    api.OutOfRange,
)


class PubSubPublisher(Publisher, BatchPublisher):
    """One topic, named in full. Call `close` when done."""

    def __init__(self, topic: str, deadline_s: float = DEADLINE_S) -> None:
        self._topic = topic
        self._deadline_s = deadline_s
        self._client = asked("connect", PublisherClient)

    @override
    def publish(self, data: bytes, attributes: Mapping[str, str]) -> str:
        return self._publish([{"data": data, "attributes": attributes}])[0]

    @override
    def publish_all(self, payloads: Sequence[bytes]) -> Sequence[str]:
        return self._publish([{"data": data} for data in payloads])

    @override
    def close(self) -> None:
        self._client.transport.close()

    def _publish(self, messages: Sequence[Mapping[str, Any]]) -> list[str]:
        # The client's own `publish` takes attributes as keywords, beside its own, and tries again
        # in a thread, for minutes: here it is the call beneath.
        publish: Any = PlainPublisher.publish
        request = {"topic": self._topic, "messages": messages}
        answer = asked(
            f"publish to {self._topic}",
            lambda: publish(self._client, request=request, retry=None, timeout=self._deadline_s),
        )
        return [str(one) for one in answer.message_ids]


class PubSubDeadLetters(DeadLetters):
    """One subscription to pull from, named in full. Call `close` when done.

    A pull waits up to `wait_s` for the first letter.
    """

    def __init__(
        self, subscription: str, deadline_s: float = DEADLINE_S, wait_s: float = _WAIT_S
    ) -> None:
        self._subscription = subscription
        self._deadline_s = deadline_s
        self._wait_s = min(wait_s, deadline_s / 2)
        self._client = asked("connect", SubscriberClient)

    @override
    def pull(self, limit: int) -> Sequence[DeadLetter]:
        return asked(f"pull {self._subscription}", lambda: self._pull(limit))

    @override
    def acknowledge(self, letter: DeadLetter) -> None:
        request = {"subscription": self._subscription, "ack_ids": [letter.handle]}
        self._call("acknowledge", request)

    @override
    def release(self, letters: Iterable[DeadLetter]) -> None:
        rest = iter(letter.handle for letter in letters)
        while handles := list(islice(rest, _RELEASE_PAGE)):
            request = {"subscription": self._subscription, "ack_ids": handles}
            self._call("modify_ack_deadline", {**request, "ack_deadline_seconds": 0})

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _pull(self, limit: int) -> list[DeadLetter]:
        request = {"subscription": self._subscription, "max_messages": limit}
        try:
            answer = self._client.pull(request=request, retry=None, timeout=self._wait_s)
        except api.DeadlineExceeded:
            # An empty subscription does not answer in time, and a dead service neither. Asked
            # not to wait, the one does: that is worth a flag that is called deprecated.
            request["return_immediately"] = True
            rest = self._deadline_s - self._wait_s
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                answer = self._client.pull(request=request, retry=None, timeout=rest)
        return [
            DeadLetter(
                one.ack_id, one.message.message_id, one.message.data, dict(one.message.attributes)
            )
            for one in answer.received_messages
        ]

    def _call(self, method: str, request: dict[str, Any]) -> None:
        call = getattr(self._client, method)
        asked(
            f"{method} on {self._subscription}",
            lambda: call(request=request, retry=None, timeout=self._deadline_s),
        )


def asked(what: str, call: Callable[[], T]) -> T:
    """Return what a call to Pub/Sub returns; what it raises becomes an error of ours."""
    try:
        return call()
    except api.InvalidArgument as error:
        raise MessageRefused(f"Pub/Sub refused: {what}: {error}") from error
    except _REFUSALS as error:
        raise PubSubError(f"Pub/Sub refused: {what}: {error}") from error
    except (api.GoogleAPIError, GoogleAuthError) as error:
        raise PubSubUnavailable(f"Pub/Sub did not answer: {what}: {error}") from error
