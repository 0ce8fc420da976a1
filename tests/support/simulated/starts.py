"""Starts of one task, `r1-o131a`: what tests of them say again and again."""

from collections.abc import Callable
from typing import Any

from s1ratio.errors import TransientFault
from s1ratio.ports import operation_id
from s1ratio.task import Task, TaskState, ee_request_id, make_identity
from tests.support.simulated.earth_engine import TIMEOUT
from tests.support.simulated.world import World, message

ONE = message(orbits=[131])
TIMED_OUT = TransientFault(TIMEOUT)


def ids_used(world: World) -> list[str]:
    """Return the request ids that Earth Engine has seen, in turn."""
    return list(world.ee.used_ids)


def ids(*numbers: int) -> list[str]:
    """Return the ids of the first attempt's starts of these numbers."""
    store = make_identity("process-1")
    return [ee_request_id("prod", "r1-o131a", 1, number, store) for number in numbers]


def finish(world: World) -> Task:
    """Poll to the end; the one attempt must have one surviving operation."""
    world.until(world.settled)
    world.assert_sound()
    task = world.task()
    assert (task.state, task.run.attempt) == (TaskState.VERIFIED, 1)
    survivors = [operation_id(op.name) for op in world.operations() if op.survives]
    assert survivors == [operation_id(task.run.operation or "")]
    return task


def during_post(world: World, action: Callable[[str], None]) -> None:
    """Run an action after the next POST was accepted, before its worker learns of it."""
    post = world.ee.start

    def slow(*args: Any) -> str:
        name = post(*args)
        world.ee.start = post  # type: ignore[method-assign]
        action(name)
        return name

    world.ee.start = slow  # type: ignore[method-assign,assignment]
