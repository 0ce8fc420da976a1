"""One operation has several names: a project is told by its id, its number, or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from s1ratio.ports import Operation, operation_id
from s1ratio.services.operations.listing import Listing
from s1ratio.services.process_memory import Memory
from s1ratio.services.starting.start import record_operation
from s1ratio.task import TaskState
from tests.support.simulated import World
from tests.support.simulated.starts import ONE, TIMED_OUT, during_post

X = "projects/my-project/operations/X7"
NAMES = {
    "the project's id": X,
    "its number": "projects/123456789012/operations/X7",
    "its id with a domain": "projects/example.com:my-project/operations/X7",
    "the legacy project": "projects/earthengine-legacy/operations/X7",
    "no project": "operations/X7",
    "the id alone": "X7",
    "a slash at its end": f"{X}/",
    "a location": "projects/my-project/locations/global/operations/X7",
}
OTHERS = ["projects/my-project/operations/X70", "X", "x7", f"{X}/Y", "", "projects/p/operations/"]


def shown(world: World, name: str) -> Operation:
    now = world.clock.now()
    return Operation(name, "RUNNING", "d", now, now)


@pytest.mark.parametrize("name", NAMES.values(), ids=list(NAMES))
def test_names_of_one_operation(world: World, name: str) -> None:
    one = shown(world, name)
    assert operation_id(name) == one.id == "X7"
    assert one.name == name, "it is asked and cancelled by the name that was shown"
    for other in NAMES.values():
        assert one.is_named(other)
    listing = Listing([one], world.clock.now(), world.clock.now())
    assert listing.find(X) is one
    memory = Memory()
    memory.remember([one])
    assert memory.knows(replace(one, name=X))
    memory.forget(X)
    assert not memory.knows(one)


@pytest.mark.parametrize("name", OTHERS)
def test_names_of_other_operations(world: World, name: str) -> None:
    one = shown(world, X)
    assert not one.is_named(name)
    assert not one.is_named(None)
    listing = Listing([one], world.clock.now(), world.clock.now())
    assert listing.find(name) is None
    assert listing.find(None) is None


@pytest.mark.parametrize("project", ["123456789012", "example.com:p", "earthengine-legacy"])
def test_an_operation_that_the_list_names_otherwise_is_followed_to_its_end(
    world: World, project: str
) -> None:
    world.ee.shown_project = project
    world.launch()
    names = {task.run.operation for task in world.tasks()}
    world.until(world.settled)
    assert set(world.states().values()) == {TaskState.VERIFIED}
    assert world.ee.calls["cancel"] == 0
    assert {task.run.operation for task in world.tasks()} == names, "as the starts answered"
    assert {op.state for op in world.operations()} == {"SUCCEEDED"}


def test_a_project_whose_name_changes_while_it_runs(world: World) -> None:
    world.ee.run = timedelta(hours=2)
    world.launch()
    for number in range(150):
        world.ee.shown_project = ("p", "123456789012")[number % 2]
        world.tick()
    assert set(world.states().values()) == {TaskState.VERIFIED}
    assert world.ee.calls["cancel"] == 0


def test_a_second_operation_is_still_cancelled(world: World) -> None:
    world.ee.run = timedelta(hours=1)
    world.launch(ONE)
    world.ee.shown_project = "123456789012"
    (op,) = world.operations()
    world.ee.put(replace(op, name="projects/p/operations/TWIN"))
    world.ticks(10)
    assert [one.name for one in world.operations() if one.survives] == [op.name]


def test_a_broken_start_is_adopted_and_followed_by_either_name(world: World) -> None:
    world.ee.shown_project = "123456789012"
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    world.ee.run = timedelta(hours=1)
    world.until(lambda: world.task().state is TaskState.RUNNING)
    assert (world.task().run.operation or "").startswith("projects/123456789012/")
    world.ee.shown_project = "p"
    world.until(world.settled)
    assert world.task().state is TaskState.VERIFIED
    assert world.ee.calls["cancel"] == 0
    assert len(world.operations()) == 1


def test_a_start_that_learns_late_that_its_operation_was_adopted_cancels_nothing(
    world: World,
) -> None:
    """Its answer names the project by id; whoever took it over found it in the list."""
    world.ee.shown_project = "123456789012"

    def adopt(_: str) -> None:
        world.clock.sleep(15 * 60)
        world.ticks(2)
        assert world.task().state is TaskState.RUNNING

    world.ee.run = timedelta(hours=5)
    during_post(world, adopt)
    world.launch(ONE)
    assert world.ee.calls["cancel"] == 0
    assert [op.state for op in world.operations()] == ["RUNNING"]


def test_a_claim_that_was_lost_to_another_operation_cancels_its_own(world: World) -> None:
    world.launch(ONE)
    stale = replace(world.task(), version=1)
    record_operation(world.context(), stale, "projects/p/operations/OTHER")
    assert world.ee.calls["cancel"] == 1


def test_an_operation_that_the_list_forgot_is_found_again_by_its_other_name(world: World) -> None:
    world.ee.run = timedelta(hours=2)
    world.launch(ONE)
    world.ee.shown_project = "123456789012"
    (op,) = world.operations()
    name = world.task().run.operation
    op.listed_at = world.clock.now() + timedelta(hours=1)
    world.until(world.settled)
    assert world.task().state is TaskState.VERIFIED
    assert world.task().run.operation == name
    assert world.ee.calls["cancel"] == 0
