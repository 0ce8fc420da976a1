"""The topic of requests: what is published is delivered some time later, now and then twice."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from tests.simulation.world.deterministic_scheduler import DeterministicScheduler


@dataclass(frozen=True)
class Published:
    """A message as it was published, by whom and when."""

    at: datetime
    data: bytes

    @property
    def message(self) -> dict[str, Any]:
        """What it says."""
        found: dict[str, Any] = json.loads(self.data)
        return found

    @property
    def request_id(self) -> str:
        """The id of its request."""
        return str(self.message["request_id"])


class FatedTopic:
    """Meets `ports.Publisher`; `deliver` is what its subscription does.

    A message comes `late_s` later at most while `stormy`, and soon after that.
    """

    def __init__(
        self,
        stepper: DeterministicScheduler,
        deliver: Callable[[bytes], None],
        random: Random,
        late_s: float,
    ) -> None:
        self._stepper, self._deliver, self._random = stepper, deliver, random
        self._late_s = late_s
        self.stormy = True
        self.published: list[Published] = []

    @property
    def first(self) -> dict[str, bytes]:
        """The first message of each request, by its id."""
        return {one.request_id: one.data for one in reversed(self.published)}

    def publish(self, data: bytes, attributes: Mapping[str, str]) -> str:
        """Take a message, and see to its delivery."""
        del attributes
        self.published.append(Published(self._stepper.clock.now(), data))
        for _ in range(self._random.choice((1, 1, 1, 2)) if self.stormy else 1):
            late = self._random.choice((1.0, self._random.random() * self._late_s))
            self._stepper.after(late if self.stormy else 1.0, lambda: self._deliver(data))
        return f"p{len(self.published)}"
