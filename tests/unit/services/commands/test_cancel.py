"""Cancel: a wish is stored at once, and comes true from whatever state a task is in."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import ErrorClass, InvalidRequest
from s1ratio.records import RequestState
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.change import Change
from s1ratio.services.commands.selection import Selection
from s1ratio.services.context import Context, PollContext
from s1ratio.services.polling.poll import poll
from s1ratio.task import Task, TaskState, lost
from tests.support.sample import one_of, sample
from tests.support.simulated import Breaker, Crashed, Outcome, World, broken, message
from tests.support.simulated.earth_engine import TIMEOUT
from tests.support.simulated.starts import ONE, TIMED_OUT, during_post
from tests.support.task_fields import with_fields
from tests.support.told import ends_told
from tests.unit.services.requesting.test_refused_messages import step_by_step

WHY = "the area was wrong"
R1 = Selection(request_id="r1")
CANCELLED = RequestState.CANCELLED


def cancel_r1(world: World, wish: Selection = R1, context: Context | None = None) -> list[Change]:
    return cancel(context or world.context(), wish, WHY)


def quietly(world: World, wish: Selection) -> None:
    cancel_r1(world, wish)


def end(world: World, state: RequestState = CANCELLED) -> list[Task]:
    """Poll to the end of the request and a while beyond; return its tasks."""
    world.until(world.settled)
    world.ticks(90)
    record = world.request()
    assert (record.state, record.cancelling) == (state, None)
    assert not [op for op in world.ee.current() if op.live]
    world.assert_sound()
    return world.tasks()


def test_planned_tasks_end_at_once_and_without_earth_engine(world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch()
    calls = world.ee.calls.total()
    changes = cancel_r1(world)
    assert [(c.id, c.was, c.now) for c in changes] == [
        ("r1", "ACCEPTED", "CANCELLED"),
        ("r1-o058a", "PLANNED", "CANCELLED"),
        ("r1-o131a", "PLANNED", "CANCELLED"),
    ]
    assert world.ee.calls.total() == calls
    troubles = [task.trouble for task in end(world)]
    assert {(trouble.error_class, trouble.error) for trouble in troubles} == {("cancelled", WHY)}
    assert world.request().error == WHY
    assert world.ee.calls["start"] == 0


@pytest.mark.parametrize("ticks", [0, 3])
def test_live_operations_are_cancelled_by_the_next_tick(world: World, ticks: int) -> None:
    world.launch()
    world.ticks(ticks)
    changes = cancel_r1(world)
    assert {(c.now, c.to_be_cancelled) for c in changes[1:]} == {
        ("RUNNING" if ticks else "SUBMITTED", True)
    }
    world.tick()
    assert {op.state for op in world.ee.current()} <= {"CANCELLED", "CANCELLING"}
    assert {task.trouble.error for task in end(world)} == {WHY}
    assert ends_told(world.store, "r1").count("r1.cancelled.r1") == 1


def test_a_success_that_came_first_stands_and_is_verified(world: World) -> None:
    world.launch()
    world.clock.sleep(20 * 60)
    cancel_r1(world)
    tasks = end(world, RequestState.VERIFIED)
    assert {(task.state, task.end.cancelling) for task in tasks} == {(TaskState.VERIFIED, None)}
    assert world.request().error is None


def test_what_is_there_stays_and_the_request_is_partial(world: World) -> None:
    world.launch(ONE)
    world.until(lambda: world.task().state is TaskState.VERIFIED)
    other = replace(world.task(), plan=replace(world.task().plan, id="r1-o058a"))
    world.store.create_tasks([with_fields(other, state=TaskState.PLANNED, ended_at=None)])
    record = world.request()
    again = replace(record, state=RequestState.RUNNING, ended_at=None)
    world.store.update_request(again, record.version)
    cancel_r1(world)
    assert world.request().state is RequestState.PARTIAL
    assert world.request().missing == ("r1-o058a",)


def test_a_start_under_way_is_left_alone_and_its_operation_then_cancelled(world: World) -> None:
    during_post(world, lambda _: quietly(world, R1))
    world.launch(ONE)
    assert world.task().state is TaskState.SUBMITTED
    assert end(world)[0].state is TaskState.CANCELLED
    assert world.ee.calls["start"] == 1


def test_a_start_of_one_that_was_cancelled_for_itself_meanwhile(world: World) -> None:
    wish = Selection(task_ids=("r1-o131a",))
    during_post(world, lambda _: quietly(world, wish))
    world.launch(ONE)
    assert (world.task().state, world.task().end.cancelling) == (TaskState.SUBMITTED, WHY)
    assert end(world)[0].trouble.error == WHY


@pytest.mark.parametrize("listed_after_min", [0, 5, 30, 50])
def test_a_post_that_was_taken_after_its_client_gave_up(
    world: World, listed_after_min: int
) -> None:
    """Its operation is found and cancelled, however late: even long after the task has ended."""
    world.ee.run = timedelta(hours=9)
    world.ee.list_delay = timedelta(minutes=listed_after_min)
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    cancel_r1(world)
    assert world.task().state is TaskState.STARTING
    end(world)
    assert [op.state for op in world.operations()] == ["CANCELLED"]
    assert world.ee.calls["start"] == 1  # never POSTed again


def test_a_start_that_never_was_ends_only_after_its_lease_and_the_lists_grace(
    world: World,
) -> None:
    world.ee.fail_next("start", TIMED_OUT)
    world.launch(ONE)
    lease = world.task().claim.lease_until
    assert lease is not None
    cancel_r1(world)
    end(world)
    ended = world.task().end.ended_at
    assert ended is not None
    assert ended >= lease + timedelta(seconds=world.settings.list_grace_s)
    assert world.ee.calls["start"] == 1
    calls = world.ee.calls["list_operations"]
    world.ticks(60, minutes=5)
    assert world.ee.calls["list_operations"] < calls + 30, (
        "an idle deployment asks nothing for ever"
    )


def test_a_lost_task_is_cancelled_and_so_is_its_operation_should_it_come_back(
    world: World,
) -> None:
    world.ee.run = timedelta(hours=9)
    world.launch(ONE)
    hidden = world.ee.made.copy()
    world.ee.made.clear()
    task = world.task()
    later = world.clock.now() + timedelta(hours=1)
    world.store.transition(task, lost(task, later, "it is nowhere"), task.version)
    cancel_r1(world)
    assert world.task().state is TaskState.CANCELLED
    world.ticks(3)
    world.ee.made.update(hidden)
    end(world)
    assert [op.state for op in world.operations()] == ["CANCELLED"]


def test_a_retried_task_of_a_request_that_is_being_cancelled_is_not_started(world: World) -> None:
    world.ee.outcomes.append(Outcome(error="Internal error."))
    world.launch(ONE)
    world.clock.sleep(20 * 60)
    cancel_r1(world)
    (task,) = end(world)
    assert task.state is TaskState.CANCELLED
    assert world.ee.calls["start"] == 1


def test_the_parts_of_a_split_task_are_cancelled_and_so_is_the_whole(world: World) -> None:
    world.ee.outcomes.append(Outcome(error="User memory limit exceeded."))
    world.launch(ONE)
    world.until(lambda: world.task().state is TaskState.SPLIT)
    world.ticks(2)
    cancel_r1(world, Selection(task_ids=("r1-o131a",)))
    tasks = end(world)
    assert {task.state for task in tasks} == {TaskState.CANCELLED}
    assert len(tasks) == 5
    assert world.request().tallies == {"CANCELLED": 4}


def test_one_task_is_cancelled_and_the_other_goes_on(world: World) -> None:
    world.launch()
    world.ticks(3)
    cancel_r1(world, Selection(task_ids=("r1-o058a",)))
    end(world, RequestState.PARTIAL)
    assert world.states() == {"o058a": TaskState.CANCELLED, "o131a": TaskState.VERIFIED}


def test_a_request_without_tasks_is_cancelled_without_any(world: World) -> None:
    world.ee.down = True
    world.launch(message(orbits=None))
    assert world.request().state is RequestState.EXPANDING
    cancel_r1(world)
    world.ee.down = False
    assert world.request().state is CANCELLED
    assert end(world) == []
    world.launch(message(orbits=None))
    assert world.request().state is CANCELLED
    assert world.ee.calls["find_passes"] == 1


def test_a_request_that_is_expanded_while_it_is_cancelled(world: World) -> None:
    """The tasks were made, the request was not told yet: none of them is ever started."""
    for at in range(1, 20):  # dies one call later each time
        with suppress(Crashed):
            world.launch(context=step_by_step(world.context(Breaker(at, after=True))))
        if world.tasks():
            break
    assert (world.request().state, len(world.tasks())) == (RequestState.EXPANDING, 2)
    cancel_r1(world)
    assert {task.state for task in end(world)} == {TaskState.CANCELLED}
    assert world.ee.calls["start"] == 0


def test_tasks_that_are_made_after_the_request_was_cancelled_are_not_started(
    world: World,
) -> None:
    world.set(launch_budget_s=0)
    world.launch()
    late = [replace(task, plan=replace(task.plan, id=f"{task.id}-t0001")) for task in world.tasks()]
    cancel_r1(world)
    world.store.create_tasks(late)
    end(world)
    assert set(world.states().values()) == {TaskState.CANCELLED}
    assert world.ee.calls["start"] == 0


def test_cancelling_twice_changes_nothing(world: World) -> None:
    world.launch()
    world.ticks(3)
    cancel_r1(world)
    before = world.tasks()
    cancel_r1(world)
    assert world.tasks() == before
    end(world)
    version = world.request().version
    assert cancel_r1(world) == []
    assert world.request().version == version


def test_a_dry_run_changes_nothing_and_tells_what_would_be(world: World) -> None:
    world.launch(ONE)
    before, record = world.tasks(), world.request()
    changes = cancel(world.context(), R1, WHY, dry_run=True)
    assert [(c.id, c.now, c.to_be_cancelled) for c in changes] == [
        ("r1", "ACCEPTED", True),
        ("r1-o131a", "SUBMITTED", True),
    ]
    assert (world.tasks(), world.request()) == (before, record)


def test_by_state_and_by_class_of_error(world: World) -> None:
    world.set(launch_budget_s=0)
    for number in range(3):
        world.launch(message(request_id=f"r{number}", orbits=[131]))
    world.ee.fail_next("start", fault_of("Your usage exceeded the custom quota", 429))
    poll(world.context())
    parked = [t for n in range(3) for t in world.tasks(f"r{n}") if t.trouble.error_class == "quota"]
    assert len(parked) == 1
    changes = cancel_r1(world, Selection(error_class=ErrorClass.QUOTA))
    assert [change.id for change in changes] == [parked[0].id]
    changes = cancel_r1(world, Selection(state=TaskState.PLANNED))
    assert len(changes) == 2
    assert all(world.settled(f"r{number}") for number in range(3))


def test_what_is_not_known_is_named(world: World) -> None:
    with pytest.raises(InvalidRequest, match="no request r9 is known"):
        cancel_r1(world, Selection(request_id="r9"))
    with pytest.raises(InvalidRequest, match="no task r9-a is known; no task r9-b"):
        cancel_r1(world, Selection(task_ids=("r9-a", "r9-b")))


def test_an_earth_engine_that_does_not_answer_is_asked_again(world: World) -> None:
    world.launch()
    world.ticks(3)
    cancel_r1(world)
    world.ee.fail_next("cancel", fault_of(TIMEOUT))
    report = world.tick()
    assert any("sweep" in trouble for trouble in report.troubles)
    assert world.ee.calls["cancel"] == 1  # the next would have to wait as long
    end(world)


def test_cancelling_reads_what_is_being_cancelled_and_no_more(world: World) -> None:
    world.set(launch_budget_s=0, max_active=1)
    world.launch(message(request_id="other", orbits=list(range(1, 101))))
    world.launch(ONE)
    counting = Breaker()
    cancel_r1(world, context=world.context(counting))
    assert len(counting.log) < 20
    assert world.request().state is CANCELLED


def cancelled_while_running(world: World, process: Callable[[], PollContext]) -> None:
    world.ee.wait = timedelta(minutes=1)
    world.launch(message(orbits=[131, 58]))
    cancel(process(), R1, WHY)
    for _ in range(3):
        world.clock.sleep(60)
        poll(process())


def cancelled_before_it_started(world: World, process: Callable[[], PollContext]) -> None:
    world.set(launch_budget_s=0)
    world.launch(message(orbits=[131, 58]))
    cancel(process(), R1, WHY)


def cancelled_with_a_start_unknown(world: World, process: Callable[[], PollContext]) -> None:
    world.ee.fail_after_next("start", TIMED_OUT)
    world.ee.run = timedelta(hours=9)
    world.launch(ONE)
    cancel(process(), R1, WHY)
    for _ in range(3):
        world.clock.sleep(120)
        poll(process())


@one_of(6)
@pytest.mark.parametrize(
    "life",
    [cancelled_while_running, cancelled_before_it_started, cancelled_with_a_start_unknown],
)
def test_every_crash_point_of_a_cancel_is_recovered_from(
    life: Callable[[World, Callable[[], PollContext]], None],
    step: int,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    def trial(name: str, breaker: Breaker) -> World:
        world = World(tmp_path / name)
        with suppress(Crashed):
            life(world, lambda: world.context(breaker))
        return world

    whole = Breaker()
    trial("whole", whole).close()
    points = sample(whole.effects(), step)
    for at, after in points:
        world = trial(f"{at}-{after}", Breaker(at, after))
        try:
            cancel_r1(world)
            world.until(world.settled, limit=60, minutes=2)
            world.ticks(20, minutes=5)
            assert world.request().state is CANCELLED
            assert set(world.states().values()) == {TaskState.CANCELLED}
            assert not [op for op in world.ee.current() if op.live]
        except AssertionError as trouble:
            raise AssertionError(f"{at}, {after}, {whole.log[at - 1]}: {trouble}") from trouble
        finally:
            world.close()
    record_property("figures", f"{life.__name__}: {len(points)} crash points, all recovered")


class _MovedFirst:
    """Lets something happen right before a call to the store, as another process would."""

    def __init__(self, name: str, happen: Callable[[], object]) -> None:
        self.name, self.happen, self.times = name, happen, 0

    def call(self, name: str, method: Callable[..., Any], *args: Any, **named: Any) -> Any:
        if name == self.name and not self.times:
            self.times += 1
            self.happen()
        return method(*args, **named)


@pytest.mark.parametrize("wish", [Selection(task_ids=("r1-o131a",)), R1], ids=["task", "request"])
def test_a_task_that_the_poller_moves_meanwhile_is_cancelled_all_the_same(
    world: World, wish: Selection
) -> None:
    world.launch(ONE)
    moved = _MovedFirst("transition", lambda: world.tick(minutes=6))
    context = world.context()
    changes = cancel(replace(context, store=broken(context.store, moved)), wish, WHY)
    assert moved.times == 1
    assert changes[-1].to_be_cancelled
    assert end(world)[0].state is TaskState.CANCELLED
