"""What may be started: room, a day's ceiling, and what holds up every start of a deployment."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.services.waiting.backoff import after_reset
from s1ratio.task import TaskState, Trouble
from tests.support.simulated import Outcome, World, message

USED_UP = "Your usage exceeded the custom quota for EECUs."
RESET = datetime(2024, 6, 2, 8, tzinfo=UTC)


def many(count: int, request_id: str = "r1", **changes: object) -> bytes:
    """Return a message of that many tasks."""
    return message(request_id=request_id, orbits=list(range(1, count + 1)), **changes)


def test_a_launch_starts_no_more_than_there_is_room_for(world: World) -> None:
    world.set(max_active=3)
    assert world.launch(many(5)).started == 3
    assert world.launch(many(5, "r2", end="2024-02-01")).started == 0
    most = 0
    while not (world.settled("r1") and world.settled("r2")):
        world.tick()
        most = max(most, sum(op.live for op in world.ee.current()))
    assert most == 3


def test_a_launch_does_not_pass_those_who_have_long_been_waiting(world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch(many(2))
    world.set(launch_budget_s=120)
    world.clock.sleep(61)
    assert world.launch(many(2, "r2", end="2024-02-01")).started == 0
    world.set(max_priority=200)
    assert world.launch(many(2, "r3", end="2024-02-02", priority=200)).started == 2
    world.tick()
    order = [op.description.split("-")[2] for op in world.ee.current()]
    assert order == ["r3", "r3", "r1", "r1", "r2", "r2"]


def test_nor_waits_for_those_who_have_just_come(world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch(many(2))
    world.set(launch_budget_s=120)
    world.clock.sleep(30)
    assert world.launch(many(2, "r2", end="2024-02-01")).started == 2


def test_a_full_queue_holds_up_every_start_for_a_while(world: World) -> None:
    world.ee.fail_next("start", fault_of("Too many tasks already in the queue (3000).", 429))
    world.launch(many(3))
    for number in range(5):
        world.launch(many(3, f"n{number}", end=f"2024-02-0{number + 1}"))
    world.ticks(4)
    assert world.ee.calls["start"] == 1
    assert "queue is full: no start before 2024-06-01 12:05 UTC" in str(world.tick(0.5).held)
    world.tick()
    assert world.ee.calls["start"] == 19
    assert {task.run.attempt for task in world.tasks()} == {1}


def test_a_used_up_quota_is_asked_after_once_a_day(world: World) -> None:
    world.ee.fail_next("start", *[fault_of(USED_UP, 429)] * 3)
    world.launch(many(3))
    world.launch(many(3, "r2", end="2024-02-01"))
    at: list[datetime] = []
    calls = world.ee.calls["start"]
    while not world.settled("r2"):
        world.tick(10)
        if world.ee.calls["start"] > calls:
            calls = world.ee.calls["start"]
            at.append(world.clock.now())
    assert [moment - RESET for moment in at] == pytest.approx(
        [timedelta(days=day, minutes=10) for day in range(3)], abs=timedelta(minutes=10)
    )
    assert calls == 3 + 6
    assert {(task.run.attempt, task.state) for task in world.tasks()} == {(1, TaskState.VERIFIED)}


def test_those_who_wait_are_told_why(world: World) -> None:
    world.ee.fail_next("start", fault_of(USED_UP, 429))
    world.launch(many(3))
    world.launch(many(3, "r2", end="2024-02-01"))
    world.tick()
    for request_id in ("r1", "r2"):
        troubles = [task.trouble for task in world.tasks(request_id)]
        told = [str(trouble.error) for trouble in troubles if trouble.error_class == "quota"]
        assert told
        assert all("quota is used up" in words or words == USED_UP for words in told)
    versions = [task.version for task in world.tasks("r2")]
    world.ticks(5)
    assert [task.version for task in world.tasks("r2")] == versions  # told once
    world.until(lambda: world.settled("r2"), limit=200, minutes=10)
    assert {task.trouble for task in world.tasks("r2")} == {Trouble()}


def test_a_quota_that_ended_an_operation_before_its_reset_holds_nothing_up(world: World) -> None:
    world.ee.outcomes.append(Outcome(error=USED_UP))
    world.launch(many(1))
    world.clock.sleep(24 * 3600)  # nobody polled while it failed, and the quota was reset
    world.ticks(2)
    assert world.ee.calls["start"] == 2
    assert world.task("r1-o001a").run.retries == 0


def test_a_quota_that_ended_an_operation_holds_up_starts(world: World) -> None:
    world.ee.outcomes.append(Outcome(error=USED_UP))
    world.launch(many(1))
    world.until(lambda: world.task("r1-o001a").run.attempt == 2)
    assert world.launch(many(2, "r2", end="2024-02-01")).started == 0
    assert "quota is used up: no start before 2024-06-02 08:0" in str(world.tick().held)


def test_no_more_are_started_in_a_day_than_its_ceiling(world: World) -> None:
    world.set(max_tasks_day=4)
    assert world.launch(many(10)).started == 4
    report = world.tick()
    assert "4 tasks were started today" in str(report.held)
    assert "no start before 2024-06-02 00:00 UTC" in str(report.held)
    assert [t.trouble.error_class for t in world.tasks() if t.trouble.error_class] == ["ceiling"]
    days = [(world.clock.now().date(), world.ee.calls["start"])]
    while not world.settled():
        world.tick(10)
        days.append((world.clock.now().date(), world.ee.calls["start"]))
    by_day = dict(days)
    assert [later - earlier for earlier, later in pairwise(by_day.values())] == [4, 2]


def test_what_failed_and_waits_for_its_next_attempt_counts_for_the_day(world: World) -> None:
    world.set(max_tasks_day=2)
    world.ee.run = timedelta(minutes=1)
    world.ee.outcomes.extend([Outcome(error="Internal error.")] * 2)
    world.launch(many(4))
    world.ticks(30)
    assert {op.description.rpartition("-a")[0] for op in world.ee.current()} == {
        "s1r-prod-r1-o001a",
        "s1r-prod-r1-o002a",
    }


@pytest.mark.parametrize("hour", [0, 8, 23])
def test_a_quota_resets_at_its_hour_in_utc(hour: int) -> None:
    for now in (datetime(2024, 2, 28, h, 59, 59, tzinfo=UTC) for h in range(24)):
        for key in ("prod", "dev"):
            until = after_reset(now, hour, key)
            assert until > now
            assert until.hour == hour
            assert until - now <= timedelta(days=1, minutes=10)
            assert 5 <= until.minute < 10
    assert after_reset(now, hour, "prod") != after_reset(now, hour, "dev")


def test_a_quota_refused_just_after_its_reset_is_asked_about_once_more() -> None:
    reset = datetime(2024, 2, 28, 8, tzinfo=UTC)
    for late in (timedelta(), timedelta(minutes=4)):
        until = after_reset(reset + late, 8, "prod")
        assert timedelta(minutes=5) <= until - (reset + late) < timedelta(minutes=10)
    assert after_reset(reset + timedelta(minutes=5), 8, "prod") > reset + timedelta(days=1)
