"""A tick starts page after page, as long as there is room, time, and something to start."""

import pytest

from s1ratio.services.polling import steps
from tests.support.simulated import World, message


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.setattr(steps, "_PAGE", 2)
    made = World(tmp_path, max_active=1)
    yield made
    made.close()


@pytest.mark.parametrize(("room", "started"), [(1, 0), (3, 2), (4, 3), (6, 5), (9, 6)])
def test_all_that_there_is_room_for_is_started_in_one_tick(
    world: World, room: int, started: int
) -> None:
    world.launch(message(orbits=[10, 20, 30, 40, 50, 58, 60]))
    assert len(world.started()) == 1
    world.set(max_active=room)
    report = world.tick()
    assert report.started == started
    assert len(world.started()) == 1 + started


def test_a_full_queue_ends_it(world: World) -> None:
    world.launch(message(orbits=[10, 20, 30, 40, 50, 58, 60]))
    world.set(max_active=9)
    world.ee.capacity = 4
    calls = world.ee.calls["start"]
    world.tick()
    assert len(world.started()) == 4
    assert world.ee.calls["start"] - calls == 4, "three starts, and one refusal"
