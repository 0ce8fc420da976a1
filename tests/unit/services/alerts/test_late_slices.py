"""Slices that come after their pass was requested: the after-request is made anew with them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from s1ratio.alerts.incident import Incident, IncidentState
from s1ratio.alerts.records import Kind
from s1ratio.alerts.watch import Watch, WatchReason, WatchState
from s1ratio.records import RequestState
from tests.support.simulated.operation import Outcome
from tests.unit.alerts.samples import T0
from tests.unit.services.alerts.test_watches import (
    A_DAY,
    FIRST,
    LOWERED,
    NEXT,
    START,
    begin,
    come,
)
from tests.unit.services.alerts.watch_world import HALF, WatchWorld, opened_world

HOUR = timedelta(hours=1)
MARGIN = timedelta(seconds=60)
STAMP = f"{FIRST:%y%m%d%H%M}"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[WatchWorld]:
    with opened_world(tmp_path, START) as made:
        made.see_passes(T0 - 40 * A_DAY, T0)
        yield made


def follow(world: WatchWorld, how: Any) -> None:
    rule = world.store.get_definition(Kind.RULE, "flood")
    assert rule is not None
    world.define(Kind.RULE, {**rule.document, "follow": how})


def in_part(world: WatchWorld, rest_at: datetime | None, earlier: bool = False) -> None:
    """Let the first pass come in part, and its rest be listed much later."""
    begin(world)
    platform, orbit, at = NEXT[0]
    come(world, box=HALF)
    if rest_at is not None:
        rest = at + timedelta(seconds=-25 if earlier else 25)
        world.see(rest, rest_at, platform=platform, orbit=orbit)
    world.go_to(FIRST + 4 * HOUR)


def afters(world: WatchWorld) -> list[dict[str, Any]]:
    return [one for one in world.published if one["labels"]["role"] == "after"]


@pytest.mark.parametrize("earlier", [False, True])
def test_a_slice_that_comes_after_the_request_makes_a_revision_of_it(
    world: WatchWorld, earlier: bool
) -> None:
    in_part(world, FIRST + 27 * HOUR, earlier)
    world.hours(18, every=2)
    assert (world.only.state, world.only.delivered) == (WatchState.DELIVERED, 1)
    world.hours(40, every=3)
    first, second = afters(world)
    assert second["request_id"] == f"{world.only.id}-{STAMP}-a-r2"
    assert first["labels"]["pair"] == second["labels"]["pair"]
    begins = datetime.fromisoformat(second["start"]), datetime.fromisoformat(second["end"])
    first_line = FIRST - timedelta(seconds=25) if earlier else FIRST
    assert begins == (first_line - MARGIN, first_line + timedelta(seconds=50) + MARGIN)
    assert (world.only.state, world.only.delivered) == (WatchState.DELIVERED, 1)
    assert world.only.reason is None
    assert len(world.published) == 3  # the baseline is made once
    assert world.store.get_requests([second["request_id"]]).popitem()[1].state is (
        RequestState.VERIFIED
    )


def test_what_of_the_older_request_has_not_started_is_cancelled(world: WatchWorld) -> None:
    world.ee.capacity = 0
    in_part(world, FIRST + 16 * HOUR)
    world.hours(26, every=2)
    first, second = (one["request_id"] for one in afters(world))
    world.ee.capacity = 3000
    world.hours(16, every=2)
    found = world.store.get_requests([first, second])
    assert found[first].state is RequestState.CANCELLED
    assert found[second].state is RequestState.VERIFIED
    assert world.is_at(WatchState.DELIVERED)


def test_one_that_expects_its_next_pass_goes_back_and_on(world: WatchWorld) -> None:
    follow(world, "all")
    in_part(world, FIRST + 1.5 * A_DAY)
    world.hours(14, every=2)
    expected = world.only.expected_at
    assert (world.only.state, world.only.delivered) == (WatchState.EXPECTED, 1)
    world.hours(5 * 24, every=6)
    assert [one["request_id"][-5:] for one in afters(world)] == [f"{STAMP[-3:]}-a", "-a-r2"]
    assert (world.only.delivered, world.only.missed) == (1, 0)
    assert (world.only.state, world.only.expected_at) == (WatchState.EXPECTED, expected)


def test_a_pass_that_is_whole_is_not_listed_again(world: WatchWorld) -> None:
    begin(world)
    come(world)
    world.go_to(FIRST + 4 * HOUR)
    world.hours(8, every=3)
    assert world.is_at(WatchState.DELIVERED)
    before = world.ee.calls["find_scenes"]
    others = {one.id for one in world.store.find_watches_of(world.incident.id, 350)}
    for name in others - {world.only.id}:  # they are looked for once a day
        one = world.store.get_watch(name)
        assert one is not None
        world.store.save_watch(_at_rest(one), one.version)
    world.hours(11 * 24, every=24)
    assert world.ee.calls["find_scenes"] == before


def _at_rest(watch: Watch) -> Watch:
    return replace(watch, state=WatchState.ENDED, due_at=None)


def test_without_more_slices_nothing_is_made_and_it_ends(world: WatchWorld) -> None:
    in_part(world, None)
    world.hours(12 * 24, every=12)
    assert len(afters(world)) == 1
    assert (world.only.state, world.only.rechecks) == (WatchState.DELIVERED, 5)
    assert world.only.recheck_at is None


@pytest.mark.parametrize("how", ["closed", "cancelled"])
def test_after_its_incident_ended_nothing_is_listed_again(world: WatchWorld, how: str) -> None:
    in_part(world, FIRST + 2 * A_DAY)
    world.hours(18, every=2)
    assert world.is_at(WatchState.DELIVERED)
    if how == "cancelled":
        world.say(LOWERED)
    else:
        incident = world.incident
        early = incident.last_member_at - 20 * A_DAY
        world.store.save_incident(_closing(incident, early), incident.version)
    world.hours(4 * 24, every=6)
    assert world.incident.state in {IncidentState.CLOSED, IncidentState.CANCELLED}
    assert len(afters(world)) == 1
    assert world.only.recheck_at is None
    assert world.is_at(WatchState.DELIVERED)


def _closing(incident: Incident, at: datetime) -> Incident:
    return replace(incident, last_member_at=at, due_at=at)


def test_a_revision_that_comes_to_nothing_leaves_what_was_delivered(world: WatchWorld) -> None:
    in_part(world, FIRST + 27 * HOUR)
    world.hours(18, every=2)
    world.ee.outcomes.append(Outcome(has_data=False))
    world.hours(40, every=3)
    assert len(afters(world)) == 2
    assert (world.only.state, world.only.delivered) == (WatchState.DELIVERED, 1)
    assert "stands" in world.only.words
    assert {one.fate for one in world.only.requests} == {"VERIFIED"}


def test_the_partial_pass_is_told_until_its_rest_comes(world: WatchWorld) -> None:
    in_part(world, FIRST + 2 * A_DAY)
    world.hours(8, every=3, polled=False)
    assert world.only.reason is WatchReason.PARTIAL


def test_what_was_delivered_stays_so_where_its_incident_is_known_no_more(world: WatchWorld) -> None:
    in_part(world, None)
    world.hours(18, every=2)
    watch = world.only
    assert watch.state is WatchState.DELIVERED
    lost = replace(watch, id="w-lost", incident="i-lost", recheck_at=world.clock.now())
    world.store.save_watch(replace(lost, version=None), None)
    world.clock.sleep(60)
    world.watch()
    after = world.store.get_watch("w-lost")
    assert after is not None
    assert (after.state, after.recheck_at) == (WatchState.DELIVERED, None)
