"""Whatever becomes of a task that another one waits for, the other goes on, and comes to an end."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from s1ratio.errors import ErrorClass
from s1ratio.records import RequestState
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.retry import resubmit, retry
from s1ratio.services.commands.selection import Selection
from s1ratio.services.storing.tasks import commit_task
from s1ratio.task import Task, TaskState, failed, lost
from tests.support.simulated import Outcome, World, message
from tests.support.task_fields import with_fields

LEADER, FOLLOWER = "r1-o131a", "r2-o131a"
OWN = f"s1r-prod-{FOLLOWER}-a1_"
TOO_MUCH, BAD = "User memory limit exceeded.", "Image.select: band 'XX' not found"
S = TaskState


def waiting(world: World) -> None:
    """Let `r2` wait for the pixels that `r1` exports."""
    world.launch(message(orbits=[131]))
    world.clock.sleep(1)
    world.launch(message(request_id="r2", orbits=[131]))
    assert world.task(FOLLOWER).pixels.waits_for == LEADER


def outcome(world: World, **fields: Any) -> None:
    world.operations(LEADER)[-1].outcome = Outcome(**fields)


def move(world: World, after: Callable[[Task], Task], tell: bool = True) -> None:
    """Move the leader; who does so dies before it tells those who wait."""
    task = world.task(LEADER)
    if tell:
        commit_task(world.context(), task, after(task))
    else:
        world.store.transition(task, after(task), task.version)


def is_split(world: World) -> None:
    outcome(world, error=TOO_MUCH)


def is_split_and_a_part_fails(world: World) -> None:
    outcome(world, error=TOO_MUCH)
    world.until(lambda: world.task(LEADER).state is S.SPLIT)
    world.ee.outcomes.append(Outcome(error=BAD))


def is_cancelled(world: World) -> None:
    cancel(world.context(), Selection(task_ids=(LEADER,)), "enough")


def is_split_then_cancelled(world: World) -> None:
    is_split(world)
    world.until(lambda: world.task(LEADER).state is S.SPLIT)
    cancel(world.context(), Selection("r1"), "enough")


def is_lost_and_found(world: World) -> None:
    until = world.clock.now() + timedelta(minutes=20)
    move(world, lambda task: lost(task, until, "it is nowhere"))


def is_lost_for_good(world: World) -> None:
    world.ticks(3)
    world.ee.made.clear()


def is_failed_and_nobody_was_told(world: World) -> None:
    world.ee.cancel(world.operations(LEADER)[0].name)
    move(world, lambda task: failed(task, ErrorClass.UNEXPECTED, "who knows"), tell=False)


def is_tried_again_by_hand(world: World) -> None:
    outcome(world, error=BAD)
    world.until(lambda: world.task(LEADER).ended)
    retry(world.context(), Selection("r1"))


def is_done_again_before_anybody_was_told(world: World) -> None:
    done = {"state": S.VERIFIED, "verified": True, "files": ("f.tif",)}
    move(world, lambda task: with_fields(task, **done), tell=False)
    resubmit(world.context(), Selection("r1"))


def is_parked(world: World) -> None:
    later = world.clock.now() + timedelta(days=3)
    world.ee.cancel(world.operations(LEADER)[0].name)
    fields = {"state": S.PLANNED, "operation": None, "attempt": 2, "not_before": later}
    move(world, lambda task: with_fields(task, **fields), tell=False)


@pytest.mark.parametrize(
    "fate",
    [
        is_split,
        is_split_and_a_part_fails,
        is_cancelled,
        is_split_then_cancelled,
        is_lost_and_found,
        is_lost_for_good,
        is_failed_and_nobody_was_told,
        is_tried_again_by_hand,
        is_done_again_before_anybody_was_told,
        is_parked,
    ],
)
def test_who_waits_has_its_pixels_whatever_becomes_of_the_other(
    world: World, fate: Callable[[World], None]
) -> None:
    waiting(world)
    fate(world)
    world.until(lambda: world.settled("r2"), limit=200)
    assert world.request("r2").state is RequestState.VERIFIED
    follower = world.task(FOLLOWER)
    assert follower.result.files
    assert (follower.pixels.waits_for, follower.trouble.error) == (None, None)
    own = follower.result.same_as is None
    exports = [op for op in world.ee.current() if op.description.startswith(OWN)]
    assert own is bool(exports or follower.family.parts)
    world.until(world.settled, minutes=60)
    world.assert_sound()
    world.assert_sound("r2")


@pytest.mark.parametrize("tables", [("tasks",), ("requests",), ("tasks", "requests")], ids=str)
def test_the_other_one_is_deleted(world: World, tmp_path: Path, tables: tuple[str, ...]) -> None:
    waiting(world)
    with closing(sqlite3.connect(tmp_path / "store.db")) as file, file:
        for table in tables:
            file.execute(f"DELETE FROM {table} WHERE id IN (?, ?)", ("r1", LEADER))  # noqa: S608
    # Without its request nobody can look at what the other exported: it is tried for some hours.
    world.until(lambda: world.settled("r2"), limit=100, minutes=5)
    assert world.request("r2").state is RequestState.VERIFIED


@pytest.mark.parametrize("first", [LEADER, FOLLOWER])
def test_the_other_one_is_given_up_after_thirty_days(world: World, first: str) -> None:
    """Whose request came first, or is looked at first: who waited begins its own days then."""
    waiting(world)
    if first == FOLLOWER:
        record = world.request("r2")
        earlier = replace(record, created_at=record.created_at - timedelta(days=1))
        world.store.update_request(earlier, record.version)
    world.ee.run = timedelta(days=400)
    world.until(lambda: world.task(LEADER).ended, limit=33 * 2, minutes=720)
    assert world.task(LEADER).trouble.error_class == "expired"
    world.ee.run = timedelta(minutes=10)
    world.until(lambda: world.settled("r2"))
    assert world.request("r2").state is RequestState.VERIFIED
    assert world.task(FOLLOWER).result.same_as is None
