"""What a seed decides before anything happens: messages, odds, climate, length of the storm."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

from s1ratio.records import Event
from tests.simulation.drawing.climates import climate, deaf
from tests.simulation.drawing.kinds import Kinds, draw_kinds
from tests.simulation.drawing.leftovers import leftovers
from tests.simulation.drawing.standing import Standing, is_long, lengthened
from tests.simulation.fates.fate import Odds
from tests.simulation.fates.words import WORDS
from tests.simulation.faults.fault_injection import Climate
from tests.support.simulated import message

NO_JSON = b"no json"
_BAD = (b"{}", NO_JSON, message(end="2023-01-01"), message(request_id="bad", orbits=[999]))

# Requests of which none shares its pixels with another.
_DIFFERENT = {
    id_: message(request_id=id_, end=end)
    for id_, end in (("r1", "2024-03-01"), ("r1-o131a", "2024-02-15"), ("r2", "2024-02-01"))
}


@dataclass(frozen=True)
class Schedule:
    """One seed's plan. `foul` odds hold during the storm; `capacity` is the queue's, then.

    `leftovers` are events that are in the store before it. `standing` is what a schedule of weeks
    has beside. A `hasty` run ends with the first complaint.
    """

    seed: int
    valid: dict[str, bytes]
    invalid: tuple[bytes, ...]
    storm: timedelta
    tick_s: float
    pollers: int
    odds: Odds
    climate: Climate
    capacity: int
    burns: bool
    queue_before_id: bool
    wishes: int
    page_size: int
    max_active: int
    leftovers: tuple[Event, ...] = ()
    kinds: Kinds = field(default_factory=Kinds)
    standing: Standing | None = None
    hasty: bool = False

    @property
    def settings(self) -> dict[str, Any]:
        """The deployment's settings, where they are not the defaults."""
        return {"max_active": self.max_active, **self.kinds.settings}

    def leaving_store_alone(self) -> "Schedule":
        """Return the plan without whoever changes the store's file behind its back."""
        kinds = replace(self.kinds, kept=None, set_back=None, deletes=False)
        return replace(self, kinds=kinds)


def schedule(seed: int) -> Schedule:
    """Draw the plan of a seed."""
    plan = _drawn(seed)
    kinds = draw_kinds(seed)
    odds = replace(plan.odds, latest_seen_s=kinds.latest_seen_s)
    weather = replace(plan.climate, latest_s=kinds.latest_post_s)
    left = leftovers(seed, plan.valid)
    plan = replace(plan, leftovers=left, kinds=kinds, odds=odds, climate=weather)
    if is_long(seed):
        return lengthened(plan)
    return _deaf(plan) if seed % 10 == 9 else plan


def _deaf(plan: Schedule) -> Schedule:
    """Return a plan whose starts go unanswered; what they made is listed late, or over by then."""
    odds = replace(
        plan.odds,
        latest_listed_s=300.0,
        always_late=True,
        longest_min=6.0,
        failing=0.0,
        vanishing=0.0,
    )
    return replace(
        plan, valid=_DIFFERENT, odds=odds, climate=deaf(plan.climate), capacity=3000, tick_s=60
    )


def _drawn(seed: int) -> Schedule:
    random = Random(f"plan {seed}")  # noqa: S311 - a simulation
    valid = _messages(random)
    bad = random.sample(_BAD, random.choice((0, 0, 1, 2)))
    stolen = [message(request_id=next(iter(valid)), end="2024-02-20")] * (random.random() < 0.2)
    return Schedule(
        seed=seed,
        valid=valid,
        invalid=(*bad, *stolen),
        storm=timedelta(minutes=random.choice((20, 45, 90, 120))),
        tick_s=random.choice((60, 120, 120, 300)),
        pollers=random.choice((1, 2, 2, 3)),
        odds=_odds(random),
        climate=climate(random),
        capacity=random.choice((1, 3, 3000, 3000)),
        burns=random.random() < 0.7,
        queue_before_id=random.random() < 0.5,
        wishes=random.choice((0, 0, 0, 1, 3)),
        page_size=random.choice((1, 2, 3, 500)),
        max_active=random.choice((1, 4, 2700, 2700)),
    )


def _messages(random: Random) -> dict[str, bytes]:
    """Return one to three valid messages by their ids; some ask for the same pixels."""
    messages = {}
    for number in range(random.choice((1, 1, 2, 3))):
        id_ = ("r1", "r1-o131a", "r2")[number]  # an id that looks like another one's task
        orbits = random.choice(([131], [58, 131], [58, 131], None))
        end = random.choice(("2024-03-01", "2024-03-01", "2024-02-15"))
        priority = random.choice((50, 50, 100))
        messages[id_] = message(request_id=id_, orbits=orbits, end=end, priority=priority)
    return messages


def _odds(random: Random) -> Odds:
    classes = random.choice(
        (
            ("transient",),
            ("transient", "refused", "quota"),
            ("terminal",),
            ("resources", "memory", "too_big"),
            ("memory",),
            ("memory", "empty"),
            tuple(WORDS),
        )
    )
    return Odds(
        failing=random.choice((0.0, 0.0, 0.2, 0.5)),
        odd_output=random.choice((0.0, 0.0, 0.2)),
        vanishing=random.choice((0.0, 0.0, 0.0, 0.2)),
        stopped=random.choice((0.0, 0.0, 0.0, 0.1)),
        stubborn=random.choice((0.0, 0.3, 1.0)),
        sharded=random.choice((0.0, 0.0, 0.5)),
        latest_listed_s=random.choice((0.0, 60.0, 300.0, 300.0)),
        longest_min=random.choice((2.0, 2.0, 10.0, 60.0)),
        classes=classes,
    )
