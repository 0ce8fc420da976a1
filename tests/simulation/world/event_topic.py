"""The topic of events of one site: it is down, takes nothing, or does not answer."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from typing_extensions import override

from s1ratio.errors import PubSubError, PubSubUnavailable
from s1ratio.ports import KeyedMessages
from tests.support.simulated import SimulatedClock
from tests.support.simulated.events import SimulatedEvents

# The functions that publish what they commit; a person's commands and `record` leave it to these.
PUBLISHING = frozenset({"launch", "poll", "refresh", "watch"})


class FatedEvents(SimulatedEvents):
    """Meets `ports.EventPublisher`; in a batch of several keys some may go through, others not.

    A batch is not taken, or taken and not confirmed, one in so many as `foul` says, while `stormy`.
    """

    def __init__(self, clock: SimulatedClock, random: Random, counts: "Counter[str]") -> None:
        super().__init__()
        self._clock, self._counts = clock, counts
        self._random = Random(f"posting {random.random()}")  # noqa: S311 - a simulation
        self.foul = self._random.choice((0.0, 0.05, 0.3))
        self.stormy = True
        self._outage: tuple[datetime, datetime] | None = None

    def draw_outage(self, begin: datetime, storm: timedelta) -> None:
        """Draw when nothing gets through at all: in most schedules never."""
        if self._random.random() < 0.3:
            start = begin + self._random.random() * storm
            self._outage = start, start + self._random.uniform(0.05, 0.6) * storm

    @override
    def publish_keyed(self, batches: Sequence[KeyedMessages]) -> Sequence[PubSubError | None]:
        return [self._fated(batch) for batch in batches]

    def _fated(self, batch: KeyedMessages) -> PubSubError | None:
        draw = self._random.random() if self.stormy else 1.0
        if self._is_down() or draw < self.foul / 2:
            self._counts["events refused"] += 1
            return PubSubUnavailable("Pub/Sub did not answer")
        self.lost_answers = int(draw < self.foul)
        self._counts["events unanswered"] += self.lost_answers
        return self._publish(batch)

    def _is_down(self) -> bool:
        if self._outage is None or not self.stormy:
            return False
        return self._outage[0] <= self._clock.now() < self._outage[1]
