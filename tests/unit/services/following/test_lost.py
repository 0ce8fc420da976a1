"""Operations that drop out of Earth Engine's list, or that it does not know any more."""

from datetime import timedelta

import pytest

from s1ratio.errors import TransientFault
from s1ratio.ports import RasterFile
from s1ratio.records import RequestState
from s1ratio.task import TaskState
from tests.support.simulated import SimulatedOperation, World, message
from tests.support.simulated.starts import ONE
from tests.support.told import ends_told

HOURLY = 62  # ticks, within which a round is made


def running(world: World, payload: bytes = ONE) -> SimulatedOperation:
    """Launch a task whose operation runs for a day; return the operation."""
    world.ee.run = timedelta(days=1)
    world.launch(payload)
    world.ticks(5)
    assert world.task().state is TaskState.RUNNING
    return world.operations()[0]


def vanish(world: World, operation: SimulatedOperation) -> None:
    """Let Earth Engine know nothing of an operation any more."""
    del world.ee.made[operation.name]
    now = world.clock.now()
    name = f"projects/p/operations/{len(world.ee.made)}"  # or the next would get its name
    world.ee.put(SimulatedOperation(name, "else", now, now, now, "", state="SUCCEEDED"))


def lose(world: World, payload: bytes = ONE) -> SimulatedOperation:
    """Return the operation of a task that is LOST."""
    operation = running(world, payload)
    vanish(world, operation)
    world.until(lambda: world.task().state is TaskState.LOST, limit=HOURLY)
    return operation


def write(world: World, **changes: object) -> None:
    """Put the task's file into the bucket, as an export would have."""
    plan = world.task().plan
    grid = plan.grid
    fields: dict[str, object] = {
        "name": f"{plan.object_name(1)}.tif",
        "crs": grid.crs,
        "transform": grid.transform,
        "shape": (grid.height, grid.width),
        "bands": plan.bands,
        "dtype": "float32",
        "nodata": -9999.0,
        "has_data": True,
    }
    world.bucket.write(RasterFile(**(fields | changes)), world.clock.now())  # type: ignore[arg-type]


def test_an_operation_that_is_gone_for_good_is_started_again_after_a_grace(world: World) -> None:
    lose(world)
    lost = world.task()
    assert lost.place.not_before - world.clock.now() == timedelta(minutes=15)
    assert (lost.trouble.error_class, lost.run.retries) == ("lost", 0)
    world.ticks(14)
    assert world.task().state is TaskState.LOST
    world.ee.run = timedelta(minutes=10)
    world.until(world.settled)
    task = world.task()
    assert (task.state, task.run.attempt, task.run.retries) == (TaskState.VERIFIED, 2, 1)
    assert task.result.files == ("composites/r1/r1-o131a-a2.tif",)
    world.assert_sound()


def test_one_that_is_only_missing_from_the_list_is_followed_by_its_name(world: World) -> None:
    operation = running(world)
    operation.listed_at += timedelta(days=900)
    world.ticks(3 * 60)
    assert world.task().state is TaskState.RUNNING
    assert world.ee.calls["get_operation"] <= 4
    operation.enter("SUCCEEDED", world.clock.now())
    write(world)
    world.until(world.settled, limit=HOURLY)
    assert (world.task().state, world.task().run.attempt) == (TaskState.VERIFIED, 1)


def test_one_that_ended_long_ago_and_left_the_list_is_judged_by_its_name(world: World) -> None:
    operation = running(world)
    operation.listed_at += timedelta(days=900)
    operation.outcome = type(operation.outcome)(error="Image.select: band 'XX' not found")
    operation.enter("FAILED", world.clock.now())
    world.until(world.settled, limit=HOURLY)
    assert world.task().trouble.error == "Image.select: band 'XX' not found"


def test_what_the_bucket_has_is_not_made_again(world: World) -> None:
    lose(world)
    write(world)
    world.until(world.settled)
    task = world.task()
    assert (task.state, task.run.attempt, task.trouble.error) == (TaskState.VERIFIED, 1, None)
    assert world.request().state is RequestState.VERIFIED
    assert world.ee.calls["start"] == 1


def test_an_incomplete_file_is_no_output(world: World) -> None:
    lose(world)
    grid = world.task().plan.grid
    write(world, shape=(grid.height // 2, grid.width))
    world.until(lambda: world.task().run.attempt == 2)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (None, "its files are not all there"),
        ({"shape": (1, 1)}, "px of the area lie in no file"),
        ({"bands": ("other",)}, "its bands are ['other']"),
        ({"dtype": "float64"}, "its pixels are float64"),
        ({"nodata": 0.0}, "its value is 0 for no data"),
    ],
)
def test_why_the_bucket_has_not_what_was_planned_is_said(
    world: World, changes: dict[str, object] | None, words: str
) -> None:
    lose(world)
    if changes is not None:
        write(world, **changes)
    world.until(lambda: world.task().state is not TaskState.LOST)
    assert world.task().run.retries == 1
    assert words in str(world.task().trouble.error)


@pytest.mark.parametrize("listed", [True, False])
def test_one_that_comes_back_within_the_grace_is_taken_up_again(world: World, listed: bool) -> None:
    operation = lose(world)
    world.ticks(5)
    if not listed:
        operation.listed_at += timedelta(days=900)
    world.ee.put(operation)
    world.until(lambda: world.task().state is TaskState.RUNNING, limit=20)
    assert (world.task().trouble.error, world.task().run.attempt) == (None, 1)
    assert world.ee.calls["start"] == 1


def test_one_that_comes_back_under_another_name_is_adopted(world: World) -> None:
    operation = lose(world)
    operation.name = "projects/12345/operations/OP00000"
    world.ee.put(operation)
    world.until(lambda: world.task().state is TaskState.RUNNING, limit=20)
    assert world.task().run.operation == operation.name
    assert operation.state == "RUNNING"


def test_one_that_comes_back_in_a_state_that_nobody_knows_is_not_lost(world: World) -> None:
    operation = lose(world)
    operation.state = "PAUSED"
    world.ee.put(operation)
    world.ticks(40)
    assert (world.task().state, world.task().run.attempt) == (TaskState.SUBMITTED, 1)


def test_one_that_comes_back_too_late_is_cancelled_as_an_orphan(world: World) -> None:
    operation = lose(world)
    world.until(lambda: world.task().run.attempt == 2 and world.task().run.operation is not None)
    world.ee.put(operation)
    world.until(lambda: not operation.live, limit=HOURLY)
    second = world.task()
    assert second.state in {TaskState.SUBMITTED, TaskState.RUNNING}
    world.assert_sound()


def test_one_that_comes_back_after_its_task_has_ended_is_cancelled(world: World) -> None:
    operation = lose(world)
    world.until(lambda: world.task().run.attempt == 2)
    world.ee.run = timedelta(minutes=10)
    world.until(world.settled)
    operation.created_at += timedelta(days=2)  # or it would be over by now
    world.ee.put(operation)
    world.until(lambda: not operation.live, limit=2 * HOURLY)
    world.ticks(3, minutes=60)
    world.ee.calls.clear()
    world.ticks(20, minutes=30)
    assert sum(world.ee.calls.values()) == 0
    assert world.task().state is TaskState.VERIFIED


def test_one_that_succeeded_after_it_was_given_up_breaks_nothing(world: World) -> None:
    operation = lose(world)
    world.until(lambda: world.task().run.attempt == 2 and world.task().run.operation is not None)
    world.ee.run = timedelta(minutes=10)
    operation.enter("SUCCEEDED", world.clock.now())
    world.ee.put(operation)
    write(world)
    world.until(world.settled, limit=HOURLY)
    assert world.task().result.files == ("composites/r1/r1-o131a-a2.tif",)
    assert ends_told(world.store, "r1") == [
        "r1-o131a.verified.a2",
        "r1.verified.r1",
    ]


def test_nothing_is_made_of_an_answer_that_does_not_come(world: World) -> None:
    operation = running(world)
    vanish(world, operation)
    world.ee.fail_next("get_operation", *[TransientFault("Internal error.")] * 5)
    world.ticks(HOURLY)
    assert world.task().state is TaskState.RUNNING
    world.until(lambda: world.task().state is TaskState.LOST, limit=6 * HOURLY)
    world.ee.fail_next("get_operation", *[TransientFault("Internal error.")] * 60)
    before = world.task()
    world.ticks(50)
    assert world.task() == before
    world.until(lambda: world.task().run.attempt == 2)


def test_a_bucket_that_does_not_answer_puts_the_decision_off(world: World) -> None:
    lose(world)
    write(world)
    world.bucket.down = True
    world.ticks(40)
    assert (world.task().state, world.task().run.attempt) == (TaskState.LOST, 1)
    world.bucket.down = False
    world.until(world.settled, minutes=5)
    assert (world.task().state, world.task().run.attempt) == (TaskState.VERIFIED, 1)


def test_what_is_lost_time_after_time_fails(world: World) -> None:
    world.ee.run = timedelta(days=1)
    world.launch(ONE)
    for _ in range(500):
        world.tick(10)
        world.ee.made.clear()
        if world.settled():
            break
    task = world.task()
    assert (task.state, task.trouble.error_class, task.run.attempt) == (TaskState.FAILED, "lost", 5)
    assert "its files are not all there" in str(task.trouble.error)


def test_a_task_that_seems_to_run_for_ever_does_not_make_the_list_grow_for_good(
    world: World,
) -> None:
    operation = running(world)
    operation.outcome = type(operation.outcome)()
    world.ee.run = timedelta(days=900)
    for day in range(25):  # after thirty it would be given up
        now = world.clock.now()
        world.ee.put(SimulatedOperation(f"projects/p/operations/X{day}", "x", now, now, now, ""))
        world.tick(24 * 60)
    drawn = []
    listing = world.ee.list_operations

    def counted():  # type: ignore[no-untyped-def]
        for each in listing():
            drawn.append(each.name)
            yield each

    world.ee.list_operations = counted  # type: ignore[method-assign]
    world.tick()
    assert 13 <= len(drawn) <= 16
    assert world.task().state is TaskState.RUNNING
    operation.enter("SUCCEEDED", world.clock.now())
    write(world)
    world.until(world.settled, limit=HOURLY)
    assert world.task().state is TaskState.VERIFIED


def test_young_operations_are_not_missed_yet(world: World) -> None:
    world.ee.list_delay = timedelta(minutes=5)
    world.launch(message(orbits=[58, 131, 175]))
    world.ticks(5)
    assert world.ee.calls["get_operation"] == 0
    world.until(world.settled)
    assert world.ee.calls["get_operation"] == 0
