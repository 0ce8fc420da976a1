"""Starts that break time after time, files that can't be read: told, slowed down, ended."""

from datetime import timedelta

from s1ratio.errors import TransientFault
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.selection import Selection
from s1ratio.services.starting.start import MAX_BROKEN
from s1ratio.task import TaskState, Trouble
from tests.support.simulated import World
from tests.support.simulated.starts import ONE, TIMED_OUT, finish, ids, ids_used

INTERNAL = TransientFault("Internal error.")


def test_a_start_that_always_breaks_says_so_slows_down_and_is_parked(world: World) -> None:
    world.ee.fail_next("start", *[INTERNAL] * 1000)
    world.launch(ONE)
    task = world.task()
    assert task.trouble == Trouble("transient", "Internal error.", tries=1)
    world.ticks(60)
    assert 4 <= world.ee.calls["start"] <= 12
    world.until(lambda: world.task().trouble.error_class == "parked", minutes=15)
    assert world.ee.calls["start"] == MAX_BROKEN
    assert "parked after 20 broken starts" in str(world.task().trouble.error)
    world.ticks(24 * 2, minutes=60)
    task = world.task()
    assert (task.state, task.trouble.tries) == (TaskState.STARTING, MAX_BROKEN)
    assert "the last: Internal error." in str(task.trouble.error)
    assert str(task.trouble.error).count("parked after") == 1
    assert 24 <= world.ee.calls["start"] - MAX_BROKEN <= 49
    assert not world.operations()


def test_a_parked_start_goes_on_by_itself_when_starts_are_taken_again(world: World) -> None:
    world.ee.fail_next("start", *[INTERNAL] * 40)
    world.launch(ONE)
    world.until(lambda: world.task().trouble.error_class == "parked", minutes=15)
    world.until(world.settled, minutes=15)
    finish(world)
    assert ids_used(world) == ids(1)
    assert world.task().trouble.error is None


def test_a_parked_start_can_be_cancelled(world: World) -> None:
    world.ee.fail_next("start", *[INTERNAL] * 1000)
    world.launch(ONE)
    world.until(lambda: world.task().trouble.error_class == "parked", minutes=15)
    cancel(world.context(), Selection("r1"), "a mistake")
    world.until(world.settled, limit=20, minutes=15)
    assert world.task().state is TaskState.CANCELLED


def test_the_last_broken_start_is_looked_for_before_it_is_given_up(world: World) -> None:
    world.ee.fail_next("start", *[INTERNAL] * (MAX_BROKEN - 1))
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    world.until(lambda: world.task().trouble.tries == MAX_BROKEN, minutes=15)
    finish(world)
    assert world.task().trouble.tries == 0


def test_a_bucket_that_refuses_for_good_is_told_on_the_task(world: World) -> None:
    world.bucket.down = True
    world.launch(ONE)
    world.until(lambda: world.task().trouble.tries > 0)
    assert world.task().trouble.error_class == "bucket"
    assert "did not answer" in str(world.task().trouble.error)
    lists = world.bucket.lists
    world.ticks(24 * 12, minutes=5)
    assert world.bucket.lists - lists < 40
    assert world.task().place.not_before <= world.clock.now() + timedelta(hours=1)
    world.bucket.down = False
    finish(world)
    assert (world.task().trouble.error, world.task().trouble.error_class) == (None, None)
