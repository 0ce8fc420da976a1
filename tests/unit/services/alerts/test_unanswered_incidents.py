"""An incident whose scenes Earth Engine can't list is put off, and the others go on."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.watch import Watch, WatchState
from s1ratio.errors import ResourcesExceeded
from s1ratio.scenes import SceneQuestion
from tests.unit.alerts.samples import T0
from tests.unit.services.alerts.test_watches import A_DAY, FIRST, START, come, flood
from tests.unit.services.alerts.watch_world import TRACK, WatchWorld, opened_world

TROUBLES = [ResourcesExceeded("User memory limit exceeded."), ValueError("of another form")]
FAR = {"type": "Point", "coordinates": [110.0, 15.0]}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[WatchWorld]:
    with opened_world(tmp_path, START) as made:
        made.see_passes(T0 - 40 * A_DAY, T0)
        made.say(flood())
        made.say(flood(eventid=7, geometry=FAR))
        made.watch()
        yield made


def object_to_the_far_one(world: WatchWorld, error: Exception) -> None:
    def objects(asked: list[SceneQuestion]) -> Exception | None:
        return error if any(one.area.unwrapped.bounds[0] > 108 for one in asked) else None

    world.ee.objects_to = objects  # type: ignore[assignment]


@pytest.mark.parametrize("error", TROUBLES, ids=lambda e: type(e).__name__)
def test_the_other_gets_its_watches_and_the_one_is_asked_about_ever_less(
    world: WatchWorld, error: Exception
) -> None:
    object_to_the_far_one(world, error)
    world.clock.sleep(660)
    counts = world.watch()["watches"]
    near, far = _both(world)
    assert (near.requests, far.requests) == (1, 0)
    assert str(error) in far.words
    assert counts["calls"] == 3
    before = world.ee.calls["find_scenes"]
    for _ in range(60):
        world.clock.sleep(60)
        world.watch()
    assert 4 <= world.ee.calls["find_scenes"] - before < 8  # after 1, 2, 4, … minutes
    come(world)
    world.go_to(FIRST + timedelta(hours=4))
    world.watch()
    (watch,) = (one for one in _watches(world, near.id) if one.relative_orbit == TRACK)
    assert watch.state is WatchState.REQUESTED
    assert _both(world)[1].state.followed  # Earth Engine may answer yet
    world.ee.objects_to = lambda _: None
    world.hours(2)
    assert (_both(world)[1].requests, _both(world)[1].tries) == (1, 0)


def test_its_watches_that_are_due_are_put_off_and_told(world: WatchWorld) -> None:
    world.clock.sleep(660)
    world.watch()
    object_to_the_far_one(world, TROUBLES[0])
    world.go_to(START + 2 * A_DAY)
    world.watch()
    near, far = _both(world)
    assert all("memory" in one.words for one in _watches(world, far.id))
    assert not any("memory" in one.words for one in _watches(world, near.id))
    before = world.ee.calls["find_scenes"]
    world.clock.sleep(60)
    world.watch()
    assert world.ee.calls["find_scenes"] == before


def _both(world: WatchWorld) -> list[Incident]:
    found = world.store.find_incidents(9)
    return sorted(found, key=lambda one: one.members[0].place)


def _watches(world: WatchWorld, incident: str) -> Sequence[Watch]:
    return world.store.find_watches_of(incident, 350)
