"""Waiting: a request is looked at again and again, less and less often, until it has ended."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from s1ratio.client.jobs import Job, Outcome, changes_between, not_before, outcome_of
from s1ratio.errors import ServiceUnavailable, UnknownRecord
from s1ratio.faults import Fault
from s1ratio.ports.service import Service

_NEWEST = [("limit", "200")]


@dataclass(frozen=True)
class Patience:
    """How long somebody waits, and how often they ask meanwhile; seconds.

    The pauses grow from `first_s` by half, to `longest_s` at most. One that is not known by
    `unknown_s` after the first look will not come any more.
    """

    timeout_s: float = 86_400.0
    first_s: float = 2.0
    longest_s: float = 60.0
    unknown_s: float = 60.0


@dataclass(frozen=True)
class Waited:
    """What waiting came to: its outcome, and the request as it was seen last, None if never.

    `reasons` say why it was refused; `until` is when its period is over.
    """

    request_id: str
    outcome: Outcome
    job: Job | None = None
    reasons: tuple[Fault, ...] = ()
    until: datetime | None = None


@dataclass
class Waiter:
    """Waits for one request; `tell` is told each change, in words.

    `message_id` is Pub/Sub's of its message, by which a refusal of it is found. `now`, `clock` and
    `sleep` are for tests. A service that does not answer is asked again until the time is over.
    """

    service: Service
    request_id: str
    patience: Patience = field(default_factory=Patience)
    message_id: str | None = None
    tell: Callable[[str], None] = lambda _: None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _job: Job | None = field(default=None, init=False)

    def wait(self) -> Waited:
        """Wait until it has ended, was refused, or can't end yet, or the time is over.

        Raises UnknownRecord where it does not become known.
        """
        began = self.clock()
        pause = self.patience.first_s
        while True:
            found = self._look(self.clock() - began)
            if found is not None:
                return found
            left = self.patience.timeout_s - (self.clock() - began)
            if left <= 0:
                return Waited(self.request_id, Outcome.TIMED_OUT, self._job)
            self.sleep(min(pause, left))
            pause = min(pause * 1.5, self.patience.longest_s)

    def _look(self, waited: float) -> Waited | None:
        try:
            return self._ask(waited)
        except ServiceUnavailable as error:
            self.tell(f"{error}: it is asked again")
            return None

    def _ask(self, waited: float) -> Waited | None:
        try:
            job = self.service.ask("jobs", self.request_id).body
        except UnknownRecord:
            # A message that Pub/Sub keeps comes in the end, if later than most.
            if self.message_id is None and waited >= self.patience.unknown_s:
                raise
            return self._of_unknown()
        for words in changes_between(self._job, job):
            self.tell(words)
        self._job = job
        return self._judge(job)

    def _judge(self, job: Job) -> Waited | None:
        if (outcome := outcome_of(job)) is not None:
            reasons = tuple(_fault(one) for one in job["reasons"])
            return Waited(self.request_id, outcome, job, reasons)
        if (until := not_before(job, self.now())) is not None:
            return Waited(self.request_id, Outcome.NOT_OVER, job, until=until)
        return None

    def _of_unknown(self) -> Waited | None:
        """Return why it is not known, if it was refused; it may also be on its way."""
        if self.message_id is None or (found := self._rejection()) is None:
            return None
        reasons = tuple(_fault(one) for one in found["reasons"])
        return Waited(self.request_id, Outcome.REFUSED, None, reasons)

    def _rejection(self) -> Mapping[str, Any] | None:
        newest = self.service.ask("rejections", query=_NEWEST).body["rejections"]
        return next((one for one in newest if one["message_id"] == self.message_id), None)


def _fault(told: Mapping[str, Any]) -> Fault:
    return Fault(told["path"], told["code"], told["message"])
