"""The weather of a schedule: how slow, how broken, how deadly each call is. All by its seed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import ObjectStoreUnavailable, PubSubUnavailable, S1RatioError, StoreUnavailable
from tests.simulation.fates.words import REFUSALS, WORDS
from tests.support.simulated.earth_engine import FULL, TIMEOUT

Port = Literal["store", "ee", "bucket", "topic", "events"]
When = Literal["before", "after", "late"]

DEADLINES_S: dict[Port, float] = {"store": 20, "ee": 60, "bucket": 20, "topic": 20, "events": 20}
_EE_FAULTS = ((TIMEOUT, None), ("Internal error.", 500), ("The service is unavailable.", 503))


@dataclass(frozen=True)
class Hit:
    """What meets one call: seconds on the way there and back, and what goes wrong and when.

    `error` None with a `when`: the process dies there. `late`: the answer is an error, and the
    call takes effect `back_s` later all the same.
    """

    there_s: float = 0.0
    back_s: float = 0.0
    when: When | None = None
    error: S1RatioError | None = None


@dataclass(frozen=True)
class Climate:
    """How likely a call is to be slow, to stall, to fail, to end its process.

    `unanswered` are starts that Earth Engine takes, or takes up later, and does not answer:
    `latest_s` later at most.
    """

    slow: float
    unanswered: float
    stalls: float
    faults: dict[Port, float]
    kills: float
    latest_s: float = 60.0


@dataclass
class FaultInjection:
    """Draws a hit for each call; `over` is when all is well for good. Outages break every call.

    `refusals` are times in which Earth Engine refuses everybody; `refused_starts` is how often it
    refuses one start.
    """

    random: Random
    climate: Climate
    over: bool = False
    refusing: Random = field(default_factory=lambda: Random(0))  # noqa: S311 - a simulation
    refused_starts: float = 0.0
    refusals: list[tuple[datetime, datetime]] = field(default_factory=list)
    outages: list[tuple[Port, datetime, datetime]] = field(default_factory=list)

    def hit(self, port: Port, call: str, now: datetime) -> Hit:
        """Return what meets a call made now."""
        if self.over:
            return Hit()
        there, back = self._delay(), self._delay()
        if port == "ee" and self._refuses(call, now):
            return Hit(there, 0.0, "before", fault_of(*self.refusing.choice(REFUSALS)))
        if call == "start" and self.random.random() < self.climate.unanswered:
            return self._unanswered(there)
        draw = self.random.random()
        if draw < self.climate.kills:
            return Hit(there, back, self._half())
        if any(down == port and begin <= now < end for down, begin, end in self.outages):
            return Hit(self._wait(port), 0.0, "before", self._fault(port, ""))
        failing = draw - self.climate.kills < self.climate.faults.get(port, 0.0)
        return self._failing(port, call, there) if failing else Hit(there, back)

    def _refuses(self, call: str, now: datetime) -> bool:
        one = call == "start" and self.refusing.random() < self.refused_starts
        return one or any(begin <= now < end for begin, end in self.refusals)

    def _failing(self, port: Port, call: str, there: float) -> Hit:
        if self.random.random() < 0.5:
            return Hit(self._wait(port), 0.0, "before", self._fault(port, call))
        gone = fault_of(TIMEOUT) if port == "ee" else self._fault(port, "")
        return Hit(there, self._wait(port), "after", gone)

    def _unanswered(self, there: float) -> Hit:
        if self.random.random() < 0.5:
            return Hit(there, DEADLINES_S["ee"], "after", fault_of(TIMEOUT))
        return Hit(
            DEADLINES_S["ee"],
            self.random.uniform(0, self.climate.latest_s),
            "late",
            fault_of(TIMEOUT),
        )

    def _fault(self, port: Port, call: str) -> S1RatioError:
        if port == "store":
            return StoreUnavailable("the store did not answer")
        if port == "bucket":
            return ObjectStoreUnavailable("the bucket did not answer")
        if port == "topic":
            return PubSubUnavailable("the topic did not answer")
        if call == "start" and self.random.random() < 0.4:
            return self.random.choice((fault_of(FULL, 429), fault_of(WORDS["quota"][0], 429)))
        return fault_of(*self.random.choice(_EE_FAULTS))

    def _half(self) -> When:
        return "before" if self.random.random() < 0.5 else "after"

    def _delay(self) -> float:
        draw = self.random.random()
        if draw < self.climate.stalls:
            return self.random.uniform(60, 400)
        return self.random.uniform(0, 15) if draw < self.climate.stalls + self.climate.slow else 0.0

    def _wait(self, port: Port) -> float:
        """Return how long a call goes unanswered: not at all, or to its deadline."""
        return self.random.choice((0.0, DEADLINES_S[port]))


def outages(
    random: Random, begin: datetime, storm: timedelta
) -> list[tuple[Port, datetime, datetime]]:
    """Draw when which port is down for everybody."""
    ports: tuple[Port, ...] = ("store", "ee", "bucket")
    found = []
    for port in ports:
        if random.random() < 0.25:
            start = begin + random.random() * storm
            found.append((port, start, start + random.uniform(0.05, 0.6) * storm))
    return found


def refusals(random: Random, begin: datetime, storm: timedelta) -> list[tuple[datetime, datetime]]:
    """Draw when Earth Engine refuses everybody: mostly never."""
    if random.random() < 0.7:
        return []
    start = begin + random.random() * storm
    return [(start, start + random.uniform(0.05, 0.8) * storm)]
