"""A start whose answer was lost is refused the second time: its operation is looked for first."""

from datetime import timedelta

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import EarthEngineFault, RequestIdUsed
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.selection import Selection
from s1ratio.services.starting.start import MAX_BROKEN
from s1ratio.services.storing.requests import request_of
from s1ratio.task import TaskState, description
from tests.support.simulated import World
from tests.support.simulated.starts import ONE, TIMED_OUT, finish
from tests.support.task_fields import with_fields

EXISTS = fault_of("Requested entity already exists", 409)
REFUSALS = [
    fault_of("Image.select: Band pattern 'XX' did not match any bands.", 400),
    fault_of("Export too large: specified 20000000000 pixels.", 400),
    fault_of("User memory limit exceeded.", 400),
    fault_of("Computation timed out.", 400),
    fault_of("Image.load: Asset 'x' not found.", 404),
    fault_of("Invalid JSON payload received.", 400),
    fault_of("Request payload size exceeds the limit.", 413),
    EXISTS,
]
by_words = pytest.mark.parametrize("fault", REFUSALS, ids=str)


def test_an_entity_that_exists_is_a_used_id() -> None:
    assert isinstance(EXISTS, RequestIdUsed)


@by_words
@pytest.mark.parametrize("late_min", [0, 4])
def test_the_operation_of_the_first_post_is_adopted(
    world: World, fault: EarthEngineFault, late_min: int
) -> None:
    world.ee.list_delay = timedelta(minutes=late_min)
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    world.ee.fail_next("start", fault)
    finish(world)
    assert len(world.operations()) == 1


@by_words
def test_the_first_post_may_take_effect_after_the_second_was_refused(
    world: World, fault: EarthEngineFault
) -> None:
    world.ee.fail_next("start", TIMED_OUT)
    world.launch(ONE)
    claim = world.task()
    world.ee.fail_next("start", fault)
    world.ticks(3)
    assert world.task().state is TaskState.STARTING
    world.ee.start(request_of(world.request()), claim, description("prod", claim))
    finish(world)
    assert len(world.operations()) == 1


@pytest.mark.parametrize("fault", REFUSALS[:-1], ids=str)
def test_without_an_operation_it_ends_as_it_was_refused(
    world: World, fault: EarthEngineFault
) -> None:
    world.ee.fail_next("start", TIMED_OUT, fault)
    world.launch(ONE)
    world.ticks(4)
    refused = world.task()
    assert refused.state is TaskState.STARTING
    assert (refused.trouble.error_class, refused.trouble.error) == (fault.error_class, str(fault))
    assert world.ee.calls["start"] == 2
    world.ticks(8)
    split = fault.error_class in {"too_big", "resources"}
    ended = world.task()
    assert ended.state is (TaskState.SPLIT if split else TaskState.FAILED)
    assert (ended.trouble.error_class, ended.trouble.error) == (fault.error_class, str(fault))
    assert ended.claim.refused_at is None
    assert not world.operations()


def test_a_refusal_that_is_awaited_can_be_cancelled(world: World) -> None:
    world.ee.fail_next("start", TIMED_OUT, REFUSALS[0])
    world.launch(ONE)
    world.ticks(4)
    cancel(world.context(), Selection("r1"), "a mistake")
    world.until(world.settled, limit=60)
    assert world.task().state is TaskState.CANCELLED


@pytest.mark.parametrize("status", [401, 403, 409])
@pytest.mark.parametrize("made", [True, False])
def test_many_refusals_end_no_start_that_a_list_omits_once(
    world: World, status: int, made: bool
) -> None:
    """However often it was refused, what came before may have been taken."""
    world.ee.fail_next("start", TIMED_OUT)
    world.launch(ONE)
    claim = world.task()
    nearly = with_fields(claim, refusals=MAX_BROKEN - 1)
    world.store.transition(claim, nearly, claim.version)
    world.ee.fail_next("start", fault_of("Caller does not have permission", status))
    world.until(lambda: world.task().claim.refusals == MAX_BROKEN)
    if made:
        world.ee.start(request_of(world.request()), claim, description("prod", claim))
    told = world.ee.list_operations
    world.ee.list_operations = lambda: iter(())  # type: ignore[method-assign,assignment]
    world.until(lambda: world.task().claim.refused_at is not None or world.settled(), minutes=15)
    world.ee.list_operations = told  # type: ignore[method-assign]
    if made:
        finish(world)
        assert len(world.operations()) == 1
        return
    calls = world.ee.calls["start"]
    world.until(world.settled, limit=20)
    ended = world.task()
    assert (ended.state, ended.trouble.error_class) == (TaskState.FAILED, "refused")
    assert "refused 20 times" in str(ended.trouble.error)
    assert world.ee.calls["start"] == calls, "no further POST"
