"""What an incident covers, and what revisions, cancellations, silences and time do to it."""

import json
import math
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import shapely

from s1ratio.alerts.covering import cover, growth
from s1ratio.alerts.grouping import group
from s1ratio.alerts.incident import Incident, IncidentState, Member, note_requested
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.revising import advance, with_revision, without_members
from s1ratio.alerts.rule import read_rule
from s1ratio.alerts.silences import Silence, read_silence
from tests.unit.alerts.test_grouping import NOW, east, rule, waiting

SQUARE = "POLYGON ((10 45, 10.2 45, 10.2 45.1, 10 45.1, 10 45))"
LIVE = (IncidentState.OPEN, IncidentState.ACTIVE, IncidentState.QUIET)


def member(name: str = "a", **changes: Any) -> Member:
    return waiting(name, **changes).member


def incident(*names: str, hazard: str = "flood", **changes: Any) -> Incident:
    every = [waiting(name, hazard=hazard, **changes) for name in names or ("a",)]
    (found,) = group(every, [], NOW).changed
    return found


def silence(**changes: Any) -> Silence:
    right = {"name": "s", "reason": "an exercise", "ends_at": NOW + timedelta(days=3)}
    return read_silence(right | (changes or {"hazard": "flood"}))


def step(one: Incident, now: datetime = NOW, held: str = "", *silences: Silence) -> Incident:
    return advance(one, rule(one.hazard), silences, held, now)


@pytest.mark.parametrize(
    ("hazard", "magnitude", "count", "radius_km"),
    [
        ("flood", None, 1, 10),
        ("fire", None, 3, 2),
        ("fire", None, 26, 4),
        ("deforestation", None, 1, 0.75),
        ("earthquake", 5.5, 1, 20),
        ("earthquake", 6.4, 1, 36),
        ("earthquake", 7.0, 1, 199),
        ("earthquake", 8.2, 1, 250),
        ("earthquake", None, 1, 20),
    ],
)
def test_a_point_s_buffer(
    hazard: str, magnitude: float | None, count: int, radius_km: float
) -> None:
    same = [member(str(i), magnitude=magnitude) for i in range(count)]
    found = cover(same, rule(hazard).buffers)
    assert found.km2 == pytest.approx(math.pi * radius_km**2, rel=0.03)


@pytest.mark.parametrize(
    ("members", "inhibited"),
    [
        ([member("a")], []),
        ([member("a"), member("b", place=SQUARE, footprint=True)], ["a"]),
        ([member("a"), member("b", place=SQUARE)], []),  # a warning's area is none
        ([member("a", footprint=True), member("b", place=SQUARE, footprint=True)], []),
        ([member("a"), member("b", footprint=True)], []),
    ],
)
def test_a_mapped_footprint_stands_for_points(members: list[Member], inhibited: list[str]) -> None:
    found = cover(members, rule().buffers)
    assert [name for _, name in found.inhibited] == inhibited


def test_a_footprint_is_covered_with_half_a_kilometre_and_no_more() -> None:
    one = member(place=SQUARE, footprint=True)
    found = cover([one, member("far", lon=east(50))], rule().buffers)
    assert found.area is not None
    area = shapely.from_wkt(found.area)
    assert area.covers(shapely.from_wkt(SQUARE))
    assert area.bounds == pytest.approx((10, 45, 10.2, 45.1), abs=0.01)


def test_an_area_across_the_antimeridian_is_one_picture() -> None:
    every = [member("a", lon=179.95, lat=-17), member("b", lon=-179.95, lat=-17)]
    found = cover(every, rule().buffers)
    assert found.area is not None
    west, _, east_, _ = shapely.from_wkt(found.area).bounds
    assert east_ - west < 1


def test_an_area_has_no_more_vertices_than_a_request_may_have() -> None:
    every = [member(str(i), lon=10 + (i % 20) / 5, lat=40 + (i // 20) / 5) for i in range(400)]
    found = cover(every, rule(buffers={"point_m": 3_000}).buffers)
    assert found.area is not None
    assert shapely.get_num_coordinates(shapely.from_wkt(found.area)) <= 10_000


@pytest.mark.parametrize(
    ("new", "old", "expected"),
    [
        ((0, 0, 1, 1), None, 1.0),
        ((0, 0, 1, 1), (0, 0, 1, 1), 0.0),
        ((0, 0, 1.2, 1), (0, 0, 1, 1), 0.2),
        ((0, 0, 0.5, 1), (0, 0, 1, 1), 0.0),
        ((5, 0, 6, 1), (0, 0, 1, 1), 1.0),  # it moved
        ((360, 0, 361.5, 1), (0, 0, 1, 1), 0.5),
    ],
)
def test_how_much_an_area_grew(
    new: tuple[float, ...], old: tuple[float, ...] | None, expected: float
) -> None:
    before = shapely.box(*old).wkt if old else None
    assert growth(shapely.box(*new).wkt, before) == pytest.approx(expected, abs=0.01)


def test_an_incident_with_enough_alerts_is_active_and_wanted() -> None:
    one = step(incident())
    assert (one.state, one.reason, one.wanted) == (IncidentState.ACTIVE, None, True)
    assert one.area is not None


@pytest.mark.parametrize(("hazard", "gate"), [("flood", 1), ("fire", 3), ("deforestation", 25)])
def test_the_gate_counts_members(hazard: str, gate: int) -> None:
    names = [f"{i:02d}" for i in range(gate)]
    assert step(incident(*names, hazard=hazard)).state is IncidentState.ACTIVE
    if gate > 1:
        few = step(incident(*names[1:], hazard=hazard))
        assert (few.state, few.reason, few.wanted) == (IncidentState.OPEN, Reason.TOO_FEW, False)


def test_what_a_budget_or_a_silence_holds_goes_on_later() -> None:
    held = step(incident(), NOW, "a budget")
    assert (held.state, held.reason) == (IncidentState.OPEN, Reason.HELD)
    silent = step(incident(), NOW, "", silence())
    assert (silent.state, silent.reason, silent.wanted) == (
        IncidentState.OPEN,
        Reason.SILENCED,
        False,
    )
    for one in (held, silent):
        assert NOW < one.due_at <= NOW + timedelta(hours=1)
        assert step(one, NOW + timedelta(days=4)).wanted


@pytest.mark.parametrize(
    ("changes", "covered"),
    [
        ({"hazard": "flood"}, True),
        ({"hazard": "fire"}, False),
        ({"rule": "flood"}, True),
        ({"feed": "f"}, True),
        ({"feed": "g"}, False),
        ({"owner": ""}, True),
        ({"owner": "me"}, False),
        ({"incident": "i-0000000000"}, False),
        ({"hazard": "flood", "feed": "g"}, False),
        ({"area": shapely.geometry.mapping(shapely.box(9, 44, 11, 46))}, True),
        ({"area": shapely.geometry.mapping(shapely.box(19, 44, 21, 46))}, False),
    ],
)
def test_what_a_silence_covers(changes: dict[str, Any], covered: bool) -> None:
    one = silence(**json.loads(json.dumps(changes)))
    found = step(incident(), NOW, "", one)
    assert (found.reason is Reason.SILENCED) is covered


def test_an_active_incident_that_is_silenced_wants_nothing() -> None:
    one = step(incident())
    assert not step(one, NOW, "", silence()).wanted


def test_what_grew_while_it_was_silenced_is_wanted_when_that_ends() -> None:
    one = note_requested(step(incident()), NOW)
    later = NOW + timedelta(hours=7)
    silenced = step(with_revision(one, member(lon=east(40)), later), later, "", silence())
    assert (silenced.wanted, silenced.reason) == (False, Reason.SILENCED)
    assert step(silenced, NOW + timedelta(days=4)).wanted


@pytest.mark.parametrize(
    ("hazard", "quiet", "close"),
    [("flood", 6, 14), ("fire", 5, 20), ("deforestation", 14, 36), ("earthquake", 24, 35)],
)
def test_time_makes_it_quiet_and_closes_it(hazard: str, quiet: float, close: float) -> None:
    one = step(incident(*[f"{i:02d}" for i in range(25)], hazard=hazard, aliases=["N"]))
    just_before = step(one, NOW + timedelta(days=quiet, seconds=-1))
    assert just_before.state is IncidentState.ACTIVE
    one = step(one, NOW + timedelta(days=quiet))
    assert one.state is IncidentState.QUIET
    assert step(one, NOW + timedelta(days=close, seconds=-1)).state is IncidentState.QUIET
    ended = step(one, NOW + timedelta(days=close))
    assert (ended.state, ended.wanted) == (IncidentState.CLOSED, False)


def test_a_member_wakes_a_quiet_one_and_puts_its_end_off() -> None:
    one = replace(step(incident()), state=IncidentState.QUIET)
    later = NOW + timedelta(days=10)
    (woken,) = group([waiting("b", days=9, arrived_at=later)], [one], later).changed
    assert woken.state is IncidentState.ACTIVE
    assert step(woken, NOW + timedelta(days=23)).state in LIVE
    assert step(woken, NOW + timedelta(days=24, seconds=1)).state is IncidentState.CLOSED


def test_before_a_request_every_member_counts_at_once_and_after_it_each_six_hours() -> None:
    one = note_requested(step(incident()), NOW)
    soon = NOW + timedelta(hours=1)
    (more,) = group([waiting("b", east(55), arrived_at=soon)], [one], soon).changed
    waits = step(more, soon)
    assert (waits.wanted, waits.area) == (False, one.area)
    assert waits.due_at == NOW + timedelta(hours=6)
    found = step(waits, waits.due_at)
    assert found.wanted
    assert found.area_km2 > 1.2 * one.area_km2


@pytest.mark.parametrize(
    ("km", "wanted", "reason"),
    [(0, False, None), (1, False, Reason.SMALL_CHANGE), (12, True, None)],
)
def test_only_an_area_that_grew_by_a_fifth_is_wanted_again(
    km: float, wanted: bool, reason: Reason | None
) -> None:
    one = note_requested(step(incident()), NOW)
    later = NOW + timedelta(hours=7)
    found = step(with_revision(one, member(lon=east(km)), later), later)
    assert (found.wanted, found.reason) == (wanted, reason)
    assert found.requests == 1


def test_a_revision_downwards_annotates() -> None:
    one = note_requested(step(incident()), NOW)
    later = NOW + timedelta(hours=7)
    found = step(with_revision(one, member(severity=1), later), later)
    assert (found.state, found.severity, found.wanted) == (IncidentState.ACTIVE, 1, False)


def test_an_incident_is_cancelled_when_all_of_it_is() -> None:
    one = step(incident("a", "b"))
    half = step(without_members(one, [("f", "a")], Reason.CANCELLED, NOW))
    assert (half.state, len(half.counted)) == (IncidentState.ACTIVE, 1)
    whole = step(without_members(half, [("f", "b")], Reason.DOWNGRADED, NOW))
    assert (whole.state, whole.wanted) == (IncidentState.CANCELLED, False)
    assert [m.out for m in whole.members] == [Reason.CANCELLED, Reason.DOWNGRADED]


def test_what_was_superseded_does_not_keep_a_cancelled_incident_alive() -> None:
    update = waiting("B", aliases=["A"], supersedes=("A",))
    (one,) = group([waiting("A"), update], [], NOW).changed
    assert step(without_members(one, [("f", "B")], Reason.CANCELLED, NOW)).state is (
        IncidentState.CANCELLED
    )


def test_what_is_due_again_lies_ahead_or_is_over() -> None:
    """An incident that nothing happens to is not looked at each minute."""
    one = step(incident())
    for days in (1, 5, 7, 13):
        now = NOW + timedelta(days=days)
        one = step(one, max(now, one.due_at))
        assert one.due_at > now


def test_rules_differ_and_their_numbers_count() -> None:
    own = read_rule(
        {
            "name": "own",
            "hazard": "flood",
            "feeds": [{"feed": "f"}],
            "members": 2,
            "grouping": {"close_days": 1},
        }
    )
    one = advance(incident(), own, (), "", NOW)
    assert one.reason is Reason.TOO_FEW
    assert advance(one, own, (), "", NOW + timedelta(days=1)).state is IncidentState.CLOSED
