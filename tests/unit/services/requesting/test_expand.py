"""From a stored request to its tasks: orbits found once, periods to come, no scenes."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import StoreUnavailable, TerminalFault
from s1ratio.records import RequestState
from s1ratio.task import TaskState
from tests.support.simulated import Breaker, World, message
from tests.support.told import end_kinds_told


@pytest.mark.parametrize("words", ["Internal error.", "429"])
def test_orbits_are_asked_for_again_for_a_day_at_least(world: World, words: str) -> None:
    fault = fault_of(words, 429)
    world.ee.fail_next("find_passes", *[fault] * 24)
    world.launch(message(orbits=None))
    world.until(lambda: world.request().state is not RequestState.EXPANDING, 24 * 60)
    assert world.request().state is RequestState.RUNNING
    assert world.ee.calls["find_passes"] == 25


def test_orbits_that_can_never_be_found_end_the_request(world: World) -> None:
    world.ee.fail_next("find_passes", TerminalFault("Image.load: permission denied"))
    launched = world.launch(message(orbits=None))
    assert launched.state is RequestState.FAILED
    assert world.request().error == "Image.load: permission denied"
    assert end_kinds_told(world.store, "r1") == ["request.failed"]


def test_orbits_are_found_once(world: World) -> None:
    world.launch(message(orbits=None))
    assert set(world.states()) == {"o058a", "o131a"}
    world.launch(message(orbits=None))
    world.until(world.settled)
    assert world.ee.calls["find_passes"] == 1
    assert world.request().passes == world.ee.found


def test_orbits_once_found_are_never_asked_for_again(world: World) -> None:
    reached = world.context(Breaker(at=4, error=StoreUnavailable))  # before `update`
    with pytest.raises(StoreUnavailable):
        world.launch(message(orbits=None), reached)
    world.ee.calls.clear()
    stored = world.context(Breaker(at=4, after=True, error=StoreUnavailable))
    with pytest.raises(StoreUnavailable):
        world.launch(message(orbits=None), stored)
    assert world.ee.calls["find_passes"] == 1
    assert world.tasks() == []
    world.ee.found = world.ee.found[:1]
    world.until(world.settled)
    assert set(world.states()) == {"o058a", "o131a"}
    assert world.ee.calls["find_passes"] == 1


def test_no_scenes_is_empty_and_told(world: World) -> None:
    world.ee.found = ()
    launched = world.launch(message(orbits=None))
    assert launched.state is RequestState.EMPTY
    assert [fault.code for fault in launched.reasons] == ["no_scenes"]
    record = world.request()
    assert (record.state, record.reasons) == (RequestState.EMPTY, launched.reasons)
    assert end_kinds_told(world.store, "r1") == ["request.empty"]
    world.launch(message(orbits=None))
    world.ticks(5)
    assert world.ee.calls["find_passes"] == 1


def _day_of(world: World, state: Callable[[], Any], wanted: Any) -> datetime:
    world.until(lambda: state() == wanted, minutes=60)
    return world.clock.now()


def test_orbits_of_a_period_to_come_are_found_when_it_is_over(world: World) -> None:
    launched = world.launch(message(end="2024-06-05", orbits=None))
    assert launched.state is RequestState.EXPANDING
    assert world.request().not_before == datetime(2024, 6, 7, tzinfo=UTC)
    world.ticks(5)
    assert sum(world.ee.calls.values()) == 0
    at = _day_of(world, lambda: world.ee.calls["start"], 2)
    assert datetime(2024, 6, 7, tzinfo=UTC) <= at <= datetime(2024, 6, 7, 2, tzinfo=UTC)


def test_named_orbits_of_a_period_to_come_are_planned(world: World) -> None:
    launched = world.launch(message(end="2024-06-05"))
    assert (launched.state, launched.started) == (RequestState.ACCEPTED, 0)
    assert {task.place.not_before for task in world.tasks()} == {datetime(2024, 6, 7, tzinfo=UTC)}
    assert set(world.states().values()) == {TaskState.PLANNED}
    world.ticks(5)
    assert sum(world.ee.calls.values()) == 0
    at = _day_of(world, lambda: world.ee.calls["start"], 2)
    assert datetime(2024, 6, 7, tzinfo=UTC) <= at <= datetime(2024, 6, 7, 2, tzinfo=UTC)
