"""A store that was copied, moved, restored or made anew, while its operations run."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.ports import operation_id
from s1ratio.task import TaskState
from tests.support.simulated import Outcome, World, message
from tests.support.simulated.starts import ONE
from tests.support.simulated.two_stores import follow_to_the_end, named, of


def reopened(world: World, path: Path) -> None:
    """Work on with the store in a file."""
    world.close()
    world.store = SqliteStore(path)


def made_anew(_: World, there: Path) -> Path:
    return there / "anew.db"


def restored(_: World, there: Path) -> Path:
    return there / "store.db"


def copied(_: World, there: Path) -> Path:
    (there / "copy").mkdir()
    return Path(shutil.copy(there / "store.db", there / "copy" / "store.db"))


def moved(_: World, there: Path) -> Path:
    (there / "moved").mkdir()
    return (there / "store.db").rename(there / "moved" / "store.db")


def renamed(_: World, there: Path) -> Path:
    return (there / "store.db").rename(there / "other.db")


Change = Callable[[World, Path], Path]


@pytest.mark.parametrize(
    ("change", "keeps"),
    [(restored, True), (made_anew, False), (copied, False), (moved, False), (renamed, False)],
)
def test_what_runs_is_followed_and_never_cancelled(
    world: World, tmp_path: Path, change: Change, keeps: bool
) -> None:
    world.ee.run = timedelta(hours=2)
    world.launch(ONE)
    world.ticks(5)
    before, known = world.context().identity, named(world)
    world.close()
    reopened(world, change(world, tmp_path))

    assert (world.context().identity == before) is keeps
    if change is made_anew:
        world.launch(ONE)
    follow_to_the_end(world)
    assert (named(world) == known) is (change is not made_anew)
    assert world.ee.calls["cancel"] == 0
    assert {op.state for op in of(world)} == {"SUCCEEDED"}


def test_a_copy_goes_its_own_way_beside_what_it_was_copied_from(
    world: World, tmp_path: Path
) -> None:
    """What ran at the time both follow; what comes after is each one's own."""
    world.ee.run = timedelta(hours=1)
    world.launch(ONE)
    world.ticks(3)
    world.close()
    laptop = World(tmp_path / "laptop", beside=world)
    reopened(laptop, copied(world, tmp_path))
    reopened(world, tmp_path / "store.db")
    for each in (world, laptop):
        each.launch(message(request_id="r2", orbits=[140]))
    assert named(world) == named(laptop)
    assert named(world, "r2-o140a") != named(laptop, "r2-o140a")
    (shared,) = of(world)
    shared.outcome = Outcome(error="Internal error.")
    shared.enter("FAILED", world.clock.now())
    follow_to_the_end(world, laptop)
    assert {world.task().run.attempt, laptop.task().run.attempt} == {2}
    assert named(world) != named(laptop)
    assert world.ee.calls["cancel"] == 0
    laptop.close()


def test_a_backup_of_before_the_start_takes_up_what_was_started_since(
    world: World, tmp_path: Path
) -> None:
    world.ee.run = timedelta(hours=2)
    world.set(launch_budget_s=0)
    world.launch(ONE)
    _ = world.context().identity
    world.close()
    shutil.copy(tmp_path / "store.db", tmp_path / "backup.db")
    reopened(world, tmp_path / "store.db")
    world.tick()
    started = named(world)
    world.close()
    (tmp_path / "backup.db").replace(tmp_path / "store.db")  # another file, in the same place
    reopened(world, tmp_path / "store.db")
    assert world.task().state is TaskState.PLANNED
    follow_to_the_end(world)
    assert [op for op in of(world) if op.survives] == [op for op in of(world) if op.survives][:1]
    assert len(of(world)) <= 2
    assert operation_id(of(world)[0].name) == started


def test_a_store_made_anew_says_whose_operations_still_run(world: World, tmp_path: Path) -> None:
    world.ee.run = timedelta(hours=2)
    world.launch(ONE)
    old = world.context().identity
    reopened(world, tmp_path / "anew.db")
    world.launch(message(request_id="r2", orbits=[140]))
    (trouble,) = world.tick().troubles
    assert f"but of {old}: " in trouble
    assert "made anew, let them end or cancel them in Earth Engine" in trouble
    assert world.ee.calls["cancel"] == 0
