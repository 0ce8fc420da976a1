"""Raise: a request's planned tasks get another priority, and so does all that is planned later."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import Conflict, TransientFault, UnknownRecord
from s1ratio.ports import Store
from s1ratio.records import RequestState
from s1ratio.services.commands.change import Change
from s1ratio.services.commands.raise_priority import raise_priority
from s1ratio.services.commands.retry import resubmit
from s1ratio.services.commands.selection import Selection
from s1ratio.services.storing.tasks import commit_task
from s1ratio.task import Task, TaskState
from tests.support.simulated import Outcome, World, message
from tests.support.simulated.starts import ONE
from tests.unit.services.requesting.test_refused_messages import refused

TOO_MUCH = "User memory limit exceeded."
R1 = Selection(request_id="r1")


def priorities(world: World, request_id: str = "r1") -> set[int]:
    return {task.place.priority for task in world.tasks(request_id)}


def raised(world: World, priority: int = 500, dry_run: bool = False) -> list[Change]:
    return raise_priority(world.context(), R1, priority, dry_run)


def test_the_request_and_its_planned_tasks_have_the_priority(world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch()
    would = raised(world, dry_run=True)
    assert priorities(world) == {100}
    assert raised(world) == would
    assert [(c.kind, c.id, c.was, c.now) for c in would] == [
        ("request", "r1", "priority 100", "priority 500"),
        ("task", "r1-o058a", "priority 100", "priority 500"),
        ("task", "r1-o131a", "priority 100", "priority 500"),
    ]
    assert (world.request().priority, priorities(world)) == (500, {500})
    assert raised(world) == [], "safe to do again"
    world.until(world.settled)
    assert {operation.priority for operation in world.ee.current()} == {500}
    world.assert_sound()


@pytest.mark.parametrize("priority", [0, 99, 101, 9999])
def test_any_priority_is_taken_a_lower_one_too(priority: int, world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch()
    raised(world, 200)
    raised(world, priority)
    assert (world.request().priority, priorities(world)) == (priority, {priority})


def test_it_goes_before_those_who_came_first_and_keeps_its_own_order(world: World) -> None:
    world.set(launch_budget_s=0, max_active=2)
    world.launch(message(request_id="many", orbits=list(range(1, 31)), end="2024-02-01"))
    world.ticks(2)
    world.launch(message(orbits=list(range(41, 47))))
    world.ticks(1)
    raised(world)
    world.until(world.settled)
    started = world.started()
    first = started.index("r1-o041a-a1")
    assert started[first : first + 6] == [f"r1-o{orbit:03d}a-a1" for orbit in range(41, 47)]
    assert world.request("many").state is RequestState.RUNNING
    world.until(lambda: world.settled("many"))


def test_a_retry_has_it(world: World) -> None:
    world.ee.outcomes.append(Outcome(error="Internal error."))
    world.launch(ONE)
    raised(world)
    assert priorities(world) == {100}, "what Earth Engine has taken keeps its own"
    world.until(world.settled)
    assert world.task().run.attempt == 2
    assert [op.priority for op in world.ee.current()] == [100, 500]


def test_the_parts_of_a_split_have_it(world: World) -> None:
    world.ee.outcomes.append(Outcome(error=TOO_MUCH))
    world.launch(ONE)
    raised(world)
    world.until(world.settled)
    assert [op.priority for op in world.ee.current()] == [100, 500, 500, 500, 500]


def test_a_start_that_found_no_room_has_it(world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch(ONE)
    task = world.task()
    claimed = task.to(TaskState.STARTING)
    stored = world.store.transition(task, claimed, task.version)
    raised(world)
    commit_task(world.context(), stored, stored.to(TaskState.PLANNED))
    assert priorities(world) == {500}


def test_tasks_that_come_later_have_it(world: World) -> None:
    world.ee.fail_next("find_passes", TransientFault("Internal error."))
    world.launch(message(orbits=None))
    assert world.request().state is RequestState.EXPANDING
    raised(world)
    world.until(world.settled)
    assert {operation.priority for operation in world.ee.current()} == {500}


def test_tasks_that_were_created_just_before_have_it(world: World) -> None:
    """Whoever expands has read the request; it is raised after its tasks are asked for."""
    create, context = world.store.create_tasks, world.context()

    class Slow:
        def __getattr__(self, name: str) -> Any:
            return getattr(world.store, name)

        create_accepted = staticmethod(refused)  # its tasks come after the request

        def create_tasks(self, tasks: Sequence[Task]) -> None:
            assert raise_priority(world.context(), R1, 500)
            create(tasks)

    world.set(launch_budget_s=0)
    world.launch(context=replace(context, store=cast(Store, Slow())))
    world.ticks(1)
    assert world.request().priority == 500
    world.until(world.settled)
    assert {operation.priority for operation in world.ee.current()} == {500}


def test_a_request_that_ended_has_it_when_it_is_done_again(world: World) -> None:
    world.launch(ONE)
    world.until(world.settled)
    state = world.request().state
    raised(world)
    assert world.request().state is state
    assert world.tasks()[0].place.priority == 100
    resubmit(world.context(), R1)
    assert priorities(world) == {500}


def test_a_task_that_is_being_started_meanwhile_is_left_alone(world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch()
    move = world.store.transition

    class Busy:
        def __getattr__(self, name: str) -> Any:
            return getattr(world.store, name)

        def transition(self, task: Task, *args: Any, **words: Any) -> Task:
            if task.id == "r1-o058a":
                raise Conflict("another worker has it")
            return move(task, *args, **words)

    busy = replace(world.context(), store=cast(Store, Busy()))
    changes = raise_priority(busy, R1, 500)
    assert [change.id for change in changes] == ["r1", "r1-o131a"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Caller does not have permission to use project p.", 403),
        ("User Rate Limit Exceeded", 403),
        ("The operation was aborted.", 409),
        ("Request had invalid authentication credentials.", 401),
        ("Permission 'earthengine.exports.create' denied on resource 'projects/p'.", 403),
    ],
)
def test_a_start_that_is_refused_meanwhile_goes_behind_those_of_its_new_priority(
    world: World, words: str, status: int
) -> None:
    """Its turn was spent: first in line again, it would be refused before all others."""

    def start(*_: Any) -> str:
        raised(world)
        raise fault_of(words, status)

    world.ee.start = start  # type: ignore[method-assign,assignment]
    world.launch(ONE)
    task = world.task()
    assert (task.state, task.place.priority) == (TaskState.PLANNED, 500)
    assert task.place.turn < 0, "it is dealt one when it comes into line"


def test_a_request_that_nobody_knows(world: World) -> None:
    with pytest.raises(UnknownRecord, match="no request none is known"):
        raise_priority(world.context(), Selection(request_id="none"), 500)
