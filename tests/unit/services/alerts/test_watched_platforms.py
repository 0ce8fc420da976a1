"""A rule that takes scenes of some satellites alone waits for the passes of these alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from s1ratio.alerts.records import Kind
from s1ratio.alerts.watch import WatchState
from tests.unit.alerts.samples import T0
from tests.unit.services.alerts.test_watches import A_DAY, NEXT, START, begin, come
from tests.unit.services.alerts.watch_world import WatchWorld, opened_world

ABSENT = NEXT[0]  # the first to come is of the one, the second of the other satellite
TAKEN = NEXT[1]
WITHIN = timedelta(minutes=3)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[WatchWorld]:
    with opened_world(tmp_path, START) as made:
        made.see_passes(T0 - 40 * A_DAY, T0)
        yield made


def take(world: WatchWorld, platform: str | None) -> None:
    rule = world.store.get_definition(Kind.RULE, "flood")
    assert rule is not None
    request = {**rule.document.get("request", {}), "platforms": [platform]} if platform else {}
    world.define(Kind.RULE, {**rule.document, "request": request})


def expects(world: WatchWorld, coming: tuple[str, int, object]) -> bool:
    watch = world.only
    assert watch.expected_at is not None
    near = abs(watch.expected_at - coming[2]) < WITHIN  # type: ignore[operator]
    return near and watch.expected_platform == coming[0]


def test_another_satellites_pass_is_neither_expected_nor_missed(world: WatchWorld) -> None:
    assert ABSENT[0] != TAKEN[0]
    take(world, TAKEN[0])
    begin(world)
    assert expects(world, TAKEN)
    world.go_to(ABSENT[2] + timedelta(hours=74))
    world.hours(2, polled=False)
    assert (world.only.state, world.only.missed) == (WatchState.EXPECTED, 0)
    come(world, 1)
    world.go_to(TAKEN[2] + timedelta(hours=4))
    world.watch()
    assert world.is_at(WatchState.REQUESTED)


def test_after_a_pass_was_missed_the_next_is_of_the_same_satellite(world: WatchWorld) -> None:
    take(world, ABSENT[0])
    begin(world)
    assert expects(world, ABSENT)
    world.go_to(ABSENT[2] + timedelta(hours=73))
    world.watch()
    assert (world.only.state, world.only.missed) == (WatchState.MISSED, 1)
    assert expects(world, (ABSENT[0], 0, ABSENT[2] + 12 * A_DAY))


@pytest.mark.parametrize("stored_by", ["a rule that is edited", "an earlier version"])
def test_what_was_expected_before_follows_the_rule_of_now(
    world: WatchWorld, stored_by: str
) -> None:
    begin(world)
    before = world.only
    assert expects(world, ABSENT)
    take(world, TAKEN[0])
    if stored_by == "an earlier version":  # whose watches do not know of platforms
        world.store.save_watch(replace(before), before.version)
    world.go_to(ABSENT[2] + timedelta(hours=2))
    world.watch()
    assert expects(world, TAKEN)
    world.go_to(ABSENT[2] + timedelta(hours=80))
    world.hours(1, polled=False)
    assert world.only.missed == 0
    take(world, None)
    world.go_to(TAKEN[2] + timedelta(hours=73))
    world.hours(1, polled=False)
    assert world.only.missed == 1
