"""Retry and resubmit: what ended is set going once more, by a person and by nobody else."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from s1ratio.errors import ErrorClass
from s1ratio.records import RequestState
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.change import Change
from s1ratio.services.commands.retry import resubmit, retry
from s1ratio.services.commands.selection import Selection
from s1ratio.services.requesting.settle import settle
from s1ratio.task import TaskState
from tests.support.sample import one_of, sample
from tests.support.simulated import Breaker, Crashed, Outcome, World, broken, message
from tests.support.simulated.starts import ONE
from tests.support.told import ends_told

R1 = Selection(request_id="r1")
BAD = "Image.select: band 'XX' not found"
TOO_MUCH = "User memory limit exceeded."
VERIFIED = RequestState.VERIFIED


class Meddled:
    """A store to whose transitions somebody comes in between, before and after each."""

    def __init__(
        self,
        store: Any,
        before: Callable[[], object] = lambda: None,
        after: Callable[[], object] = lambda: None,
    ) -> None:
        self._store, self._before, self._after = store, before, after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def transition(self, *args: Any, **named: Any) -> Any:
        """Make it, in between."""
        self._before()
        done = self._store.transition(*args, **named)
        self._after()
        return done


def ids(changes: list[Change]) -> list[str]:
    return [change.id for change in changes]


def failed(world: World) -> None:
    """Bring the request to one verified and one failed task."""
    world.ee.outcomes.extend([Outcome(), Outcome(error=BAD)])
    world.launch()
    world.until(world.settled)
    assert world.states() == {"o058a": TaskState.VERIFIED, "o131a": TaskState.FAILED}


def end(world: World, state: RequestState = VERIFIED) -> None:
    world.until(world.settled)
    assert world.request().state is state
    world.assert_sound()


def test_what_failed_for_good_is_not_tried_again_by_itself(world: World) -> None:
    failed(world)
    world.ticks(100, minutes=10)
    assert world.ee.calls["start"] == 2


def test_a_retry_starts_what_failed_and_leaves_what_is_there(world: World) -> None:
    failed(world)
    there = world.task("r1-o058a")
    changes = retry(world.context(), R1)
    assert [(c.id, c.was, c.now) for c in changes] == [
        ("r1", "PARTIAL", "RUNNING"),
        ("r1-o131a", "FAILED", "PLANNED"),
    ]
    record = world.request()
    assert (record.round, record.ended_at, record.expire_at) == (2, None, None)
    end(world)
    assert world.task("r1-o058a") == there
    task = world.task()
    assert (task.run.attempt, task.result.files) == (2, ("composites/r1/r1-o131a-a2.tif",))
    assert task.end.expire_at is not None
    told = Counter(ends_told(world.store, "r1"))
    assert set(told.values()) == {1}
    assert {"r1.partial.r1", "r1.verified.r2", "r1-o131a.verified.a2"} <= set(told)


def test_a_retry_has_all_its_retries_before_it(world: World) -> None:
    world.ee.outcomes.extend([Outcome(error="Internal error.")] * 9)
    world.launch(ONE)
    world.until(world.settled, minutes=10)
    assert (world.task().state, world.task().run.attempt) == (TaskState.FAILED, 5)
    retry(world.context(), R1)
    end(world)
    assert world.task().run.attempt == 10


def test_a_cancelled_request_is_set_going_and_its_flag_is_gone(world: World) -> None:
    world.launch()
    cancel(world.context(), R1, "a mistake")
    end(world, RequestState.CANCELLED)
    retry(world.context(), R1)
    record = world.request()
    assert (record.state, record.cancelling, record.error) == (RequestState.RUNNING, None, None)
    end(world)


def test_what_is_still_being_cancelled_is_left_alone(world: World) -> None:
    world.set(max_active=1)
    world.launch()
    cancel(world.context(), R1, "a mistake")
    before = world.tasks()
    (change,) = retry(world.context(), R1)
    assert (change.id, change.to_be_cancelled) == ("r1", True)
    assert world.tasks() == before


def test_a_resubmission_exports_everything_anew(world: World) -> None:
    world.ee.outcomes.extend([Outcome(), Outcome(has_data=False)])
    world.launch()
    world.until(world.settled)
    assert retry(world.context(), R1) == []
    assert world.request().round == 1
    assert ids(resubmit(world.context(), R1)) == ["r1", "r1-o058a", "r1-o131a"]
    end(world)
    assert world.ee.calls["start"] == 4
    assert {task.run.attempt for task in world.tasks()} == {2}
    assert {task.state for task in world.tasks()} == {TaskState.VERIFIED}


@pytest.mark.parametrize(
    "wish",
    [
        Selection(task_ids=("r1-o131a",)),
        Selection(state=TaskState.FAILED),
        Selection(error_class=ErrorClass.TERMINAL),
        Selection(request_id="r1", error_class=ErrorClass.TERMINAL),
        Selection(request_id="r1", task_ids=("r1-o058a", "r1-o131a")),
    ],
)
def test_a_selection_names_what_is_meant(world: World, wish: Selection) -> None:
    failed(world)
    assert ids(retry(world.context(), wish)) == ["r1", "r1-o131a"]
    end(world)


@pytest.mark.parametrize(
    "wish",
    [
        Selection(state=TaskState.CANCELLED),
        Selection(error_class=ErrorClass.LOST),
        Selection(request_id="r1", state=TaskState.CANCELLED),
        Selection(request_id="r2", task_ids=("r1-o131a",)),
        Selection(task_ids=("r1-o058a",)),
    ],
)
def test_what_is_not_meant_is_not_touched(world: World, wish: Selection) -> None:
    failed(world)
    before = (world.request(), world.tasks())
    assert retry(world.context(), wish) == []
    assert (world.request(), world.tasks()) == before


def test_a_dry_run_changes_nothing(world: World) -> None:
    failed(world)
    before = (world.request(), world.tasks())
    changes = retry(world.context(), R1, dry_run=True)
    assert [(c.id, c.now) for c in changes] == [("r1", "RUNNING"), ("r1-o131a", "PLANNED")]
    assert (world.request(), world.tasks()) == before


def test_a_part_is_retried_and_the_whole_is_opened_and_ends_again(world: World) -> None:
    world.ee.outcomes.extend([Outcome(error=TOO_MUCH), Outcome(error=BAD)])
    world.launch(ONE)
    world.until(world.settled)
    assert (world.task().state, world.request().state) == (TaskState.FAILED, RequestState.PARTIAL)
    (failed_part,) = [t for t in world.tasks() if t.state is TaskState.FAILED and t.family.parent]
    changes = retry(world.context(), Selection(task_ids=("r1-o131a",)))
    assert ids(changes) == ["r1", failed_part.id]
    assert world.task().state is TaskState.SPLIT
    end(world)
    whole = world.task()
    assert (whole.state, len(whole.result.files)) == (TaskState.VERIFIED, 4)
    assert f"composites/r1/{failed_part.id}-a2.tif" in whole.result.files
    told = ends_told(world.store, "r1")
    assert {"r1-o131a.failed.a1", "r1-o131a.verified.a2"} <= set(told)


def test_parts_of_parts_open_all_that_is_above_them(world: World) -> None:
    world.ee.outcomes.extend([Outcome(error=TOO_MUCH)] * 5)
    world.launch(ONE)
    world.until(world.settled)
    assert len(world.tasks()) == 21
    deepest = world.task("r1-o131a-q2-q3")
    assert ids(resubmit(world.context(), Selection(task_ids=(deepest.id,)))) == ["r1", deepest.id]
    assert world.task("r1-o131a-q2").state is TaskState.SPLIT
    assert world.task().state is TaskState.SPLIT
    assert world.task("r1-o131a-q1").state is TaskState.VERIFIED
    end(world)
    assert world.task().state is TaskState.VERIFIED


@pytest.mark.parametrize("kind", ["failed", "empty", "cancelled"])
def test_a_request_that_ended_without_tasks_is_expanded_again(world: World, kind: str) -> None:
    found = world.ee.found
    if kind == "empty":
        world.ee.found = ()
    else:
        world.ee.down = True
    world.launch(message(orbits=None))
    if kind == "cancelled":
        cancel(world.context(), R1, "a mistake")
    elif kind == "failed":
        record = world.request()
        gone = replace(record, state=RequestState.FAILED, error="no", tries=30)
        world.store.update_request(gone, record.version)
    assert world.request().state.value == kind.upper()
    world.ee.down, world.ee.found = False, found
    (change,) = retry(world.context(), R1)
    assert change.now == "EXPANDING"
    record = world.request()
    assert (record.round, record.tries, record.reasons, record.error) == (2, 0, (), None)
    end(world)
    assert len(world.tasks()) == 2


def test_a_request_that_is_gone_is_not_set_going(world: World) -> None:
    failed(world)
    task = replace(world.task(), plan=replace(world.task().plan, id="r7-x", request_id="r7"))
    world.store.create_tasks([task])
    assert retry(world.context(), Selection(task_ids=("r7-x",))) == []


def test_a_poller_that_ends_the_request_in_between_is_set_right(world: World) -> None:
    """Between the request and its task nothing is open: whoever counts then ends it again."""
    failed(world)
    context = world.context()

    def count_first() -> None:
        settle(context, ["r1"], [])
        assert world.request().state is RequestState.PARTIAL

    retry(replace(context, store=Meddled(world.store, before=count_first)), R1)
    assert (world.request().state, world.request().round) == (RequestState.RUNNING, 3)
    end(world)


@pytest.mark.parametrize("many", [1_200, pytest.param(5_000, marks=pytest.mark.soak)])
def test_thousands_of_tasks_made_at_once(world: World, many: int) -> None:
    world.set(launch_budget_s=0, max_tasks=6_000)
    world.launch(message(orbits=list(range(1, 176))))
    (first, *_), record = world.tasks(), world.request()
    more = [replace(first, plan=replace(first.plan, id=f"r1-x{n:04d}")) for n in range(many - 175)]
    world.store.create_tasks(more)
    world.store.update_request(replace(record, size=many), record.version)
    changes = cancel(world.context(), Selection(state=TaskState.PLANNED), "all of it")
    assert len(changes) == many
    assert world.request().state is RequestState.CANCELLED
    assert world.request().tallies == {"CANCELLED": many}
    counting = Breaker()
    context = world.context()
    counted = replace(context, store=broken(context.store, counting))
    changes = retry(counted, Selection(error_class=ErrorClass.CANCELLED))
    assert Counter((change.kind, change.now) for change in changes) == {
        ("request", "RUNNING"): 1,
        ("task", "PLANNED"): many,
    }
    calls = Counter(counting.log)
    assert calls["transition"] == many
    assert calls.total() < many + 30


@one_of(3)
@pytest.mark.parametrize("before", ["failed", "split"])
def test_every_crash_point_of_a_retry_is_made_good_by_the_next(
    before: str, step: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    outcomes = {
        "failed": [Outcome(error=BAD)] * 2,
        "split": [Outcome(error=TOO_MUCH), Outcome(error=BAD)],
    }[before]

    def trial(name: str, breaker: Breaker) -> World:
        world = World(tmp_path / name)
        world.ee.wait = world.ee.run = timedelta(minutes=1)
        world.ee.outcomes.extend(outcomes)
        world.launch(ONE if before == "split" else message())
        world.until(world.settled)
        with suppress(Crashed):
            retry(world.context(breaker), R1)
        return world

    whole = Breaker()
    trial("whole", whole).close()
    points = sample(whole.effects(), step)
    for at, after in points:
        for ticks in (0, 70):  # a poller that reconciles comes between, or not
            world = trial(f"{at}-{after}-{ticks}", Breaker(at, after))
            try:
                world.ticks(ticks)
                retry(world.context(), R1)
                world.until(world.settled, limit=90, minutes=2)
                assert world.request().state is VERIFIED, world.states()
                assert set(world.states().values()) == {TaskState.VERIFIED}
                assert max(task.run.attempt for task in world.tasks() if not task.family.parts) == 2
                world.assert_sound()
            except AssertionError as trouble:
                words = f"{at}, {after}, {whole.log[at - 1]}, {ticks}: {trouble}"
                raise AssertionError(words) from trouble
            finally:
                world.close()
    record_property("figures", f"a retry, {before}: {len(points)} crash points, all made good")


def test_a_poller_that_ends_the_request_in_between_cancels_none_of_its_tasks(world: World) -> None:
    """While a cancelled request's tasks are set going one by one, a poller may end it once more."""
    world.set(launch_budget_s=0)
    world.launch()
    cancel(world.context(), R1, "a mistake")
    assert world.request().state is RequestState.CANCELLED
    context = world.context()

    meddled = Meddled(
        world.store,
        before=lambda: settle(context, ["r1"], []),
        after=lambda: world.tick(0),
    )
    retry(replace(context, store=meddled), R1)
    end(world)


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"orbits": None}, "2024-06-12"),
        ({}, "2024-06-12"),
        ({"end": "2024-06-10T18:00:00Z", "orbits": None}, "2024-06-12T18:00"),
        ({"end": "2024-06-10T18:00:00Z"}, "2024-06-12T18:00"),
        ({"orbits": [58]}, "2024-06-12"),
    ],
)
@pytest.mark.parametrize("begin_anew", [retry, resubmit])
def test_a_period_that_is_not_over_is_waited_for_once_more(
    world: World, fields: dict[str, Any], due: str, begin_anew: Callable[..., list[Change]]
) -> None:
    """Else passes would be looked for, or pixels exported, that are not there yet."""
    world.launch(message(**({"start": "2024-05-01", "end": "2024-06-10"} | fields)))
    cancel(world.context(), R1, "a mistake")
    world.until(world.settled)
    begin_anew(world.context(), R1)
    world.ticks(3)
    assert world.ee.calls["start"] == world.ee.calls["find_passes"] == 0
    waits = [task.place.not_before for task in world.tasks()] or [world.request().not_before]
    assert {f"{at:%Y-%m-%dT%H:%M}"[: len(due)] for at in waits} == {due}
    world.until(world.settled, minutes=24 * 60)
    assert world.request().state is VERIFIED
