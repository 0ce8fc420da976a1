"""A request's state, tallies and events follow from its tasks."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.errors import StoreUnavailable
from s1ratio.records import RequestState
from s1ratio.services.polling.poll import poll
from s1ratio.task import TaskState
from tests.support.simulated import Breaker, Crashed, Outcome, World
from tests.support.simulated.starts import ONE
from tests.support.told import end_kinds_told, ends_told


@pytest.mark.parametrize(
    ("outcomes", "state", "tallies"),
    [
        ([Outcome(), Outcome()], "VERIFIED", {"VERIFIED": 2}),
        ([Outcome(), Outcome(has_data=False)], "VERIFIED", {"VERIFIED": 1, "EMPTY": 1}),
        ([Outcome(), Outcome(error="bad band")], "PARTIAL", {"VERIFIED": 1, "FAILED": 1}),
        ([Outcome(has_data=False)] * 2, "EMPTY", {"EMPTY": 2}),
        ([Outcome(error="bad band")] * 2, "FAILED", {"FAILED": 2}),
        ([Outcome(error="Cancelled")] * 2, "FAILED", {"FAILED": 2}),
    ],
)
def test_a_requests_state_follows_from_its_tasks(
    world: World, outcomes: list[Outcome], state: str, tallies: dict[str, int]
) -> None:
    world.ee.outcomes.extend(outcomes)
    world.launch()
    world.ticks(3)
    record = world.request()
    assert (record.state, record.tallies) == (RequestState.RUNNING, {"RUNNING": 2})
    world.until(world.settled)
    record = world.request()
    assert (record.state.value, record.tallies) == (state, tallies)


def test_all_cancelled_is_cancelled(world: World) -> None:
    world.launch()
    for operation in world.ee.current():
        world.ee.cancel(operation.name)
    world.until(world.settled)
    assert world.request().state is RequestState.CANCELLED
    assert world.request().tallies == {"CANCELLED": 2}


def test_each_end_is_told_once(world: World) -> None:
    world.ee.outcomes.extend([Outcome(error="Internal error."), Outcome(error="bad band")])
    world.launch()
    world.until(world.settled)
    world.ticks(15)
    events = world.store.find_events_of("r1")
    assert sorted(ends_told(world.store, "r1")) == [
        "r1-o058a.verified.a2",
        "r1-o131a.failed.a1",
        "r1.partial.r1",
    ]
    assert end_kinds_told(world.store, "r1")[-1] == "request.partial"
    assert events[-1].data["tallies"] == {"VERIFIED": 1, "FAILED": 1}
    verified = next(event for event in events if event.attributes["state"] == "VERIFIED")
    assert verified.data["files"] == ["composites/r1/r1-o058a-a2.tif"]


@pytest.mark.parametrize("after", [False, True])
def test_an_event_is_committed_with_its_move_or_not_at_all(world: World, after: bool) -> None:
    world.launch(ONE)
    world.ee.outcomes.append(Outcome())
    world.clock.sleep(20 * 60)
    for at in range(1, 40):
        with suppress(Crashed):
            poll(world.context(Breaker(at, after)))
        kinds = set(end_kinds_told(world.store, "r1"))
        assert ("task.verified" in kinds) == (world.task().state is TaskState.VERIFIED)
        assert ("request.verified" in kinds) == (world.request().state is RequestState.VERIFIED)
    world.until(world.settled)
    assert len(ends_told(world.store, "r1")) == 2


def test_a_tick_that_died_before_its_request_was_counted_is_made_good(world: World) -> None:
    world.launch(ONE)
    world.clock.sleep(20 * 60)
    probe = world.context()
    with pytest.raises(StoreUnavailable):
        poll(replace(probe, store=_failing_update(probe.store)))
    assert world.task().state is TaskState.VERIFIED
    assert world.request().state is RequestState.ACCEPTED
    world.ticks(11)
    assert world.request().state is RequestState.VERIFIED


def _failing_update(store: Any) -> Any:
    class Failing:
        def __getattr__(self, name: str) -> Any:
            if name == "update_request":
                raise StoreUnavailable("gone")
            return getattr(store, name)

    return Failing()


def test_a_count_that_comes_second_counts_again(world: World) -> None:
    """Two ticks end the two tasks of a request; the later one must not be lost."""
    world.launch()
    world.ee.run = timedelta(minutes=1)
    world.ticks(2)
    context = world.context()
    store = context.store
    other = world.context()
    world.clock.sleep(60)

    class Slow:
        interrupted = False

        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def find_tasks_of(self, request_id: str) -> Any:
            found = store.find_tasks_of(request_id)
            if not self.interrupted:
                self.interrupted = True
                record = store.get_request(request_id)
                assert record is not None
                other.store.update_request(replace(record, tallies={"x": 1}), record.version)
            return found

    poll(replace(context, store=Slow()))
    assert world.request().state is RequestState.VERIFIED
    assert world.request().tallies == {"VERIFIED": 2}
