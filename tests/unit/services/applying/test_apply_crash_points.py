"""Killed anywhere between a command's record, what it does and its end: it is done once.

Between the death and the next delivery the world goes on, and undoes what was done: a person
resumes, retries, removes or raises anew, a tick makes the request, a task fails once more. What
the command has done before it died it does not do again.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from s1ratio.alerts.records import Kind
from s1ratio.commands.records import CommandState
from s1ratio.errors import StoreUnavailable
from s1ratio.regions.moves import resumed
from s1ratio.regions.states import RegionState
from s1ratio.services.alerts.definitions import remove
from s1ratio.services.commands.raise_priority import raise_priority
from s1ratio.services.commands.retry import retry
from s1ratio.services.commands.selection import Selection
from s1ratio.services.regions.commands import change_region
from tests.support.sample import one_of, sample
from tests.support.simulated import Breaker, Crashed, Outcome
from tests.support.simulated.regions import RegionWorld, region_data
from tests.support.simulated.starts import ONE
from tests.unit.services.applying.commanded_world import NAME, deliver, known, said

BAD, TOO_MUCH = "Image.select: band 'XX' not found", "User memory limit exceeded."
BERLIN = "berlin"
SILENCE = said(
    "silence", target={"hazard": "flood"}, ends_at="2030-01-01T00:00:00Z", reason="an exercise"
)


@dataclass(frozen=True)
class Life:
    """What there is before, the message, what undoes it, and what tells that it was done once."""

    before: Callable[[RegionWorld], None]
    payload: bytes
    undo: Callable[[RegionWorld], None]
    check: Callable[[RegionWorld], None]


def _region(world: RegionWorld) -> None:
    world.apply(region_data())


def _resume(world: RegionWorld) -> None:
    if world.region(BERLIN).state is RegionState.PAUSED:
        now = world.clock.now()
        change_region(world.context(), BERLIN, lambda one: resumed(one, now, "me", catch_up=True))


def _paused_once(world: RegionWorld) -> None:
    moves = [one for one in world.history(BERLIN, "state") if one.became == RegionState.PAUSED]
    assert len(moves) == 1


def _refresh(world: RegionWorld) -> None:
    world.clock.sleep(60)
    world.refresh()


def _run_once(world: RegionWorld) -> None:
    _refresh(world)
    assert len(world.history(BERLIN, "run")) == 1
    assert len(world.refreshes(BERLIN)) == 1


def _failed(world: RegionWorld) -> None:
    world.ee.outcomes.extend([Outcome(error=BAD)] * 3)
    world.launch(ONE)
    world.until(world.settled)


def _part_failed(world: RegionWorld) -> None:
    world.ee.outcomes.extend([Outcome(error=TOO_MUCH), *[Outcome(error=BAD)] * 9])
    world.launch(ONE)
    world.until(world.settled)


def _fail_again(world: RegionWorld) -> None:
    world.ticks(12, minutes=3)


def _retried_once(world: RegionWorld) -> None:
    world.until(world.settled)
    attempts = {task.run.attempt for task in world.tasks() if not task.family.parts}
    assert attempts == {2}


def _in_line(world: RegionWorld) -> None:
    world.set(launch_budget_s=0)
    world.launch()


def _raise_again(world: RegionWorld) -> None:
    if world.request().priority == 9_000:
        raise_priority(world.context(), Selection("r1"), 5)


def _raised_once(world: RegionWorld) -> None:
    priority = world.request().priority
    assert {task.place.priority for task in world.tasks()} == {priority}


def _launched(world: RegionWorld) -> None:
    world.launch()


def _retry_by_hand(world: RegionWorld) -> None:
    marks = {*world.request().commands, *world.task("r1-o058a").origin.commands}
    if NAME in marks:
        world.ticks(3)
        assert retry(world.context(), Selection("r1")), "there must be something to undo"


def _cancelled_once(world: RegionWorld) -> None:
    world.until(world.settled)
    assert _cancellations(world, "r1") == 1


def _task_cancelled_once(world: RegionWorld) -> None:
    world.until(world.settled)
    assert _cancellations(world, "r1-o058a") == 1


def _cancellations(world: RegionWorld, subject: str) -> int:
    """Return how often a request or a task ended as cancelled."""
    told = [one for one in world.store.find_events_of("r1") if one.subject == subject]
    return sum(one.attributes["state"] == "CANCELLED" for one in told)


def _nothing(_: RegionWorld) -> None:
    pass


def _remove(world: RegionWorld) -> None:
    if world.store.get_definition(Kind.SILENCE, NAME) is not None:
        remove(world.store, Kind.SILENCE, NAME, world.clock.now())


def _silenced_once(world: RegionWorld) -> None:
    assert world.store.get_definition(Kind.SILENCE, NAME) is not None


LIVES = {
    "pause": Life(_region, said("pause", region=BERLIN), _resume, _paused_once),
    "run": Life(_region, said("run", region=BERLIN), _refresh, _run_once),
    "retry": Life(_failed, said("retry"), _fail_again, _retried_once),
    "retry of parts": Life(_part_failed, said("retry"), _fail_again, _retried_once),
    "retry of a task": Life(
        _failed, said("retry", target={"task": "r1-o131a"}), _fail_again, _retried_once
    ),
    "raise": Life(_in_line, said("raise", priority=9_000), _raise_again, _raised_once),
    "cancel": Life(_launched, said("cancel"), _retry_by_hand, _cancelled_once),
    "cancel in line": Life(_in_line, said("cancel"), _retry_by_hand, _cancelled_once),
    "cancel of a task": Life(
        _in_line, said("cancel", target={"task": "r1-o058a"}), _retry_by_hand, _task_cancelled_once
    ),
    "silence": Life(_nothing, SILENCE, _remove, _silenced_once),
}


def _lived(folder: Path, life: Life, breaker: Breaker) -> RegionWorld:
    folder.mkdir()
    world = RegionWorld(folder)
    world.ee.wait = world.ee.run = timedelta(minutes=1)
    life.before(world)
    with suppress(Crashed, StoreUnavailable):
        deliver(world, life.payload, world.context(breaker))
    return world


@one_of(4)
@pytest.mark.parametrize("error", [Crashed, StoreUnavailable])
@pytest.mark.parametrize("name", LIVES)
def test_every_crash_point(
    name: str,
    error: type[BaseException],
    step: int,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    life, whole = LIVES[name], Breaker(error=error)
    _lived(tmp_path / "whole", life, whole).close()
    assert len(whole.effects()) >= 6, whole.log
    points = sample(whole.effects(), step)
    for at, after in points:
        world = _lived(tmp_path / f"{at}-{after}", life, Breaker(at, after, error))
        try:
            world.clock.sleep(1)
            life.undo(world)
            world.clock.sleep(1)
            deliver(world, life.payload)
            assert known(world).state is CommandState.APPLIED, known(world).reasons
            life.check(world)
            deliver(world, life.payload)
            life.check(world)
            events = [one for one in world.store.find_events_of("r1") if NAME in one.id]
            assert len(events) <= 1
        except AssertionError as trouble:
            raise AssertionError(f"{at}, {after}, {whole.log[at - 1]}: {trouble}") from trouble
        finally:
            world.close()
    record_property("figures", f"{name}, {error.__name__}: {len(points)} points, done once at each")
