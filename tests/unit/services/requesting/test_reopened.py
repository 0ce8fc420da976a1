"""A person sets tasks going and dies before the request is told: a tick finds out by itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from s1ratio.records import RequestState
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.retry import resubmit, retry
from s1ratio.services.commands.selection import Selection
from s1ratio.services.context import Context
from s1ratio.services.polling.poll import poll
from s1ratio.services.requesting.settle import settle
from s1ratio.task import TaskState
from tests.support.simulated import Breaker, Crashed, Outcome, World, message
from tests.support.simulated.starts import ONE
from tests.support.told import ends_told

R1 = Selection("r1")
BAD = "Image.select: band 'XX' not found"
TOO_MUCH = "User memory limit exceeded."
VERIFIED, RUNNING = RequestState.VERIFIED, RequestState.RUNNING


class EndedAgain:
    """A person's store: a poller counts before each move, and the person dies with the last."""

    def __init__(self, world: World, moves: int) -> None:
        self._world, self._left = world, moves

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world.store, name)

    def transition(self, *args: Any, **named: Any) -> Any:
        """Move a task."""
        settle(self._world.context(), ["r1"], [])
        done = self._world.store.transition(*args, **named)
        self._left -= 1
        if not self._left:
            raise Crashed
        return done


def dies(world: World, again: Callable[..., object], wish: Selection, moves: int) -> None:
    """Let a person set tasks going, of a request that stands as ended afterwards."""
    store: Any = EndedAgain(world, moves)
    with pytest.raises(Crashed):
        again(replace(world.context(), store=store), wish)
    assert world.request().state.terminal


def both_failed(world: World) -> None:
    world.ee.outcomes.extend([Outcome(error=BAD)] * 2)
    world.launch()


def one_failed(world: World) -> None:
    world.ee.outcomes.extend([Outcome(), Outcome(error=BAD)])
    world.launch()


def cancelled(world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch()
    cancel(world.context(), R1, "a mistake")


def verified(world: World) -> None:
    world.launch()


def part_failed(world: World) -> None:
    world.ee.outcomes.extend([Outcome(error=TOO_MUCH), Outcome(error=BAD)])
    world.launch(ONE)


@pytest.mark.parametrize("ticks", [0, 3])
@pytest.mark.parametrize(
    ("before", "again", "moves"),
    [
        (both_failed, retry, 2),
        (one_failed, retry, 1),
        (cancelled, retry, 2),
        (verified, resubmit, 2),
        (one_failed, resubmit, 2),
        (part_failed, retry, 2),  # the whole, and its part
    ],
)
def test_the_request_is_set_going_and_ends_by_what_its_tasks_come_to(
    world: World,
    before: Callable[[World], None],
    again: Callable[..., object],
    moves: int,
    ticks: int,
) -> None:
    before(world)
    world.until(world.settled)
    dies(world, again, R1, moves)
    rounds = world.request().round
    if ticks:
        world.ticks(ticks)
        assert (world.request().state, world.request().ended_at) == (RUNNING, None)
    world.until(lambda: world.settled() and world.request().round > rounds)
    assert world.request().state is VERIFIED
    assert world.request().tallies == {"VERIFIED": 4 if before is part_failed else 2}
    assert set(world.states().values()) == {TaskState.VERIFIED}
    told = ends_told(world.store, "r1")
    assert len(told) == len(set(told))
    assert f"r1.verified.r{world.request().round}" in told
    world.assert_sound()


def test_it_is_found_by_the_end_of_its_tasks_alone(world: World) -> None:
    """No tick saw them under way: each poller that did so died before it counted."""
    both_failed(world)
    world.until(world.settled)
    dies(world, retry, R1, 2)
    for _ in range(60):
        world.clock.sleep(60)
        if {task.state for task in world.tasks()} == {TaskState.VERIFIED}:
            break
        poll(without_counting(world))
    assert world.request().state is RequestState.FAILED
    world.tick()
    assert world.request().state is VERIFIED


def without_counting(world: World) -> Any:
    """Return a poller's context, in which a request's record can't be written."""

    class Dying:
        def __getattr__(self, name: str) -> Any:
            if name == "update_request":
                raise RuntimeError("this process is dying")
            return getattr(world.store, name)

    store: Any = Dying()
    return replace(world.context(), store=store)


def test_while_it_is_under_way_again_it_can_be_cancelled(world: World) -> None:
    both_failed(world)
    world.until(world.settled)
    dies(world, retry, R1, 2)
    world.ticks(2)
    cancel(world.context(), R1, "enough")
    world.until(world.settled)
    assert world.request().state is RequestState.CANCELLED
    assert world.request().error == "enough"


@pytest.mark.parametrize("ahead_s", [-300, -3, 0, 3, 300])
def test_another_clock_reopens_nothing(world: World, ahead_s: float) -> None:
    world.launch()
    world.until(world.settled)
    record, counting = world.request(), Breaker()
    assert record.ended_at is not None
    at: datetime = record.ended_at + timedelta(seconds=ahead_s)
    context: Context = world.context(counting)
    assert settle(context, ["r1"], [], at) == 0
    assert world.request() == record
    assert ("find_tasks_of" in counting.log) is (ahead_s > 0), "read only where something hints"


@pytest.mark.parametrize("state", ["REJECTED", "FAILED", "CANCELLED"])
def test_a_request_that_ended_without_tasks_is_left_alone(world: World, state: str) -> None:
    world.set(max_tasks=1)
    world.launch(message(orbits=None))
    record = world.request()
    world.store.update_request(replace(record, state=RequestState(state)), record.version)
    later = world.clock.now() + timedelta(days=1)
    assert settle(world.context(), ["r1"], [], later) == 0
    assert world.request().state.value == state


def test_a_task_that_came_up_under_a_cancelled_request_is_counted_and_no_more(
    world: World,
) -> None:
    world.set(launch_budget_s=0)
    world.launch()
    late = [replace(task, plan=replace(task.plan, id=f"{task.id}-t0001")) for task in world.tasks()]
    cancel(world.context(), R1, "a mistake")
    world.store.create_tasks(late)
    world.ticks(3)
    record = world.request()
    assert (record.state, record.tallies, record.round) == (
        RequestState.CANCELLED,
        {"CANCELLED": 4},
        1,
    )
