"""What becomes of an operation in Earth Engine: drawn when it is made, known to the invariants."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from typing_extensions import override

from tests.support.simulated import Outcome, SimulatedOperation

# By error class, as `earth_engine_errors.py` tells them apart.
ERRORS = {
    "transient": "Internal error.",
    "quota": "Your usage exceeded the custom quota for this project.",
    "resources": "User memory limit exceeded.",
    "too_big": "Export too large: specified 20000000000 pixels.",
    "terminal": "Image.select: Pattern 'VV' did not match any bands.",
}
NO_FILE, WRONG_BANDS = Outcome(written=False), Outcome(bands=("other",))
EMPTY = Outcome(has_data=False)
_MINUTE = timedelta(minutes=1)
_GOOD = Outcome()


@dataclass(frozen=True)
class Fate:
    """How an operation goes: its outcome, how long it takes, when nobody sees it.

    It is listed `unlisted` after it was made. From `gone` on the list lacks it for `away`, and
    a question by name does, too, if `nameless`. `stopped`: somebody cancels it by hand then.
    """

    outcome: Outcome = _GOOD
    wait: timedelta = 2 * _MINUTE
    run: timedelta = 10 * _MINUTE
    unlisted: timedelta = timedelta()
    gone: timedelta | None = None
    away: timedelta = timedelta()
    nameless: bool = False
    stopped: timedelta | None = None


@dataclass(frozen=True)
class Odds:
    """How likely what is; `vanishing`, `parting`: what the services under test must know of."""

    failing: float = 0.0
    odd_output: float = 0.0
    vanishing: float = 0.0
    stopped: float = 0.0
    latest_listed_s: float = 0.0
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
        unlisted=timedelta(seconds=random.choice((0, random.random(), 1)) * odds.latest_listed_s),
        gone=gone,
        away=random.choice((10 * _MINUTE, 90 * _MINUTE, timedelta(days=99))),
        nameless=random.random() < 0.7,
        stopped=random.random() * (wait + run) if random.random() < odds.stopped else None,
    )


def _outcome(random: Random, odds: Odds) -> Outcome:
    if random.random() < odds.failing:
        return Outcome(error=ERRORS[random.choice(odds.classes)])
    if random.random() < odds.odd_output:
        return random.choice((NO_FILE, WRONG_BANDS, EMPTY))
    return Outcome()


@dataclass
class FatedOperation(SimulatedOperation):
    """An operation that goes the way of its fate."""

    fate: Fate = Fate()
    stopped_by_hand: bool = False

    @override
    def advance(self, now: datetime, wait: timedelta, run: timedelta) -> bool:
        """Bring it up to now; tell whether it has just succeeded."""
        stopped = self.fate.stopped if self.state != "CANCELLING" else None
        if stopped is not None and now >= (at := self.created_at + stopped):
            before = super().advance(at, self.fate.wait, self.fate.run)
            if self.state in {"PENDING", "RUNNING"}:
                self.enter("CANCELLED", at)
                self.stopped_by_hand = True
            return before
        return super().advance(now, self.fate.wait, self.fate.run)

    def listed(self, now: datetime) -> bool:
        """Whether the list shows it."""
        return now >= self.created_at + self.fate.unlisted and not self._is_away(now)

    def known(self, now: datetime) -> bool:
        """Whether it is known by its name."""
        return not (self.fate.nameless and self._is_away(now))

    def was_away(self, now: datetime) -> bool:
        """Whether it could not be seen for a while, or can't be."""
        return self.fate.gone is not None and now >= self.created_at + self.fate.gone

    def _is_away(self, now: datetime) -> bool:
        gone = self.fate.gone
        return gone is not None and (
            self.created_at + gone <= now < self.created_at + gone + self.fate.away
        )
