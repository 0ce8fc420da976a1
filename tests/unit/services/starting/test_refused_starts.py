"""Starts that Earth Engine refuses: a full queue, a used up quota, an error for good."""

from datetime import UTC, datetime, timedelta

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.records import RequestState
from s1ratio.task import TaskState
from tests.support.simulated import World, message
from tests.support.simulated.earth_engine import FULL
from tests.support.simulated.starts import ONE, finish, ids, ids_used


def test_a_full_queue_gives_the_task_back_and_costs_no_attempt(world: World) -> None:
    world.ee.capacity = 0
    assert world.launch(ONE).started == 0
    task = world.task()
    assert (task.state, task.run.attempt, task.claim.start_number) == (TaskState.PLANNED, 1, 2)
    assert task.place.not_before == world.clock.now() + timedelta(minutes=5)
    assert (task.claim.owner, task.claim.lease_until) == (None, None)
    assert task.trouble.error_class == "queue"
    world.ee.capacity = 10
    world.ticks(4)
    assert world.task().state is TaskState.PLANNED
    world.tick()
    assert world.task().state is TaskState.SUBMITTED
    assert ids_used(world) == ids(1, 2)
    finish(world)


def test_a_full_queue_ends_the_run_of_starts(world: World) -> None:
    world.ee.capacity = 3
    world.launch(message(orbits=list(range(1, 11))))
    assert world.ee.calls["start"] == 4
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED
    world.assert_sound()


@pytest.mark.parametrize("words", ["Your usage exceeded the custom quota for EECUs.", FULL])
def test_nobody_runs_against_a_closed_door(world: World, words: str) -> None:
    world.ee.fail_next("start", *[fault_of(words, 429)] * 50)
    world.launch(message(orbits=list(range(1, 11))))
    world.ticks(3)
    assert world.ee.calls["start"] <= 4  # one for each run
    assert {task.run.attempt for task in world.tasks()} == {1}


def test_a_used_up_quota_parks_the_task(world: World) -> None:
    world.ee.fail_next("start", fault_of("Your usage exceeded the custom quota", 429))
    world.launch(ONE)
    task = world.task()
    assert (task.state, task.run.attempt) == (TaskState.PLANNED, 1)
    assert task.trouble.error_class == "quota"
    reset = datetime(2024, 6, 2, 8, tzinfo=UTC)
    assert reset <= task.place.not_before <= reset + timedelta(minutes=10)
    world.until(lambda: world.ee.calls["start"] == 2, limit=30 * 60)
    assert reset <= world.clock.now() <= reset + timedelta(minutes=12)
    finish(world)


@pytest.mark.parametrize(
    ("words", "error_class"),
    [
        ("Image.select: band 'XX' not found", "terminal"),
        ("Image.load: Asset 'x' not found (does not exist or caller lacks access)", "terminal"),
    ],
)
def test_what_no_retry_mends_ends_the_task(world: World, words: str, error_class: str) -> None:
    world.ee.fail_next("start", fault_of(words, 400))
    world.launch(ONE)
    task = world.task()
    assert task.state is TaskState.FAILED
    assert (task.trouble.error_class, task.trouble.error) == (error_class, words)
    world.ticks(11)
    assert world.request().state is RequestState.FAILED
    assert world.ee.calls["start"] == 1
