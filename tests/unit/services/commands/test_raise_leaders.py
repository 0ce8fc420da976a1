"""A task that waits for another one's pixels is there no sooner than that: it is raised, too."""

from collections.abc import Callable

import pytest

from s1ratio.services.commands.raise_priority import raise_priority
from s1ratio.services.commands.selection import Selection
from s1ratio.services.starting.sharing import LOOK_AGAIN
from s1ratio.task import TaskState
from tests.support.simulated import Outcome, World, message
from tests.support.task_fields import with_fields

LEADER, FOLLOWER = "r1-o131a", "r2-o131a"
TOO_MUCH = "User memory limit exceeded."
R1, R2 = Selection("r1"), Selection("r2")


def waiting(world: World, *outcomes: Outcome) -> None:
    """Let `r2` wait for the pixels that `r1` exports; the line is long."""
    world.ee.outcomes.extend(outcomes)
    world.launch(message(orbits=[131], priority=10))
    world.launch(message(request_id="r2", orbits=[131], priority=10))
    assert world.task(FOLLOWER).pixels.waits_for == LEADER
    world.set(max_active=1)
    for number in range(3):
        world.launch(message(request_id=f"w{number}", orbits=[1, 2, 3], priority=50))


def priorities(world: World) -> dict[str, int]:
    return {task.id: task.place.priority for task in world.tasks() if not task.ended}


def ended_before(world: World) -> list[str]:
    """Return which of the others had ended when `r2` had."""
    world.until(lambda: world.settled("r2"), limit=900)
    assert world.task(FOLLOWER).state is TaskState.VERIFIED
    return [f"w{number}" for number in range(3) if world.settled(f"w{number}")]


def split(world: World) -> None:
    waiting(world, Outcome(error=TOO_MUCH))
    world.until(lambda: world.task(LEADER).state is TaskState.SPLIT)


def test_the_parts_of_what_it_waits_for_go_first(world: World) -> None:
    split(world)
    raise_priority(world.context(), R2, 500)
    assert {name: value for name, value in priorities(world).items() if "q" in name} == (
        dict.fromkeys([f"{LEADER}-q{number}" for number in range(4)], 500)
    )
    assert ended_before(world) == []


def test_without_it_the_others_are_first(world: World) -> None:
    split(world)
    assert ended_before(world) == ["w0", "w1", "w2"]


def test_a_leader_that_is_split_later_has_it_too(world: World) -> None:
    waiting(world, Outcome(error=TOO_MUCH))
    raise_priority(world.context(), R2, 500)
    assert world.task(LEADER).place.priority == 10, "what Earth Engine has taken keeps its own"
    world.until(lambda: world.task(LEADER).state is TaskState.SPLIT)
    assert ended_before(world) == []


def test_a_leader_that_is_tried_again_has_it(world: World) -> None:
    waiting(world, Outcome(error="Internal error."))
    raise_priority(world.context(), R2, 500)
    world.until(lambda: world.task(LEADER).run.attempt == 2)
    assert world.task(LEADER).place.priority == 500
    assert ended_before(world) == []


def test_parts_of_parts_have_it(world: World) -> None:
    split(world)
    world.set(max_active=2)
    part = f"{LEADER}-q0"
    world.until(lambda: world.task(part).run.operation is not None, limit=900)
    world.operations(part)[0].outcome = Outcome(error=TOO_MUCH)
    world.set(max_active=0)
    world.until(lambda: len(world.tasks()) == 9)
    raise_priority(world.context(), R2, 500)
    planned = [task for task in world.tasks() if task.state is TaskState.PLANNED]
    assert {task.place.priority for task in planned} == {500}


def test_what_was_raised_before_it_waited_lifts_what_is_split_when_it_looks(world: World) -> None:
    split(world)
    follower = world.task(FOLLOWER)
    world.store.transition(follower, with_fields(follower, priority=500), follower.version)
    world.ticks(1, minutes=LOOK_AGAIN.total_seconds() / 60 + 1)
    parts = [task for task in world.tasks() if task.state is TaskState.PLANNED]
    assert {task.place.priority for task in parts} <= {500}
    assert world.task(LEADER).place.at_least == 500


def to_lower(world: World) -> None:
    raise_priority(world.context(), R2, 5)


def to_the_same(world: World) -> None:
    raise_priority(world.context(), R2, 10)


@pytest.mark.parametrize("change", [to_lower, to_the_same])
def test_nothing_is_lowered_for_who_waits(world: World, change: Callable[[World], None]) -> None:
    split(world)
    before = [task for task in world.tasks() if task.id != FOLLOWER]
    change(world)
    assert world.tasks() == before


@pytest.mark.parametrize("own", [3, 700])
def test_its_own_request_may_lift_it_further_but_not_lower(world: World, own: int) -> None:
    split(world)
    raise_priority(world.context(), R2, 500)
    raise_priority(world.context(), R1, own)
    assert {v for name, v in priorities(world).items() if "q" in name} == {max(own, 500)}


def test_a_dry_run_tells_what_would_be_and_a_second_call_does_nothing(world: World) -> None:
    split(world)
    would = raise_priority(world.context(), R2, 500, dry_run=True)
    assert priorities(world)[f"{LEADER}-q0"] == 10
    assert raise_priority(world.context(), R2, 500) == would
    assert [change.id for change in would] == [
        "r2",
        FOLLOWER,
        LEADER,
        *[f"{LEADER}-q{number}" for number in range(4)],
    ]
    assert would[2].now == "priority 500, should it be planned again"
    assert raise_priority(world.context(), R2, 500) == []
