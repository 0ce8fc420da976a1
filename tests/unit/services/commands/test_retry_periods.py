"""Retry before a period is over: it is waited for, as it was the first time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from s1ratio.records import RequestState
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.retry import resubmit, retry
from s1ratio.services.commands.selection import Selection
from tests.support.simulated import World, message

R1 = Selection(request_id="r1")
AHEAD = datetime(2024, 6, 20, tzinfo=UTC)  # the world begins on the first of June
AVAILABLE = AHEAD + timedelta(days=2)


def cancelled(world: World, **fields: Any) -> None:
    world.launch(message(request_id="r1", **fields))
    cancel(world.context(), R1, "not now")
    world.until(lambda: world.request().state is RequestState.CANCELLED)


@pytest.mark.parametrize("again", [retry, resubmit])
@pytest.mark.parametrize(
    ("end", "available"),
    [
        ("2024-06-20", AVAILABLE),
        ("2024-06-20T10:00:00+02:00", AVAILABLE + timedelta(hours=8)),
        ("2024-06-02", datetime(2024, 6, 4, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("orbits", [None, [131]], ids=["found", "named"])
def test_what_was_cancelled_waits_for_the_end_of_its_period(
    world: World, again: Any, end: str, available: datetime, orbits: list[int] | None
) -> None:
    cancelled(world, orbits=orbits, end=end)
    again(world.context(), R1)
    waiting = [task.place.not_before for task in world.tasks()] or [world.request().not_before]
    assert set(waiting) == {available}
    world.clock.sleep((available - world.clock.now()).total_seconds() - 3_600)
    world.ticks(2, minutes=10)
    assert not world.ee.current()
    world.clock.sleep(3_600)
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED


@pytest.mark.parametrize("orbits", [None, [131]], ids=["found", "named"])
def test_one_whose_period_ended_meanwhile_goes_on_at_once(
    world: World, orbits: list[int] | None
) -> None:
    cancelled(world, orbits=orbits, end="2024-06-02")
    world.clock.sleep(10 * 86_400)
    retry(world.context(), R1)
    world.ticks(3)
    assert world.ee.current()


def test_a_task_alone_waits_as_well(world: World) -> None:
    cancelled(world, orbits=[131, 58], end="2024-06-20")
    task = world.tasks()[0]
    retry(world.context(), Selection(task_ids=(task.id,)))
    assert world.task(task.id).place.not_before == AVAILABLE
