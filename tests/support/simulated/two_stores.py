"""Two stores under one name: what tests of them say again and again."""

from collections.abc import Iterator
from itertools import count

from s1ratio.ports import Operation, operation_id
from s1ratio.records import RequestState
from s1ratio.services.polling.poll import PollReport
from s1ratio.task import task_of
from tests.support.simulated.operation import SimulatedOperation
from tests.support.simulated.world import World

Pair = tuple[World, World]
ADVICE = "give one of the two another S1RATIO_DEPLOYMENT"


def ticks(worlds: Pair, count: int) -> list[str]:
    """Poll both so often; return their troubles."""
    troubles: list[str] = []
    for _ in range(count):
        for world in worlds:
            troubles += world.tick(0.5).troubles
    return troubles


def follow_to_the_end(*worlds: World) -> None:
    """Poll all until the request has ended in each: by an operation of its own."""
    for _ in range(200):
        if all(world.settled() for world in worlds):
            break
        for world in worlds:
            world.tick()
    for world in worlds:
        assert world.request().state is RequestState.VERIFIED, world.states()
        world.assert_sound()


def omit_from(world: World, number: int) -> None:
    """Let one of the lists that this store's ticks read, by number, leave all operations out."""
    tick, whole, reads = world.tick, world.ee.list_operations, count(1)

    def omitting() -> Iterator[Operation]:
        listed = list(whole())
        return iter(() if next(reads) == number else listed)

    def ticking(minutes: float = 1) -> PollReport:
        world.ee.list_operations = omitting  # type: ignore[method-assign]
        try:
            return tick(minutes)
        finally:
            world.ee.list_operations = whole  # type: ignore[method-assign]

    world.tick = ticking  # type: ignore[method-assign]


def named(world: World, task_id: str = "r1-o131a") -> str:
    return operation_id(world.task(task_id).run.operation or "")


def of(world: World, task_id: str = "r1-o131a") -> list[SimulatedOperation]:
    """Return all operations of a task, whichever store and attempt they are of."""
    names = ((task_of("prod", op.description), op) for op in world.ee.current())
    return [op for name, op in names if name and name[0] == task_id]
