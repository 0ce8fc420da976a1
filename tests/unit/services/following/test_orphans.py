"""Operations and tasks that are not each other's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from s1ratio.services.following.observe import observe
from s1ratio.services.starting.start import start
from s1ratio.services.storing.requests import request_of
from s1ratio.task import TaskState, description, starting
from tests.support.simulated import SimulatedOperation, World, message
from tests.support.simulated.starts import ONE, TIMED_OUT, finish
from tests.support.task_fields import with_fields


def test_both_operations_seen_while_a_poller_was_away_leave_one(world: World) -> None:
    """Adopting one of two must not forget the other, however old its last change is."""
    world.ee.run = timedelta(hours=5)
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(message(orbits=[131, 175]))
    (made,) = world.operations()
    world.ee.put(replace(made, name="projects/p/operations/TWIN"))
    world.clock.sleep(3 * 3600)  # no poller all that time, but others' operations change
    now = world.clock.now()
    world.ee.put(SimulatedOperation("projects/p/operations/ELSE", "else", now, now, now, ""))
    world.ticks(5)
    assert len([op for op in world.operations() if op.live]) == 1
    world.assert_sound()


def test_an_operation_of_ours_that_was_cancelled_is_not_adopted(world: World) -> None:
    """Whoever lost a claim cancels what it made; the task must not end by that."""
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    world.ee.cancel(world.operations()[0].name)
    finish(world)
    assert [op.state for op in world.operations()] == ["CANCELLED", "SUCCEEDED"]


@pytest.mark.parametrize(
    "place",
    [
        "storage/browser/other/composites/r1/",
        "storage/browser/exports/composites/r10/",
        "storage/browser/my-exports/composites/r1/",
    ],
)
def test_an_operation_to_another_place_is_neither_adopted_nor_cancelled(
    world: World, place: str
) -> None:
    world.ee.fail_next("start", TIMED_OUT)
    world.launch(ONE)
    task = world.task()
    world.ee.run = timedelta(hours=1)
    name = world.ee.start(request_of(world.request()), with_fields(task, ee_request_id="x"), "f")
    foreign = world.ee.made[name]
    foreign.description = description("prod", task)
    foreign.destination = f"https://console.developers.google.com/{place}"
    foreign.object_name = "elsewhere"
    world.ticks(5)
    assert world.task().run.operation not in {None, name}
    world.ticks(20)
    assert foreign.state in {"PENDING", "RUNNING"}


@pytest.mark.parametrize(
    "text",
    [
        "s1r-prod-eu-r1-o131a-a1",
        "s1r-prod2-r1-o131a-a1",
        "s1r-pro-r1-o131a-a1",
        "s1r-prod-r1-o131a-a1-q0",
        "s1r-prod-r1-o131a-q0-a1",
        "s1r-prod-r1-o131a-a01",
        "s1r-prod-r1-o131a-a\uff11",
        "s1r-prod-r1-o131a",
        "S1R-prod-r1-o131a-a1",
        "s1r-prod-r1-o131a-a1_",
        "s1r-prod-r1-o131a-a1_abcdefgh",
        "s1r-prod2-r1-o131a-a1_OURS",
        "s1r-prod-r1-o131a-q0-a1_OURS",
        "s1r-prod-r1-o131a-a01_OURS",
        "s1r-prod-r1-o131a-a1_OURSX",
        "my export",
        "",
    ],
)
def test_what_others_run_is_left_alone(world: World, text: str) -> None:
    world.ee.fail_next("start", TIMED_OUT)
    world.launch(ONE)
    world.ee.run = timedelta(hours=1)
    request, task = request_of(world.request()), with_fields(world.task(), ee_request_id="x")
    foreign = world.ee.made[world.ee.start(request, task, "free")]
    foreign.description = text.replace("OURS", world.context().identity)
    foreign.object_name = "elsewhere"
    world.ticks(20)
    assert foreign.state == "RUNNING"
    assert world.task().run.operation not in {None, foreign.name}
    assert world.ee.calls["cancel"] == 0


def test_an_orphan_is_cancelled_but_not_while_its_task_is_starting(world: World) -> None:
    world.ee.run = timedelta(hours=1)
    world.launch(ONE)
    (op,) = world.operations()
    world.ee.put(replace(op, name="projects/p/operations/TWIN"))
    task = world.task()
    lease = timedelta(minutes=30)
    claim = with_fields(task, state=TaskState.PLANNED, operation=None)
    claim = starting(
        claim, "another", world.clock.now(), lease, "prod", identity=world.context().identity
    )
    stored = world.store.transition(task, claim, task.version)
    world.ticks(20)
    assert {o.state for o in world.operations()} == {"RUNNING"}
    world.store.transition(stored, task, stored.version)
    world.ticks(2)
    assert [o.name for o in world.operations() if o.survives] == [op.name]


def test_an_orphan_by_an_old_reading_of_its_task_is_not_cancelled(world: World) -> None:
    """The task was planned when the tick read it; by now it has the operation."""
    world.set(launch_budget_s=0)
    world.launch(ONE)
    context = world.context()
    before = world.task()
    after = start(context, request_of(world.request()), before)
    assert after is not None
    (operation,) = world.ee.list_operations()
    assert observe(context, before, 1, operation) is None  # to be looked at again
    assert world.ee.calls["cancel"] == 0
    assert observe(context, after, 1, operation) == after
