"""Files that are found in the bucket are judged by what the passes cover, as at the verdict."""

from datetime import timedelta
from typing import Any

import pytest

from s1ratio.plan import OrbitPass
from s1ratio.request import Direction
from s1ratio.services.verifying import verdict
from s1ratio.task import Task, TaskState
from tests.support.simulated import World, message
from tests.support.simulated.starts import TIMED_OUT
from tests.unit.services.following.test_lost import lose, write
from tests.unit.services.following.test_omissions import Omitting

ALL = {"orbits": None}


class Judged:
    """The shares by which files are judged, in turn."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.shares: list[float | None] = []
        judge = verdict.judge_outputs

        def watched(
            task: Task, request: Any, objects: Any, rasters: Any, share: float | None = None
        ) -> Any:
            self.shares.append(share)
            return judge(task, request, objects, rasters, share)

        monkeypatch.setattr(verdict, "judge_outputs", watched)


def found(world: World, share: float | None) -> None:
    world.ee.found = (OrbitPass(131, Direction.ASCENDING, share, 5),)


SHARES = pytest.mark.parametrize("share", [1.0, 0.97, 0.4, 0.013, None])


@SHARES
def test_those_of_a_refused_start(
    world: World, monkeypatch: pytest.MonkeyPatch, share: float | None
) -> None:
    found(world, share)
    world.ee.wait, world.ee.run = timedelta(), timedelta(minutes=4)
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(message(**ALL))
    Omitting(world, *range(1, 1000))
    judged = Judged(monkeypatch)
    world.until(lambda: world.task().state is TaskState.VERIFIED, limit=60)
    assert len(judged.shares) >= 2, "once in place of the next start, once at the verdict"
    assert set(judged.shares) == {share}


@SHARES
def test_those_of_a_lost_operation(
    world: World, monkeypatch: pytest.MonkeyPatch, share: float | None
) -> None:
    found(world, share)
    lose(world, message(**ALL))
    write(world)
    judged = Judged(monkeypatch)
    world.until(lambda: world.task().state is TaskState.VERIFIED, limit=60)
    assert len(judged.shares) == 2
    assert set(judged.shares) == {share}
