"""What exports cost: counted over all attempts and parts, told as they run, and held to a ceiling.

EECU-seconds are Earth Engine's unit of computing.
"""

import pytest

from s1ratio.records import RequestState
from s1ratio.services.commands.retry import retry
from s1ratio.services.commands.selection import Selection
from s1ratio.task import TaskState
from tests.support.simulated import Outcome, World
from tests.support.simulated.starts import ONE

TOO_MUCH = "User memory limit exceeded."
DEAR = Outcome(eecu_seconds=6_000)


def test_what_running_tasks_have_spent_is_told(world: World) -> None:
    world.set(max_request_eecu_s=10_000)
    world.ee.run *= 6
    world.ee.outcomes.append(DEAR)
    world.launch(ONE)
    world.ticks(20)
    spent = world.task().run.eecu_seconds
    assert world.task().state is TaskState.RUNNING
    assert spent == pytest.approx(6_000 * 18 / 60, rel=0.1)
    assert world.request().eecu_seconds == spent


def test_progress_and_costs_are_written_in_steps(world: World) -> None:
    world.ee.run *= 6
    world.launch(ONE)
    world.ticks(59)
    assert world.task().version <= 4 + 10  # created, claimed, submitted, running; steps of a tenth


@pytest.mark.parametrize(
    ("first", "attempts"), [("Internal error.", 2), ("Your usage exceeded the custom quota", 2)]
)
def test_failed_attempts_count_too(world: World, first: str, attempts: int) -> None:
    world.ee.outcomes.extend([Outcome(error=first, eecu_seconds=30), Outcome(eecu_seconds=12)])
    world.launch(ONE)
    world.until(world.settled, minutes=30)
    assert (world.task().run.attempt, world.task().run.eecu_seconds) == (attempts, 42)
    assert world.request().eecu_seconds == 42


def test_what_was_spent_before_a_split_counts_too(world: World) -> None:
    costs = [Outcome(eecu_seconds=n) for n in (1, 2, 3, 4)]
    world.ee.outcomes.extend([Outcome(error=TOO_MUCH, eecu_seconds=100), *costs])
    world.launch(ONE)
    world.until(world.settled)
    assert world.task().run.eecu_seconds == 100
    assert world.request().eecu_seconds == 110


def test_a_request_over_its_ceiling_is_cancelled_and_says_why(world: World) -> None:
    world.set(max_request_eecu_s=5_000, max_active=2)
    world.ee.run *= 6
    world.ee.outcomes.extend([DEAR, DEAR])
    world.launch()
    world.until(world.settled)
    record = world.request()
    assert record.state is RequestState.CANCELLED
    assert record.error is not None
    assert record.error.startswith("spent 5,")
    assert record.error.endswith("EECU-s, its ceiling is 5,000")
    assert {(task.state, task.trouble.error) for task in world.tasks()} == {
        (TaskState.CANCELLED, record.error)
    }
    assert {op.state for op in world.ee.current()} == {"CANCELLED"}
    assert record.eecu_seconds < 7_000  # not the twelve thousand that all of it would have cost


def test_what_was_done_below_the_ceiling_stays(world: World) -> None:
    world.set(max_request_eecu_s=5_000, max_active=1, launch_budget_s=0)
    world.ee.outcomes.extend([DEAR, DEAR])
    world.launch()
    world.until(world.settled)
    assert world.request().state is RequestState.PARTIAL
    assert sorted(world.states().values()) == [TaskState.CANCELLED, TaskState.VERIFIED]
    assert "its ceiling is 5,000" in (world.request().error or "")


def test_a_retry_under_the_same_ceiling_ends_the_same_way(world: World) -> None:
    world.set(max_request_eecu_s=5_000, max_active=1, launch_budget_s=0)
    world.ee.outcomes.extend([DEAR, DEAR])
    world.launch()
    world.until(world.settled)
    retry(world.context(), Selection(request_id="r1"))
    world.until(world.settled)
    assert world.request().state is RequestState.PARTIAL
    world.set(max_request_eecu_s=50_000)
    retry(world.context(), Selection(request_id="r1"))
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED
