"""Expire: thirty days without progress end a request; what nobody could bring on is not late."""

from datetime import timedelta

import pytest

from s1ratio.records import RequestState, TimeMark
from s1ratio.services.commands.retry import retry
from s1ratio.services.commands.selection import Selection
from s1ratio.services.waiting.backoff import after_reset
from s1ratio.task import TaskState
from tests.support.simulated import World, message
from tests.support.simulated.starts import ONE

OPEN = {RequestState.ACCEPTED, RequestState.RUNNING}


def days(world: World, count: float) -> None:
    """Tick every two hours for some days."""
    world.ticks(round(count * 12), minutes=120)


def stuck(world: World, payload: bytes | None = None) -> None:
    """Launch a request that nobody has room for."""
    world.set(launch_budget_s=0, max_active=0)
    world.launch(payload)


def test_a_request_that_never_starts_is_given_up_after_thirty_days(world: World) -> None:
    stuck(world)
    days(world, 29.5)
    assert world.request().state in OPEN
    days(world, 1.5)
    record = world.request()
    assert (record.state, record.tallies) == (RequestState.FAILED, {"FAILED": 2})
    assert record.error is not None
    assert "for 30 days" in record.error
    assert {task.trouble.error_class for task in world.tasks()} == {"expired"}
    kinds = [event.kind for event in world.store.find_events_of("r1")]
    assert sorted(kinds) == ["request.failed", "task.failed", "task.failed"]


def test_an_operation_that_never_ends_is_cancelled(world: World) -> None:
    world.ee.run = timedelta(days=400)
    world.launch(ONE)
    days(world, 29)
    assert world.request().state is RequestState.RUNNING
    days(world, 3)
    assert (world.request().state, world.task().state) == (RequestState.FAILED, TaskState.FAILED)
    assert not [op for op in world.ee.current() if op.live]


def test_an_operation_that_can_not_be_cancelled_now_is_asked_again(world: World) -> None:
    world.ee.run = timedelta(days=400)
    world.launch(ONE)
    days(world, 29)
    cancels = world.ee.calls["cancel"]
    world.ee.fail_next("cancel", *[world.ee.down_says] * 30)
    days(world, 5)
    assert world.request().state is RequestState.FAILED
    assert world.ee.calls["cancel"] > cancels + 30
    assert not [op for op in world.ee.current() if op.live]


def test_an_outage_does_not_count(world: World) -> None:
    world.set(launch_budget_s=0)
    world.ee.down = True
    world.launch(ONE)
    days(world, 45)
    assert world.request().state in OPEN
    world.ee.down = False
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED


def test_a_used_up_quota_does_not_count(world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch(ONE)
    for _ in range(44 * 12):  # it is used up anew with each reset
        until = after_reset(world.clock.now() + timedelta(hours=2), 8, "prod")
        world.store.set_time_mark(TimeMark.STARTS_QUOTA, until)
        world.tick(120)
    assert world.request().state in OPEN
    days(world, 2)
    assert world.request().state is RequestState.VERIFIED


def test_days_without_a_poller_do_not_count(world: World) -> None:
    stuck(world, ONE)
    days(world, 1)
    world.clock.sleep(60 * 86_400)
    days(world, 1)
    world.set(max_active=10)
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED


@pytest.mark.parametrize("orbits", [[131], None])
def test_a_period_to_come_is_waited_for(orbits: list[int] | None, world: World) -> None:
    stuck(world, message(orbits=orbits, end="2024-08-01"))  # 63 days until its scenes are there
    days(world, 80)
    assert world.request().state in OPEN
    days(world, 16)
    assert world.request().state is RequestState.FAILED


def test_what_becomes_of_it_begins_the_days_anew(world: World) -> None:
    world.set(launch_budget_s=0, max_active=0)
    world.launch()
    days(world, 20)
    world.set(max_active=1)
    world.until(lambda: TaskState.SUBMITTED in world.states().values())
    world.set(max_active=0)
    days(world, 20)
    assert world.request().state is RequestState.RUNNING
    days(world, 12)
    assert (world.request().state, world.request().tallies) == (
        RequestState.PARTIAL,
        {"FAILED": 1, "VERIFIED": 1},
    )


def test_it_can_be_retried(world: World) -> None:
    stuck(world, ONE)
    days(world, 32)
    assert world.request().state is RequestState.FAILED
    retry(world.context(), Selection(request_id="r1"))
    days(world, 2)
    assert world.request().state in OPEN
    world.set(max_active=10)
    world.until(world.settled)
    assert (world.request().state, world.request().error) == (RequestState.VERIFIED, None)
