"""Tracks, coverage and the messages of a pair, by tables and by areas drawn at random."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from s1ratio.alerts.incident import Incident, IncidentState
from s1ratio.alerts.rule import read_rule
from s1ratio.alerts.watch import ArrivedPass, watch_id
from s1ratio.alerts.watch_requests import payloads_of, request_id, with_requests
from s1ratio.alerts.watch_tracks import (
    area_of,
    coverage_of,
    passes_by_track,
    reference_of,
    tracks_without,
)
from s1ratio.alerts.watches import opened
from s1ratio.ground_tracks import tracks_over
from s1ratio.request import CompositeRequest, Direction
from s1ratio.scenes import ScenePass
from tests.unit.alerts.samples import T0
from tests.unit.services.alerts.watch_world import scene_at

RULE = read_rule({"name": "flood", "hazard": "flood", "feeds": [{"feed": "gdacs"}]})
NOW = T0 + timedelta(hours=1)


def incident(box: tuple[float, float, float, float], **changes: Any) -> Incident:
    known: dict[str, Any] = {
        "id": "i-0123456789",
        "hazard": "flood",
        "rule": "flood",
        "owner": "",
        "state": IncidentState.ACTIVE,
        "opened_at": NOW,
        "members": (),
        "first_at": T0,
        "last_member_at": NOW,
        "due_at": NOW,
        "area": shapely.box(*box).wkt,
    }
    return Incident(**(known | changes))


def passed(at: datetime, box: tuple[float, float, float, float], orbit: int = 9000) -> ScenePass:
    scene = scene_at(at, box=box, orbit=orbit)
    return ScenePass("C", orbit, scene.relative_orbit, scene.direction, (scene,))


@pytest.mark.parametrize(
    ("box", "share"),
    [
        ((0, 0, 2, 1), 1.0),
        ((0, 0, 1, 1), 0.5),
        ((1.5, 0, 9, 1), 0.25),
        ((5, 5, 6, 6), 0.0),
        ((-9, -9, 9, 9), 1.0),
    ],
)
@pytest.mark.parametrize("east", [0.0, 100.0, 179.0, -180.0])
def test_coverage_is_the_share_of_what_was_seen_before(box, share, east) -> None:
    def moved(west: float, south: float, right: float, north: float) -> tuple[float, ...]:
        return west + east, south, right + east, north

    area = area_of(shapely.box(*moved(0, 0, 4, 1)).wkt)  # the east half was never seen
    reference = reference_of([passed(T0, moved(-1, -1, 2, 2))], area)  # type: ignore[arg-type]
    assert coverage_of(passed(T0, moved(*box)), reference, area) == pytest.approx(share)  # type: ignore[arg-type]


def test_a_reference_is_of_the_last_three_passes() -> None:
    area = area_of(shapely.box(0, 0, 4, 1).wkt)
    passes = [passed(T0 + timedelta(days=n), (n, 0, n + 1, 1), 9000 + n) for n in range(4)]
    reference = shapely.from_wkt(reference_of(passes, area))
    assert reference.bounds == (1, 0, 4, 1)
    assert reference_of([], area) is None


def test_tracks_without_scenes_are_the_others_of_the_model() -> None:
    area = area_of(shapely.box(16.3, 48.1, 16.5, 48.3).wkt)  # Vienna
    every = set(tracks_over(area))
    real = {(146, "ASCENDING"), (73, "ASCENDING"), (22, "DESCENDING"), (124, "DESCENDING")}
    assert {(orbit, direction.value) for orbit, direction in every} <= real
    taken = {(73, Direction.ASCENDING)}
    assert set(tracks_without(taken, area)) == every - taken


@given(
    lon=st.floats(-179, 179), lat=st.floats(-70, 70), side=st.floats(0.01, 2), days=st.floats(1, 40)
)
@settings(max_examples=25, deadline=None)
def test_a_pair_is_two_valid_messages_that_are_always_the_same(lon, lat, side, days) -> None:
    box = (lon, lat, lon + side, lat + side)
    of_it = incident(box)
    before = passed(T0 - timedelta(days=6), box, 8900)
    at = T0 + timedelta(days=days)
    watch = opened(of_it, RULE, (18, Direction.DESCENDING), [before], NOW)
    watch = replace(watch, taken=ArrivedPass("C", 9000, at, at + timedelta(seconds=70), 1.0, 2))
    made = with_requests(watch, NOW)
    pair = payloads_of(made, of_it, RULE)
    assert pair == payloads_of(made, of_it, RULE)
    requests = [CompositeRequest.model_validate_json(payload) for _, payload in pair]
    assert [one.request_id for one in requests] == [name for name, _ in pair]
    first, second = requests
    assert (first.labels["role"], second.labels["role"]) == ("before", "after")
    assert first.aoi.area_km2 == pytest.approx(second.aoi.area_km2)
    assert second.start < at - timedelta(seconds=59)  # type: ignore[operator]
    # A revision has other ids, of at most 40 characters.
    revised = replace(watch, revision=2)
    for role in "ab":
        name = request_id(revised, revised.taken, role)  # type: ignore[arg-type]
        assert name == f"{watch_id(of_it.id, 18, Direction.DESCENDING)}-{at:%y%m%d%H%M}-{role}-r2"
        assert len(name) <= 40


def test_passes_are_told_apart_by_track() -> None:
    area = area_of(shapely.box(104, 11, 105, 12).wkt)
    other = replace(scene_at(T0, orbit=9001), relative_orbit=19, index="other")
    found = passes_by_track([scene_at(T0), other, scene_at(T0 + timedelta(days=12))], area)
    assert sorted(orbit for orbit, _ in found) == [18, 19]
