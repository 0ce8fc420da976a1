"""What is too much for Earth Engine is exported in parts, which end as one."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.pixels import digests
from s1ratio.records import RequestState
from s1ratio.services.context import PollContext
from s1ratio.services.polling.poll import poll
from s1ratio.services.storing.requests import request_of
from s1ratio.task import Task, TaskState
from tests.support.sample import one_of, sample
from tests.support.simulated import Breaker, Crashed, Outcome, World, message
from tests.support.simulated.starts import ONE, TIMED_OUT
from tests.support.task_fields import with_fields
from tests.support.told import ends_told

TOO_MUCH = "User memory limit exceeded."
TOO_LARGE = "Export too large: specified 9 pixels"
Process = Callable[[], PollContext]


def overwhelmed(world: World, *too_much: str) -> None:
    """Let the operations of tasks of these ids fail for their size."""
    make = world.ee._make

    def made(request: object, task: Task, description: str) -> str:
        name = make(request, task, description)  # type: ignore[arg-type]
        if task.id in too_much:
            world.ee.made[name].outcome = Outcome(error=TOO_MUCH)
        return name

    world.ee._make = made  # type: ignore[assignment,method-assign]


def leaves(tasks: Iterable[Task]) -> list[Task]:
    return [task for task in tasks if not task.family.parts]


def covered(world: World) -> int:
    """Return how many pixels the verified leaves have, which must not lie over each other."""
    found = [task.plan.grid for task in leaves(world.tasks()) if task.result.files]
    places = {
        (grid.left + x, grid.top - y)
        for grid in found
        for x in range(grid.width)
        for y in range(grid.height)
    }
    assert sum(grid.pixels for grid in found) == len(places)
    return len(places)


@pytest.mark.parametrize("words", [TOO_MUCH, "Computation timed out.", TOO_LARGE])
def test_what_fails_for_its_size_is_exported_in_quarters(world: World, words: str) -> None:
    world.ee.outcomes.append(Outcome(error=words))
    world.launch(ONE)
    world.until(lambda: world.task().state is TaskState.SPLIT)
    assert len(world.tasks()) == 5
    assert (world.task().trouble.error, world.task().run.attempt) == (words, 1)
    assert world.request().state is RequestState.RUNNING
    world.until(world.settled)
    parent = world.task()
    assert (parent.state, parent.result.verified) == (TaskState.VERIFIED, True)
    assert parent.trouble.error is None
    assert parent.result.files == tuple(f"composites/r1/r1-o131a-q{i}.tif" for i in range(4))
    assert covered(world) == parent.plan.grid.pixels
    record = world.request()
    assert (record.state, record.tallies) == (RequestState.VERIFIED, {"VERIFIED": 4})
    world.assert_sound()


OUT_OF_MEMORY = "Execution failed; out of memory."


@pytest.mark.parametrize(
    ("earlier", "attempts"),
    [
        ((OUT_OF_MEMORY,), 2),
        (("Internal error.",), 2),
        (("Internal error.", "Earth Engine capacity exceeded."), 3),
        (("Your usage exceeded the custom quota for EECUs.", OUT_OF_MEMORY), 3),
        ((OUT_OF_MEMORY, "Your usage exceeded the custom quota for EECUs."), 3),
    ],
    ids=str,
)
def test_a_machine_out_of_memory_is_tried_once_more_then_split(
    world: World, earlier: tuple[str, ...], attempts: int
) -> None:
    world.ee.outcomes.extend([*map(Outcome, earlier), Outcome(OUT_OF_MEMORY)])
    world.launch(ONE)
    world.until(lambda: world.task().state is TaskState.SPLIT, limit=1_000, minutes=5)
    assert world.task().run.attempt == attempts
    assert world.task().trouble.error == OUT_OF_MEMORY
    world.until(world.settled)
    assert world.request().tallies == {"VERIFIED": 4}


def test_parts_without_a_valid_pixel_are_empty_beside_the_others(world: World) -> None:
    masked = Outcome(error="No valid (un-masked) pixels in export region.")
    world.ee.outcomes.extend([Outcome(error=TOO_MUCH), masked])
    world.launch(ONE)
    world.until(world.settled)
    assert world.request().tallies == {"VERIFIED": 3, "EMPTY": 1}
    assert world.task().state is TaskState.VERIFIED
    assert len(world.task().result.files) == 3


@pytest.mark.parametrize("words", [TOO_MUCH, TOO_LARGE])
def test_a_start_that_is_refused_for_its_size_is_split_at_once(world: World, words: str) -> None:
    world.ee.fail_next("start", fault_of(words, 400))
    world.launch(ONE)
    assert world.task().state is TaskState.SPLIT
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED
    assert world.ee.calls["start"] == 5


def test_the_parents_end_is_stored_in_the_tick_of_the_last_child(world: World) -> None:
    world.ee.outcomes.append(Outcome(error=TOO_MUCH))
    world.launch(ONE)
    world.until(lambda: world.states().get("o131a-q3") is TaskState.VERIFIED)
    assert world.task().state is TaskState.VERIFIED
    assert world.settled()
    kinds = ends_told(world.store, "r1")
    assert kinds.count("r1-o131a.verified.a1") == 1


def test_parts_are_split_once_more_and_no_further(world: World) -> None:
    overwhelmed(world, "r1-o131a", "r1-o131a-q2", "r1-o131a-q2-q1")
    world.launch(ONE)
    world.until(world.settled)
    states = world.states()
    assert len(states) == 9
    lost = world.task("r1-o131a-q2-q1")
    assert (lost.state, lost.family.depth) == (TaskState.FAILED, 2)
    assert lost.trouble.error_class == "resources"
    assert (lost.trouble.error or "").startswith(TOO_MUCH)
    assert "split 2 times already" in (lost.trouble.error or "")
    for name in ("r1-o131a", "r1-o131a-q2"):
        parent = world.task(name)
        assert (parent.state, parent.trouble.error_class) == (TaskState.FAILED, "resources")
        assert "r1-o131a-q2" in (parent.trouble.error or "")
    record = world.request()
    assert record.state is RequestState.PARTIAL
    assert record.missing == ("r1-o131a-q2-q1",)
    assert record.tallies == {"VERIFIED": 6, "FAILED": 1}
    assert len(world.task().result.files) == 6


def test_nested_parts_cover_the_pixels_once(world: World) -> None:
    overwhelmed(world, "r1-o131a", *(f"r1-o131a-q{number}" for number in range(4)))
    world.launch(ONE)
    world.until(world.settled)
    assert len(world.tasks()) == 21
    assert covered(world) == world.task().plan.grid.pixels
    assert len(world.task().result.files) == 16
    assert world.request().tallies == {"VERIFIED": 16}


def test_parts_without_any_data_are_empty_and_so_is_the_whole(world: World) -> None:
    world.ee.outcomes.extend([Outcome(error=TOO_MUCH), *[Outcome(has_data=False)] * 4])
    world.launch(ONE)
    world.until(world.settled)
    assert world.task().state is TaskState.EMPTY
    assert world.request().state is RequestState.EMPTY


def test_a_part_may_be_empty_beside_others(world: World) -> None:
    world.ee.outcomes.extend([Outcome(error=TOO_MUCH), *[Outcome(has_data=False)] * 3])
    world.launch(ONE)
    world.until(world.settled)
    assert world.task().state is TaskState.VERIFIED
    assert world.request().tallies == {"VERIFIED": 1, "EMPTY": 3}


def test_parts_keep_priority_and_turn_and_have_digests_of_their_own(world: World) -> None:
    world.ee.outcomes.append(Outcome(error=TOO_MUCH))
    world.launch(message(orbits=[131], priority=7))
    world.until(lambda: world.task().state is TaskState.SPLIT)
    parent, *children = world.tasks()
    request = request_of(world.request())
    assert {(task.place.priority, task.place.turn) for task in children} == {(7, parent.place.turn)}
    expected = digests(request, [child.plan for child in children])
    assert tuple(child.pixels.digest for child in children) == expected
    assert len({parent.pixels.digest, *expected}) == 5


def test_a_start_taken_though_it_timed_out_and_then_refused_for_its_size(world: World) -> None:
    """Listed later than ever, the first operation is nobody's by then: it must not live on."""
    world.ee.run = world.ee.run * 10
    world.ee.list_delay = world.ee.run / 8
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    world.ee.fail_next("start", fault_of(TOO_LARGE, 400))
    world.until(lambda: world.task().state is TaskState.SPLIT)
    world.ticks(70)
    assert not [op for op in world.operations() if op.live]
    world.until(world.settled)
    assert world.task().state is TaskState.VERIFIED
    world.assert_sound()


def test_a_crash_between_the_last_end_and_the_parents_is_made_good(world: World) -> None:
    world.ee.outcomes.append(Outcome(error=TOO_MUCH))
    world.launch(ONE)
    world.until(lambda: world.task().state is TaskState.SPLIT)
    for child in world.tasks()[1:]:
        done = world.store.transition(child, _verified(child), child.version)
        assert done.ended
    assert world.task().state is TaskState.SPLIT
    world.until(world.settled, limit=62)
    assert (world.task().state, world.request().state) == (
        TaskState.VERIFIED,
        RequestState.VERIFIED,
    )


def _verified(task: Task) -> Task:
    return with_fields(task, state=TaskState.VERIFIED, verified=True, files=(f"{task.id}.tif",))


def splits(world: World, process: Process) -> None:
    """Two pollers: one sees the failure and starts the parts, one their success."""
    world.ee.wait = world.ee.run = timedelta(minutes=1)
    world.ee.outcomes.append(Outcome(error=TOO_MUCH))
    world.launch(ONE)
    for _ in range(2):
        world.clock.sleep(130)
        poll(process())


@one_of(6)
def test_every_crash_point_of_a_split_is_recovered_from(
    step: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    def trial(name: str, breaker: Breaker) -> World:
        world = World(tmp_path / name)
        with suppress(Crashed):
            splits(world, lambda: world.context(breaker))
        return world

    whole = Breaker()
    trial("whole", whole).close()
    assert whole.log.count("transition") == 1 + 4 * 2 + 4 * 2 + 1
    points = sample(whole.effects(), step)
    for at, after in points:
        world = trial(f"{at}-{after}", Breaker(at, after))
        try:
            world.until(world.settled, limit=60, minutes=5)
            assert world.request().state is RequestState.VERIFIED
            assert world.states() == dict.fromkeys(world.states(), TaskState.VERIFIED)
            assert [task.run.attempt for task in world.tasks()] == [1] * 5
            world.assert_sound()
        except AssertionError as trouble:
            raise AssertionError(f"{at}, {after}, {whole.log[at - 1]}: {trouble}") from trouble
        finally:
            world.close()
    record_property("figures", f"a split: {len(points)} crash points, all recovered")
