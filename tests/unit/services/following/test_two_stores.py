"""Two stores under one deployment's name, one project and one bucket: neither harms the other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from unittest.mock import Mock

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import StoreUnavailable
from s1ratio.ports import operation_id
from s1ratio.services.polling.poll import poll
from s1ratio.task import TaskState, ee_request_id, identity_in
from tests.support.simulated import Breaker, World, message
from tests.support.simulated.starts import ONE, TIMED_OUT, during_post, ids_used
from tests.support.simulated.two_stores import (
    ADVICE,
    Pair,
    follow_to_the_end,
    named,
    of,
    omit_from,
    ticks,
)
from tests.support.task_fields import with_fields


@pytest.fixture
def pair(world: World, tmp_path: Path) -> Iterator[Pair]:
    """Return a deployment, and a laptop that works under its name beside it."""
    laptop = World(tmp_path / "laptop", beside=world)
    yield world, laptop
    laptop.close()


def test_the_same_request_in_both_starts_an_operation_for_each(pair: Pair) -> None:
    for world in pair:
        world.launch(ONE)
    first, second = of(pair[0])
    assert len(set(ids_used(pair[0]))) == 2
    assert named(pair[0]) == operation_id(first.name)
    assert named(pair[1]) == operation_id(second.name)
    assert identity_in("prod", first.description) == pair[0].context().identity
    assert identity_in("prod", second.description) == pair[1].context().identity
    follow_to_the_end(*pair)
    assert pair[0].ee.calls["cancel"] == 0


def test_each_says_that_the_other_is_there_and_what_to_do(pair: Pair) -> None:
    pair[0].ee.run = timedelta(hours=3)
    for world in pair:
        world.launch(ONE)
    for world, other in (pair, pair[::-1]):
        (trouble,) = world.tick().troubles
        assert ADVICE in trouble
        assert "1 live operation is under the name of deployment prod" in trouble
        assert f"in this store, {world.context().identity}, but of " in trouble
        assert f"but of {other.context().identity}: " in trouble
        assert world.tick().troubles == [], "once an hour is enough"
    assert any(ADVICE in words for words in ticks(pair, 70))


def test_nothing_is_said_where_a_deployment_has_its_name_for_itself(pair: Pair) -> None:
    pair[1].set(deployment="laptop")
    pair[0].ee.run = timedelta(hours=3)
    for world in pair:
        world.launch(ONE)
    assert ticks(pair, 130) == []


@pytest.mark.parametrize("kind", ["PENDING", "RUNNING", "CANCELLING", "SUCCEEDED", "FAILED"])
def test_an_operation_of_the_other_store_is_left_alone_in_any_state(pair: Pair, kind: str) -> None:
    world, laptop = pair
    world.ee.run = timedelta(hours=9)
    for each in pair:
        each.launch(ONE)
    (theirs,) = [op for op in of(world) if operation_id(op.name) == named(laptop)]
    theirs.enter(kind, world.clock.now())
    world.ticks(70)
    assert world.ee.calls["cancel"] == 0
    assert world.task().state is TaskState.RUNNING
    assert operation_id(theirs.name) != named(world)


@pytest.mark.parametrize("before", [True, False], ids=["not taken", "taken, answer lost"])
def test_a_broken_start_does_not_adopt_the_others_operation(pair: Pair, before: bool) -> None:
    world, laptop = pair
    world.ee.run = timedelta(hours=2)
    laptop.launch(ONE)
    (world.ee.fail_next if before else world.ee.fail_after_next)("start", TIMED_OUT)
    world.launch(ONE)
    ticks(pair, 15)
    assert world.task().state is TaskState.RUNNING
    assert named(world) != named(laptop)
    assert len(of(world)) == 2
    assert world.ee.calls["cancel"] == 0


def test_an_orphan_of_ones_own_is_cancelled_beside_the_others_operation(pair: Pair) -> None:
    world, laptop = pair
    world.ee.run = timedelta(hours=2)
    for each in pair:
        each.launch(ONE)
    (ours,) = [op for op in of(world) if operation_id(op.name) == named(world)]
    world.ee.put(replace(ours, name="projects/p/operations/TWIN"))
    ticks(pair, 10)
    left = {operation_id(op.name) for op in of(world) if op.survives}
    assert left == {named(world), named(laptop)}


# Object names are the same in both stores.


def test_a_file_that_was_written_after_the_operations_end_is_noted(pair: Pair) -> None:
    world, laptop = pair
    world.launch(ONE)
    world.bucket.down = True
    world.until(lambda: world.task().state is TaskState.SUCCEEDED)
    world.clock.sleep(600)
    laptop.launch(ONE)
    laptop.until(lambda: laptop.task().state is TaskState.SUCCEEDED)
    world.bucket.down = False
    follow_to_the_end(world, laptop)
    (note,) = world.task().result.notes
    assert "another one wrote it, such as another store's" in note
    assert laptop.task().result.notes == ()


@pytest.mark.parametrize(
    ("twin", "attempts"), [("laptop", 2), ("none", 1), ("elsewhere", 1), ("another task", 1)]
)
def test_files_that_another_store_may_have_written_are_not_a_lost_tasks_own(
    pair: Pair, twin: str, attempts: int
) -> None:
    world, laptop = pair
    world.ee.run = timedelta(hours=1)
    world.launch(ONE)
    world.ticks(3)
    (op,) = of(world)
    theirs = replace(
        op,
        name="projects/p/operations/THEIRS",
        description=f"s1r-prod-r1-o131a-a1_{laptop.context().identity}",
    )
    if twin == "elsewhere":
        theirs.destination = "https://console.developers.google.com/storage/browser/other/x/"
    if twin == "another task":
        theirs.description = theirs.description.replace("o131a", "o058a")
    if twin == "none":
        theirs.plan, theirs.description = op.plan, "else"
    world.ee.put(theirs)
    op.enter("CANCELLED", world.clock.now() - timedelta(days=1))
    del world.ee.made[op.name]
    world.until(world.settled, limit=400)
    assert (world.task().state, world.task().run.attempt) == (TaskState.VERIFIED, attempts)


def test_nor_are_they_those_of_a_start_that_was_refused_and_is_not_listed(pair: Pair) -> None:
    world, laptop = pair
    laptop.launch(ONE)
    laptop.until(lambda: laptop.task().state is TaskState.VERIFIED)
    world.ee.fail_next("start", TIMED_OUT, fault_of("Requested entity already exists", 409))
    world.launch(ONE)
    world.until(world.settled, limit=400)
    assert world.task().state is TaskState.VERIFIED
    assert len(of(world)) == 2
    assert named(world) != named(laptop)


@pytest.mark.parametrize("ends_min", [1, 2, 4, 6, 9])
def test_files_that_another_store_wrote_are_not_those_of_a_start_that_was_refused(
    pair: Pair, ends_min: int
) -> None:
    """Its request id is used up, no list shows an operation of its own: it takes the next."""
    world, laptop = pair
    world.ee.wait, world.ee.run = timedelta(), timedelta(minutes=ends_min)
    store = laptop.context().identity
    world.ee.used_ids[ee_request_id("prod", "r1-o131a", 1, 1, store)] = None
    world.launch(ONE)
    laptop.launch(ONE)
    follow_to_the_end(world, laptop)
    assert [identity_in("prod", op.description) for op in of(laptop)] == [
        world.context().identity,
        store,
    ]
    assert named(laptop) == operation_id(of(laptop)[1].name)


@pytest.mark.parametrize("omitting", range(1, 15))
@pytest.mark.parametrize("words", ["used", "refused"])
def test_not_even_if_one_list_leaves_the_others_operation_out(
    pair: Pair, words: str, omitting: int
) -> None:
    world, laptop = pair
    world.ee.wait, world.ee.run = timedelta(), timedelta(minutes=2)
    if words == "refused":
        laptop.ee.fail_next("start", TIMED_OUT)
    else:
        store = laptop.context().identity
        world.ee.used_ids[ee_request_id("prod", "r1-o131a", 1, 1, store)] = None
    laptop.launch(ONE)
    world.launch(ONE)
    if words == "refused":
        laptop.ee.fail_next("start", fault_of("Image.select: no band", 400))
    omit_from(laptop, omitting)
    for _ in range(20):
        world.tick(0.5)
        laptop.tick(0.5)
    for _ in range(6):
        world.tick(5)
        laptop.tick(5)
    assert world.task().state is TaskState.VERIFIED
    own = [op for op in of(laptop) if laptop.context().identity in op.description]
    if words == "refused":
        assert (laptop.task().state, own) == (TaskState.FAILED, [])
    else:
        assert laptop.task().state is TaskState.VERIFIED
        assert [operation_id(op.name) for op in own] == [named(laptop)]


@pytest.mark.parametrize("omitting", range(4, 10))
def test_nor_are_they_a_lost_tasks_own_then(pair: Pair, omitting: int) -> None:
    world, laptop = pair
    world.ee.wait, world.ee.run = timedelta(), timedelta(minutes=30)
    for each in pair:
        each.launch(ONE)
    laptop.tick()
    del world.ee.made[laptop.task().run.operation or ""]
    omit_from(laptop, omitting)
    for _ in range(40):
        world.tick(5)
        laptop.tick(5)
    assert laptop.task().state is TaskState.VERIFIED
    assert laptop.task().run.attempt == 2
    (own,) = [op for op in of(world) if operation_id(op.name) == named(laptop)]
    assert laptop.context().identity in own.description


# Where the identity comes from.


def test_it_is_read_once_a_process_and_only_where_it_matters(world: World) -> None:
    breaker = Breaker()
    context = world.context(breaker)
    world.launch(ONE, context)
    world.launch(message(request_id="r2"), context)
    assert breaker.log.count("identify") == 1
    idle = Breaker()
    world.until(lambda: world.settled() and world.settled("r2"))
    poll(world.context(idle))
    assert "identify" not in idle.log


def test_a_claim_lost_to_the_same_store_still_cancels_its_own_operation(world: World) -> None:
    world.ee.run = timedelta(hours=5)

    def take_over(_: str) -> None:
        task = world.task()
        other = with_fields(task, state=TaskState.PLANNED, start_number=2)
        world.store.transition(task, other, task.version)

    during_post(world, take_over)
    world.launch(ONE)
    assert world.ee.calls["cancel"] == 1


def test_a_store_that_is_down_when_it_is_asked_for_starts_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        down = Mock(side_effect=StoreUnavailable("down"))
        patch.setattr(world.store, "identify", down)
        with pytest.raises(StoreUnavailable):
            world.launch(ONE)
        with pytest.raises(StoreUnavailable):
            world.tick()
        assert down.called
    assert world.ee.calls["start"] == 0
    follow_to_the_end(world)


def test_whoever_waits_for_its_identity_holds_up_no_other_thread(world: World) -> None:
    other, slow = world.context(), world.context()
    told: list[str] = []
    thread = Thread(target=lambda: told.append(other.identity), daemon=True)

    def identify(fresh: str, _: datetime) -> str:
        thread.start()
        thread.join(timeout=5)
        return fresh

    slow = replace(slow, store=Mock(identify=identify))
    assert slow.identity != other.identity
    assert told == [other.identity], "it was told while the slow one waited"
