"""One tick at a time, without hands where one dies."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from s1ratio.errors import StoreUnavailable
from s1ratio.services.polling.poll import LEASE, poll
from s1ratio.task import TaskState
from tests.support.simulated import Breaker, World
from tests.support.simulated.starts import ONE
from tests.support.told import ends_told


class NoGivingBack:
    """A store whose client dies before it can give a lease back."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def give_back(self, *_: Any) -> None:
        """Do nothing."""


def test_a_tick_does_nothing_while_another_is_under_way(world: World) -> None:
    world.launch(ONE)
    world.clock.sleep(3600)
    poll_of_another = world.context()
    reports = []
    listing = world.ee.list_operations

    def meanwhile() -> Any:
        reports.append(poll(poll_of_another))
        return listing()

    world.ee.list_operations = meanwhile  # type: ignore[method-assign]
    assert poll(world.context()).verified == 1
    (skipped,) = reports
    assert skipped.skipped
    assert skipped.json()["skipped"] is True
    assert skipped.observed == skipped.settled == 0
    assert world.ee.calls["list_operations"] == 1


@pytest.mark.parametrize("error", [RuntimeError, StoreUnavailable, KeyboardInterrupt])
def test_a_tick_that_went_wrong_gives_its_lease_back(
    world: World, error: type[BaseException]
) -> None:
    world.launch(ONE)
    for at in range(2, 12):
        with suppress(error):
            poll(world.context(Breaker(at, error=error)))
        assert not world.tick().skipped


def test_the_lease_of_a_killed_tick_ends_soon_after_its_budget(world: World) -> None:
    world.launch(ONE)
    world.clock.sleep(3600)
    context = world.context()
    poll(replace(context, store=NoGivingBack(context.store)))  # type: ignore[arg-type]
    skipped = 0
    while world.tick().skipped:
        skipped += 1
    assert skipped == (world.settings.tick_budget_s + 60) / 60 - 1
    world.until(world.settled)


def test_a_lease_that_can_not_be_given_back_spoils_no_tick(world: World) -> None:
    world.launch(ONE)
    world.clock.sleep(3600)
    breaker = Breaker()
    poll(world.context(breaker))
    last = len(breaker.log)
    assert breaker.log[-8:].count("give_back") == 1
    at = last - breaker.log[::-1].index("give_back")
    world.launch()
    poll(world.context(Breaker(at, error=StoreUnavailable)))


def test_a_tick_takes_no_more_than_one_lease(world: World) -> None:
    breaker = Breaker()
    poll(world.context(breaker))
    assert breaker.log[0] == "take_lease"
    assert breaker.log.count("take_lease") == breaker.log.count("give_back") == 1
    now = world.clock.now()
    assert world.store.take_lease(LEASE, "anybody", now, now)


def test_two_ticks_in_one_process_do_no_harm(world: World) -> None:
    """A lease belongs to a process: nothing may depend on it alone."""
    world.launch()
    context = world.context()
    listing = world.ee.list_operations
    inner: list[bool] = []

    def meanwhile() -> Any:
        if not inner:
            inner.append(True)
            poll(context)
        return listing()

    world.ee.list_operations = meanwhile  # type: ignore[method-assign]
    for _ in range(30):
        world.clock.sleep(60)
        inner.clear()
        poll(context)
    assert set(world.states().values()) == {TaskState.VERIFIED}
    assert len(ends_told(world.store, "r1")) == 3
    world.assert_sound()
