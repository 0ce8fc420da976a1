"""Succeeded tasks get their verdict, whatever the bucket does meanwhile."""

from typing import Any

import pytest

from s1ratio.records import RequestState
from s1ratio.services.verifying import verdict
from s1ratio.task import Task, TaskState
from tests.support.simulated import Outcome, World, message
from tests.support.simulated.starts import ONE
from tests.support.told import end_kinds_told


def test_without_a_valid_pixel_it_ends_empty(world: World) -> None:
    world.ee.outcomes.append(Outcome(has_data=False))
    world.launch(ONE)
    world.until(world.settled)
    assert world.task().state is TaskState.EMPTY
    assert world.request().state is RequestState.EMPTY


@pytest.mark.parametrize(
    ("outcome", "words"),
    [(Outcome(written=False), "no such file"), (Outcome(bands=("VV",)), "bands")],
)
def test_wrong_files_are_a_failure(world: World, outcome: Outcome, words: str) -> None:
    world.ee.outcomes.append(outcome)
    world.launch(ONE)
    world.until(world.settled)
    task = world.task()
    assert (task.state, task.trouble.error_class) == (TaskState.FAILED, "verification")
    assert words in str(task.trouble.error)


def test_drive_ends_at_succeeded_unverified(world: World) -> None:
    world.set(allow_drive=True)
    world.launch(message(orbits=[131], destination={"kind": "drive", "folder": "out"}))
    world.until(world.settled)
    task = world.task()
    assert (task.state, task.result.verified, task.ended) == (TaskState.SUCCEEDED, False, True)
    assert world.request().state is RequestState.SUCCEEDED
    assert world.bucket.lists == 0
    kinds = end_kinds_told(world.store, "r1")
    assert kinds == ["task.succeeded", "request.succeeded"]


def test_a_bucket_that_is_down_costs_time_alone(world: World) -> None:
    world.bucket.down = True
    world.launch()
    world.ticks(30)
    assert set(world.states().values()) == {TaskState.SUCCEEDED}
    world.bucket.down = False
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED


def test_one_file_that_cannot_be_read_keeps_no_other_from_its_verdict(world: World) -> None:
    world.bucket.unreadable.add("composites/r1/r1-o001a.tif")
    world.launch(message(orbits=[1, 2, 3]))
    world.ticks(30)
    assert world.states() == {
        "o001a": TaskState.SUCCEEDED,
        "o002a": TaskState.VERIFIED,
        "o003a": TaskState.VERIFIED,
    }
    world.bucket.unreadable.clear()
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED


@pytest.mark.parametrize("orbits", [None, [58, 131]])
def test_of_the_area_as_much_is_expected_as_the_launch_was_told(
    world: World, monkeypatch: pytest.MonkeyPatch, orbits: list[int] | None
) -> None:
    true, shares = verdict.judge_outputs, {}

    def judge(task: Task, request: Any, objects: Any, rasters: Any, share: Any) -> Any:
        shares[task.plan.orbit, task.plan.direction] = share
        return true(task, request, objects, rasters, share)

    monkeypatch.setattr(verdict, "judge_outputs", judge)
    world.launch(message(orbits=orbits))
    world.until(world.settled)
    passes = world.request().passes or ()
    assert shares == {(each.orbit, each.direction): each.share for each in passes}
    assert all((share is None) is (orbits is not None) for share in shares.values())
    assert len(shares) > 1
