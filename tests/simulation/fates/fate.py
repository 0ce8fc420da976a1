"""What becomes of an operation in Earth Engine: drawn when it is made, known to the invariants."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from tests.simulation.fates.words import WORDS
from tests.support.simulated import Outcome

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class FatedOutcome(Outcome):
    """How an export ends; its file comes in `shards`, of which the last is missing if `torn`."""

    shards: int = 1
    torn: bool = False

    @property
    def is_odd(self) -> bool:
        """Whether what a success leaves is not what was planned."""
        return not self.written or self.bands is not None or self.torn


_GOOD = FatedOutcome()
ODD = (
    FatedOutcome(written=False),
    FatedOutcome(bands=("other",)),
    FatedOutcome(has_data=False),
    FatedOutcome(shards=2, torn=True),
)


@dataclass(frozen=True)
class Fate:
    """How an operation goes: its outcome, how long it takes, when nobody sees it.

    It is listed `unlisted` after it was made. `gone` after a task has it on record the list lacks
    it for `away`, and a question by name does, too, if `nameless`. `stopped`: somebody cancels it
    by hand then. One that is `stubborn` comes to its end even while it is CANCELLING. Its files
    are to be seen `unseen` after its end.
    """

    outcome: FatedOutcome = _GOOD
    wait: timedelta = 2 * _MINUTE
    run: timedelta = 10 * _MINUTE
    unlisted: timedelta = timedelta()
    gone: timedelta | None = None
    away: timedelta = timedelta()
    nameless: bool = False
    stopped: timedelta | None = None
    stubborn: bool = False
    unseen: timedelta = timedelta()


@dataclass(frozen=True)
class Odds:
    """How likely what is; the latest and the longest that is drawn.

    `always_late`: each operation is listed as late as it may be.
    """

    failing: float = 0.0
    odd_output: float = 0.0
    vanishing: float = 0.0
    stopped: float = 0.0
    stubborn: float = 0.0
    sharded: float = 0.0
    latest_listed_s: float = 0.0
    latest_seen_s: float = 0.0
    always_late: bool = False
    longest_min: float = 10.0
    classes: tuple[str, ...] = ("transient", "terminal")


def fate(random: Random, odds: Odds) -> Fate:
    """Draw what becomes of one operation."""
    run = random.uniform(0.5, odds.longest_min) * _MINUTE
    wait = random.choice((0, 0, 1, 5)) * _MINUTE
    gone = random.random() * (wait + run) if random.random() < odds.vanishing else None
    return Fate(
        outcome=_outcome(random, odds),
        wait=wait,
        run=run,
        unlisted=_late(random, odds.latest_listed_s, odds.always_late),
        gone=gone,
        away=random.choice((10 * _MINUTE, 90 * _MINUTE, timedelta(days=99))),
        nameless=random.random() < 0.7,
        stopped=random.random() * (wait + run) if random.random() < odds.stopped else None,
        stubborn=random.random() < odds.stubborn,
        unseen=_late(random, odds.latest_seen_s),
    )


def _late(random: Random, latest_s: float, always: bool = False) -> timedelta:
    """Draw how late something comes: often at once, or as late as it may."""
    share = 1.0 if always else random.choice((0.0, random.random(), 1.0))
    return timedelta(seconds=share * latest_s)


def _outcome(random: Random, odds: Odds) -> FatedOutcome:
    if random.random() < odds.failing:
        return FatedOutcome(error=random.choice(WORDS[random.choice(odds.classes)]))
    if random.random() < odds.odd_output:
        return random.choice(ODD)
    return FatedOutcome(shards=2) if random.random() < odds.sharded else _GOOD
