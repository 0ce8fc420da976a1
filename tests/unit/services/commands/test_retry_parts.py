"""Parts of a split task that are done again, however late: the whole ends by what they come to."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from s1ratio.records import RequestState
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.retry import resubmit, retry
from s1ratio.services.commands.selection import Selection
from s1ratio.services.storing.tasks import merge
from s1ratio.task import TaskState
from tests.support.simulated import Crashed, Outcome, World
from tests.support.simulated.starts import ONE
from tests.support.told import ends_told

TOO_MUCH, BAD = "User memory limit exceeded.", "Image.select: band 'XX' not found"
WHOLE, BROKEN = "r1-o131a", "r1-o131a-q0"
S, R = TaskState, RequestState


def part_failed(world: World) -> None:
    """Bring a request to the end with three of its four parts."""
    world.ee.outcomes.extend([Outcome(error=TOO_MUCH), Outcome(error=BAD)])
    world.launch(ONE)
    world.until(world.settled)
    assert (world.task().state, world.task(BROKEN).state) == (S.FAILED, S.FAILED)
    assert world.request().state is R.PARTIAL


def end(world: World, state: RequestState = R.VERIFIED, tallies: str = "VERIFIED") -> None:
    """Poll on to the end; request, whole and parts must agree, and nothing be told twice."""
    world.until(world.settled)
    leaves = [task for task in world.tasks() if not task.family.parts]
    assert world.request().state is state
    assert sum(world.request().tallies.values()) == len(leaves)
    assert set(world.request().tallies) == set(tallies.split())
    told = ends_told(world.store, "r1")
    assert len(told) == len(set(told))
    assert f"{WHOLE}.{world.task().state.value.lower()}.a{world.task().run.attempt}" in told
    world.assert_sound()


@pytest.mark.parametrize("days", [0, 1, 60])
@pytest.mark.parametrize(
    "wish",
    [
        Selection(task_ids=(BROKEN,)),
        Selection(task_ids=(WHOLE,)),
        Selection("r1"),
        Selection("r1", state=S.FAILED),
        Selection(state=S.FAILED),
    ],
    ids=["the part", "the whole", "the request", "its failed", "all failed"],
)
def test_however_it_is_named_and_however_late(world: World, wish: Selection, days: int) -> None:
    part_failed(world)
    world.clock.sleep(days * 86_400)
    assert [change.id for change in retry(world.context(), wish)] == ["r1", BROKEN]
    assert world.task().state is S.SPLIT
    end(world)
    files = [f"composites/r1/{BROKEN}-a2.tif"]
    files += [f"composites/r1/{WHOLE}-q{number}.tif" for number in (1, 2, 3)]
    assert world.task().result.files == tuple(files), "in the order of the parts"
    assert world.task().trouble.error is None


@pytest.mark.parametrize(
    ("outcome", "whole", "state", "tallies"),
    [
        (Outcome(), S.VERIFIED, R.VERIFIED, "VERIFIED"),
        (Outcome(error=BAD), S.FAILED, R.PARTIAL, "VERIFIED FAILED"),
        (Outcome(has_data=False), S.VERIFIED, R.VERIFIED, "VERIFIED EMPTY"),
        (Outcome(error=TOO_MUCH), S.VERIFIED, R.VERIFIED, "VERIFIED"),
        (Outcome(error="Internal error."), S.VERIFIED, R.VERIFIED, "VERIFIED"),
        (Outcome(written=False), S.FAILED, R.PARTIAL, "VERIFIED FAILED"),
    ],
    ids=["verified", "failed", "empty", "split", "retried", "not written"],
)
def test_whatever_the_part_comes_to(
    world: World, outcome: Outcome, whole: TaskState, state: RequestState, tallies: str
) -> None:
    part_failed(world)
    world.ee.outcomes.append(outcome)
    retry(world.context(), Selection("r1"))
    end(world, state, tallies)
    assert world.task().state is whole


def test_a_part_that_is_cancelled_after_all(world: World) -> None:
    part_failed(world)
    retry(world.context(), Selection("r1"))
    cancel(world.context(), Selection(task_ids=(WHOLE,)), "enough")
    end(world, R.PARTIAL, "VERIFIED CANCELLED")
    assert world.task().state is S.CANCELLED


def test_a_part_of_a_whole_whose_others_still_run(world: World) -> None:
    world.ee.outcomes.extend([Outcome(error=TOO_MUCH)])
    world.launch(ONE)
    world.until(lambda: world.task().state is S.SPLIT)
    world.until(lambda: world.task(BROKEN).state is S.RUNNING)
    cancel(world.context(), Selection(task_ids=(BROKEN,)), "a mistake")
    world.until(lambda: world.task(BROKEN).ended)
    assert world.task().state is S.SPLIT
    retry(world.context(), Selection(task_ids=(BROKEN,)))
    world.until(world.settled)
    assert len(world.task().result.files) == 4


class Between:
    """A person's store: something happens before the n-th move, or the person dies after it."""

    def __init__(self, store: Any, move: int, before: Callable[[], object], dies: bool) -> None:
        self._store, self._move, self._before, self._dies = store, move, before, dies

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def transition(self, *args: Any, **named: Any) -> Any:
        """Move a task."""
        self._move -= 1
        if not self._move:
            self._before()
        done = self._store.transition(*args, **named)
        if not self._move and self._dies:
            raise Crashed
        return done


def test_a_poller_ends_the_whole_again_and_the_person_dies_before_it_sees(world: World) -> None:
    """First the whole is opened; all its parts have ended, and a poller merges them."""
    part_failed(world)
    store: Any = Between(world.store, 2, lambda: merge(world.context(), world.task()), dies=True)
    with pytest.raises(Crashed):
        retry(replace(world.context(), store=store), Selection("r1"))
    assert (world.task().state, world.task(BROKEN).state) == (S.FAILED, S.PLANNED)
    end(world)
    assert (world.task().state, len(world.task().result.files)) == (S.VERIFIED, 4)


def test_a_poller_has_read_the_parts_before_one_of_them_was_set_going(world: World) -> None:
    """The whole is SPLIT when the person looks, before and after; then the poller ends it."""
    part_failed(world)
    going: list[Any] = []

    class Late:
        """A poller's store, whose write of the whole comes late."""

        def __getattr__(self, name: str) -> Any:
            return getattr(world.store, name)

        def transition(self, *args: Any, **named: Any) -> Any:
            going.append(lambda: world.store.transition(*args, **named))
            raise Crashed

    late: Any = Late()

    def count() -> None:
        with pytest.raises(Crashed):
            merge(replace(world.context(), store=late), world.task())

    store: Any = Between(world.store, 2, count, dies=False)
    retry(replace(world.context(), store=store), Selection("r1"))
    going[0]()
    assert (world.task().state, world.task(BROKEN).state) == (S.FAILED, S.PLANNED)
    end(world)
    assert (world.task().state, len(world.task().result.files)) == (S.VERIFIED, 4)


def test_what_the_whole_spent_is_told_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    world.ee.outcomes.extend([Outcome(error=TOO_MUCH, eecu_seconds=7.0), Outcome(error=BAD)])
    world.launch(ONE)
    world.until(world.settled)
    retry(world.context(), Selection("r1"))
    end(world)
    told = [r for r in caplog.records if getattr(r, "task", None) == WHOLE]
    spent = sum(getattr(record, "eecu_seconds", 0.0) for record in told)
    assert spent == world.task().run.eecu_seconds == 7.0


def delete(folder: Path, *task_ids: str) -> None:
    """Let the database delete records that are over."""
    with closing(sqlite3.connect(folder / "store.db")) as file, file:
        file.executemany("DELETE FROM tasks WHERE id = ?", [(name,) for name in task_ids])


@pytest.mark.parametrize("again", [retry, resubmit])
@pytest.mark.parametrize(
    "gone", [("-q1",), ("-q1", "-q2", "-q3"), ("-q3",), ("",), ("", "-q1", "-q2", "-q3")], ids=str
)
def test_a_part_whose_others_are_gone(
    world: World, tmp_path: Path, gone: tuple[str, ...], again: Callable[..., Any]
) -> None:
    """What nobody could put together again is left alone, and told; without a whole it goes on."""
    part_failed(world)
    delete(tmp_path, *(f"{WHOLE}{name}" for name in gone))
    changes = again(world.context(), Selection(task_ids=(BROKEN,)))
    if "" in gone:
        assert [change.id for change in changes] == ["r1", BROKEN]
        world.until(world.settled)
        assert world.task(BROKEN).state is S.VERIFIED
        return
    (change,) = changes
    assert (change.id, change.was, change.now) == (BROKEN, "FAILED", "FAILED")
    assert "gone" in (change.left or "")
    assert (world.task().state, world.request().state) == (S.FAILED, R.PARTIAL)


def test_a_part_that_goes_meanwhile_keeps_the_whole_from_ending_for_thirty_days(
    world: World, tmp_path: Path
) -> None:
    part_failed(world)
    retry(world.context(), Selection("r1"))
    delete(tmp_path, f"{WHOLE}-q3")
    world.ticks(33 * 2, minutes=720)
    assert world.task().state is S.FAILED
    assert world.task().trouble.error_class == "expired"
    assert f"{WHOLE}-q3 is gone" in (world.task().trouble.error or "")
    assert len(world.task().result.files) == 3
    assert world.request().state.terminal
