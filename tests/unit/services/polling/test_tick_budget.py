"""Several ticks at once, little time, little room."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from s1ratio.services.polling.poll import poll
from s1ratio.services.polling.steps import STEPS
from s1ratio.services.polling.tick_state import Tick
from tests.support.simulated import Outcome, World, message
from tests.support.told import ends_told


class NoLease:
    """A store that gives its lease to everybody, as if each other one had ended early."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def take_lease(self, *_: Any) -> bool:
        """Give it."""
        return True


def test_two_ticks_at_once_do_no_harm(world: World) -> None:
    world.ee.outcomes.append(Outcome(error="Internal error."))
    world.launch(message(orbits=list(range(1, 7))))
    barrier = Barrier(2)

    def tick(context: Any) -> None:
        barrier.wait(10)
        poll(replace(context, store=NoLease(context.store)))  # type: ignore[arg-type]

    with ThreadPoolExecutor(2) as pool:
        for _ in range(60):
            world.clock.sleep(60)
            list(pool.map(tick, [world.context(), world.context()]))
            if world.settled():
                break
    assert world.request().tallies == {"VERIFIED": 6}
    world.assert_sound()
    assert world.ee.calls["start"] == 7
    assert len(ends_told(world.store, "r1")) == 7


def test_a_tick_starts_no_more_than_its_time_allows(world: World) -> None:
    world.set(launch_budget_s=0, tick_budget_s=100)
    world.launch(message(orbits=list(range(1, 21))))
    world.ee.latency_s = 30
    assert world.tick().started == 4  # the fourth begins at 90 s
    world.ee.latency_s = 0
    world.until(world.settled)
    assert world.request().tallies == {"VERIFIED": 20}


def test_what_a_tick_has_no_time_to_follow_the_next_one_does(world: World) -> None:
    world.set(tick_budget_s=10)
    world.launch(message(orbits=list(range(1, 11))))
    world.clock.sleep(15 * 60)
    context = world.context()
    store: Any = context.store
    clock = world.clock

    class Slow:
        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def transition(self, *args: Any, **named: Any) -> Any:
            clock.sleep(3)
            return store.transition(*args, **named)

    began = clock.now()
    report = poll(replace(context, store=Slow()))
    assert clock.now() - began < timedelta(seconds=20)
    assert report.observed == 4
    world.until(world.settled, limit=10)
    assert world.request().tallies == {"VERIFIED": 10}


def test_high_priority_starts_first_then_the_older(world: World) -> None:
    world.set(launch_budget_s=0, max_priority=500)
    names = [("low", 1), ("first", 100), ("second", 100), ("top", 9999)]
    for orbit, (name, priority) in enumerate(names, 1):
        world.launch(message(request_id=name, orbits=[orbit], priority=priority))
        world.clock.sleep(1)
    world.tick()
    assert [op.description.split("-")[2] for op in world.ee.current()] == [
        "top",
        "first",
        "second",
        "low",
    ]
    assert [op.priority for op in world.ee.current()] == [500, 100, 100, 1]


def test_no_more_are_started_than_there_is_room_for(world: World) -> None:
    world.set(launch_budget_s=0, max_active=3)
    world.launch(message(orbits=list(range(1, 8))))
    most = 0
    while not world.settled():
        world.tick()
        most = max(most, sum(op.live for op in world.ee.current()))
    assert most == 3
    assert world.request().tallies == {"VERIFIED": 7}


def test_steps_that_wait_for_others_have_a_share_of_the_time() -> None:
    assert [(step.run.__name__, step.share) for step in STEPS] == [
        ("publish_unsent", 0.25),
        ("read_operations", 0.5),
        ("follow_operations", 1.0),
        ("recover_starts", 1.0),
        ("resolve_lost_tasks", 1.0),
        ("sweep_cancelled", 0.25),
        ("verify_outputs", 0.5),
        ("reconcile", 0.25),
        ("release_waiting", 1.0),
        ("expand_requests", 0.25),
        ("catalogue_composites", 0.25),
        ("start_tasks", 1.0),
        ("settle_requests", 1.0),
    ]


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_a_step_is_over_when_its_share_is_spent_or_the_tick_is(world: World, share: float) -> None:
    world.set(tick_budget_s=100)
    tick = Tick(world.context())
    tick.begin_step(share)
    assert tick.is_over() == (share == 0.0)
    world.clock.sleep(100 * share)
    assert tick.is_over()
    world.clock.sleep(100 * (0.9 - share) if share < 0.9 else 0)
    tick.begin_step(1.0)
    assert tick.step_until == tick.until, "no step gets more than what is left of the tick"
