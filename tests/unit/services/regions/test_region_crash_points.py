"""Whatever call a tick of the regions dies at, nothing is made twice and nothing is lost."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from s1ratio.errors import StoreUnavailable
from s1ratio.services.regions.tick import refresh_regions
from tests.support.sample import one_of, sample
from tests.support.simulated import Breaker, Crashed
from tests.support.simulated.events import SimulatedEvents
from tests.support.simulated.regions import RegionWorld, a_scene, periods, region_data

AUGUST = datetime(2024, 8, 2, tzinfo=UTC)
EXPECTED = {
    "berlin": [("2024-06-01", "2024-07-01"), ("2024-07-01", "2024-08-01")],
    "fresh": [("2024-07-30", "2024-08-01")],
    "weekly": [("2024-07-26", "2024-08-02")],
}


def a_world(folder: Path) -> RegionWorld:
    """Return one in which three regions are due: of months, of a new pass, of a window."""
    folder.mkdir()
    world = RegionWorld(folder, events=SimulatedEvents())
    world.apply(
        region_data(),
        region_data(
            "fresh", trigger="new_scenes", schedule=None, period={"kind": "last_days", "n": 2}
        ),
        region_data(
            "weekly",
            schedule={"cron": "0 0 2 * *", "zone": "UTC"},
            period={"kind": "last_days", "n": 7},
        ),
    )
    seen = datetime(2024, 7, 31, 5, tzinfo=UTC)
    world.ee.scenes = [(seen, a_scene(seen))]
    world.go_to(AUGUST.replace(hour=1))
    return world


def died_at(world: RegionWorld, breaker: Breaker) -> None:
    with suppress(Crashed, StoreUnavailable):
        refresh_regions(world.region_context(breaker))


def check(world: RegionWorld) -> None:
    """Tick on: all must come out as if nothing had happened."""
    for _ in range(4):
        world.clock.sleep(600)
        world.refresh()
    world.tick()
    for name, expected in EXPECTED.items():
        made = world.refreshes(name)
        assert periods(made) == expected, name
        assert len(world.history(name, "requested")) == len(expected), name
        assert world.region(name).sequence == 1
        assert world.events is not None
        assert world.events.numbers(name) == [1], "that it was created"
        for one in made:
            assert world.request(one.id).state.value != "REJECTED"
    published = {data for data, _ in world.topic.messages}
    assert len(published) == sum(map(len, EXPECTED.values())), "one message a request"


@one_of(3)
@pytest.mark.parametrize("error", [Crashed, StoreUnavailable])
def test_every_crash_point_of_a_tick(
    error: type[BaseException], step: int, tmp_path: Path, record_property
) -> None:
    whole = Breaker(error=error)
    world = a_world(tmp_path / "whole")
    died_at(world, whole)
    check(world)
    world.close()
    points = sample(whole.effects(), step)
    assert {"commit_regions", "publish"} <= set(whole.log)
    for at, after in points:
        world = a_world(tmp_path / f"{at}-{after}")
        died_at(world, Breaker(at, after, error))
        try:
            check(world)
        except AssertionError as trouble:
            when = "after" if after else "before"
            raise AssertionError(f"{when} call {at}, {whole.log[at - 1]}: {trouble}") from trouble
        finally:
            world.close()
    record_property("figures", f"{error.__name__}: {len(points)} of {len(whole.effects())} points")
