"""`Client`: check messages, look at what they will become, publish them."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from s1ratio.client.commanding import Commanding
from s1ratio.client.following import Following
from s1ratio.client.outcomes import Published, Refused
from s1ratio.client.payload import payload_of
from s1ratio.client.profiles import Profile, choose_profile, profiles_path
from s1ratio.client.sending import Sender
from s1ratio.errors import InvalidRequest
from s1ratio.estimate import Sample, estimate, passes_of, work_of
from s1ratio.plan import PlanLimits
from s1ratio.ports import BatchPublisher
from s1ratio.ports.service import Service
from s1ratio.preview import Preview, preview
from s1ratio.request import Limits, Message, read_message

# Gives the samples of a kind of work, such as those of a store: see `s1ratio.estimate`.
History = Callable[[str], Sequence[Sample]]
_BATCH, _BATCH_BYTES = 100, 4_000_000


@dataclass(frozen=True)
class Rules:
    """What a deployment allows, by which messages are judged before they are sent.

    The defaults are those of a deployment that sets none. It has the last word: what its rules
    refuse, though it was sent, is among its rejections.
    """

    limits: Limits = field(default_factory=Limits)
    plan: PlanLimits = field(default_factory=PlanLimits)
    max_priority: int = 100


class Client(Commanding, Following):
    """Publishes requests and commands to one deployment, and follows them; close it when done.

    It may be used from several threads. `project` and `deployment` name the topics, or `topic` and
    `commands_topic` do, in full: projects/P/topics/T. `url` is where the deployment is read, or a
    `profile` says all of this. Nothing is connected to before the first call. A message is a
    mapping of the fields that `s1ratio schema` tells; its id is its own `request_id`, else it
    follows from its content: to publish the same message twice is to publish it once.
    """

    def __init__(
        self,
        project: str | None = None,
        deployment: str = "dev",
        *,
        topic: str | None = None,
        commands_topic: str | None = None,
        url: str | None = None,
        profile: Profile | None = None,
        rules: Rules | None = None,
        history: History | None = None,
        deadline_s: float = 20.0,
        publisher: BatchPublisher | None = None,
        command_publisher: BatchPublisher | None = None,
        service: Service | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Make one; `deadline_s` is that of a call, of which there are four at most.

        The publishers, `service`, `now` and `sleep` are for tests. Raises ValueError where neither
        a topic nor a url is known, InvalidSettings for a url that is none.
        """
        told = profile or Profile(
            project=project,
            deployment=deployment,
            url=url,
            requests_topic=topic,
            commands_topic=commands_topic,
        )
        if told.project is None and told.requests_topic is None and told.url is None:
            raise ValueError("name a project, a topic as projects/P/topics/T, or a url")
        own = f"projects/{told.project}/topics/s1r-{told.deployment}" if told.project else None
        self.topic = told.requests_topic or (f"{own}-requests" if own else "")
        commands = told.commands_topic or (f"{own}-commands" if own else "")
        self._requests = Sender(self.topic, deadline_s, publisher, sleep)
        self._commands = Sender(commands, deadline_s, command_publisher, sleep)
        self._rules, self._history = rules or Rules(), history
        self._now, self._sleep = now, sleep
        self._profile, self._service, self._downloader = told, service, None

    @classmethod
    def from_profile(cls, name: str | None, environment: Mapping[str, str]) -> Self:
        """Make one of a profile of the user's file, None: of the one that the environment means.

        Raises InvalidSettings where there is no such profile, ValueError where none is meant.
        """
        found = choose_profile(None, name, environment)
        if found is None:
            raise ValueError(f"no profile is meant: see {profiles_path(environment)}")
        return cls(profile=found)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection, if there is one."""
        self._requests.close()
        self._commands.close()
        self._close_reading()

    def validate(self, message: Mapping[str, Any]) -> Message:
        """Return the message as it will be read; raise InvalidRequest with every fault. No call."""
        return self._read(message)[0]

    def dry_run(self, message: Mapping[str, Any]) -> Preview:
        """Return what the message will become: resolved request, tasks, pixels, bytes, estimate.

        No call is made, but for `history`, where the client has one. Raises InvalidRequest.
        """
        read, found = self._read(message)
        if self._history is None:
            return found
        passes = passes_of(read.request)
        amounts = [task.grid.pixels * passes for task in found.tasks]
        return replace(found, estimate=estimate(amounts, self._history(work_of(read.request))))

    def publish(self, message: Mapping[str, Any]) -> Published:
        """Publish a message that is valid; return its ids once Pub/Sub keeps it.

        Raises InvalidRequest with every fault of it, before anything is sent; PubSubError where
        Pub/Sub refuses it; PubSubUnavailable where it did not answer, again and again: then to
        publish it once more changes nothing if it did arrive.
        """
        read, _ = self._read(message)
        [message_id] = self._requests.send([payload_of(message)])
        return Published(read.request_id, message_id)

    def publish_many(self, messages: Iterable[Mapping[str, Any]]) -> Iterator[Published | Refused]:
        """Publish messages as they come, a hundred a call; yield what became of each, in turn.

        One that is invalid is Refused, and the others go on. Raises as `publish` does where
        Pub/Sub is at fault: to begin anew publishes nothing twice.
        """
        batch: list[_Checked] = []
        size = 0
        for message in messages:
            one = self._checked(message)
            if len(batch) == _BATCH or (batch and size + len(one.payload) > _BATCH_BYTES):
                yield from self._publish(batch)
                batch, size = [], 0
            batch.append(one)
            size += len(one.payload)
        yield from self._publish(batch)

    def _read(self, message: Mapping[str, Any]) -> tuple[Message, Preview]:
        rules, now = self._rules, self._now()
        read = read_message(payload_of(message), replace(rules.limits, today=now.date()))
        return read, preview(read, rules.plan, rules.max_priority, now)

    def _checked(self, message: Mapping[str, Any]) -> "_Checked":
        try:
            read, _ = self._read(message)
        except InvalidRequest as error:
            return _Checked(Refused(error.faults))
        return _Checked(read.request_id, payload_of(message))

    def _publish(self, batch: "Sequence[_Checked]") -> Iterator[Published | Refused]:
        payloads = [one.payload for one in batch if one.payload]
        ids = iter(self._requests.send(payloads) if payloads else ())
        for one in batch:
            known = one.outcome
            yield known if isinstance(known, Refused) else Published(known, next(ids))


@dataclass(frozen=True)
class _Checked:
    """A message that was looked at: its request's id and its bytes, or why it is refused."""

    outcome: str | Refused
    payload: bytes = b""
