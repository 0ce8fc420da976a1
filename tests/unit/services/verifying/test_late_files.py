"""Files that the bucket lists late are looked for again, for ten minutes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.ports import RasterFile, RasterSample, StoredObject
from s1ratio.services.verifying.verify_task import MAX_LOOKS
from s1ratio.task import TaskState
from tests.support.simulated import Outcome, World
from tests.support.simulated.starts import ONE, finish


def list_late(world: World, late: timedelta) -> None:
    """Let the bucket list its objects so long after they were written."""
    listing = world.bucket.list

    def listed(prefix: str) -> Sequence[StoredObject]:
        return [item for item in listing(prefix) if item.written + late <= world.clock.now()]

    world.bucket.list = listed  # type: ignore[method-assign]


@pytest.mark.parametrize("late_s", [1, 20, 90, 300, 540])
def test_an_object_that_is_listed_late_is_no_failure(world: World, late_s: int) -> None:
    list_late(world, timedelta(seconds=late_s))
    world.launch(ONE)
    world.until(lambda: world.task().state is TaskState.SUCCEEDED or world.settled())
    finish(world)
    assert world.task().trouble.error is None


def test_meanwhile_it_stays_and_says_what_it_waits_for(world: World) -> None:
    world.ee.outcomes.append(Outcome(written=False))
    world.launch(ONE)
    world.until(lambda: world.task().state is TaskState.SUCCEEDED)
    task = world.task()
    assert (task.trouble.error_class, task.trouble.tries) == ("verification", 1)
    assert "looked for again" in str(task.trouble.error)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"dtype": "float64"},
        {"bands": ("other",)},
        {"nodata": None},
        {"crs": "EPSG:4326"},
        {"sample": RasterSample(broken=("block (row 0, column 0) can't be decoded",))},
    ],
    ids=lambda spoilt: next(iter(spoilt)),
)
@pytest.mark.parametrize("rewritten", [True, False])
def test_what_is_written_while_it_is_read_is_looked_at_again(
    world: World, spoilt: dict[str, Any], rewritten: bool
) -> None:
    """Another store writes the same name: half of each is no fault of the export."""
    world.launch(ONE)
    read, reads = world.bucket.file, list[str]()

    def file(name: str) -> RasterFile:
        good = read(name)
        reads.append(name)
        if len(reads) > 1:
            return good
        if rewritten:
            world.bucket.write(good, world.clock.now() + timedelta(seconds=1))
        return replace(good, **spoilt)

    world.bucket.file = file  # type: ignore[method-assign]
    world.until(world.settled)
    task = world.task()
    assert task.state is (TaskState.VERIFIED if rewritten else TaskState.FAILED)
    assert len(reads) == 1 + rewritten


@pytest.mark.parametrize("skew_min", [-1440, -10, 0, 10, 1440])
def test_one_that_never_comes_fails_after_ten_minutes(world: World, skew_min: int) -> None:
    """Workers whose clock is ahead look no more often: looks are counted, one a tick."""
    world.ahead = timedelta(minutes=skew_min)
    world.ee.outcomes.append(Outcome(written=False))
    world.launch(ONE)
    world.until(lambda: world.task().state is TaskState.SUCCEEDED)
    began, lists = world.clock.now(), world.bucket.lists
    world.until(world.settled, limit=30)
    waited = world.clock.now() - began
    assert timedelta(minutes=10) <= waited <= timedelta(minutes=12)
    assert world.bucket.lists - lists == MAX_LOOKS
    task = world.task()
    assert (task.state, task.trouble.error_class) == (TaskState.FAILED, "verification")
    assert "no such file" in str(task.trouble.error)


def test_a_bucket_that_is_down_in_between_costs_no_look(world: World) -> None:
    list_late(world, timedelta(hours=1))
    world.launch(ONE)
    world.until(lambda: world.task().trouble.tries == 3)
    world.bucket.down = True
    world.ticks(120)
    assert world.task().state is TaskState.SUCCEEDED
    world.bucket.down = False
    world.until(world.settled, minutes=10)
    finish(world)


def test_files_that_are_not_as_planned_fail_at_once(world: World) -> None:
    world.ee.outcomes.append(Outcome(bands=("VV",)))
    world.launch(ONE)
    world.until(world.settled)
    assert world.bucket.lists == 2, "the second tells that none was written meanwhile"
