"""A refusal of everything is no fault of a task: held like an outage, and nothing is wasted."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import EarthEngineFault, ErrorClass
from s1ratio.records import RequestState
from s1ratio.services.commands.retry import retry
from s1ratio.services.commands.selection import Selection
from s1ratio.task import Task, TaskState
from tests.support.sample import some_of
from tests.support.simulated import World, message
from tests.support.simulated.starts import ONE, TIMED_OUT, finish

REFUSALS = [
    fault_of("Request had invalid authentication credentials.", 401),
    fault_of("Permission 'earthengine.exports.create' denied on resource 'projects/p'.", 403),
    fault_of("User Rate Limit Exceeded", 403),
    fault_of("Caller does not have required permission to use project p.", 403),
    fault_of("The operation was aborted.", 409),
    fault_of("ABORTED", 409),
]
each = pytest.mark.parametrize("fault", REFUSALS, ids=str)
DENIED = REFUSALS[1]


def refuse(
    world: World, fault: EarthEngineFault, whom: Callable[[Task], bool] = lambda _: True
) -> Callable[[], None]:
    """Let starts of these tasks be refused; return what ends that."""
    start = world.ee.start

    def refusing(request: object, task: Task, text: str) -> str:
        if whom(task):
            world.ee.calls["refused"] += 1
            raise fault
        return start(request, task, text)  # type: ignore[arg-type]

    world.ee.start = refusing  # type: ignore[method-assign,assignment]

    def over() -> None:
        world.ee.start = start  # type: ignore[method-assign]

    return over


def all_first_attempts(world: World, *request_ids: str) -> None:
    for name in request_ids:
        world.until(lambda name=name: world.settled(name), limit=200, minutes=5)  # type: ignore[misc]
        assert world.request(name).state is RequestState.VERIFIED
        found = {(task.state, task.run.attempt) for task in world.tasks(name)}
        assert found == {(TaskState.VERIFIED, 1)}
        world.assert_sound(name)


@each
def test_all_is_refused_for_one_tick(world: World, fault: EarthEngineFault) -> None:
    world.set(launch_budget_s=0)
    world.launch(message(orbits=list(range(1, 40))))
    world.ee.down, world.ee.down_says = True, fault
    world.tick()
    assert {task.state for task in world.tasks()} == {TaskState.PLANNED}
    world.ee.down = False
    all_first_attempts(world, "r1")


@pytest.mark.parametrize(("fault", "hours"), some_of(product(REFUSALS, [1, 20]), 5))
def test_all_is_refused_for_long(world: World, fault: EarthEngineFault, hours: int) -> None:
    world.set(launch_budget_s=0)
    world.launch(message(orbits=list(range(1, 8))))
    world.launch(message(request_id="r2", orbits=None, end="2024-02-15"))
    world.ee.down, world.ee.down_says = True, fault
    world.ticks(hours * 3, minutes=20)
    assert "refuses" in str(world.tick().held)
    assert world.ee.calls["start"] <= hours * 3 * 2 + 2
    assert {task.trouble.error_class for task in world.tasks()} <= {"refused", None}
    world.ee.down = False
    all_first_attempts(world, "r1", "r2")


@pytest.mark.parametrize(("fault", "requests"), some_of(product(REFUSALS, [1, 3]), 5))
def test_only_starts_are_refused(world: World, fault: EarthEngineFault, requests: int) -> None:
    """The list is told all the while: another task's start is the witness."""
    over = refuse(world, fault)
    names = [f"t{number}" for number in range(requests)]
    for number, name in enumerate(names):
        aoi = {"bbox": [13 + number / 10, 52.0, 13.02 + number / 10, 52.02]}
        world.launch(message(request_id=name, orbits=[1, 2, 3, 4], aoi=aoi))
    world.ticks(3 * 12, minutes=20)
    assert world.ee.calls["refused"] <= 3 * 3 * 12
    for name in names:
        assert {task.state for task in world.tasks(name)} == {TaskState.PLANNED}
    over()
    all_first_attempts(world, *names)


@each
def test_one_refusal_ends_nothing(world: World, fault: EarthEngineFault) -> None:
    world.ee.fail_next("start", fault)
    world.launch(ONE)
    task = world.task()
    assert (task.state, task.trouble.error_class) == (TaskState.PLANNED, "refused")
    finish(world)


@each
def test_one_refusal_among_others_ends_nothing(world: World, fault: EarthEngineFault) -> None:
    world.ee.fail_next("start", None, None, fault)
    assert world.launch(message(orbits=list(range(1, 11)))).started == 9
    all_first_attempts(world, "r1")


@each
def test_rights_spread_after_the_first_message(world: World, fault: EarthEngineFault) -> None:
    world.ee.down, world.ee.down_says = True, fault
    world.launch(message(orbits=None))
    assert world.request().state is RequestState.EXPANDING
    world.ticks(10)
    world.ee.down = False
    over = refuse(world, fault)  # the right to start comes last
    world.ticks(20)
    over()
    all_first_attempts(world, "r1")


@each
def test_a_request_that_is_refused_whole_holds_up_nobody(
    world: World, fault: EarthEngineFault
) -> None:
    refuse(world, fault, lambda task: task.plan.request_id == "bad")
    world.set(launch_budget_s=0)
    world.launch(message(request_id="bad", orbits=list(range(1, 11))))
    world.launch(message(orbits=list(range(11, 31))))
    world.until(world.settled, limit=12, minutes=5)
    assert world.request().state is RequestState.VERIFIED
    assert {task.state for task in world.tasks("bad")} == {TaskState.PLANNED}


@pytest.mark.parametrize(
    ("requests", "tasks", "priority"),
    [(2, 1, 100), (3, 1, 100), (2, 5, 100), (6, 2, 100), (2, 2, 10)],
)
def test_requests_that_are_refused_hold_up_none_of_a_lower_priority(
    world: World, requests: int, tasks: int, priority: int
) -> None:
    """Two that are refused are no witnesses of each other for good, whoever is first in line."""
    over = refuse(world, DENIED, lambda task: task.plan.request_id.startswith("bad"))
    world.set(launch_budget_s=0)
    names = [f"bad{number}" for number in range(requests)]
    for number, name in enumerate(names):
        aoi = {"bbox": [13 + number / 10, 53.0, 13.02 + number / 10, 53.02]}
        orbits = list(range(1, tasks + 1))
        world.launch(message(request_id=name, orbits=orbits, aoi=aoi, priority=priority))
    world.ticks(3)
    world.launch(message(orbits=[11, 12, 13], priority=9))
    all_first_attempts(world, "r1")
    over()
    all_first_attempts(world, *names)


def test_nor_after_all_were_refused_for_a_while(world: World) -> None:
    """Then the others were refused as well, and are witnesses all the same."""
    over = refuse(world, DENIED)
    world.set(launch_budget_s=0)
    for number in range(2):
        aoi = {"bbox": [13 + number / 10, 53.0, 13.02 + number / 10, 53.02]}
        world.launch(message(request_id=f"bad{number}", orbits=[1], aoi=aoi, priority=100))
    world.launch(message(orbits=[11, 12], priority=9))
    world.ticks(30)
    over()
    refuse(world, DENIED, lambda task: task.plan.request_id.startswith("bad"))
    all_first_attempts(world, "r1")


def test_a_launch_that_is_refused_holds_up_no_other_request(world: World) -> None:
    """It has no witness but itself."""
    refuse(world, DENIED, lambda task: task.plan.request_id.startswith("bad"))
    for number in range(6):
        aoi = {"bbox": [13 + number / 10, 53.0, 13.02 + number / 10, 53.02]}
        world.launch(message(request_id=f"bad{number}", orbits=[1, 2], aoi=aoi))
        name = f"good{number}"
        aoi = {"bbox": [13 + number / 10, 52.0, 13.02 + number / 10, 52.02]}
        assert world.launch(message(request_id=name, orbits=[11], aoi=aoi)).started == 1


@each
def test_what_alone_is_refused_fails_in_the_end_and_is_retried_by_class(
    world: World, fault: EarthEngineFault
) -> None:
    over = refuse(world, fault, lambda task: task.plan.request_id == "bad")
    world.launch(message(request_id="bad", orbits=[1]))
    world.launch(message(orbits=[11, 12]))
    began = world.clock.now()
    world.until(lambda: world.settled("bad"), limit=40, minutes=10)
    assert world.clock.now() - began > timedelta(hours=1)
    assert {task.state for task in world.tasks("bad")} == {TaskState.FAILED}
    ended = world.tasks("bad")[0]
    assert ended.trouble.error_class == ErrorClass.REFUSED
    assert str(fault) in str(ended.trouble.error)
    over()
    retry(world.context(), Selection(error_class=ErrorClass.REFUSED))
    world.until(lambda: world.settled("bad"), limit=60)
    assert world.request("bad").state is RequestState.VERIFIED


@each
def test_a_second_post_that_is_refused_leaves_the_first_to_be_found(
    world: World, fault: EarthEngineFault
) -> None:
    world.ee.list_delay = timedelta(minutes=9)
    world.ee.fail_after_next("start", TIMED_OUT)
    world.launch(ONE)
    world.ee.fail_next("start", *[fault] * 3)
    world.ticks(3)
    assert world.task().state is TaskState.STARTING
    finish(world)
    assert len(world.operations()) == 1


@each
def test_passes_that_are_refused_alone_fail_in_the_end_and_are_retried_by_class(
    world: World, fault: EarthEngineFault
) -> None:
    world.ee.fail_next("find_passes", *[fault] * 30)
    world.launch(message(orbits=None))
    world.until(world.settled, limit=100, minutes=60)
    record = world.request()
    assert (record.state, record.error_class) == (RequestState.FAILED, "refused")
    assert world.tasks() == []
    assert retry(world.context(), Selection(error_class=ErrorClass.QUOTA)) == []
    (change,) = retry(world.context(), Selection(error_class=ErrorClass.REFUSED))
    assert (change.id, change.was, change.now) == ("r1", "FAILED", "EXPANDING")
    all_first_attempts(world, "r1")
    assert world.request().error_class is None
