"""More is to be cancelled than is looked at at once, and some of it can't end: the rest does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from s1ratio.errors import TerminalFault, TransientFault
from s1ratio.records import RequestState
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.selection import Selection
from s1ratio.services.waiting.fairness import in_another_order
from s1ratio.task import TaskState
from tests.support.simulated import World, message
from tests.support.tasks import task as a_task


def stuck(world: World, count: int) -> None:
    """Let so many requests be cancelling for long: their files can't be looked at."""
    world.bucket.down = True
    for number in range(count):
        world.launch(message(request_id=f"a{number:02d}", orbits=[number + 1]))
    world.until(lambda: world.task(f"a{count - 1:02d}-o{count:03d}a").state is TaskState.SUCCEEDED)
    for number in range(count):
        cancel(world.context(), Selection(f"a{number:02d}"), "a")
    world.ticks(2)
    assert not world.settled("a00")


def flag_alone(world: World, request_id: str = "r1", reason: str = "z") -> None:
    """Let a request be flagged, and whoever did it die: nothing of it has ended."""
    record = world.request(request_id)
    world.store.update_request(replace(record, cancelling=reason), record.version)


@pytest.mark.parametrize("count", [49, 50, 60])
def test_requests_beyond_the_first_fifty_are_cancelled(world: World, count: int) -> None:
    world.set(max_active=100)
    stuck(world, count)
    world.set(launch_budget_s=0, max_active=0)
    world.launch(message(request_id="r1"))
    flag_alone(world)
    world.until(world.settled, limit=5, minutes=20)
    assert world.request().state is RequestState.CANCELLED
    assert not world.settled("a00")


def test_so_are_those_that_are_expanding(world: World) -> None:
    world.set(max_active=100)
    stuck(world, 51)
    world.ee.fail_next("find_passes", *[TransientFault("Internal error.")] * 9)
    world.launch(message(orbits=None))
    flag_alone(world)
    world.until(world.settled, limit=5, minutes=20)
    assert world.request().state is RequestState.CANCELLED


@pytest.mark.parametrize("fault", [TransientFault("timed out"), TerminalFault("not now")], ids=str)
def test_an_operation_that_can_not_be_cancelled_keeps_no_other_from_it(
    world: World, fault: TransientFault | TerminalFault
) -> None:
    """Each tick has time, or patience, for a few: they are not the same ones every time."""
    world.set(tick_budget_s=4)
    world.ee.run = timedelta(hours=9)
    world.launch(message(orbits=list(range(1, 9))))
    cancel(world.context(), Selection("r1"), "enough")
    stop = world.ee.cancel

    def stubborn(operation: str) -> None:
        world.clock.sleep(1)
        if operation in first:
            raise fault
        stop(operation)

    first = {task.run.operation or "" for task in world.tasks()[:3]}
    world.ee.cancel = stubborn  # type: ignore[method-assign]
    world.until(lambda: list(world.states().values()).count(TaskState.CANCELLED) == 5, limit=90)
    assert {task.run.operation for task in world.tasks() if not task.ended} == first


def test_the_order_is_another_one_each_time_and_the_same_for_the_same_time(world: World) -> None:
    plan = a_task().plan
    tasks = [replace(a_task(), plan=replace(plan, id=f"r1-{number}")) for number in range(9)]
    firsts = set()
    for _ in range(60):
        world.clock.sleep(60)
        now = world.clock.now()
        order = in_another_order(tasks, now)
        assert order == in_another_order(reversed(tasks), now)
        assert {task.id for task in order} == {task.id for task in tasks}
        firsts.add(order[0].id)
    assert len(firsts) > 5
