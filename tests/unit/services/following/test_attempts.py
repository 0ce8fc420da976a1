"""The way of a started task, and its attempts."""

from datetime import timedelta
from itertools import pairwise

import pytest

from s1ratio.records import RequestState
from s1ratio.services.waiting.backoff import pause
from s1ratio.task import TaskState
from tests.support.simulated import Outcome, World, message
from tests.support.simulated.starts import ONE
from tests.support.told import end_kinds_told


def test_a_task_goes_its_way_to_verified_files(world: World) -> None:
    world.launch(ONE)
    seen = [world.task().state]
    for _ in range(20):
        world.tick()
        if world.task().state is not seen[-1]:
            seen.append(world.task().state)
    assert seen == [TaskState.SUBMITTED, TaskState.RUNNING, TaskState.VERIFIED]
    task = world.task()
    assert task.result.files == ("composites/r1/r1-o131a.tif",) == tuple(world.bucket.names())
    assert (task.result.verified, task.run.progress, task.run.eecu_seconds) == (True, 1.0, 12.5)


def test_what_failed_in_passing_is_tried_again_under_another_name(world: World) -> None:
    world.ee.outcomes.extend([Outcome(error="Internal error."), Outcome()])
    world.launch(ONE)
    world.until(lambda: world.task().run.attempt == 2)
    task = world.task()
    assert (task.state, task.run.operation) == (TaskState.PLANNED, None)
    assert task.trouble.error_class == "transient"
    assert task.place.not_before - world.clock.now() == pause(1, task.id)
    world.until(world.settled)
    assert world.task().result.files == ("composites/r1/r1-o131a-a2.tif",)
    assert world.started() == ["r1-o131a-a1", "r1-o131a-a2"]
    world.assert_sound()


@pytest.mark.parametrize(
    "words",
    [
        "Earth Engine memory capacity exceeded.",
        "Earth Engine capacity exceeded.",
        "Too many concurrent aggregations.",
        "An internal server error has occurred.",
        "Execution failed; out of memory.",
        "Too Many Requests: the concurrency limit was exceeded.",
    ],
)
def test_what_may_pass_is_tried_again(world: World, words: str) -> None:
    world.ee.outcomes.append(Outcome(error=words))
    world.launch(ONE)
    world.until(world.settled)
    task = world.task()
    assert (task.state, task.run.attempt, task.run.retries) == (TaskState.VERIFIED, 2, 1)
    assert world.states() == {"o131a": TaskState.VERIFIED}


MASKED = "No valid (un-masked) pixels in export region."


@pytest.mark.parametrize(
    "words",
    [
        MASKED,
        "Export region contains no valid (un-masked) pixels.",
        f"Error: {MASKED} (Error code: 3)",
        MASKED.upper(),
        f"{MASKED} {'x' * 5_000}",
    ],
)
def test_an_export_without_a_valid_pixel_is_empty_and_no_failure(world: World, words: str) -> None:
    world.ee.outcomes.append(Outcome(error=words))
    world.launch(ONE)
    world.until(world.settled)
    task = world.task()
    assert (task.state, task.run.attempt, task.trouble.error) == (TaskState.EMPTY, 1, None)
    why, told = task.result.notes
    assert (task.result.files, told) == ((), f"Earth Engine: {words}"[:500])
    assert why.startswith("empty: all is masked: VV or VH is not above 0 there")
    assert (task.result.valid_share, task.result.two_pass_share) == (0.0, 0.0)
    assert task.run.eecu_seconds == 12.5
    record = world.request()
    assert (record.state, record.tallies) == (RequestState.EMPTY, {"EMPTY": 1})
    assert world.ee.calls["start"] == 1
    kinds = end_kinds_told(world.store, "r1")
    assert kinds.count("request.empty") == kinds.count("task.empty") == 1


def test_a_request_is_verified_where_one_of_its_tasks_is_empty(world: World) -> None:
    world.ee.outcomes.append(Outcome(error=MASKED))
    world.launch()
    world.until(world.settled)
    assert sorted(world.states().values()) == [TaskState.EMPTY, TaskState.VERIFIED]
    assert world.request().state is RequestState.VERIFIED


def test_what_waits_for_the_same_pixels_is_empty_as_they_are(world: World) -> None:
    world.ee.outcomes.append(Outcome(error=MASKED))
    world.launch(ONE)
    world.launch(message(request_id="r2", orbits=[131]))
    world.until(lambda: world.settled() and world.settled("r2"))
    assert world.states("r2") == {"o131a": TaskState.EMPTY}
    assert world.ee.calls["start"] == 1


def test_but_only_so_often_and_ever_more_slowly(world: World) -> None:
    world.ee.outcomes.extend([Outcome(error="Internal error.")] * 9)
    world.launch(ONE)
    world.until(world.settled)
    task = world.task()
    assert (task.state, task.run.attempt) == (TaskState.FAILED, 5)
    assert task.trouble.error == "Internal error."
    began = [op.created_at for op in world.ee.current()]
    gaps = [later - earlier for earlier, later in pairwise(began)]
    assert len(gaps) == 4
    assert gaps == sorted(gaps)
    assert gaps[-1] - gaps[0] >= timedelta(minutes=4)


@pytest.mark.parametrize("tries", range(1, 40))
def test_pauses_double_up_to_an_hour_and_differ_between_tasks(tries: int) -> None:
    whole = min(timedelta(minutes=2 ** (tries - 1)), timedelta(hours=1))
    pauses = {pause(tries, f"task-{number}") for number in range(50)}
    assert all(whole * 0.75 <= wait <= whole for wait in pauses)
    assert len(pauses) > 25
    assert pause(tries, "a") == pause(tries, "a")


@pytest.mark.parametrize(
    ("error", "error_class"),
    [
        ("Image.select: band 'XX' not found", "terminal"),
        ("Something that nobody has ever seen", "terminal"),
    ],
)
def test_what_failed_for_good_is_not_tried_again(
    world: World, error: str, error_class: str
) -> None:
    world.ee.outcomes.append(Outcome(error=error))
    world.launch(ONE)
    world.until(world.settled)
    task = world.task()
    assert (task.state, task.run.attempt) == (TaskState.FAILED, 1)
    assert (task.trouble.error_class, task.trouble.error) == (error_class, error)
    assert world.request().state is RequestState.FAILED
    assert world.ee.calls["start"] == 1


def test_a_quota_that_ends_a_run_parks_the_task_and_is_not_its_fault(world: World) -> None:
    words = "Your usage exceeded the custom quota for EECUs."
    world.ee.outcomes.extend([Outcome(error=words)] * 7)
    world.launch(ONE)
    world.until(world.settled, limit=9 * 144, minutes=10)
    task = world.task()
    assert (task.state, task.run.attempt, task.run.retries) == (TaskState.VERIFIED, 8, 0)
    began = [op.created_at for op in world.ee.current()]
    assert {at.hour for at in began[1:]} == {8}  # once a day, after the quota's reset
    assert len({at.date() for at in began}) == 8


def test_an_operation_cancelled_in_earth_engine_is_not_started_again(world: World) -> None:
    world.launch()
    world.ticks(3)
    world.ee.cancel(world.operations()[0].name)
    world.until(world.settled)
    assert world.states() == {"o058a": TaskState.VERIFIED, "o131a": TaskState.CANCELLED}
    assert world.request().state is RequestState.PARTIAL
    assert world.ee.calls["start"] == 2
