"""What is foretold of watches, against passes of real scenes and the watches that come of them."""

from datetime import UTC, datetime, timedelta

import pytest
import shapely

from s1ratio.alerts.foretelling import foretell, passes_of_track
from s1ratio.alerts.rule import read_rule
from s1ratio.alerts.watch_tracks import area_of
from s1ratio.request import Direction
from tests.unit.alerts.samples import T0
from tests.unit.alerts.test_watch_tracks import NOW, RULE, incident

DELTA = (104.8, 11.5, 105.0, 11.7)
# Relative orbit 137 over a place that is known: first lines of OPERA's RTC-S1 burst
# T137-292318-IW1, as the public repository opera-adt/dist-s1 has them.
BURST = (-120.590, 34.073, -120.557, 34.101)
REAL = [
    "2021-11-19T01:58:54",
    "2022-12-20T01:58:58",
    "2023-10-04T01:59:05",
    "2023-12-27T01:59:03",
    "2025-01-02T01:58:57",
]


@pytest.mark.parametrize("text", REAL)
def test_a_pass_over_a_place_is_foretold_by_the_model_alone(text: str) -> None:
    flown = datetime.fromisoformat(text).replace(tzinfo=UTC)
    day = flown.replace(hour=0, minute=0, second=0)
    found = passes_of_track(
        (137, Direction.ASCENDING),
        area_of(shapely.box(*BURST).wkt),
        day,
        day + timedelta(days=1),
    )
    assert [each.relative_orbit for each, _ in found] == [137]
    assert abs(found[0][0].first_line - flown) < timedelta(minutes=3)


@pytest.mark.parametrize(
    ("box", "days"),
    [
        (DELTA, 14),
        ((16.0, 48.0, 16.4, 48.2), 14),
        ((179.8, -17.2, 180.2, -16.9), 12),
        ((36.7, -0.6, 36.9, 0.4), 24),  # about the node: a pass is one track
        ((-70.5, -33.6, -70.1, -33.2), 36),
        ((15.0, 78.0, 16.0, 78.3), 12),
    ],
)
def test_each_track_is_followed_by_a_pair_of_its_next_pass(
    box: tuple[float, float, float, float], days: int
) -> None:
    data = {"name": "flood", "hazard": "flood", "feeds": [{"feed": "gdacs"}]}
    rule = read_rule({**data, "windows": {"before": [36, 1], "after": [0, days]}})
    found = foretell(incident(box), rule, NOW)
    assert found
    assert len({one.watch.id for one in found}) == len(found)
    for one in found:
        assert one.coming is not None
        assert T0 <= one.coming.first_line < T0 + timedelta(days=days)
        before, after = one.watch.requests
        assert one.watch.baseline == before.id
        assert before.start == T0 - timedelta(days=36)
        assert before.end == T0 - timedelta(days=1)
        assert after.start < one.coming.first_line < after.end
        assert after.end - after.start < timedelta(minutes=4)
        assert after.id == f"{one.watch.id}-{one.coming.first_line:%y%m%d%H%M}-a"


def test_a_window_that_ends_before_the_next_pass_says_so() -> None:
    data = {"name": "flood", "hazard": "flood", "feeds": [{"feed": "gdacs"}]}
    rule = read_rule({**data, "windows": {"before": [36, 1], "after": [0, 0.05]}})
    found = foretell(incident(DELTA), rule, NOW)
    assert found
    for one in found:
        assert (one.coming, one.watch.requests) == (None, ())
        assert one.why_not == "no pass is predicted 0 to 0.05 days after it"


def test_only_the_platforms_of_the_rule_are_waited_for() -> None:
    rule = read_rule(RULE.model_dump() | {"request": {"platforms": ["C"]}})
    flown = {one.coming.platform for one in foretell(incident(DELTA), rule, NOW) if one.coming}
    assert flown == {"C"}
