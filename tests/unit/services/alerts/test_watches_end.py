"""Every watch ends: also one whose pair is under way when its incident ends."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from s1ratio.alerts.incident import IncidentState
from s1ratio.alerts.records import Kind
from s1ratio.alerts.watch import WatchReason, WatchState
from s1ratio.alerts.watch_ends import ended_with
from s1ratio.services.alerts import follow_pairs
from s1ratio.services.alerts.definitions import remove
from tests.support.alert_world import documents
from tests.support.simulated.operation import Outcome
from tests.unit.alerts.samples import T0
from tests.unit.services.alerts.test_watches import A_DAY, FIRST, START, begin, come
from tests.unit.services.alerts.watch_world import WatchWorld, opened_world

EMPTY = Outcome(has_data=False)
OVER = T0 + 15 * A_DAY  # its incident has ended by then


@pytest.fixture
def world(tmp_path: Path) -> Iterator[WatchWorld]:
    with opened_world(tmp_path, START) as made:
        made.see_passes(T0 - 40 * A_DAY, T0)
        yield made


def follow(world: WatchWorld, how: Any) -> None:
    rules = documents("rules")
    world.define(Kind.RULE, *({**rule, "follow": how} for rule in rules))


def request_late(world: WatchWorld, **changes: Any) -> None:
    """Let the pair be under way while the incident ends: its scenes are listed at the last day."""
    begin(world)
    come(world, listed=T0 + 13.9 * A_DAY, **changes)
    world.go_to(T0 + 14 * A_DAY)
    world.watch()
    assert world.is_at(WatchState.REQUESTED)
    world.go_to(OVER)
    world.watch()
    assert world.incident.state is IncidentState.CLOSED
    assert world.is_at(WatchState.REQUESTED)


@pytest.mark.parametrize(
    ("how", "outcome", "ends_as"),
    [
        ("first", Outcome(), WatchState.DELIVERED),
        ("all", Outcome(), WatchState.DELIVERED),
        (2, Outcome(), WatchState.DELIVERED),
        ("first", EMPTY, WatchState.ENDED),
        ("all", EMPTY, WatchState.ENDED),
    ],
)
def test_a_pair_that_ends_after_its_incident_is_the_last(
    world: WatchWorld, how: Any, outcome: Outcome, ends_as: WatchState
) -> None:
    follow(world, how)
    world.ee.outcomes.append(outcome)
    request_late(world)
    world.hours(24, every=1)
    assert world.only.state is ends_as
    assert (world.only.due_at, world.only.expire_at is None) == (None, False)


def test_one_that_looks_though_its_incident_has_ended_ends(world: WatchWorld) -> None:
    """Such as one that an earlier version left so, or that was saved while its incident ended."""
    begin(world)
    before = world.only
    world.go_to(OVER)
    world.watch()
    stored = world.only
    left = replace(before, due_at=world.clock.now(), version=None)
    world.store.save_watch(left, stored.version)
    world.hours(1)
    assert (world.only.state, world.only.reason) == (WatchState.ENDED, WatchReason.INCIDENT_ENDED)


def test_a_pair_that_nobody_takes_in_is_lost_in_the_end(world: WatchWorld) -> None:
    begin(world)
    come(world)
    world.launched = 10_000  # nobody listens to the topic
    world.go_to(FIRST + 4 * timedelta(hours=1))
    world.watch()
    assert world.is_at(WatchState.REQUESTED)
    world.hours(20 * 24, every=6, polled=False)
    assert world.only.state is WatchState.ENDED
    assert "is LOST" in world.only.words
    assert len(world.topic.messages) < 1_000


def test_a_pair_whose_rule_was_removed_before_it_was_taken_in_ends(world: WatchWorld) -> None:
    begin(world)
    come(world)
    world.launched = 10_000
    world.go_to(FIRST + 4 * timedelta(hours=1))
    world.watch()
    remove(world.store, Kind.RULE, "flood", world.clock.now())
    world.hours(8 * 24, every=6, polled=False)
    assert world.incident.state is IncidentState.CLOSED
    assert world.only.state is WatchState.ENDED


@pytest.mark.parametrize("trouble", ["no rule", "an area that can't be asked about"])
def test_what_nobody_can_ask_about_stands_in_nobodys_way(world: WatchWorld, trouble: str) -> None:
    """Due watches are read in the order of their times: none must stay first for ever."""
    begin(world)
    if trouble == "no rule":
        remove(world.store, Kind.RULE, "flood", world.clock.now())
    else:
        incident = world.incident
        world.store.save_incident(replace(incident, area="POINT EMPTY"), incident.version)
    world.go_to(FIRST + A_DAY)
    world.watch()
    assert not world.store.find_looking_watches(world.clock.now(), 9)


def test_watches_that_cannot_be_ended_hold_up_no_others_and_change_no_incident(
    world: WatchWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two hundred are read at once: were they always the same, none behind them would end."""
    monkeypatch.setattr(follow_pairs, "_AT_ONCE", 2)
    begin(world)
    bad = {f"i-{number:010x}" for number in range(3)}
    known, watch = world.incident, world.only
    cancelled = replace(known, state=IncidentState.CANCELLED, watched=True, version=None)
    for number, name in enumerate(sorted(bad)):
        early = replace(cancelled, id=name, ended_at=START, due_at=START)
        world.store.save_incident(early, None)
        of_it = replace(watch, id=f"w-{number}", incident=name, version=None, due_at=None)
        world.store.save_watch(of_it, None)
    real = ended_with

    def fails(watch: Any, incident: Any, now: Any) -> Any:
        if incident.id in bad:
            raise ValueError("it broke")
        return real(watch, incident, now)

    monkeypatch.setattr(follow_pairs, "ended_with", fails)
    ended = replace(known, state=IncidentState.CANCELLED, ended_at=world.clock.now())
    world.store.save_incident(replace(ended, due_at=world.clock.now()), known.version)
    for _ in range(2):
        world.clock.sleep(30)
        world.watch()
    left = world.store.find_watches_of(known.id, 350)
    assert {one.state for one in left} == {WatchState.ENDED}
    for _ in range(12):
        world.clock.sleep(3700)
        world.watch()
    found = [world.store.get_incident(name) for name in sorted(bad)]
    assert {one.state for one in found if one} == {IncidentState.CANCELLED}
    monkeypatch.setattr(follow_pairs, "ended_with", real)
    world.hours(3, every=1)
    assert not any(one.watched for one in map(world.store.get_incident, bad) if one)
