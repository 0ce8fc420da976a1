"""What `status` says holds up all starts: what the poller goes by, and until when."""

from collections.abc import Callable
from pathlib import Path

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import ErrorClass
from s1ratio.progress import describe_waiting
from s1ratio.services.waiting.holds import read_holds
from tests.support.simulated import World

QUOTA = fault_of("Your usage exceeded the custom quota for EECUs.", 429)


def _spent(world: World) -> None:
    world.set(max_tasks_day=1)


def _full(world: World) -> None:
    world.ee.capacity = 1


def _used_up(world: World) -> None:
    world.ee.fail_next("start", None, QUOTA)


@pytest.mark.parametrize(
    ("trouble", "held", "words"),
    [
        (_spent, {ErrorClass.CEILING}, "as many tasks were started today as a day may have"),
        (_full, {ErrorClass.QUEUE}, "another try after: Too many tasks"),
        (_used_up, {ErrorClass.QUOTA}, "another try after: Your usage exceeded"),
    ],
)
def test_what_holds_the_second_of_two_tasks_is_said(
    tmp_path: Path, trouble: Callable[[World], None], held: set[ErrorClass], words: str
) -> None:
    world = World(tmp_path)
    trouble(world)
    world.launch()
    world.tick(0)
    now = world.clock.now()
    holds = read_holds(world.store, world.settings, now)
    assert set(holds) == held
    assert all(until > now for until in holds.values())
    said = describe_waiting(world.request(), world.tasks(), now, holds)
    (planned,) = [each for each in said if each.state == "PLANNED"]
    assert words in planned.words(now)
    assert planned.until is not None
    world.close()


def test_without_troubles_nothing_holds(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.launch()
    assert read_holds(world.store, world.settings, world.clock.now()) == {}
    world.close()
