"""An Earth Engine that does not keep to the rules does no harm."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.errors import TransientFault
from s1ratio.failures import fault_of
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
    listing = world.ee.operations

    def bare() -> Any:
        yield Operation("projects/p/operations/BARE", "", "", now + timedelta(1), now)
        for operation in listing():
            yield replace(operation, destinations=(), progress=0.0, eecu_seconds=None)

    world.ee.operations = bare  # type: ignore[method-assign]
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED


def test_a_failure_without_words_is_a_failure(world: World) -> None:
    world.launch(ONE)
    world.operations()[0].enter("FAILED", world.clock.now())
    world.until(world.settled)
    assert world.task().error == "the operation failed without a message"


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


def test_trouble_with_the_list_holds_up_starts_only_as_long_as_it_lasts(world: World) -> None:
    world.launch(ONE)
    world.set(launch_budget_s=0)
    world.launch(message(request_id="r2", orbits=[140]))
    world.ee.fail_next("operations", fault_of("Internal error.", 500))
    report = world.tick()
    assert (report.started, report.troubles) == (0, ["follow: Internal error."])
    assert str(report.held).startswith("Earth Engine does not answer: no start before")
    report = world.tick()
    assert (report.started, report.held) == (1, None)
    assert world.task("r2-o140a").state is TaskState.SUBMITTED


def test_descriptions_lead_back_to_their_tasks(world: World) -> None:
    world.launch(message(request_id="a1-a2", orbits=[131]))
    task = world.task("a1-a2-o131a")
    assert description("prod", task) == "s1r-prod-a1-a2-o131a-a1"
    world.until(lambda: world.settled("a1-a2"))
    assert world.task("a1-a2-o131a").state is TaskState.VERIFIED
