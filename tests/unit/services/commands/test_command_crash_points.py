"""A person's command dies between any two writes, and nobody calls it again: all comes to an end.

What was set going ends by itself, and its request with it. The same call once more does the rest.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from s1ratio.records import state_of, tally
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.raise_priority import raise_priority
from s1ratio.services.commands.retry import resubmit, retry
from s1ratio.services.commands.selection import Selection
from s1ratio.services.context import PollContext
from s1ratio.task import TaskState
from tests.support.sample import one_of, sample
from tests.support.simulated import Breaker, Crashed, Outcome, World, message
from tests.support.simulated.starts import ONE
from tests.support.told import ends_told

R1, R2 = Selection("r1"), Selection("r2")
BAD, TOO_MUCH = "Image.select: band 'XX' not found", "User memory limit exceeded."
Command = Callable[[PollContext], object]


def both_failed(world: World) -> None:
    world.ee.outcomes.extend([Outcome(error=BAD)] * 2)
    world.launch()
    world.until(world.settled)


def verified(world: World) -> None:
    world.launch()
    world.until(world.settled)


def part_failed(world: World) -> None:
    world.ee.outcomes.extend([Outcome(error=TOO_MUCH), Outcome(error=BAD)])
    world.launch(ONE)
    world.until(world.settled)


def in_line(world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch()


def behind_a_split_one(world: World) -> None:
    """Let `r2` wait for a task of `r1` that was split; its parts are in line."""
    world.ee.outcomes.append(Outcome(error=TOO_MUCH))
    world.launch(ONE)
    world.launch(message(request_id="r2", orbits=[131]))
    world.set(max_active=0)
    world.until(lambda: world.task().state is TaskState.SPLIT)
    world.set(max_active=9)


def _resubmit(context: PollContext) -> object:
    return resubmit(context, R1)


def _retry(context: PollContext) -> object:
    return retry(context, R1)


def _raise(context: PollContext) -> object:
    return raise_priority(context, R1, 500)


def _raise_follower(context: PollContext) -> object:
    return raise_priority(context, R2, 500)


def _cancel_follower(context: PollContext) -> object:
    return cancel(context, R2, "enough")


LIVES = [
    (both_failed, _retry),
    (part_failed, _retry),
    (both_failed, _resubmit),
    (verified, _resubmit),
    (part_failed, _resubmit),
    (in_line, _raise),
    (behind_a_split_one, _raise_follower),
    (behind_a_split_one, _cancel_follower),
]


@one_of(3)
@pytest.mark.parametrize(("before", "command"), LIVES)
def test_every_crash_point_of_a_command_comes_to_an_end(
    before: Callable[[World], None],
    command: Command,
    step: int,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    def trial(name: str, breaker: Breaker) -> World:
        world = World(tmp_path / name)
        world.ee.wait = world.ee.run = timedelta(minutes=1)
        before(world)
        with suppress(Crashed):
            command(world.context(breaker))
        return world

    whole = Breaker()
    trial("whole", whole).close()
    points = sample(whole.effects(), step)
    for at, after in points:
        world = trial(f"{at}-{after}", Breaker(at, after))
        try:
            _check_alone(world)
            command(world.context())
            _check_alone(world)
        except AssertionError as trouble:
            raise AssertionError(f"{at}, {after}, {whole.log[at - 1]}: {trouble}") from trouble
        finally:
            world.close()
    assert points
    record_property("figures", f"{before.__name__}, {command.__name__}: {len(points)} points")


def _check_alone(world: World) -> None:
    """Poll on: nothing may be left open, and each request be what its tasks came to."""
    world.ticks(40, minutes=3)
    for name in ("r1", "r2"):
        if world.store.get_request(name) is None:
            continue
        found, tasks = world.request(name), world.tasks(name)
        assert all(task.ended for task in tasks), world.states(name)
        assert found.state is state_of(tally(tasks)), (found.state, world.states(name))
        assert found.tallies == {s.value: n for s, n in tally(tasks).counts.items()}
        for task in tasks:
            parts = [world.task(child) for child in task.children]
            if parts and all(part.state is TaskState.VERIFIED for part in parts):
                assert task.state is TaskState.VERIFIED, (task.id, task.state)
        told = ends_told(world.store, name)
        assert len(told) == len(set(told))
        assert f"{name}.{found.state.value.lower()}.r{found.round}" in told
        world.assert_sound(name)
