"""One area's trouble in a list of fifty is its own: the others are answered, and it is told."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from s1ratio.aoi import Aoi, read
from s1ratio.errors import (
    AccessRefused,
    QueueFull,
    QuotaExceeded,
    ResourcesExceeded,
    TerminalFault,
    TookTooLong,
    TransientFault,
)
from s1ratio.scenes import MAX_QUESTIONS, SceneQuestion
from s1ratio.services.scene_lists import SceneLists, list_scenes
from tests.support.simulated.world import World

AT = datetime(2024, 6, 1, tzinfo=UTC)


def unreadable(words: str) -> TransientFault:
    fault = TransientFault(words)
    fault.unreadable = True
    return fault


OF_A_QUESTION = [
    ResourcesExceeded("User memory limit exceeded."),
    TerminalFault("the question has 1200000 bytes"),
    unreadable("a footprint that is a Point"),
    ValueError("a footprint without an area"),
    KeyError("orbitNumber_stop"),
]
OF_ANYBODY = [TransientFault("Internal error."), TookTooLong("Earth Engine did not answer")]
OF_NOBODY = [QueueFull("429"), QuotaExceeded("custom quota"), AccessRefused("403")]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def questions(count: int) -> list[SceneQuestion]:
    return [SceneQuestion(f"q{n}", _area(n), AT, AT + timedelta(days=1)) for n in range(count)]


def _area(number: int) -> Aoi:
    found, faults = read({"bbox": [number, 47.0, number + 0.1, 47.1]}, "")
    assert found is not None, faults
    return found


def unless(
    bad: Sequence[int], error: Exception
) -> Callable[[Sequence[SceneQuestion]], Exception | None]:
    """Return what objects to calls with one of these questions."""
    names = {f"q{n}" for n in bad}
    return lambda asked: error if any(one.key in names for one in asked) else None


def ask(world: World, count: int = MAX_QUESTIONS, seconds: float = 600) -> SceneLists:
    until = world.clock.now() + timedelta(seconds=seconds)
    return list_scenes(world.context(), questions(count), until, [])


@pytest.mark.parametrize("count", [1, 50, 120])
def test_all_are_answered_with_one_call_for_fifty(world: World, count: int) -> None:
    found = ask(world, count)
    assert len(found.answers) == count
    assert found.calls == -(-count // MAX_QUESTIONS)
    assert (found.at_fault, found.stopped) == ({}, False)


@pytest.mark.parametrize("error", [*OF_A_QUESTION, *OF_ANYBODY], ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("bad", [0, 24, 49])
def test_one_that_is_too_much_holds_up_nobody_else(
    world: World, error: Exception, bad: int
) -> None:
    world.ee.objects_to = unless([bad], error)
    found = ask(world)
    assert set(found.at_fault) == {f"q{bad}"}
    assert str(error) in found.at_fault[f"q{bad}"]
    assert len(found.answers) == MAX_QUESTIONS - 1
    assert found.calls <= 13
    assert not found.stopped


@pytest.mark.parametrize("error", OF_NOBODY, ids=lambda e: type(e).__name__)
def test_what_is_nobodys_fault_is_asked_once(world: World, error: Exception) -> None:
    world.ee.objects_to = unless(range(MAX_QUESTIONS), error)
    found = ask(world)
    assert (found.calls, found.answers, found.at_fault, found.stopped) == (1, {}, {}, True)


@pytest.mark.parametrize("error", OF_ANYBODY, ids=lambda e: type(e).__name__)
@pytest.mark.parametrize(("count", "calls"), [(50, 3), (1, 1)])
def test_an_earth_engine_that_answers_nothing_blames_nobody(
    world: World, error: Exception, count: int, calls: int
) -> None:
    world.ee.objects_to = unless(range(count), error)
    found = ask(world, count)
    assert (found.calls, found.answers, found.at_fault, found.stopped) == (calls, {}, {}, True)


def test_one_alone_that_cannot_be_answered_is_at_fault(world: World) -> None:
    world.ee.objects_to = unless([0], ResourcesExceeded("Computation timed out."))
    found = ask(world, 1)
    assert (set(found.at_fault), found.stopped) == ({"q0"}, False)


def test_many_at_fault_take_a_bounded_number_of_calls_and_the_rest_waits(world: World) -> None:
    world.ee.objects_to = unless(range(0, 50, 3), ValueError("of another form"))
    found = ask(world)
    assert found.calls <= 24
    assert len(found.at_fault) + len(found.answers) < MAX_QUESTIONS


def test_no_call_begins_when_time_is_over(world: World) -> None:
    world.ee.objects_to = unless([0], ResourcesExceeded("Computation timed out."))
    assert ask(world, seconds=0).calls == 1
