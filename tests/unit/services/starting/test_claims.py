"""Claims: of several workers at one start, one has it, and one operation is left."""

from datetime import timedelta

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import ErrorClass, StoreUnavailable
from s1ratio.services.polling.poll import PollReport, poll
from s1ratio.services.starting.start import start
from s1ratio.services.storing.requests import request_of
from s1ratio.task import TaskState, requeued, starting
from tests.support.simulated import Breaker, World
from tests.support.simulated.earth_engine import USED
from tests.support.simulated.starts import ONE, TIMED_OUT, during_post, finish


def test_a_worker_that_lost_its_claim_cancels_its_operation(world: World) -> None:
    def give_back(_: str) -> None:
        task = world.task()
        world.store.transition(
            task, requeued(task, world.clock.now(), ErrorClass.QUEUE, ""), task.version
        )

    during_post(world, give_back)
    world.launch(ONE)
    assert [op.state for op in world.operations()] == ["CANCELLED"]
    finish(world)


def test_unless_the_name_on_record_is_its_own(world: World) -> None:
    def recover(_: str) -> None:
        world.clock.sleep(200)
        poll(world.context())

    during_post(world, recover)
    world.launch(ONE)
    assert world.ee.calls["cancel"] == 0
    finish(world)
    assert len(world.operations()) == 1


def test_a_late_worker_and_who_took_its_claim_agree_on_its_operation(world: World) -> None:
    """The claim was taken over under the same request id: there is but one operation to have."""

    def take_over(_: str) -> None:
        world.clock.sleep(200)
        task = world.task()
        lease = timedelta(minutes=3)
        claim = starting(
            task, "another", world.clock.now(), lease, "prod", identity=world.context().identity
        )
        world.store.transition(task, claim, task.version)

    during_post(world, take_over)
    world.launch(ONE)
    assert world.task().run.operation == world.operations()[0].name
    finish(world)
    assert len(world.operations()) == 1


def test_a_start_that_is_being_mended_is_touched_by_nobody_else(world: World) -> None:
    world.ee.fail_next("start", TIMED_OUT)
    world.launch(ONE)
    world.clock.sleep(200)
    others: list[PollReport] = []
    during_post(world, lambda _: others.append(poll(world.context())))
    assert poll(world.context()).recovered == 1
    assert [report.recovered for report in others] == [0]
    finish(world)


def test_two_starts_of_one_task_make_one_post(world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch(ONE)
    seen = world.task()
    request = request_of(world.request())
    assert start(world.context(), request, seen) is not None
    assert start(world.context(), request, seen) is None
    assert world.ee.calls["start"] == 1


def test_a_store_that_dies_after_the_post_is_made_good(world: World) -> None:
    breaker = Breaker(at=9, error=StoreUnavailable)
    with pytest.raises(StoreUnavailable):
        world.launch(ONE, world.context(breaker))
    assert breaker.log[-2:] == ["start", "transition"]
    assert world.launch(ONE).started == 0
    finish(world)
    assert len(world.operations()) == 1


def test_used_by_the_look_of_it_but_never_listed(world: World) -> None:
    """Each id is refused, again and again: ids are taken in turn, one a grace."""
    world.ee.fail_next("start", *[fault_of(USED, 400)] * 3)
    world.launch(ONE)
    world.until(lambda: world.task().state is TaskState.SUBMITTED)
    assert world.task().claim.start_number == 4
    assert world.clock.now() >= world.task().created_at + timedelta(seconds=3 * 120)
    finish(world)
