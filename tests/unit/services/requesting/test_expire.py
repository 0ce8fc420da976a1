"""Expire: thirty days without progress end a request; what nobody could bring on is not late."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from s1ratio.errors import AccessRefused, EarthEngineFault, ErrorClass, QueueFull
from s1ratio.records import RequestState, Search
from s1ratio.services.commands.retry import retry
from s1ratio.services.commands.selection import Selection
from s1ratio.services.requesting.expire import expire_unexpanded
from s1ratio.services.requesting.search import search_passes
from s1ratio.services.waiting.backoff import after_reset
from s1ratio.task import Task, TaskState
from s1ratio.time_marks import TimeMark
from tests.support.simulated import World, message
from tests.support.simulated.starts import ONE, TIMED_OUT
from tests.support.told import end_kinds_told

OPEN = {RequestState.ACCEPTED, RequestState.RUNNING}


def days(world: World, count: float, hours: int = 4) -> None:
    """Tick every few hours for some days."""
    world.ticks(round(count * 24 / hours), minutes=60 * hours)


def stuck(world: World, payload: bytes | None = None) -> None:
    """Launch a request of which nothing becomes, though there is room: nobody comes to it."""
    world.set(launch_budget_s=0)
    world.store.find_startable = _none  # type: ignore[method-assign]
    world.launch(payload)


def come_loose(world: World) -> None:
    """Let tasks be found from now on."""
    del world.store.find_startable


def _none(*_: Any, **__: Any) -> list[Task]:
    return []


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
    kinds = end_kinds_told(world.store, "r1")
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
    days(world, 5, hours=2)
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
    come_loose(world)
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED


@pytest.mark.parametrize("orbits", [[131], None])
def test_a_period_to_come_is_waited_for(orbits: list[int] | None, world: World) -> None:
    stuck(world, message(orbits=orbits, end="2024-08-01"))  # 63 days until its scenes are there
    world.ticks(80 * 2, minutes=720)
    assert world.request().state in OPEN
    world.ticks(16 * 2, minutes=720)
    assert world.request().state is RequestState.FAILED


def test_what_becomes_of_it_begins_the_days_anew(world: World) -> None:
    stuck(world)
    days(world, 20)
    come_loose(world)
    world.set(max_active=1)
    world.until(lambda: TaskState.SUBMITTED in world.states().values())
    world.store.find_startable = _none  # type: ignore[method-assign]
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
    come_loose(world)
    world.until(world.settled)
    assert (world.request().state, world.request().error) == (RequestState.VERIFIED, None)


def _no_room(world: World) -> None:
    world.set(max_active=0)


def _day_is_used_up(world: World) -> None:
    world.set(max_tasks_day=0)


def _queue_is_full(world: World) -> None:
    world.ee.fail_next("start", *[QueueFull("Too many tasks already in the queue (3000).")] * 999)


def _others_take_all(world: World) -> None:
    world.set(max_active=1)
    world.ee.run = timedelta(hours=1)
    for number in range(3):
        world.launch(message(request_id=f"w{number}", orbits=[*range(1, 21)], priority=101))


def _bucket_is_silent(world: World) -> None:
    world.bucket.down = True


@pytest.mark.parametrize(
    "trouble", [_no_room, _day_is_used_up, _queue_is_full, _others_take_all, _bucket_is_silent]
)
def test_what_keeps_everybody_waiting_does_not_count(
    world: World, trouble: Callable[[World], None]
) -> None:
    world.set(launch_budget_s=0, max_priority=999)
    trouble(world)
    world.launch(ONE)
    world.ticks(52, minutes=1_080)  # 39 days
    assert world.request().state in OPEN
    world.set(max_active=99, max_tasks_day=999)
    world.ee.faults.clear()
    world.bucket.down = False
    world.until(world.settled, minutes=60)
    assert world.request().state is RequestState.VERIFIED


def test_a_file_that_can_never_be_read_is_no_outage_of_the_bucket(world: World) -> None:
    world.bucket.unreadable.add("composites/r1/r1-o131a.tif")
    world.launch(ONE)
    world.ticks(33 * 2, minutes=720)
    assert (world.request().state, world.task().state) == (RequestState.FAILED, TaskState.FAILED)
    assert world.task().trouble.error_class == "expired"


def test_who_is_in_line_is_given_up_once_there_was_room_for_thirty_days(world: World) -> None:
    world.set(launch_budget_s=0, max_active=0)
    world.launch(ONE)
    world.ticks(50, minutes=720)
    stuck(world, message(request_id="r2"))
    world.ticks(29 * 2, minutes=720)
    assert world.request().state in OPEN
    world.ticks(4, minutes=720)
    assert world.request().state is RequestState.FAILED


def test_an_operation_that_never_ends_is_given_up_though_others_wait_for_its_room(
    world: World,
) -> None:
    world.ee.run = timedelta(days=400)
    world.set(max_active=1)
    world.launch(ONE)
    world.launch(message(request_id="r2", orbits=[58]))
    world.ticks(33 * 2, minutes=720)
    assert world.request().state is RequestState.FAILED
    assert world.request("r2").state in OPEN


FULL = QueueFull("Too many tasks already in the queue (3000).")


def unexpanded(world: World) -> None:
    """Launch a request whose passes can't be asked for, though all else goes its way."""
    world.ee.fail_next("find_passes", *[FULL] * 9_999)
    world.launch(message(orbits=None))


def test_a_request_that_is_never_expanded_is_given_up(world: World) -> None:
    unexpanded(world)
    world.ticks(29 * 2, minutes=720)
    assert world.request().state is RequestState.EXPANDING
    world.ticks(4, minutes=720)
    record = world.request()
    assert (record.state, record.error_class) == (RequestState.FAILED, "expired")
    assert "for 30 days" in (record.error or "")
    assert "Too many tasks" in (record.error or "")
    assert end_kinds_told(world.store, "r1") == ["request.failed"]
    world.ee.faults.clear()
    retry(world.context(), Selection(error_class=ErrorClass.EXPIRED))
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED


@pytest.mark.parametrize("end", ["2024-08-01", "2025-05-01"])
def test_one_whose_period_is_not_over_is_waited_for(world: World, end: str) -> None:
    refused_from = message(orbits=None, end=end)
    world.launch(refused_from)
    world.ticks(40 * 2, minutes=720)
    assert world.request().state is RequestState.EXPANDING
    assert world.request().idle_since is None


@pytest.mark.parametrize("orbits", [None, [131]], ids=["expanding", "planned"])
@pytest.mark.parametrize(
    "fault", [TIMED_OUT, AccessRefused("Permission denied: earthengine.tables.list")], ids=str
)
def test_neither_an_outage_nor_a_refusal_of_everybody_counts(
    world: World, fault: EarthEngineFault, orbits: list[int] | None
) -> None:
    for call in ("find_passes", "list_operations", "start"):
        world.ee.fail_next(call, *[fault] * 9_999)
    world.launch(message(orbits=orbits))
    world.ticks(40 * 2, minutes=720)
    assert not world.request().state.terminal
    world.ee.faults.clear()
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED


def test_a_search_that_goes_on_begins_the_days_anew(world: World) -> None:
    unexpanded(world)
    world.ticks(20 * 2, minutes=720)
    record = world.request()
    assert record.idle_since is not None
    going = replace(record, search=Search(parts=4))
    after, fault = search_passes(world.context(), going)
    assert fault is not None
    assert after.idle_since == record.idle_since, "nothing was found"
    world.ee.faults["find_passes"] = deque([None, FULL])
    after, _ = search_passes(world.context(), going)
    assert (after.idle_since, after.search.days > 0) == (None, True)


def test_tasks_that_were_made_already_end_first(world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch()
    record = world.request()
    stuck(world, message(request_id="r2"))
    made = replace(
        record, state=RequestState.EXPANDING, size=0, idle_since=datetime(1970, 1, 1, tzinfo=UTC)
    )
    made = world.store.update_request(made, record.version)
    world.store.set_time_mark(TimeMark.IDLE_CLOCK, datetime(1970, 2, 2, tzinfo=UTC))
    after = expire_unexpanded(world.context(), made)
    assert (after.state, after.error_class) == (RequestState.FAILED, "expired")
    assert {task.trouble.error_class for task in world.tasks()} == {"expired"}
