"""What belongs together: by names, by distance and time, under a cap, in an order of its own."""

import hashlib
import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from s1ratio.alerts import grouping
from s1ratio.alerts.grouping import Grouped, Waiting, group
from s1ratio.alerts.incident import Incident, IncidentState, Member
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.rule import Rule, read_rule
from tests.unit.alerts.samples import T0

GEOD = Geod(ellps="WGS84")
NOW = T0 + timedelta(hours=1)


def rule(hazard: str = "flood", **changes: Any) -> Rule:
    return read_rule({"name": hazard, "hazard": hazard, "feeds": [{"feed": "f"}]} | changes)


def waiting(  # noqa: PLR0917 - what a test changes, most frequent first
    name: str,
    lon: float = 10.0,
    lat: float = 45.0,
    days: float = 0,
    hazard: str = "flood",
    aliases: Sequence[str] = (),
    **changes: Any,
) -> Waiting:
    fields: dict[str, Any] = {
        "feed": "f",
        "id": name,
        "time": T0 + timedelta(days=days),
        "place": f"POINT ({lon} {lat})",
        "severity": 3,
        "arrived_at": NOW,
        "names": (name, *aliases),
    }
    return Waiting(Member(**(fields | changes)), rule(hazard))


def grouped(*every: Waiting, incidents: Sequence[Incident] = (), now: datetime = NOW) -> Grouped:
    return group(every, incidents, now)


def partition(found: Grouped) -> set[frozenset[str]]:
    return {frozenset(m.id for m in incident.members) for incident in found.changed}


def east(km: float, lat: float = 45.0) -> float:
    """Return the longitude that lies so far east of 10° E."""
    return float(GEOD.fwd(10.0, lat, 90, km * 1000)[0])


@pytest.mark.parametrize(
    ("hazard", "km", "together"),
    [
        ("flood", 59.5, True),
        ("flood", 60.5, False),
        ("fire", 0.99, True),
        ("fire", 1.01, False),
        ("deforestation", 9.9, True),
        ("deforestation", 10.1, False),
        ("earthquake", 0.1, False),
    ],
)
def test_the_distance_of_each_hazard(hazard: str, km: float, together: bool) -> None:
    a, b = waiting("a", hazard=hazard), waiting("b", east(km), hazard=hazard)
    assert len(grouped(a, b).changed) == (1 if together else 2)


@pytest.mark.parametrize(
    ("hazard", "days", "together"),
    [
        ("flood", 15, True),
        ("flood", 15.01, False),
        ("fire", 5, True),
        ("fire", 5.01, False),
        ("deforestation", 7, True),
        ("deforestation", 7.01, False),
    ],
)
def test_the_time_of_each_hazard(hazard: str, days: float, together: bool) -> None:
    a, b = waiting("a", hazard=hazard), waiting("b", days=days, hazard=hazard)
    assert len(grouped(a, b).changed) == (1 if together else 2)


def test_the_id_is_that_of_the_first_member_when_it_opened() -> None:
    found = grouped(waiting("b", days=1), waiting("a", days=2), waiting("c", days=3))
    (incident,) = found.changed
    assert incident.id == "i-" + hashlib.sha256(b"f|b").hexdigest()[:10]
    # An earlier alert that comes later changes nothing of that.
    later = grouped(waiting("z", days=-1), incidents=[incident])
    assert [one.id for one in later.changed] == [incident.id]
    assert not later.placements["f", "z"].opened


def test_a_chain_is_cut_where_the_box_would_reach_the_cap() -> None:
    """A point each 50 km: linked without a cap they are one."""
    chain = [waiting(f"{i:02d}", east(50 * i), days=i / 100) for i in range(12)]
    found = grouped(*chain)
    assert len(found.changed) > 1
    for incident in found.changed:
        lons = [float(m.place.split()[1].strip("(")) for m in incident.members]
        assert GEOD.inv(min(lons), 45, max(lons), 45)[2] < 200_000


def test_the_nearest_incident_is_joined() -> None:
    (near,) = grouped(waiting("near", east(40))).changed
    (far,) = grouped(waiting("far", east(-50))).changed
    found = grouped(waiting("x"), incidents=[far, near])
    assert [one.id for one in found.changed] == [near.id]


def test_one_that_is_full_to_the_cap_is_passed_over_for_the_next() -> None:
    (wide,) = grouped(*(waiting(f"w{i}", east(30 + 50 * i)) for i in range(4))).changed
    (other,) = grouped(waiting("other", east(-82))).changed
    found = grouped(waiting("x", east(-25)), incidents=[wide, other])
    assert [one.id for one in found.changed] == [other.id]


@pytest.mark.parametrize("state", [IncidentState.CLOSED, IncidentState.CANCELLED])
def test_what_has_ended_is_not_joined(state: IncidentState) -> None:
    (one,) = grouped(waiting("a")).changed
    found = grouped(waiting("b"), incidents=[replace(one, state=state)])
    assert found.placements["f", "b"].opened


@pytest.mark.parametrize(
    ("km", "joined"), [(0, True), (100, True), (495, True), (505, False), (3_000, False)]
)
def test_a_shared_name_joins_up_to_500_km(km: float, joined: bool) -> None:
    (one,) = grouped(waiting("a", aliases=["GLIDE-1"])).changed
    found = grouped(waiting("b", east(km), days=25, aliases=["GLIDE-1"]), incidents=[one])
    placed = found.placements["f", "b"]
    assert placed.opened is not joined
    assert placed.far == (() if joined else (one.id,))


def test_a_name_joins_past_the_cap_and_the_time() -> None:
    chain = [waiting("a", aliases=["N"]), waiting("b", east(450), days=60, aliases=["N"])]
    assert len(grouped(*chain).changed) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("us1", ["at1"]), ("at1", [])),  # USGS: its preferred id may change
        (("FL/1", ["FL1"]), ("EMSR1", ["FL1"])),  # EMS names GDACS's event
        (("us1", []), ("EQ/1", ["us1"])),  # and GDACS that of USGS
        (("A", []), ("B", ["A"])),  # a CAP Update names what it supersedes
        (("FL/1", ["GL-1"]), ("x", ["GL-1"])),
    ],
)
def test_names_join_whichever_comes_first(
    first: tuple[str, list[str]], second: tuple[str, list[str]]
) -> None:
    for order in ((first, second), (second, first)):
        every = [
            waiting(name, east(i * 90), days=i, aliases=names, hazard="earthquake")
            for i, (name, names) in enumerate(order)
        ]
        assert len(grouped(*every).changed) == 1


@pytest.mark.parametrize(
    ("magnitude", "km", "days", "together"),
    [
        (7.1, 190, 30, True),
        (7.1, 205, 30, False),
        (7.1, 190, 36, False),
        (6.4, 35, 1, True),
        (6.4, 40, 1, False),
        (8.4, 249, 1, True),  # the cap on buffers holds here, too
        (8.4, 260, 1, False),
        (5.4, 1, 1, False),
        (7.1, 10, -1, False),  # a foreshock is no aftershock
    ],
)
def test_an_aftershock_joins_within_the_radius_of_the_main_shock(
    magnitude: float, km: float, days: float, together: bool
) -> None:
    (main,) = grouped(waiting("main", hazard="earthquake", magnitude=magnitude)).changed
    shock = waiting("after", east(km), days=days, hazard="earthquake", magnitude=5.6)
    found = grouped(shock, incidents=[main])
    assert found.placements["f", "after"].opened is not together


def test_what_is_a_member_already_stays_where_it_is() -> None:
    """A tick that was killed between an incident's commit and its alerts' is repeated."""
    first = grouped(waiting("a"), waiting("b", east(10)))
    again = grouped(waiting("a"), waiting("b", east(10)), incidents=first.changed)
    assert again.changed == ()
    assert {p.incident_id for p in again.placements.values()} == {first.changed[0].id}


def test_a_member_that_was_revised_while_it_was_placed_is_told_anew() -> None:
    """Its incident was stored, and its own change lost: it comes as it is by then."""
    (one,) = grouped(waiting("a"), waiting("b", east(10))).changed
    found = grouped(waiting("a", east(3), severity=4), incidents=[one])
    (changed,) = found.changed
    assert changed.severity == 4
    assert [m.id for m in changed.members] == ["a", "b"]
    assert grouped(waiting("a", east(3), severity=4), incidents=[changed]).changed == ()


def test_an_update_takes_what_it_supersedes_out() -> None:
    new = waiting("B", aliases=["A"], days=1, supersedes=("A",), place="POINT (10.1 45)")
    for order in itertools.permutations([waiting("A"), new]):
        (incident,) = grouped(*order).changed
        assert [(m.id, m.out) for m in incident.members] == [("A", Reason.SUPERSEDED), ("B", None)]
        assert [m.id for m in incident.counted] == ["B"]


def test_two_that_supersede_each_other_leave_one() -> None:
    every = [waiting(a, aliases=[b], supersedes=(b,)) for a, b in (("A", "B"), ("B", "A"))]
    (incident,) = grouped(*every).changed
    assert [m.id for m in incident.counted] == ["A"]


def test_incidents_are_never_merged() -> None:
    """One that lies between two joins one of them."""
    ones = [grouped(waiting("a", east(-55))).changed[0], grouped(waiting("b", east(55))).changed[0]]
    found = grouped(waiting("x"), incidents=ones)
    assert len(found.changed) == 1


def test_across_the_antimeridian() -> None:
    a, b = waiting("a", 179.9, -17), waiting("b", -179.9, -17)
    assert len(grouped(a, b).changed) == 1


def test_an_incident_is_never_fuller_than_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "MAX_MEMBERS", 20)
    many = [waiting(f"{i:03d}", 10 + i * 1e-5, hazard="fire") for i in range(45)]
    sizes = sorted(len(one.members) for one in grouped(*many).changed)
    assert sizes == [5, 20, 20]


PLACES = st.tuples(
    st.floats(-2, 2).map(lambda x: round(x, 3)),
    st.floats(44, 46).map(lambda y: round(y, 3)),
    st.floats(0, 20).map(lambda d: round(d, 2)),
    st.sampled_from([(), (), (), ("N1",), ("N2",), ("N1", "N2")]),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(PLACES, min_size=1, max_size=14), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(
    drawn: list[tuple[float, float, float, tuple[str, ...]]], shuffle: random.Random
) -> None:
    """Within `group_wait` all of it waits, and is placed together."""

    def arriving(order: Sequence[int]) -> list[Waiting]:
        return [
            waiting(
                f"{i}",
                drawn[i][0],
                drawn[i][1],
                drawn[i][2],
                aliases=drawn[i][3],
                arrived_at=NOW - timedelta(seconds=len(drawn) - place),
            )
            for place, i in enumerate(order)
        ]

    order = list(range(len(drawn)))
    first = grouped(*arriving(order))
    shuffle.shuffle(order)
    second = grouped(*arriving(order))
    assert partition(first) == partition(second)
    assert {one.id for one in first.changed} == {one.id for one in second.changed}
    places = {key: one.incident_id for key, one in first.placements.items()}
    assert places == {key: one.incident_id for key, one in second.placements.items()}
    # And each alert is in one incident.
    members = [m.key for one in first.changed for m in one.members]
    assert sorted(members) == sorted({("f", str(i)) for i in range(len(drawn))})


def spot(member: Member) -> tuple[float, float]:
    lon, lat = member.place[7:-1].split()
    return float(lon), float(lat)


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(GEOD.inv(a[0], a[1], b[0], b[1])[2])


@pytest.mark.parametrize("seed", range(3))
def test_every_member_is_within_reach_of_another_and_the_cap_holds(seed: int) -> None:
    """By brute force over points, with geodesics of our own."""
    draw = random.Random(seed)  # noqa: S311 - places
    every = [
        waiting(f"{i:02d}", draw.uniform(9, 13), draw.uniform(44, 47), draw.uniform(0, 30))
        for i in range(40)
    ]
    for incident in grouped(*every).changed:
        spots = [spot(m) for m in incident.members]
        lons, lats = zip(*spots, strict=True)
        if len(spots) > 1:
            assert GEOD.inv(min(lons), min(lats), max(lons), max(lats))[2] < 200_000
        for i, member in enumerate(incident.members[1:], 1):
            others = incident.members[:i]
            assert min(metres(spots[i], spots[j]) for j in range(i)) <= 60_000
            assert min(abs(member.time - o.time) for o in others) <= timedelta(days=15)


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (("f", ()), ("g", ()), False),  # both count from 1
        (("f", ("A",)), ("g", ("B",)), False),
        (("f", ("7",)), ("g", ()), True),  # a list of aliases that holds the id itself, as USGS's
        (("f", ("7", "x")), ("g", ("7",)), True),
        (("f", ("A",)), ("g", ("A",)), True),
    ],
)
def test_that_two_feeds_have_the_same_id_joins_nothing_by_itself(
    one: tuple[str, tuple[str, ...]], other: tuple[str, tuple[str, ...]], together: bool
) -> None:
    both = [
        waiting("7", east(200 * i), feed=feed, aliases=aliases)
        for i, (feed, aliases) in enumerate((one, other))
    ]
    for order in (both, both[::-1]):
        assert len(grouped(*order).changed) == (1 if together else 2)
