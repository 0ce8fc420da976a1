"""POSTs of which nothing is known: found again, or made again, never both."""

from datetime import timedelta
from typing import Any

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.services.polling.poll import poll
from s1ratio.task import TaskState
from tests.support.simulated import SimulatedOperation, World
from tests.support.simulated.earth_engine import FULL
from tests.support.simulated.starts import ONE, TIMED_OUT, finish, ids, ids_used


def test_an_operation_made_by_a_post_that_timed_out_is_adopted_after_the_lease(
    world: World,
) -> None:
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    claim = world.task()
    assert (claim.state, claim.run.operation) == (TaskState.STARTING, None)
    world.ticks(2)
    assert world.task() == claim  # a live lease is touched by nobody
    world.tick()
    assert world.task().run.operation == world.operations()[0].name
    finish(world)
    assert world.ee.calls["start"] == 1


def test_one_that_was_not_made_is_made_under_the_same_id(world: World) -> None:
    world.ee.fail_next("start", TIMED_OUT)
    world.launch(ONE)
    world.ticks(3)
    assert world.ee.calls["start"] == 2
    assert ids_used(world) == ids(1)
    finish(world)


def test_an_operation_listed_five_minutes_late_is_waited_for(world: World) -> None:
    """It was made when its first POST timed out, and is over before anybody can see it."""
    world.ee.latency_s = 59
    world.ee.list_delay = timedelta(minutes=5)
    world.ee.wait, world.ee.run = timedelta(), timedelta(minutes=2)
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    world.ee.latency_s = 0
    world.tick(2.02)  # its lease is over, and its id refused as used
    world.tick(2)
    finish(world)
    assert len(world.operations()) == 1


def test_a_used_id_waits_looks_again_and_only_then_takes_the_next(world: World) -> None:
    """The start was refused after it had burned its id, and the answer was lost."""
    world.ee.used_ids[ids(1)[0]] = None
    world.launch(ONE)
    used = world.task()
    assert used.state is TaskState.STARTING
    assert used.claim.lease_until == world.clock.now() + timedelta(minutes=5)
    world.ticks(4)
    assert (world.task().claim.start_number, world.ee.calls["start"]) == (1, 1)
    world.tick()
    assert world.task().claim.missed_at == world.clock.now(), "the first of two lists without it"
    assert world.ee.calls["start"] == 1
    world.tick()
    assert world.ee.calls["start"] == 2
    assert ids_used(world) == ids(1, 2)
    finish(world)


def test_an_operation_that_is_listed_within_the_grace_is_adopted(world: World) -> None:
    world.ee.list_delay = timedelta(minutes=4)
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    world.ticks(3)  # not listed yet: the same id is refused as used
    assert world.task().claim.id_used_at is not None
    finish(world)
    assert ids_used(world) == ids(1)
    assert len(world.operations()) == 1


def test_an_operation_that_is_listed_later_still_is_cancelled(world: World) -> None:
    world.ee.list_delay = timedelta(minutes=10)
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    finish(world)
    assert ids_used(world) == ids(1, 2)
    assert [op.state for op in world.operations()] == ["CANCELLED", "SUCCEEDED"]


def test_the_grace_counts_to_when_the_list_was_drawn(world: World) -> None:
    """A list drawn before the grace was over can't tell that nothing is there."""
    world.ee.list_delay = timedelta(minutes=7, seconds=30)
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    world.ticks(3)
    look_again = world.task().claim.lease_until
    assert look_again is not None
    world.clock.sleep((look_again - world.clock.now()).total_seconds() - 60)
    listing = world.ee.list_operations

    def slow() -> Any:
        listed = list(listing())
        world.clock.sleep(90)  # the grace ends meanwhile, and the operation is listed
        return iter(listed)

    world.ee.list_operations = slow  # type: ignore[method-assign]
    poll(world.context())
    world.ee.list_operations = listing  # type: ignore[method-assign]
    finish(world)
    assert len(world.operations()) == 1


@pytest.mark.parametrize("words", [FULL, "Your usage exceeded the custom quota"])
def test_a_full_queue_does_not_make_a_broken_start_forgotten(world: World, words: str) -> None:
    """The POST was taken though it timed out, the second one is refused before its id is."""
    world.ee.list_delay = timedelta(minutes=9)
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    world.ee.fail_next("start", fault_of(words, 429))
    world.ticks(3)
    assert (world.task().state, world.task().claim.start_number) == (TaskState.STARTING, 1)
    finish(world)
    assert len(world.operations()) == 1


def test_a_broken_start_behind_a_full_queue_is_made_when_there_is_room(world: World) -> None:
    world.ee.fail_next("start", TIMED_OUT)
    world.launch(ONE)
    world.ee.capacity = 0
    world.ticks(60)
    assert world.task().run.attempt == 1
    world.ee.capacity = 1
    finish(world)
    assert len(world.operations()) == 1


def test_what_ended_while_a_poller_was_away_is_adopted_with_its_end(world: World) -> None:
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    world.clock.sleep(3 * 3600)
    now = world.clock.now()
    world.ee.put(SimulatedOperation("projects/p/operations/ELSE", "else", now, now, now, ""))
    world.tick()
    assert world.task().state is TaskState.VERIFIED


def test_earth_engines_clock_may_be_behind_ours(world: World) -> None:
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    world.operations()[0].created_at -= timedelta(minutes=3)
    finish(world)
    assert world.ee.calls["start"] == 1
