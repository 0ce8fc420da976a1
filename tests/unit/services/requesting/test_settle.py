"""When requests are counted: soon, whoever moved their tasks, whoever died in between."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.errors import ErrorClass, StoreUnavailable, TerminalFault
from s1ratio.records import RequestState
from s1ratio.services.polling.poll import poll
from s1ratio.services.process_memory import Memory
from s1ratio.services.storing.tasks import commit_task
from s1ratio.task import TaskState, failed
from tests.support.simulated import Breaker, SimulatedOperation, World, message
from tests.support.simulated.starts import ONE, during_post


class Down:
    """A store that can't be reached to write requests."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        if name == "update_request":
            raise StoreUnavailable("gone")
        return getattr(self._store, name)


def test_a_request_whose_tasks_were_started_is_running_at_the_next_tick(world: World) -> None:
    world.ee.wait = timedelta(hours=5)
    context = world.context()
    poll(context)
    world.launch()
    assert world.request().state is RequestState.ACCEPTED
    world.clock.sleep(60)
    poll(context)
    assert world.request().state is RequestState.RUNNING
    assert world.request().tallies == {"SUBMITTED": 2}


@pytest.mark.parametrize("active", [True, False])
def test_an_end_that_nobody_told_the_poller_of_is_counted_at_its_next_tick(
    world: World, active: bool
) -> None:
    if active:
        world.ee.run = timedelta(days=1)
        world.launch(message(request_id="other", orbits=[175]))
    context = world.context()
    world.clock.sleep(60)
    poll(context)
    world.ee.fail_next("start", TerminalFault("bad band"))
    world.launch(ONE)
    assert world.task().state is TaskState.FAILED
    world.clock.sleep(60)
    poll(context)
    assert world.request().state is RequestState.FAILED


@pytest.mark.parametrize("minutes", [2, 58, 200])
def test_an_end_that_a_process_died_with_is_counted_by_the_next_one(
    world: World, minutes: int
) -> None:
    world.launch(ONE)
    world.ticks(3)
    task = world.task()
    commit_task(world.context(), task, failed(task, ErrorClass.TERMINAL, "bad band"))
    world.tick(minutes)
    assert world.request().state is RequestState.FAILED


def test_what_a_store_that_was_away_kept_from_being_counted_the_next_tick_counts(
    world: World,
) -> None:
    world.launch(ONE)
    context = world.context()
    world.clock.sleep(5 * 60)
    with pytest.raises(StoreUnavailable):
        poll(replace(context, store=Down(context.store)))  # type: ignore[arg-type]
    assert world.task().state is TaskState.RUNNING
    assert world.request().state is RequestState.ACCEPTED
    world.clock.sleep(1)
    poll(context)
    assert world.request().state is RequestState.RUNNING


def test_what_is_remembered_is_not_read_again_but_an_empty_memory_reads_all(world: World) -> None:
    world.ee.wait = timedelta(days=1)
    world.launch(message(orbits=list(range(1, 31))))
    breaker = Breaker()
    context = world.context(breaker)
    world.clock.sleep(60)
    poll(context)
    breaker.log.clear()
    poll(context)
    assert {"get_tasks", "transition", "find_tasks_of", "set_time_mark"}.isdisjoint(breaker.log)
    assert len(breaker.log) <= 24  # however many tasks there are
    poll(replace(context, memory=Memory()))
    assert breaker.log.count("get_tasks") == 1
    world.ee.wait = timedelta()
    world.clock.sleep(60)
    poll(context)
    assert set(world.states().values()) == {TaskState.RUNNING}


def test_a_process_that_remembers_an_older_state_of_another_does_no_harm(world: World) -> None:
    """Two processes in turn: what one applied the other must not undo or pass over."""
    world.launch(message(orbits=list(range(1, 6))))
    contexts = [world.context(), world.context()]
    for number in range(40):
        world.clock.sleep(60)
        poll(contexts[number % 2])
    assert world.request().tallies == {"VERIFIED": 5}
    assert world.ee.calls["start"] == 5


def test_memory_is_bounded(world: World) -> None:
    now = world.clock.now()
    memory = Memory()
    operations = [
        SimulatedOperation(f"o{number}", "x", now, now, now, "").shown(now)
        for number in range(30_000)
    ]
    memory.remember(operations)
    assert len(memory.applied) == 20_000
    assert memory.knows(operations[-1])
    assert not memory.knows(operations[0])


def test_an_export_that_ends_before_its_start_is_recorded_is_not_passed_over(world: World) -> None:
    world.set(start_lease_s=3600)
    poller = world.context()

    def ticked(_: str) -> None:
        for _minute in range(20):
            world.clock.sleep(60)
            poll(poller)
        assert world.task().state is TaskState.STARTING

    during_post(world, ticked)
    world.launch(ONE)
    assert world.operations()[0].state == "SUCCEEDED"
    for _ in range(3):
        world.clock.sleep(60)
        poll(poller)
    assert world.task().state is TaskState.VERIFIED
