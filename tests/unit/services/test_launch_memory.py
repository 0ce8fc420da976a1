"""What a process may start without asking: little, and not for long."""

from datetime import timedelta

import pytest

from s1ratio.services.launch_memory import Head, LaunchMemory
from tests.support.simulated import Breaker, World, message
from tests.support.tasks import NOW

ONE_S = timedelta(seconds=1)


def test_a_hundredth_of_the_room_lasts_a_second() -> None:
    spare = LaunchMemory()
    assert not spare.take_room(1, NOW), "nobody has asked yet"
    spare.renew_room(300, NOW)
    assert spare.take_room(2, NOW + ONE_S / 2)
    assert not spare.take_room(2, NOW + ONE_S / 2), "one is left of three"
    assert spare.take_room(1, NOW + ONE_S / 2)
    spare.renew_room(300, NOW)
    assert not spare.take_room(1, NOW + ONE_S)
    assert not spare.take_room(1, NOW - ONE_S), "a clock was put back"


def test_of_little_room_nothing_is_taken_unasked() -> None:
    spare = LaunchMemory()
    spare.renew_room(99, NOW)
    assert not spare.take_room(1, NOW)


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.close()


def _launches(world: World, **settings: int) -> list[int]:
    """Return how often each of three launches at once asks for room."""
    world.set(**settings)
    breaker = Breaker()
    context, asked = world.context(breaker), []
    for number in range(3):
        before = breaker.log.count("get_time_marks")
        world.launch(message(request_id=f"r{number}", orbits=[58 + number]), context)
        asked.append(breaker.log.count("get_time_marks") - before)
    return asked


def test_launches_in_a_row_ask_once(world: World) -> None:
    assert _launches(world) == [1, 0, 0]


def test_where_there_is_little_room_each_asks(world: World) -> None:
    assert _launches(world, max_active=50) == [1, 1, 1]


def test_after_a_start_that_was_not_taken_the_next_one_asks(world: World) -> None:
    world.ee.capacity = 0
    assert _launches(world) == [1, 1, 1]


def test_who_is_first_in_line_is_looked_for_once_a_second() -> None:
    memory, looks = LaunchMemory(), list[Head]()

    def look() -> Head:
        looks.append(Head())
        return looks[-1]

    for at in (0.0, 0.9, 1.0, 1.9, 0.5):
        assert memory.find_head(look, NOW + at * ONE_S) is looks[-1]
    assert len(looks) == 3, "at 0, at 1, and when the clock was put back"
    memory.forget()
    memory.find_head(look, NOW + ONE_S / 2)
    assert len(looks) == 4


def test_a_launch_that_leaves_a_task_in_line_has_the_next_one_look(world: World) -> None:
    world.set(max_active=1)
    context = world.context()
    for number in range(3):
        world.launch(message(request_id=f"r{number}", orbits=[58 + number]), context)
    turns = [world.tasks(f"r{number}")[0].place.turn for number in (1, 2)]
    assert turns == [1, 2]
