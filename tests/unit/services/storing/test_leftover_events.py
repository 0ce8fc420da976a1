"""Requests were deleted by hand, or all but their events restored: what comes again still ends."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from s1ratio.records import Event, RequestState
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.selection import Selection
from s1ratio.task import TaskState
from tests.support.simulated import Outcome, World
from tests.support.simulated.leftovers import leave_events


def verified(world: World) -> None:
    world.launch()


def empty(world: World) -> None:
    world.ee.outcomes.extend([Outcome(has_data=False)] * 2)
    world.launch()


def failed(world: World) -> None:
    world.ee.outcomes.extend([Outcome(error="Image.select: band 'XX' not found")] * 2)
    world.launch()


def split(world: World) -> None:
    world.ee.outcomes.append(Outcome(error="Export too large: specified 20000000000 pixels."))
    world.launch()


def cancelled(world: World) -> None:
    world.launch()
    cancel(world.context(), Selection("r1"), "a mistake")


@pytest.mark.parametrize("other", [False, True], ids=["the same", "another content"])
@pytest.mark.parametrize("life", [verified, empty, failed, split, cancelled])
def test_what_is_left_of_a_first_life_holds_up_no_second(
    life: Callable[[World], None], other: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = World(tmp_path / "first"), World(tmp_path / "second")
    life(first)
    first.until(first.settled)
    told = first.store.find_events_of("r1")
    assert len(told) >= 3
    left = [replace(event, data={"state": "ELSE"}) for event in told] if other else told
    leave_events(second.store, left)
    with caplog.at_level(logging.WARNING):
        life(second)
        second.until(second.settled, limit=60)
    assert second.request().state is first.request().state
    assert second.states() == first.states()
    again = second.store.find_events_of("r1")
    beside = [event for event in again if event.id not in {event.id for event in told}]
    assert len(beside) == (len(told) if other else 0)
    words = [line.getMessage() for line in caplog.records if "another content" in line.getMessage()]
    assert len(words) == len(beside)
    first.close()
    second.close()


def test_one_end_of_many_is_blocked_by_nothing(world: World) -> None:
    event = Event("task:r1-o131a.3", "task.else", "r1", world.clock.now())
    leave_events(world.store, [event])
    world.launch()
    world.until(world.settled, limit=30)
    assert world.request().state is RequestState.VERIFIED
    assert world.task().state is TaskState.VERIFIED
