"""What an earlier version started, whose operations' names have no identity of the store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from s1ratio.task import Task, TaskState, ee_request_id
from tests.support.simulated import Outcome, World
from tests.support.simulated.starts import ONE, TIMED_OUT, ids_used
from tests.support.simulated.two_stores import ADVICE, follow_to_the_end, of
from tests.support.task_fields import with_fields


def of_earlier_version(world: World, task: Task) -> Task:
    """Store a task as an earlier version left it, and its operation as one made it."""
    old_id = ee_request_id("prod", task.id, task.run.attempt, task.claim.start_number, None)
    old = with_fields(task, identity=None, ee_request_id=old_id)
    for op in of(world, task.id):
        op.description = op.description.partition("_")[0]
    world.ee.used_ids = {old_id: world.ee.used_ids.pop(task.claim.ee_request_id or "")}
    return world.store.transition(task, old, task.version)


@pytest.mark.parametrize("state", [TaskState.SUBMITTED, TaskState.RUNNING, TaskState.STARTING])
def test_what_an_earlier_version_started_is_followed_to_its_end(
    world: World, state: TaskState
) -> None:
    if state is TaskState.STARTING:
        world.ee.fail_after_next("start", TIMED_OUT)
    world.ee.run = timedelta(hours=2)
    world.launch(ONE)
    if state is TaskState.RUNNING:
        world.ticks(4)
    assert of_earlier_version(world, world.task()).state is state
    follow_to_the_end(world)
    (op,) = of(world)
    assert (op.state, op.description) == ("SUCCEEDED", "s1r-prod-r1-o131a-a1")
    assert world.ee.calls["cancel"] == 0


def test_an_earlier_versions_start_goes_on_under_its_request_id(world: World) -> None:
    """It was taken and is listed late: under another id it would be made twice."""
    world.ee.list_delay = timedelta(minutes=6)
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    of_earlier_version(world, world.task())
    follow_to_the_end(world)
    assert world.task().claim.identity is None
    assert len(of(world)) == 1
    assert world.ee.calls["start"] > 1
    assert ids_used(world) == [ee_request_id("prod", "r1-o131a", 1, 1, None)]


def test_an_earlier_versions_next_attempt_has_the_identity(world: World) -> None:
    world.ee.run = timedelta(hours=1)
    world.launch(ONE)
    of_earlier_version(world, world.task())
    of(world)[0].outcome = Outcome(error="Internal error.")
    of(world)[0].enter("FAILED", world.clock.now())
    follow_to_the_end(world)
    here = world.context().identity
    assert [op.description for op in of(world)] == [
        "s1r-prod-r1-o131a-a1",
        f"s1r-prod-r1-o131a-a2_{here}",
    ]


@pytest.mark.parametrize("known", [True, False], ids=["of a task here", "of no task here"])
def test_an_operation_without_identity_that_no_task_names_is_left_alone_and_told(
    world: World, known: bool
) -> None:
    """It may be of another store that has not been updated, and its own task may name it."""
    world.ee.run = timedelta(hours=3)
    world.launch(ONE)
    (op,) = of(world)
    name = "r1-o131a" if known else "r9-o131a"
    foreign = replace(op, name="projects/q/operations/X", description=f"s1r-prod-{name}-a1")
    world.ee.put(foreign)
    (trouble,) = world.tick().troubles
    assert trouble.startswith("1 live operation is under the name of deployment prod")
    assert ADVICE in trouble
    world.ticks(130)
    assert foreign.state == "RUNNING"
    assert world.ee.calls["cancel"] == 0
