"""Rounds of reconciliation: all of it, a page at a time, going on where the time ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from s1ratio.services.polling.rounds import Leg, continue_round, is_round_due
from s1ratio.services.storing.paging import fetch_pages
from s1ratio.time_marks import TimeMark
from tests.support.simulated import World

TWO = (TimeMark.ROUND_SPLIT, TimeMark.ROUND_REQUESTS)


@dataclass(frozen=True)
class Record:
    """Something that was made at some time."""

    id: str
    created_at: datetime


def made(world: World, *minutes: int) -> list[Record]:
    """Return records made at these minutes, oldest first."""
    now = world.clock.now()
    times = sorted(minutes)
    return [Record(f"{i}", now + timedelta(minutes=at)) for i, at in enumerate(times)]


class Looked:
    """A leg over records that writes down what was looked at; each look takes a second."""

    def __init__(self, world: World, mark: TimeMark, records: list[Record]) -> None:
        self.world, self.records = world, records
        self.at: list[str] = []
        self.fetched = 0
        self.leg = Leg(mark, self.fetch, self.look_at)

    def fetch(self, limit: int, since: datetime | None) -> list[Record]:
        """Answer as a store does."""
        found = [r for r in self.records if since is None or r.created_at >= since][:limit]
        self.fetched += len(found)
        return found

    def look_at(self, record: Record) -> None:
        """Take a second."""
        self.world.clock.sleep(1)
        self.at.append(record.id)


@pytest.mark.parametrize("minutes", [range(950), [0] * 950, [*[0] * 430, *range(1, 520)], []])
def test_all_records_are_found_once_however_many_are_of_one_time(
    world: World, minutes: list[int]
) -> None:
    leg = Looked(world, TimeMark.ROUND_SPLIT, made(world, *minutes))
    found = [r.id for page in fetch_pages(leg.fetch, lambda r: r.created_at) for r in page]
    assert found == [record.id for record in leg.records]
    assert leg.fetched <= 3 * len(found)


def rounds(world: World, legs: list[Looked], seconds: int, limit: int = 100) -> int:
    """Go on until the round is over; return how many ticks that took."""
    for count in range(1, limit):
        world.clock.sleep(60)
        until = world.clock.now() + timedelta(seconds=seconds)
        continue_round(world.context(), [leg.leg for leg in legs], until)
        if not is_round_due(world.context()):
            return count
    raise AssertionError("the round does not end")


def test_a_round_goes_on_where_the_time_of_a_tick_ended(world: World) -> None:
    legs = [Looked(world, mark, made(world, *range(-1000, -550))) for mark in TWO]
    assert is_round_due(world.context())
    assert rounds(world, legs, seconds=100) == 9  # for 900 seconds
    for leg in legs:
        assert set(leg.at) == {record.id for record in leg.records}
        assert len(leg.at) <= len(leg.records) + 10


def test_the_next_round_begins_anew_an_hour_later(world: World) -> None:
    leg = Looked(world, TimeMark.ROUND_SPLIT, made(world, *range(-1000, -550)))
    rounds(world, [leg], seconds=100)
    world.clock.sleep(3600)
    assert is_round_due(world.context())
    leg.at.clear()
    rounds(world, [leg], seconds=100)
    assert set(leg.at) == {record.id for record in leg.records}


def test_a_round_is_over_with_its_last_legs_only(world: World) -> None:
    leg = Looked(world, TimeMark.ROUND_SPLIT, made(world, *range(-20, 0)))
    until = world.clock.now() + timedelta(hours=1)
    continue_round(world.context(), [leg.leg], until, last=False)
    assert is_round_due(world.context())
    continue_round(world.context(), [leg.leg], until, last=False)
    assert len(leg.at) == 20  # not again
    continue_round(world.context(), [leg.leg], until)
    assert not is_round_due(world.context())
