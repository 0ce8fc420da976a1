"""Lists that omit an operation now and then, or show it late: asked twice, and the bucket."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.ports import Operation
from s1ratio.task import TaskState, ee_request_id, make_identity
from tests.support.simulated import World, message
from tests.support.simulated.starts import ONE, TIMED_OUT, finish, ids, ids_used


class Omitting:
    """A list that leaves all operations out when it is read for these times, from 1."""

    def __init__(self, world: World, *times: int) -> None:
        self.reads, self._times, self._list = 0, times, world.ee.list_operations
        world.ee.list_operations = self  # type: ignore[method-assign,assignment]

    def __call__(self) -> Iterator[Operation]:
        self.reads += 1
        listed = list(self._list())
        return iter(() if self.reads in self._times else listed)


# A lease of 3 min, then the grace of 5 min: the list is read from the first tick on.
@pytest.mark.parametrize(
    "times", [(3,), (3, 8), (3, 9), (3, 4, 5, 6, 7, 8), (1, 2, 3, 8), (3, 8, 10)], ids=str
)
def test_a_list_that_omits_it_after_the_grace_is_asked_again(
    world: World, times: tuple[int, ...]
) -> None:
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    Omitting(world, *times)
    finish(world)
    assert len(world.operations()) == 1
    assert ids_used(world) == ids(1)


@pytest.mark.parametrize("words", ["Requested entity already exists", "Image.select: no band"])
@pytest.mark.parametrize("times", [(3, 8), (3, 9), (3, 4, 8)], ids=str)
def test_so_is_it_where_the_start_was_refused_in_other_words(
    world: World, words: str, times: tuple[int, ...]
) -> None:
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    world.ee.fail_next("start", fault_of(words, 409 if "exists" in words else 400))
    Omitting(world, *times)
    finish(world)
    assert len(world.operations()) == 1


@pytest.mark.parametrize("ends_min", [1, 4, 7])
def test_what_the_bucket_has_is_not_made_again_though_no_list_shows_it(
    world: World, ends_min: int
) -> None:
    world.ee.wait, world.ee.run = timedelta(), timedelta(minutes=ends_min)
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    Omitting(world, *range(1, 1000))
    world.until(world.settled, limit=30)
    assert world.task().state is TaskState.VERIFIED
    assert len(world.operations()) == 1
    assert world.task().result.files == ("composites/r1/r1-o131a.tif",)


@pytest.mark.parametrize("ahead_min", [3, 6, 9, 12, 14])
def test_its_files_stay_its_own_though_the_clock_that_dated_its_start_was_ahead(
    world: World, ahead_min: int
) -> None:
    """No operation is found that would date it by Earth Engine's clock."""
    world.ee.wait, world.ee.run = timedelta(), timedelta(minutes=4)
    world.ee.fail_after_next("start", TIMED_OUT)
    world.ahead = timedelta(minutes=ahead_min)
    world.launch(ONE)
    world.ahead = timedelta()
    Omitting(world, *range(1, 10_000))
    world.until(world.settled, limit=100, minutes=30)
    assert world.task().state is TaskState.VERIFIED
    assert len(world.operations()) == 1


@pytest.mark.parametrize("ahead_min", [-1440, 5, 18, 60, 1440])
def test_they_are_verified_by_a_machine_whose_clock_is_ahead_all_along(
    world: World, ahead_min: int
) -> None:
    """When its POST was refused is known by Earth Engine's clock, and outlives the claim."""
    world.ee.wait, world.ee.run = timedelta(), timedelta(minutes=2)
    world.ee.fail_after_next("start", TIMED_OUT)
    world.ahead = timedelta(minutes=ahead_min)
    world.launch(ONE)
    Omitting(world, *range(1, 10_000))
    world.until(world.settled, limit=60)
    assert world.task().state is TaskState.VERIFIED
    assert len(world.operations()) == 1


def test_a_file_from_before_the_start_is_not_taken_for_its_own(world: World) -> None:
    world.launch(ONE)
    world.until(world.settled)
    file = world.bucket.file("composites/r1/r1-o131a.tif")
    world.bucket.write(replace(file, name="composites/r2/r2-o131a.tif"), world.clock.now())
    world.clock.sleep(3600)
    store = make_identity("process-1")
    world.ee.used_ids[ee_request_id("prod", "r2-o131a", 1, 1, store)] = None
    world.launch(message(request_id="r2", orbits=[131]))
    world.ticks(10)
    assert len(world.operations("r2-o131a")) == 1


def test_a_bucket_that_does_not_answer_puts_the_next_id_off(world: World) -> None:
    world.ee.used_ids[ids(1)[0]] = None
    world.launch(ONE)
    world.bucket.down = True
    world.ticks(30)
    assert (world.task().state, world.ee.calls["start"]) == (TaskState.STARTING, 1)
    assert world.task().trouble.error_class == "bucket"
    world.bucket.down = False
    finish(world)
    assert ids_used(world) == ids(1, 2)


@pytest.mark.parametrize("hours", [15, 30])
def test_posts_that_fail_for_hours_while_the_list_answers_fail_no_task(
    world: World, hours: int
) -> None:
    post, broken_until = world.ee.start, world.clock.now() + timedelta(hours=hours)

    def start(*args: Any) -> str:
        if world.clock.now() < broken_until:
            world.ee.calls["broken"] += 1
            raise TIMED_OUT
        return post(*args)

    world.ee.start = start  # type: ignore[method-assign,assignment]
    world.launch(message(orbits=[58, 131, 175]))
    world.ticks(hours * 6 - 1, minutes=10)
    assert set(world.states().values()) <= {TaskState.STARTING, TaskState.PLANNED}
    world.until(world.settled, minutes=10)
    assert set(world.states().values()) == {TaskState.VERIFIED}
    assert len(world.ee.made) == 3
