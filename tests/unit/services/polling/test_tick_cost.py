"""What a tick costs: calls to Earth Engine, documents read and written."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from s1ratio.records import RequestState
from s1ratio.services.polling.poll import poll
from s1ratio.task import TaskState
from tests.support.simulated import Breaker, SimulatedOperation, World, message
from tests.support.simulated.starts import ONE


def test_without_an_active_task_nothing_is_asked_of_earth_engine(world: World) -> None:
    world.ticks(2)
    assert sum(world.ee.calls.values()) == 0
    world.launch(ONE)
    world.until(world.settled)
    world.ee.calls.clear()
    world.ticks(30)
    assert sum(world.ee.calls.values()) == 0


def test_a_tick_with_active_tasks_draws_one_list(world: World) -> None:
    world.launch(message(orbits=list(range(1, 20))))
    world.ee.calls.clear()
    world.ticks(5)
    assert world.ee.calls == {"list_operations": 5}


def test_requests_are_counted_anew_when_their_tasks_move_and_now_and_then(world: World) -> None:
    world.ee.run = timedelta(hours=9)
    world.launch()
    world.ticks(70)  # progress is shown up to 0.9, after an hour
    breaker = Breaker()
    context = world.context(breaker)
    poll(context)
    breaker.log.clear()  # only the first tick of a process remembers nothing
    for _ in range(130):
        world.clock.sleep(60)
        poll(context)
    assert breaker.log.count("find_tasks_of") == 2
    assert breaker.log.count("find_open_requests") == 2
    assert breaker.log.count("get_tasks") == 2
    world.operations()[0].updated_at = world.clock.now()
    world.clock.sleep(60)
    poll(context)
    assert breaker.log.count("get_tasks") >= 3


def test_the_list_is_read_no_further_back_than_the_oldest_start(world: World) -> None:
    world.ee.run = timedelta(hours=9)
    world.launch(ONE)
    drawn: list[datetime] = []
    old = world.clock.now() - timedelta(days=9)
    for number in range(500):
        at = old + timedelta(minutes=number)
        world.ee.put(
            SimulatedOperation(f"projects/p/operations/OLD{number}", "else", at, at, at, "")
        )
    listing = world.ee.list_operations

    def counted() -> Any:
        for operation in listing():
            drawn.append(operation.created_at)
            yield operation

    world.ee.list_operations = counted  # type: ignore[method-assign]
    world.tick()
    assert len(drawn) == 501  # all that may hide an orphan
    drawn.clear()
    world.ticks(59)
    assert len(drawn) == 59 * 2  # ours, and the first that is too old


def test_only_tasks_whose_operations_changed_are_read_and_written(world: World) -> None:
    world.ee.run = timedelta(hours=9)
    world.launch(message(orbits=list(range(1, 51))))
    world.ticks(20)
    world.launch(message(request_id="r2", orbits=[131]))
    breaker = Breaker()
    context = world.context(breaker)
    asked: list[list[str]] = []
    store: Any = context.store

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def get_tasks(self, task_ids: Iterable[str]) -> Any:
            wanted = sorted(task_ids)
            asked.append(wanted)
            return store.get_tasks(wanted)

    world.clock.sleep(60)
    poll(replace(context, store=Watched()))
    world.clock.sleep(15 * 60)
    asked.clear()
    breaker.log.clear()
    poll(replace(context, store=Watched()))
    assert asked == [["r2-o131a"]]  # 50 others run on unchanged


def test_a_change_is_not_passed_over_for_later_ones(world: World) -> None:
    """An end that is listed long after others have moved the mark is still seen."""
    world.launch()
    first = world.operations("r1-o058a")[0]
    first.listed_at = world.clock.now() + timedelta(minutes=45)
    world.ticks(40)
    now = world.clock.now()
    world.ee.put(SimulatedOperation("projects/p/operations/ELSE", "else", now, now, now, ""))
    world.ticks(15)
    assert world.task("r1-o058a").state is TaskState.SUBMITTED
    world.until(world.settled, limit=20)
    assert world.request().state is RequestState.VERIFIED
