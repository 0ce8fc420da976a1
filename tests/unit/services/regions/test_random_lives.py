"""Random lives of regions: missed, doubled and killed ticks, edits, pauses, outages.

No request twice, none of another content under one id, and no firing without a request or a reason.
"""

import random
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from s1ratio.errors import InvalidRequest, StoreUnavailable
from s1ratio.regions.moves import paused, resumed
from s1ratio.regions.periods import period_at
from s1ratio.regions.reader import stored_region
from s1ratio.regions.schedule import firings
from s1ratio.services.regions.commands import change_region
from s1ratio.services.regions.tick import refresh_regions
from tests.support.simulated import Breaker, Crashed
from tests.support.simulated.regions import RegionWorld, a_scene, region_data

STEPS = 40
DAILY = {"cron": "30 2 * * *", "zone": "Europe/Vienna"}
KINDS: dict[str, dict[str, Any]] = {
    "months": {"overlap": "allow"},
    "weeks": {"schedule": DAILY, "period": {"kind": "last_days", "n": 7}},
    "skips": {
        "schedule": DAILY,
        "period": {"kind": "last_days", "n": 3},
        "overlap": "skip",
        "budget": {"requests": 9},
    },
    "fresh": {
        "trigger": "new_scenes",
        "schedule": None,
        "period": {"kind": "last_days", "n": 1},
        "overlap": "allow",
    },
}


class Life:
    """One life of four regions; `chance` decides what happens."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.world = RegionWorld(folder)
        self.chance = random.Random(seed)  # noqa: S311 - a replay, no secret
        self.notes = 0
        self.world.apply(*(region_data(name, **kind) for name, kind in KINDS.items()))
        begin = self.world.clock.now()
        for number in range(40):
            start = begin + timedelta(days=3 * number, hours=5)
            late = timedelta(days=self.chance.choice([1, 1, 2, 5]))
            self.world.ee.scenes.append((start + late, a_scene(start, 54_000 + number)))

    def step(self) -> None:
        self.world.clock.sleep(3_600 * self.chance.choice([1, 3, 7, 24, 24, 60, 400]))
        self.chance.choice(
            [self.tick, self.tick, self.tick, self.twice, self.kill, self.edit, self.rest]
        )()
        self.world.ee.down = self.chance.random() < 0.1
        self.world.topic.down = self.chance.random() < 0.1

    def tick(self) -> None:
        self.world.refresh()
        self.world.tick(0)

    def twice(self) -> None:
        self.tick()
        self.tick()

    def kill(self) -> None:
        at = self.chance.randrange(1, 30)
        with suppress(Crashed, StoreUnavailable):
            refresh_regions(self.world.region_context(Breaker(at, self.chance.random() < 0.5)))
        self.world.deliver()

    def edit(self) -> None:
        name = self.chance.choice(list(KINDS))
        self.notes += 1
        changes: list[dict[str, Any]] = [
            {"note": str(self.notes)},
            {"priority": self.notes % 90},
        ]
        change = self.chance.choice(changes)
        self.world.apply(region_data(name, **KINDS[name], **change))

    def rest(self) -> None:
        name, now = self.chance.choice(list(KINDS)), self.world.clock.now()
        catch_up = self.chance.random() < 0.5
        with suppress(InvalidRequest):
            change_region(self.world.context(), name, lambda record: paused(record, now, "me", ""))
            return
        with suppress(InvalidRequest):
            change_region(
                self.world.context(), name, lambda record: resumed(record, now, "me", catch_up)
            )

    def end(self) -> None:
        """Let all come to rest."""
        self.world.ee.down = self.world.topic.down = False
        now = self.world.clock.now()
        for name in KINDS:
            with suppress(InvalidRequest):
                change_region(self.world.context(), name, lambda one: resumed(one, now, "me", True))
        self.world.days(3, timedelta(hours=6))


def check_messages(life: Life) -> None:
    """Each id was published with one content alone, and became one request."""
    contents = defaultdict(set)
    for data, _ in life.world.topic.messages:
        contents[data.decode().partition('"request_id":"')[2].partition('"')[0]].add(data)
    assert all(len(each) == 1 for each in contents.values())
    made = [one for name in KINDS for one in life.world.refreshes(name)]
    assert {one.id for one in made} == set(contents)
    assert life.world.store.find_rejections(10) == []
    places = [(one.region_id, one.start, one.end, one.pass_name, one.revision) for one in made]
    assert len(set(places)) == len(places), "no period twice"


def check_firings(life: Life, name: str) -> None:
    """Each firing up to the watermark has a request, or a reason."""
    record, world = life.world.region(name), life.world
    region = stored_region(record.text)
    assert region.schedule is not None
    skips = [
        (one.first, one.last)
        for one in world.history(name, "skipped")
        if one.first is not None and one.last is not None
    ]
    made = {one.firing for one in world.refreshes(name)}
    asked = {one.days for one in world.refreshes(name)}
    cron = region.schedule
    every = firings(cron.cron, cron.zone, record.created_at)
    for fired in takewhile(lambda at: at <= record.watermark, every):
        told = any(first <= fired <= last for first, last in skips)
        days = period_at(region.period, fired, record.since_day)
        assert fired in made or told or days in asked, f"{name}: {fired} is lost without a reason"


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_made_twice_and_nothing_is_lost_without_a_reason(
    tmp_path: Path, seed: int
) -> None:
    life = Life(tmp_path, seed)
    try:
        for _ in range(STEPS):
            life.step()
        life.end()
        check_messages(life)
        for name in ("months", "weeks", "skips"):
            check_firings(life, name)
        assert life.world.clock.now() > datetime(2024, 7, 1, tzinfo=UTC)
    finally:
        life.world.close()
