"""Regions of a schedule, and what people do with them: drawn by its seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.simulation.drawing.cron_by_steps import firings

CRONS = (
    ("30 2 * * *", "Europe/Vienna"),
    ("30 1,2 * * 0", "America/New_York"),
    ("15 0,12 * * 1,4", "UTC"),
    ("0 5 * * 2,5", "Asia/Bangkok"),
    ("30 2 1,8,15,22,29 * *", "Europe/Vienna"),
    ("0 2,3 1,11,21,25 * *", "Europe/Vienna"),
    ("0 2 1,29 * *", "UTC"),
)
# Days that are looked at before and after a schedule's begin.
PAST, AHEAD = timedelta(days=2), timedelta(days=110)


@dataclass(frozen=True)
class Deed:
    """What a person does at a time; `what` is a deed of `world/people.py`."""

    at: datetime
    what: str
    region: str
    fields: Mapping[str, Any]


def draw_regions(random: Random, begin: datetime) -> tuple[dict[str, Any], ...]:
    """Draw none to three regions, as entries of a file."""
    count = random.choice((0, 1, 1, 2, 2, 3))
    return tuple(_region(random, f"reg{number}", begin) for number in range(count))


def _region(random: Random, name: str, begin: datetime) -> dict[str, Any]:
    trigger = random.choice(("cron", "cron", "new_scenes", "new_scenes", "both"))
    bare = trigger == "new_scenes" and random.random() < 0.7
    data: dict[str, Any] = {
        "id": name,
        "aoi": {"bbox": [104.7, 11.5, 104.72, 11.52]},
        "request": random.choice(
            ({"orbits": [18], "direction": "DESCENDING"}, {"orbits": [18, 26]}, {"orbits": [26]})
        ),
        "trigger": trigger,
        "period": draw_period(random, begin),
        "overlap": random.choice(("allow", "allow", "buffer_one", "skip")),
        "priority": random.choice((10, 50, 50, 90)),
    }
    if not bare:
        data["schedule"] = draw_cron(random)
    if random.random() < 0.4:
        data["budget"] = random.choice(
            ({"requests": 2}, {"requests": 6}, {"eecu_seconds": 60.0}, {"eecu_seconds": 300.0})
        )
    if random.random() < 0.1:
        data["end"] = (begin + timedelta(days=random.randrange(5, 30))).date().isoformat()
    return data


def draw_cron(random: Random) -> dict[str, str]:
    """Draw a schedule."""
    cron, zone = random.choice(CRONS)
    return {"cron": cron, "zone": zone}


def draw_period(random: Random, begin: datetime) -> dict[str, Any]:
    """Draw a period."""
    first = (begin - timedelta(days=20)).date().isoformat()
    return random.choice(
        (
            {"kind": "last_days", "n": 1},
            {"kind": "last_days", "n": 6},
            {"kind": "last_months", "n": 1},
            {"kind": "calendar", "unit": "month"},
            {"kind": "since_last"},
            {"kind": "since_last", "first": first},
            {"kind": "from_day", "day": first},
        )
    )


def draw_deeds(
    random: Random, regions: tuple[dict[str, Any], ...], begin: datetime, storm: timedelta
) -> tuple[Deed, ...]:
    """Draw what people do with regions; often just when one of them has fired."""
    if not regions:
        return ()
    found = []
    for _ in range(random.choice((0, 2, 4, 8))):
        region = random.choice(regions)
        at = _when(random, region, begin, storm)
        what = random.choice(
            ("edit", "edit", "edit", "pause", "resume", "resume", "run", "run", "backfill", "end")
        )
        found.append(Deed(at, what, region["id"], _fields(random, what, begin)))
    return tuple(sorted(found, key=lambda one: one.at))


def _when(random: Random, region: dict[str, Any], begin: datetime, storm: timedelta) -> datetime:
    at = begin + random.random() * storm
    if "schedule" not in region or random.random() < 0.5:
        return at
    cron, zone = region["schedule"]["cron"], region["schedule"]["zone"]
    fired = [one for one in firings(cron, zone, begin - PAST, begin + AHEAD) if one <= at]
    fired = [one for one in fired if one > begin]
    return fired[-1] + timedelta(minutes=random.uniform(0, 20)) if fired else at


def _fields(random: Random, what: str, begin: datetime) -> dict[str, Any]:
    if what == "edit":
        return random.choice(
            (
                {"note": f"number {random.randrange(9)}"},
                {"priority": random.choice((20, 60))},
                {"schedule": draw_cron(random)},
                {"period": draw_period(random, begin)},
                {"request": {"orbits": [18], "direction": "DESCENDING"}},
                {"budget": {"requests": random.choice((1, 4))}},
            )
        )
    if what == "resume":
        return {"catch_up": random.random() < 0.6}
    if what == "backfill":
        start = begin - timedelta(days=random.choice((7, 15, 30)))
        days = (start.date(), (begin - timedelta(days=1)).date())
        return {"days": days, "most_open": random.choice((1, 3))}
    return {}
