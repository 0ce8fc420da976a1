"""What a seed of the long schedules decides: a sky, regions, what feeds say, what people do.

Seeds from `FIRST` on are these: weeks in the place of an hour, with ticks hours apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from tests.simulation.drawing.happenings import Said, draw_messages
from tests.simulation.drawing.kinds import Kinds
from tests.simulation.drawing.skies import SEASONS, Sighting, draw_sky
from tests.simulation.drawing.standing_regions import Deed, draw_deeds, draw_regions

if TYPE_CHECKING:
    from tests.simulation.drawing.seeded_schedule import Schedule

FIRST = 1_000_000
CALM = timedelta(days=6)  # after the storm, until regions are ended
_SKY_DAYS = 100.0
_SOON_OVER = {"quiet_days": 2, "close_days": 4}


@dataclass(frozen=True)
class Standing:
    """What stands, and what is said, from `begin` on. `rules` are changes of those that ship.

    `silences` are documents, each with the time at which it is stored. `gaps_h` are the hours
    between bursts of ticks; `topic` is how often a publication fails, `late_s` how late a message
    is delivered at most.
    """

    begin: datetime
    sky: tuple[Sighting, ...]
    regions: tuple[dict[str, Any], ...]
    deeds: tuple[Deed, ...]
    said: tuple[Said, ...]
    rules: Mapping[str, Mapping[str, Any]]
    silences: tuple[tuple[datetime, dict[str, Any]], ...]
    gaps_h: tuple[float, ...]
    topic: float
    late_s: float


def is_long(seed: int) -> bool:
    """Tell whether a seed is of a schedule of weeks, with regions and alerts."""
    return seed >= FIRST


def lengthened(plan: "Schedule") -> "Schedule":
    """Return a schedule with all that stands: one message of its own at most, no neighbour."""
    random = Random(f"standing {plan.seed}")  # noqa: S311 - a simulation
    storm = timedelta(days=random.choice((7, 10, 14, 20)))
    foul = random.choice((0.0, 0.5, 1.0, 1.0))
    beside = dict(list(plan.valid.items())[:1]) if random.random() < 0.3 else {}
    return replace(
        plan,
        valid=beside,
        invalid=(),
        leftovers=(),
        storm=storm,
        kinds=_of_weeks(plan.kinds),
        odds=replace(plan.odds, failing=plan.odds.failing / 2),
        climate=replace(plan.climate, faults={**plan.climate.faults, "topic": 0.1 * foul}),
        standing=_drawn(random, storm, foul),
    )


def _of_weeks(kinds: Kinds) -> Kinds:
    """Return the kinds that schedules of weeks have, too."""
    return replace(
        kinds,
        neighbour=None,
        kept=None,
        set_back=None,
        deletes=False,
        most_a_day=None,
        most_eecu_s=None,
        most_days=None,
        refused=None,
        forbidden=None,
    )


def _drawn(random: Random, storm: timedelta, foul: float) -> Standing:
    season = random.choice(SEASONS)
    begin = season.begin
    regions = draw_regions(random, begin)
    return Standing(
        begin=begin,
        sky=draw_sky(random, season, _SKY_DAYS),
        regions=regions,
        deeds=draw_deeds(random, regions, begin, storm),
        said=draw_messages(random, begin, storm),
        rules=_rules(random),
        silences=_silences(random, begin, storm),
        gaps_h=random.choice(((3, 7, 24), (3, 7, 12, 24, 60), (0.7, 6, 24, 24), (24, 24, 80))),
        topic=0.1 * foul,
        late_s=random.choice((60.0, 600.0, 20_000.0)),
    )


def _rules(random: Random) -> dict[str, dict[str, Any]]:
    """Draw how many passes rules follow, how many incidents they have at once, when these close."""
    changes = {
        "follow": random.choice(("first", "first", 2, "all")),
        "open_at_once": random.choice((1, 100, 100)),
    }
    closing = random.choice(({}, _SOON_OVER, _SOON_OVER, {"quiet_days": 3, "close_days": 8}))
    return {
        name: changes | ({"grouping": closing} if closing else {})
        for name in ("flood", "fire", "earthquake")
    }


def _silences(
    random: Random, begin: datetime, storm: timedelta
) -> tuple[tuple[datetime, dict[str, Any]], ...]:
    if random.random() < 0.7:
        return ()
    at = begin + random.uniform(0, 0.4) * storm
    document = {
        "name": "quiet",
        "ends_at": f"{at + random.uniform(0.05, 0.4) * storm:%Y-%m-%dT%H:%M:%SZ}",
        "reason": "an exercise",
        "hazard": random.choice(("flood", "fire", "earthquake")),
    }
    return ((at, document),)
