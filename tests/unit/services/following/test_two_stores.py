"""Two stores under one deployment's name, one project and one bucket: neither harms the other."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.ports import operation_id
from s1ratio.records import RequestState
from s1ratio.services.polling.poll import poll
from s1ratio.task import Task, TaskState, ee_request_id, identity_in, task_of
from tests.support.simulated import Breaker, Outcome, SimulatedOperation, World, message
from tests.support.simulated.starts import ONE, TIMED_OUT, during_post, ids_used
from tests.support.task_fields import with_fields

Pair = tuple[World, World]
ADVICE = "give one of the two another S1RATIO_DEPLOYMENT"


@pytest.fixture
def pair(world: World, tmp_path: Path) -> Iterator[Pair]:
    """Return a deployment, and a laptop that works under its name beside it."""
    laptop = World(tmp_path / "laptop", beside=world)
    yield world, laptop
    laptop.close()


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


def named(world: World, task_id: str = "r1-o131a") -> str:
    return operation_id(world.task(task_id).run.operation or "")


def of(world: World, task_id: str = "r1-o131a") -> list[SimulatedOperation]:
    """Return all operations of a task, whichever store and attempt they are of."""
    names = ((task_of("prod", op.description), op) for op in world.ee.current())
    return [op for name, op in names if name and name[0] == task_id]


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
        assert "1 live operations under the name of deployment prod" in trouble
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


# Where the store's documents come from, and what becomes of its identity.


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


# What an earlier version started, whose names have no identity.


def of_earlier_version(world: World, task: Task) -> Task:
    """Store a task as an earlier version left it, and its operation as one made it."""
    old_id = ee_request_id("prod", task.id, task.run.attempt, task.claim.start_number, None)
    old = with_fields(task, identity=None, ee_request_id=old_id)
    for op in of(world, task.id):
        op.description = op.description.partition("_")[0]
    world.ee.used_ids = {old_id: world.ee.used_ids.pop(task.claim.ee_request_id or "")}
    return world.store.transition(task, old, task.version)


@pytest.mark.parametrize("state", [TaskState.SUBMITTED, TaskState.RUNNING, TaskState.STARTING])
def test_what_an_earlier_version_started_is_followed_to_its_end(
    world: World, state: TaskState
) -> None:
    if state is TaskState.STARTING:
        world.ee.fail_after_next("start", TIMED_OUT)
    world.ee.run = timedelta(hours=2)
    world.launch(ONE)
    if state is TaskState.RUNNING:
        world.ticks(4)
    assert of_earlier_version(world, world.task()).state is state
    follow_to_the_end(world)
    (op,) = of(world)
    assert (op.state, op.description) == ("SUCCEEDED", "s1r-prod-r1-o131a-a1")
    assert world.ee.calls["cancel"] == 0


def test_an_earlier_versions_start_goes_on_under_its_request_id(world: World) -> None:
    """It was taken and is listed late: under another id it would be made twice."""
    world.ee.list_delay = timedelta(minutes=6)
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    of_earlier_version(world, world.task())
    follow_to_the_end(world)
    assert world.task().claim.identity is None
    assert len(of(world)) == 1
    assert world.ee.calls["start"] > 1
    assert ids_used(world) == [ee_request_id("prod", "r1-o131a", 1, 1, None)]


def test_an_earlier_versions_next_attempt_has_the_identity(world: World) -> None:
    world.ee.run = timedelta(hours=1)
    world.launch(ONE)
    of_earlier_version(world, world.task())
    of(world)[0].outcome = Outcome(error="Internal error.")
    of(world)[0].enter("FAILED", world.clock.now())
    follow_to_the_end(world)
    here = world.context().identity
    assert [op.description for op in of(world)] == [
        "s1r-prod-r1-o131a-a1",
        f"s1r-prod-r1-o131a-a2_{here}",
    ]


@pytest.mark.parametrize("known", [True, False], ids=["of a task here", "of no task here"])
def test_an_operation_without_identity_that_no_task_names_is_left_alone_and_told(
    world: World, known: bool
) -> None:
    """It may be of another store that has not been updated, and its own task may name it."""
    world.ee.run = timedelta(hours=3)
    world.launch(ONE)
    (op,) = of(world)
    name = "r1-o131a" if known else "r9-o131a"
    foreign = replace(op, name="projects/q/operations/X", description=f"s1r-prod-{name}-a1")
    world.ee.put(foreign)
    (trouble,) = world.tick().troubles
    assert trouble.startswith("1 live operations under the name of deployment prod")
    assert ADVICE in trouble
    world.ticks(130)
    assert foreign.state == "RUNNING"
    assert world.ee.calls["cancel"] == 0


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
