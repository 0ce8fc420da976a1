"""A poller counts a request's tasks, a person sets them going, and only then the poller writes.

The first two are schedules that the random simulation came upon, call by call.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from s1ratio.errors import Conflict
from s1ratio.records import RequestState
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.retry import resubmit, retry
from s1ratio.services.commands.selection import Selection
from s1ratio.services.requesting.settle import settle
from s1ratio.task import TaskState
from tests.support.simulated import Crashed, Outcome, World
from tests.support.simulated.starts import ONE
from tests.support.told import ends_told

R1 = Selection("r1")
BAD = "Image.select: band 'XX' not found"


class Pausing:
    """A poller's store: what it writes of requests is kept back, to be written by `go_on`."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self._kept: Callable[[], object] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def update_request(self, *args: Any) -> None:
        """Keep the write, and let the poller stand."""
        self._kept = lambda: self._store.update_request(*args)
        raise Crashed

    def go_on(self) -> None:
        """Make the write; raise Conflict if it comes too late."""
        assert self._kept is not None
        self._kept()


def count(world: World) -> Pausing:
    """Let a poller count the tasks of `r1`, and pause before it writes."""
    store: Any = Pausing(world.store)
    with pytest.raises(Crashed):
        settle(replace(world.context(), store=store), ["r1"], [])
    paused: Pausing = store
    return paused


def end(world: World, poller: Pausing) -> None:
    """Let the poller write too late, and the rest go its way."""
    with pytest.raises(Conflict):
        poller.go_on()
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED
    assert {task.state for task in world.tasks()} == {TaskState.VERIFIED}
    told = ends_told(world.store, "r1")
    assert len(told) == len(set(told))
    world.assert_sound()


class Joined:
    """A person's store: a poller counts right before the first task moves."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.poller: Pausing | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world.store, name)

    def transition(self, *args: Any, **named: Any) -> Any:
        """Move a task."""
        self.poller = self.poller or count(self._world)
        return self._world.store.transition(*args, **named)


def test_seed_501309_a_cancelled_request_is_retried_while_a_poller_counts(world: World) -> None:
    """The request is set going, counted as cancelled, its tasks move; then the count is written."""
    world.set(max_active=0)
    world.launch()
    cancel(world.context(), R1, "no more needed")
    world.until(world.settled)
    assert world.request().state is RequestState.CANCELLED
    world.set(max_active=9)
    store: Any = Joined(world)
    retry(replace(world.context(), store=store), R1)
    assert world.request().state is RequestState.RUNNING
    end(world, store.poller)


def test_seed_501851_a_request_is_resubmitted_before_its_end_is_written(world: World) -> None:
    """All is counted as verified, a task is resubmitted; then the end is written."""
    world.launch()
    world.until(lambda: all(task.ended for task in world.tasks()), minutes=1)
    reopen(world)
    poller = count(world)
    resubmit(world.context(), Selection(task_ids=("r1-o058a",)))
    end(world, poller)


def reopen(world: World) -> None:
    """Let the request stand as it did before its end was counted."""
    record = world.request()
    if record.state.terminal:
        before = replace(record, state=RequestState.RUNNING, ended_at=None, expire_at=None, round=2)
        world.store.update_request(before, record.version)


@pytest.mark.parametrize("again", [retry, resubmit])
@pytest.mark.parametrize(
    "wish",
    [
        R1,
        Selection(task_ids=("r1-o058a", "r1-o131a")),
        Selection(state=TaskState.FAILED),
        Selection("r1", state=TaskState.FAILED),
    ],
)
def test_whatever_is_meant_a_count_made_before_comes_too_late(
    world: World, again: Callable[..., object], wish: Selection
) -> None:
    world.ee.outcomes.extend([Outcome(error=BAD)] * 2)
    world.launch()
    world.until(world.settled)
    reopen(world)
    poller = count(world)
    again(world.context(), wish)
    end(world, poller)


def test_what_moves_no_task_writes_no_request(world: World) -> None:
    world.launch(ONE)
    world.until(world.settled)
    before = world.request()
    assert retry(world.context(), R1) == []
    resubmit(world.context(), R1, dry_run=True)
    assert world.request().version == before.version
