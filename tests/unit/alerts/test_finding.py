"""What is found by keys is all that grouping could join: as of all there is."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s1ratio.alerts.finding import MAX_KEYS, keys_for, keys_of
from s1ratio.alerts.grouping import Grouped, Waiting, group
from s1ratio.alerts.incident import Incident, IncidentState
from tests.unit.alerts.test_grouping import NOW, east, grouped, waiting

# Places in a crowd, at 180°, at the equator and near a pole: longitude, latitude.
CENTRES = st.sampled_from([(10.0, 45.0), (179.9, -17.0), (-179.9, -17.0), (30.0, 0.0), (5.0, 88.0)])
ALERTS = st.tuples(
    CENTRES,
    st.floats(-3, 3),
    st.floats(-1.5, 1.5),
    st.floats(0, 20),
    st.lists(st.sampled_from("abc"), max_size=2),
)
HAZARDS = st.sampled_from(["flood", "fire", "earthquake", "deforestation"])


def drawn(hazard: str, every: Sequence[Any], prefix: str) -> list[Waiting]:
    found = []
    for number, ((lon, lat), dx, dy, days, names) in enumerate(every):
        scale = {"fire": 0.02, "deforestation": 0.1}.get(hazard, 1.0)
        west = (lon + dx * scale + 180) % 360 - 180
        at = max(-89.9, min(89.9, lat + dy * scale))
        magnitude = 5.5 + number % 3 if hazard == "earthquake" else None
        one = waiting(f"{prefix}{number}", west, at, days, hazard, names, magnitude=magnitude)
        found.append(one)
    return found


def found_by_keys(hazard: str, fresh: Sequence[Waiting], every: Sequence[Incident]) -> Grouped:
    keys = keys_for(hazard, fresh)
    assert keys is not None
    some = [one for one in every if not set(keys).isdisjoint(keys_of(one))]
    return group(fresh, some, NOW)


@settings(max_examples=150, deadline=None)
@given(HAZARDS, st.lists(ALERTS, max_size=12), st.lists(ALERTS, min_size=1, max_size=6))
def test_alerts_join_what_they_would_join_of_all(
    hazard: str, earlier: list[Any], later: list[Any]
) -> None:
    known = [*grouped(*drawn(hazard, earlier, "e")).changed]
    fresh = drawn(hazard, later, "n")
    assert found_by_keys(hazard, fresh, known) == group(fresh, known, NOW)


def test_a_member_whose_alert_was_not_told_is_found_by_its_id() -> None:
    (known,) = grouped(waiting("a")).changed
    again = waiting("a", lon=50.0)  # told from elsewhere since
    found = found_by_keys("flood", [again], [known])
    assert found.placements["f", "a"].incident_id == known.id


@pytest.mark.parametrize(("km", "is_found"), [(59, True), (400, False)])
def test_few_are_found(km: float, is_found: bool) -> None:
    (known,) = grouped(waiting("a")).changed
    keys = keys_for("flood", [waiting("b", lon=east(km))])
    assert keys is not None
    assert len(keys) < 20
    assert set(keys).isdisjoint(keys_of(known)) is not is_found
    others = keys_for("fire", [waiting("b", hazard="fire")])
    assert others is not None
    assert set(others).isdisjoint(keys_of(known))


def test_what_has_ended_has_no_keys() -> None:
    (known,) = grouped(waiting("a")).changed
    assert keys_of(known)
    assert keys_of(replace(known, state=IncidentState.CLOSED)) == ()


@pytest.mark.parametrize(
    "place", ["POLYGON ((-170 -60, 170 -60, 170 60, -170 60, -170 -60))", "POINT (10 45)"]
)
def test_what_is_too_large_for_keys_is_found_by_all(place: str) -> None:
    many = [
        waiting(f"a{n}", aliases=[f"x{n}-{i}" for i in range(50)]) for n in range(MAX_KEYS // 50)
    ]
    large = [waiting("a", place=place)] if place.startswith("POLY") else many
    (known,) = grouped(*large).changed
    assert len(keys_of(known)) == 1
    keys = keys_for("flood", [waiting("b", lon=100.0)])
    assert keys is not None
    assert not set(keys).isdisjoint(keys_of(known))


def test_alerts_that_reach_too_far_ask_for_all() -> None:
    everywhere = [waiting(f"{n}", lon=n * 1.7 - 170, lat=n % 80) for n in range(200)]
    assert keys_for("flood", everywhere) is None
