"""What a launch asks of the store: few questions, and nobody's place in line where it is no use."""

import pytest

from tests.support.simulated import Breaker, World, message


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.close()


def _calls(world: World, **fields: object) -> list[str]:
    breaker = Breaker()
    world.launch(message(**fields), world.context(breaker))
    return breaker.log


def test_a_launch_of_one_task_makes_so_many_calls(world: World) -> None:
    calls = _calls(world, orbits=[58])
    assert "start" in calls
    assert len(calls) <= 9, calls


def test_all_that_holds_up_starts_is_read_in_one_call(world: World) -> None:
    calls = _calls(world, orbits=[58])
    assert calls.count("get_time_marks") == 1
    assert "get_time_mark" not in calls


def test_without_room_nobody_s_place_in_line_is_read(world: World) -> None:
    world.set(max_active=1)
    assert "find_startable" in _calls(world, orbits=[58])
    calls = _calls(world, request_id="r2", orbits=[131])
    assert "start" not in calls
    assert calls.count("find_startable") == 1, "the head of the line, which deals the turn"
