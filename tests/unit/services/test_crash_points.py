"""Every crash point: whatever call a process dies at, the rest is made good without hands."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from s1ratio.errors import StoreUnavailable, TransientFault
from s1ratio.records import RequestState
from s1ratio.services.context import PollContext
from s1ratio.services.launch import launch
from s1ratio.services.poll import poll
from s1ratio.task import TaskState
from tests.support.simulated import Breaker, Crashed, World, message

PAYLOAD = message(orbits=None)
Process = Callable[[], PollContext]


def one_launch(_: World, process: Process) -> None:
    """A delivery."""
    launch(process(), PAYLOAD)


def polls_alone(world: World, process: Process) -> None:
    """Pollers up to the end, for a request that was stored and no more."""
    with suppress(Crashed):
        launch(world.context(Breaker(at=1, after=True)), PAYLOAD)
    _poll(world, process, 6)


def all_answers_lost(world: World, process: Process) -> None:
    """A delivery whose POSTs are taken though they seem to time out, then pollers."""
    world.ee.fail_after_next("start", *[TransientFault("timed out")] * 2)
    launch(process(), PAYLOAD)
    _poll(world, process, 6)


def _poll(world: World, process: Process, count: int) -> None:
    for _ in range(count):
        world.clock.sleep(60)
        poll(process())


LIVES = [one_launch, polls_alone, all_answers_lost]
Life = Callable[[World, Process], None]


class Trial:
    """A life in which one call breaks, and what comes after."""

    def __init__(self, folder: Path, breaker: Breaker) -> None:
        self.breaker = breaker
        self.world = World(folder)
        self.world.ee.run = self.world.ee.wait

    def live(self, life: Life) -> None:
        """Live up to the break, or to the end."""
        only_earth_engine = self.breaker.error is TransientFault

        def process() -> PollContext:
            return self.world.context(self.breaker, earth_engine_only=only_earth_engine)

        with suppress(Crashed, StoreUnavailable):
            life(self.world, process)

    def recover(self) -> None:
        """Deliver again and poll on: all must come out as if nothing had happened."""
        world = self.world
        world.launch(PAYLOAD)
        world.until(world.settled, limit=60, minutes=2)
        assert world.request().state is RequestState.VERIFIED
        assert world.states() == dict.fromkeys(["o058a", "o131a"], TaskState.VERIFIED)
        for task in world.tasks():
            assert task.attempt == 1
            (survivor,) = [op for op in world.operations(task.id) if op.survives]
            assert survivor.name == task.operation
        world.assert_sound()


def calls_of(life: Life, folder: Path, error: type[BaseException]) -> list[str]:
    """Return the calls of a life in which nothing breaks."""
    trial = Trial(folder, Breaker(error=error))
    trial.live(life)
    trial.world.close()
    return trial.breaker.log


@pytest.mark.parametrize("error", [Crashed, StoreUnavailable, TransientFault])
@pytest.mark.parametrize("life", LIVES)
def test_every_crash_point_is_recovered_from(
    life: Life,
    error: type[BaseException],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
) -> None:
    calls = calls_of(life, tmp_path / "whole", error)
    assert {"passes", "start"} <= set(calls)
    points = [(at, after) for at in range(1, len(calls) + 1) for after in (False, True)]
    recovered = 0
    for at, after in points:
        trial = Trial(tmp_path / f"{at}-{after}", Breaker(at, after, error))
        try:
            trial.live(life)
            assert len(trial.breaker.log) >= at, "the break was never reached"
            trial.recover()
        except AssertionError as trouble:
            when = "after" if after else "before"
            raise AssertionError(f"{when} call {at}, {calls[at - 1]}: {trouble}") from trouble
        finally:
            trial.world.close()
        recovered += 1
    figures = (
        f"{life.__name__}, {error.__name__}: {len(points)} crash points, {recovered} recovered"
    )
    record_property("figures", figures)
    with capsys.disabled():
        print(f"\n{figures}")  # noqa: T201 - the figures are the proof
    assert recovered == len(points)
