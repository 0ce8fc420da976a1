"""An Earth Engine that does not keep to the rules does no harm."""

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import TransientFault
from s1ratio.ports import Operation
from s1ratio.records import RequestState
from s1ratio.task import TaskState, description
from tests.support.simulated import SimulatedOperation, World, message
from tests.support.simulated.starts import ONE


@pytest.mark.parametrize("state", ["", "UNKNOWN", "PAUSED", "succeeded"])
def test_states_that_nobody_knows_do_no_harm(world: World, state: str) -> None:
    world.launch()
    one = world.operations()[0]
    one.state = state
    world.ticks(20)
    assert world.states() == {"o058a": TaskState.VERIFIED, "o131a": TaskState.SUBMITTED}
    one.enter("RUNNING", world.clock.now())
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED


def test_a_change_dated_in_the_future_hides_no_other(world: World) -> None:
    now = world.clock.now()
    later = now + timedelta(days=900)
    world.ee.put(SimulatedOperation("projects/p/operations/X", "else", now, later, now, ""))
    world.launch(ONE)
    world.until(world.settled, limit=30)
    assert world.request().state is RequestState.VERIFIED


def test_operations_that_tell_nothing_of_themselves_do_no_harm(world: World) -> None:
    world.launch(ONE)
    now = world.clock.now()
    listing = world.ee.list_operations

    def bare() -> Any:
        yield Operation("projects/p/operations/BARE", "", "", now + timedelta(1), now)
        for operation in listing():
            yield replace(operation, destinations=(), progress=0.0, eecu_seconds=None)

    world.ee.list_operations = bare  # type: ignore[method-assign]
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED


def test_a_failure_without_words_is_a_failure(world: World) -> None:
    world.launch(ONE)
    world.operations()[0].enter("FAILED", world.clock.now())
    world.until(world.settled)
    assert world.task().trouble.error == "the operation failed without a message"


def test_a_cancel_that_fails_keeps_nothing_else_from_moving(world: World) -> None:
    world.ee.run = timedelta(hours=1)
    world.launch()
    (op,) = world.operations()
    world.ee.put(replace(op, name="projects/p/operations/TWIN"))
    world.ee.fail_next("cancel", *[TransientFault("Internal error.")] * 30)
    world.ticks(25)
    assert set(world.states().values()) == {TaskState.RUNNING}
    world.ticks(10)
    assert [o.name for o in world.operations() if o.survives] == [op.name]
    world.assert_sound()


def test_an_earth_engine_without_answer_is_asked_nothing_more_in_a_tick(world: World) -> None:
    world.launch(ONE)
    world.bucket.down = True
    world.until(lambda: world.task().state is TaskState.SUCCEEDED)
    world.bucket.down = False
    world.launch(message(request_id="other"))
    world.set(launch_budget_s=0)
    world.launch(message(request_id="r2", orbits=[140]))
    world.ee.fail_next("list_operations", fault_of("Internal error.", 500))
    world.ee.calls.clear()
    report = world.tick(60)
    assert report.troubles == ["read_operations: Internal error."]
    assert world.ee.calls == {"list_operations": 1}
    assert report.verified == 1
    assert world.tick().started == 1


def test_trouble_with_the_list_holds_up_starts_only_as_long_as_it_lasts(world: World) -> None:
    world.launch(ONE)
    world.set(launch_budget_s=0)
    world.launch(message(request_id="r2", orbits=[140]))
    world.ee.fail_next("list_operations", fault_of("Internal error.", 500))
    report = world.tick()
    assert (report.started, report.troubles) == (0, ["read_operations: Internal error."])
    assert str(report.held).startswith("Earth Engine does not answer: no start before")
    report = world.tick()
    assert (report.started, report.held) == (1, None)
    assert world.task("r2-o140a").state is TaskState.SUBMITTED


def test_a_refused_list_keeps_no_planned_task_from_starting(world: World) -> None:
    """An answer, though a bad one: starts may fare better."""
    world.launch(ONE)
    world.set(launch_budget_s=0)
    world.launch(message(request_id="r2", orbits=[140]))
    world.ee.fail_next("list_operations", fault_of("Permission denied.", 403))
    report = world.tick()
    assert report.troubles == ["read_operations: Permission denied."]
    assert world.task("r2-o140a").state is TaskState.SUBMITTED


@pytest.mark.parametrize("late", [timedelta(), timedelta(minutes=30)])
def test_a_list_that_breaks_off_moves_what_it_told_and_passes_nothing_over(
    world: World, late: timedelta
) -> None:
    """Newest first: what is older was not read, and its changes must not be left behind."""
    world.launch(message(request_id="old", orbits=[175]))
    world.clock.sleep(60)
    world.launch(ONE)
    world.ticks(2)
    world.ee.run += late
    listing = world.ee.list_operations

    def broken_off() -> Any:
        yield next(listing())
        raise fault_of("Internal error.", 500)

    world.ee.list_operations = broken_off  # type: ignore[method-assign]
    world.until(lambda: world.task().state is TaskState.VERIFIED, limit=60)
    assert world.task("old-o175a").state is not TaskState.VERIFIED
    world.ee.list_operations = listing  # type: ignore[method-assign]
    world.ticks(2)
    assert world.task("old-o175a").state is TaskState.VERIFIED


def test_a_list_that_breaks_off_makes_no_broken_start_again(world: World) -> None:
    world.ee.fail_after_next("start", TransientFault("timed out"))
    world.launch(ONE)
    now = world.clock.now()
    later = SimulatedOperation("projects/p/operations/X", "else", now, now, now, "")
    world.ee.put(later)
    listing = world.ee.list_operations

    def broken_off() -> Any:
        later.created_at = world.clock.now()
        yield next(listing())
        raise fault_of("Internal error.", 500)

    world.ee.list_operations = broken_off  # type: ignore[method-assign]
    world.ticks(10)
    assert world.ee.calls["start"] == 1
    world.ee.list_operations = listing  # type: ignore[method-assign]
    world.until(world.settled)
    assert world.ee.calls["start"] == 1


@pytest.mark.parametrize("progress", [math.nan, math.inf, -1.0, 7.0])
def test_progress_that_is_no_share_is_not_stored(world: World, progress: float) -> None:
    world.ee.run = timedelta(hours=2)
    world.launch(ONE)
    listing = world.ee.list_operations

    def odd() -> Any:
        return (replace(operation, progress=progress) for operation in listing())

    world.ee.list_operations = odd  # type: ignore[method-assign]
    world.ticks(10)
    assert (world.task().state, world.task().run.progress) == (TaskState.RUNNING, 0.0)
    world.until(world.settled)


def test_an_end_that_is_dated_back_is_seen_within_the_hour(world: World) -> None:
    world.launch(message(orbits=[131, 175]))
    world.ticks(5)
    world.ee.run = timedelta(hours=20)
    long_ago = world.clock.now() - timedelta(days=3)
    world.operations()[0].enter("FAILED", long_ago)
    world.until(lambda: world.task().ended, limit=62)


def test_a_state_that_nobody_knows_for_hours_is_neither_an_end_nor_lost(world: World) -> None:
    world.launch(ONE)
    world.operations()[0].state = "UNKNOWN"
    world.ticks(40, minutes=15)
    assert world.task().state is TaskState.SUBMITTED
    assert world.ee.calls["start"] == 1


def test_descriptions_lead_back_to_their_tasks(world: World) -> None:
    world.launch(message(request_id="a1-a2", orbits=[131]))
    task = world.task("a1-a2-o131a")
    here = world.context().identity
    assert description("prod", task) == f"s1r-prod-a1-a2-o131a-a1_{here}"
    world.until(lambda: world.settled("a1-a2"))
    assert world.task("a1-a2-o131a").state is TaskState.VERIFIED
