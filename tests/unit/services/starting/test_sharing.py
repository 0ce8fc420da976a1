"""The same pixels are exported once at a time, and whoever else wants them shares the files."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from s1ratio.records import PixelClaim, RequestState
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.selection import Selection
from s1ratio.services.operations.cancellation import request_cancel
from s1ratio.services.polling.poll import poll
from s1ratio.services.starting.sharing import LOOK_AGAIN
from s1ratio.services.starting.start import start
from s1ratio.services.storing.requests import request_of
from s1ratio.task import TaskState
from tests.support.sample import chosen_seed, one_of
from tests.support.simulated import Breaker, Crashed, Outcome, World, message
from tests.support.task_fields import with_fields
from tests.support.told import end_kinds_told

LEADER, FOLLOWER = "r1-o131a", "r2-o131a"
ELSEWHERE = {"kind": "gcs", "prefix": "other"}


def ask(world: World, *request_ids: str, **changes: Any) -> None:
    """Let requests ask for the pixels of orbit 131, one after the other."""
    for request_id in request_ids:
        world.launch(message(**{"request_id": request_id, "orbits": [131]} | changes))
        world.clock.sleep(1)


def started(world: World) -> list[str]:
    """Return whose operations there are, in turn."""
    return world.started()


def test_the_same_pixels_are_exported_once_and_both_have_the_files(world: World) -> None:
    ask(world, "r1")
    ask(world, "r2", priority=5, labels={"who": "else"}, destination=ELSEWHERE)
    assert world.task(FOLLOWER).pixels.waits_for == LEADER
    assert world.task(FOLLOWER).state is TaskState.PLANNED
    world.until(lambda: world.settled("r1") and world.settled("r2"))
    assert started(world) == ["r1-o131a-a1"]
    leader, follower = world.task(LEADER), world.task(FOLLOWER)
    assert follower.state is leader.state is TaskState.VERIFIED
    assert (follower.result.same_as, follower.result.verified) == (LEADER, True)
    assert follower.pixels.waits_for is None
    assert follower.result.files == leader.result.files != ()
    assert world.request("r2").state is RequestState.VERIFIED
    kinds = end_kinds_told(world.store, "r2")
    assert kinds == ["task.verified", "request.verified"]


def test_a_follower_ends_in_the_tick_in_which_its_leader_ends(world: World) -> None:
    ask(world, "r1", "r2", "r3")
    world.until(lambda: world.task(LEADER).ended)
    assert all(world.settled(request_id) for request_id in ("r1", "r2", "r3"))
    assert sum(world.ee.calls[call] for call in ("start", "operation", "cancel")) == 1


def test_without_a_pixel_both_are_empty(world: World) -> None:
    world.ee.outcomes.append(Outcome(has_data=False))
    ask(world, "r1", "r2")
    world.until(lambda: world.settled("r2"))
    assert world.task(FOLLOWER).state is TaskState.EMPTY
    assert started(world) == ["r1-o131a-a1"]


@pytest.mark.parametrize("has_files", [False, True])
@pytest.mark.parametrize("parts", [0, 4])
def test_who_shares_an_absence_is_told_why(world: World, parts: int, has_files: bool) -> None:
    masked = "No valid (un-masked) pixels in export region."
    nothing = Outcome(has_data=False) if has_files else Outcome(error=masked)
    too_much = [Outcome(error="User memory limit exceeded.")] if parts else []
    world.ee.found = ()
    world.ee.outcomes.extend([*too_much, *[nothing] * max(1, parts)])
    ask(world, "r1", "r2")
    world.until(lambda: world.settled("r1") and world.settled("r2"))
    for name in (LEADER, FOLLOWER):
        assert world.task(name).state is TaskState.EMPTY
        assert world.task(name).result.notes[0].startswith("empty: no scene of orbit 131")
    assert world.ee.calls["find_view"] == 1


@pytest.mark.parametrize(
    "changes", [{"end": "2024-02-28"}, {"orbits": [130]}, {"products": ["vv_db"]}, {"clip": False}]
)
def test_other_pixels_are_exported_on_their_own(world: World, changes: dict[str, Any]) -> None:
    ask(world, "r1")
    ask(world, "r2", **changes)
    assert len(started(world)) == 2


@pytest.mark.parametrize("minutes", [0, 1, 5, 12])
def test_the_same_words_of_another_version_are_another_graph(world: World, minutes: int) -> None:
    """A deployment came between two starts, and changed what these pixels are made of."""
    world.ee.run = timedelta(minutes=30)
    ask(world, "r1")
    world.ticks(minutes)
    world.ee.graph_version = 2
    ask(world, "r2")
    assert world.task(FOLLOWER).pixels.digest == world.task(LEADER).pixels.digest
    ask(world, "r3")
    assert started(world) == ["r1-o131a-a1", "r2-o131a-a1"]
    assert world.task("r3-o131a").pixels.waits_for == FOLLOWER
    world.until(lambda: all(world.settled(name) for name in ("r1", "r2", "r3")))
    files = [world.task(f"{name}-o131a").result.files for name in ("r1", "r2", "r3")]
    assert files[0] != files[1] == files[2]
    graphs = [world.task(f"{name}-o131a").origin.made_by[0].graph for name in ("r1", "r2", "r3")]
    assert graphs[0] != graphs[1] == graphs[2]


def test_a_task_that_was_stored_before_a_deployment_is_started_under_the_new_graph(
    world: World,
) -> None:
    """Under its old digest nobody takes its file for what the old graph makes."""
    world.set(launch_budget_s=0)
    ask(world, "r1", "r2")
    world.ee.graph_version = 2
    world.tick()
    world.ee.graph_version = 1  # an instance of before the deployment goes on for a while
    ask(world, "r3")
    world.tick()
    assert started(world) == ["r1-o131a-a1", "r3-o131a-a1"]
    assert world.task(FOLLOWER).pixels.waits_for == LEADER


def test_a_claim_of_an_earlier_version_is_by_the_words_and_holds_nobody(world: World) -> None:
    """What graph it is of nobody knows: the pixels are exported once more, by this one."""
    world.ee.run = timedelta(hours=1)
    ask(world, "r1")
    task = world.task(LEADER)
    held = PixelClaim(str(task.pixels.digest), task.id, world.clock.now())
    old = with_fields(task, made_by=())
    world.store.transition(task, old, task.version, claim=held)
    key = world.ee.digest_graph(request_of(world.request()), task.plan)
    database: Any = world.store._database  # type: ignore[attr-defined]
    with database._connected() as connection:
        connection.execute("DELETE FROM pixels WHERE id = ?", (key,))
    ask(world, "r2")
    assert started(world) == ["r1-o131a-a1", "r2-o131a-a1"]


def test_what_goes_to_a_drive_waits_for_nobody(world: World) -> None:
    world.set(allow_drive=True)
    drive = {"kind": "drive", "folder": "mine"}
    ask(world, "r1")
    ask(world, "r2", "r3", destination=drive)
    assert len(started(world)) == 3


def test_what_is_done_already_is_exported_anew(world: World) -> None:
    """Scenes may have come since: only what is in flight is shared."""
    ask(world, "r1")
    world.until(world.settled)
    ask(world, "r2")
    assert started(world) == ["r1-o131a-a1", "r2-o131a-a1"]


def fail(world: World) -> None:
    """Let the leader fail for good in Earth Engine."""
    (operation,) = world.operations(LEADER)
    operation.outcome = Outcome(error="Image.select: band 'XX' not found")


def stop_in_earth_engine(world: World) -> None:
    """Let the leader be cancelled there."""
    request_cancel(world.context(), world.operations(LEADER)[0].name)


def lose_the_file(world: World) -> None:
    """Let the leader's verification fail."""
    world.operations(LEADER)[0].outcome = Outcome(written=False)


@pytest.mark.parametrize("end", [fail, stop_in_earth_engine, lose_the_file])
def test_a_leader_that_ends_badly_leaves_each_to_itself(
    world: World, end: Callable[[World], None]
) -> None:
    ask(world, "r1", "r2", "r3")
    end(world)
    world.until(partial(_all_settled, world, "r1", "r2", "r3"))
    assert world.task(LEADER).state in {TaskState.FAILED, TaskState.CANCELLED}
    assert started(world) == ["r1-o131a-a1", "r2-o131a-a1"]
    assert world.task(FOLLOWER).result.same_as is None
    assert world.task("r3-o131a").result.same_as == FOLLOWER
    assert world.task("r3-o131a").state is TaskState.VERIFIED


def test_a_leader_whose_start_is_refused_for_good_leaves_each_to_itself(world: World) -> None:
    world.set(launch_budget_s=0)
    ask(world, "r1", "r2")
    first, second = world.task(LEADER), world.task(FOLLOWER)
    request = request_of(world.request())
    assert start(world.context(), request, first) is not None
    waiting = start(world.context(), request, second)
    assert waiting is not None
    assert waiting.pixels.waits_for == LEADER
    world.until(lambda: world.settled("r2"))
    assert world.task(FOLLOWER).result.same_as == LEADER


def test_a_retry_of_the_leader_is_waited_for(world: World) -> None:
    world.ee.outcomes.append(Outcome(error="Internal error."))
    ask(world, "r1", "r2")
    world.until(lambda: world.settled("r1") and world.settled("r2"))
    assert started(world) == ["r1-o131a-a1", "r1-o131a-a2"]
    assert world.task(FOLLOWER).result.files == world.task(LEADER).result.files


def test_a_leader_that_is_parked_for_long_gives_up_its_place(world: World) -> None:
    """Parked until tomorrow it is not in flight: who waits starts, and it waits in its turn."""
    ask(world, "r1", "r2")
    first = world.task(LEADER)
    later = world.clock.now() + timedelta(days=1)
    parked = with_fields(
        first, state=TaskState.PLANNED, operation=None, attempt=2, not_before=later
    )
    world.ee.cancel(world.operations(LEADER)[0].name)
    world.store.transition(first, parked, first.version)
    world.ticks(1, minutes=LOOK_AGAIN / timedelta(minutes=1) + 2)
    assert world.task(FOLLOWER).run.operation is not None
    first = world.task(LEADER)
    due = with_fields(first, not_before=world.clock.now())
    world.store.transition(first, due, first.version)
    world.tick()
    assert world.task(LEADER).pixels.waits_for == FOLLOWER
    world.until(lambda: world.settled("r1") and world.settled("r2"))
    assert world.task(LEADER).result.same_as == FOLLOWER


def test_who_waits_needs_no_room_to_start_or_to_end(world: World) -> None:
    world.set(max_active=2)
    ask(world, "r1", "r2", "r3")
    ask(world, "r4", orbits=[140])  # two waiting tasks have left it its place
    assert started(world) == ["r1-o131a-a1", "r4-o140a-a1"]
    world.set(max_active=0)
    world.until(lambda: world.settled("r3"), limit=20)
    assert len(started(world)) == 2


def test_a_crash_before_the_waiting_are_woken_is_made_good(world: World) -> None:
    ask(world, "r1", "r2")
    leader = world.task(LEADER)
    ended = with_fields(leader, state=TaskState.VERIFIED, files=("f.tif",), verified=True)
    world.store.transition(leader, ended, leader.version)  # and whoever did it died
    world.ticks(3)
    assert world.task(FOLLOWER).pixels.waits_for == LEADER
    world.set(max_active=0)  # it needs no room for this either
    world.ticks(65)
    assert world.task(FOLLOWER).result.files == ("f.tif",)
    assert world.settled("r2")


def test_a_leader_that_is_gone_is_waited_for_no_longer_than_an_hour(world: World) -> None:
    ask(world, "r1", "r2")
    follower = world.task(FOLLOWER)
    ghost = with_fields(follower, waits_for="gone-o131a")
    world.store.transition(follower, ghost, follower.version)
    world.until(lambda: world.settled("r2"), limit=100)
    assert world.task(FOLLOWER).state is TaskState.VERIFIED


def test_more_than_a_page_may_wait(world: World) -> None:
    ask(world, "r1", *[f"w{number}" for number in range(130)])
    world.until(lambda: world.task(LEADER).ended)
    assert all(world.settled(f"w{number}") for number in range(130))
    assert len(started(world)) == 1


def _all_settled(world: World, *request_ids: str) -> bool:
    return all(world.settled(request_id) for request_id in request_ids)


def worlds(folder: Path, step: int) -> Iterator[tuple[World, Breaker]]:
    """Yield worlds in which a tick dies at every `step`-th call, before it and after it."""
    at, reached = 1 + chosen_seed() % step, True
    while reached:
        for after in (False, True):
            world, breaker = World(folder / f"{at}-{after}"), Breaker(at, after)
            yield world, breaker
            reached = len(breaker.log) >= at
            world.close()
        at += step


@one_of(8)
def test_every_crash_of_the_tick_that_wakes_is_made_good(tmp_path: Path, step: int) -> None:
    points = 0
    for world, breaker in worlds(tmp_path, step):
        ask(world, "r1", "r2", "r3")
        world.clock.sleep(15 * 60)
        try:
            poll(world.context(breaker))
        except Crashed:
            points += 1
        world.until(partial(_all_settled, world, "r1", "r2", "r3"))
        files = {world.task(f"{name}-o131a").result.files for name in ("r1", "r2", "r3")}
        assert len(files) == 1
        assert started(world) == ["r1-o131a-a1"]
    assert points > 40 // step


def test_whoever_waits_for_a_task_that_is_split_waits_for_its_parts(world: World) -> None:
    world.ee.outcomes.append(Outcome(error="User memory limit exceeded."))
    ask(world, "r1", "r2")
    world.until(lambda: world.task(LEADER).state is TaskState.SPLIT)
    assert world.task(FOLLOWER).pixels.waits_for == LEADER
    world.until(lambda: world.task(LEADER).ended)
    assert world.settled("r2")
    leader, follower = world.task(LEADER), world.task(FOLLOWER)
    assert follower.result.files == leader.result.files
    assert len(follower.result.files) == 4
    assert follower.result.same_as == LEADER


def test_cancelling_the_leaders_request_sets_those_free_who_wait(world: World) -> None:
    ask(world, "r1", "r2")
    world.ticks(4)
    cancel(world.context(), Selection(request_id="r1"), "not wanted")
    world.until(partial(_all_settled, world, "r1", "r2"), limit=30)
    assert world.request("r1").state is RequestState.CANCELLED
    assert world.task(FOLLOWER).state is TaskState.VERIFIED
    assert world.task(FOLLOWER).result.same_as is None


def test_cancelling_the_request_of_who_waits_leaves_the_leader_alone(world: World) -> None:
    ask(world, "r1", "r2")
    cancel(world.context(), Selection(request_id="r2"), "not wanted")
    world.until(partial(_all_settled, world, "r1", "r2"), limit=30)
    assert world.request("r1").state is RequestState.VERIFIED
    assert world.request("r2").state is RequestState.CANCELLED
    assert world.ee.calls["cancel"] == 0
