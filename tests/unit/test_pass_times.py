"""Predicted passes against real ones. Nothing here comes from the synthetic scenes.

Absolute orbits and first lines are those in the names of scenes that ESA distributes. The dates of
track 137 are those of OPERA's RTC-S1 burst T137-292318-IW1, as the public repository
opera-adt/dist-s1 has them; its absolute orbits follow from one that is known, 175 in 12 days.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s1ratio.errors import TerminalFault
from s1ratio.pass_times import (
    WITHIN,
    SeenPass,
    next_pass,
    node_time,
    predict_passes,
    relative_orbit_of,
)

A_CYCLE = timedelta(days=12)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Platform, absolute orbit, first line, relative orbit.
FIRST_LINES = [
    ("C", 9016, "2026-08-16T05:24:02", 168),
    ("C", 9315, "2026-09-05T17:08:29", 117),
    ("C", 9426, "2026-09-13T08:30:25", 53),
    ("D", 4059, "2026-08-10T05:23:00", 168),
    ("D", 4469, "2026-09-07T08:30:51", 53),
    ("D", 4829, "2026-10-02T00:43:05", 63),
]
BURST_A = [
    "2021-11-19T01:58:54",
    "2021-12-01T01:58:53",
    "2021-12-13T01:58:53",
    "2022-11-02T01:59:00",
    "2022-11-14T01:59:00",
    "2022-11-26T01:59:00",
    "2022-12-08T01:58:59",
    "2022-12-20T01:58:58",
    "2023-01-01T01:58:58",
    "2023-10-04T01:59:05",
    "2023-10-16T01:59:05",
    "2023-10-28T01:59:05",
    "2023-11-09T01:59:04",
    "2023-11-21T01:59:05",
    "2023-12-03T01:59:04",
    "2023-12-15T01:59:04",
    "2023-12-27T01:59:03",
    "2025-01-02T01:58:57",
]
BURST_B = ["2021-11-25T01:58:12", "2021-12-07T01:58:11", "2021-12-19T01:58:11"]


def burst() -> list[SeenPass]:
    known = {"A": (51484, "2023-12-03"), "B": (29913, "2021-12-07")}
    return [
        SeenPass(name, known[name][0] + 175 * cycles_since(known[name][1], text), utc(text))
        for name, texts in (("A", BURST_A), ("B", BURST_B))
        for text in texts
    ]


def cycles_since(day: str, text: str) -> int:
    days = (utc(text).date() - date.fromisoformat(day)).days
    assert days % 12 == 0
    return days // 12


def seen(platform: str, orbit: int, text: str) -> SeenPass:
    return SeenPass(platform, orbit, utc(text))


def predicted(known: SeenPass, real: SeenPass) -> timedelta:
    """Return how far off the only pass predicted near a real one is."""
    around = timedelta(hours=2)
    found = predict_passes(known, real.first_line - around, real.first_line + around)
    (same,) = [one for one in found if one.platform == real.platform]
    assert same.absolute_orbit == real.absolute_orbit
    return abs(same.first_line - real.first_line)


@pytest.mark.parametrize(("platform", "orbit", "text", "relative"), FIRST_LINES)
def test_real_first_lines_are_on_their_relative_orbits(platform, orbit, text, relative) -> None:
    assert relative_orbit_of(platform, orbit) == relative
    since = utc(text) - node_time(platform, orbit)
    assert timedelta(0) < since < timedelta(minutes=99)


@pytest.mark.parametrize(("platform", "orbit", "relative"), [("C", 8018, 147), ("C", 8019, 46)])
def test_a_satellite_that_was_moved_is_on_another_orbit(platform, orbit, relative) -> None:
    assert relative_orbit_of(platform, orbit) == relative


@pytest.mark.parametrize(
    ("one", "other"), [(FIRST_LINES[0], FIRST_LINES[3]), (FIRST_LINES[2], FIRST_LINES[4])]
)
def test_passes_of_one_track_predict_each_other(one, other) -> None:
    of_c, of_d = seen(*one[:3]), seen(*other[:3])
    assert predicted(of_c, of_d) < WITHIN
    assert predicted(of_d, of_c) < WITHIN


@pytest.mark.parametrize("known", burst(), ids=lambda each: f"{each.first_line:%y%m%d}")
def test_each_real_date_of_a_place_predicts_all_others(known: SeenPass) -> None:
    for real in burst():
        assert predicted(known, real) < WITHIN


@pytest.mark.parametrize(
    ("start", "end", "flown"),
    [
        ("2021-11-15", "2021-12-31", "ABABAB A"),  # B's last pass is of 12-19
        ("2022-06-01", "2022-06-25", "AA"),
        ("2025-04-01", "2025-04-25", "CACA"),
        ("2026-06-10", "2026-06-23", "DA"),  # C is being moved
        ("2026-07-01", "2026-07-25", "CDCD"),  # A has retired
        ("2026-11-01", "2026-11-25", "CDCD"),
    ],
)
def test_the_satellites_that_have_data_then_come_in_turn(start, end, flown) -> None:
    known = seen("A", 51484, "2023-12-03T01:59:04")
    found = predict_passes(known, utc(start), utc(end))
    assert sorted(one.platform for one in found) == sorted(flown.replace(" ", ""))
    assert {one.relative_orbit for one in found} == {137}


def test_c_and_d_follow_each_other_by_six_days() -> None:
    known = seen("C", 9426, "2026-09-13T08:30:25")
    found = predict_passes(known, utc("2026-09-14"), utc("2026-11-14"))
    for before, after in pairwise(found):
        assert {before.platform, after.platform} == {"C", "D"}
        apart = after.first_line - before.first_line
        assert abs(apart - timedelta(days=6)) < WITHIN


@pytest.mark.parametrize(("platform", "orbit"), [("E", 9), ("", 1), ("A", 0), ("C", -8), ("S", 3)])
def test_a_stranger_is_told(platform: str, orbit: int) -> None:
    with pytest.raises(TerminalFault, match="no orbit"):
        predict_passes(
            SeenPass(platform, orbit, utc("2026-09-13")), utc("2026-09-13"), utc("2027-01-01")
        )


TIMES = st.datetimes(datetime(2014, 11, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=40, deadline=None)
@given(known=st.sampled_from(burst()), start=TIMES, days=st.floats(0, 90))
def test_what_is_predicted_lies_in_the_period_and_predicts_the_same(known, start, days) -> None:
    end = start + timedelta(days=days)
    found = predict_passes(known, start, end)
    assert list(found) == sorted(found, key=lambda one: one.first_line)
    for one in found:
        assert start <= one.first_line < end
        again = SeenPass(one.platform, one.absolute_orbit, one.first_line)
        a_second = timedelta(seconds=1)
        same = predict_passes(again, start - a_second, end + a_second)
        assert {(each.platform, each.absolute_orbit) for each in found} <= {
            (each.platform, each.absolute_orbit) for each in same
        }
        assert relative_orbit_of(one.platform, one.absolute_orbit) == 137
    # Whatever the period is cut into, no pass is lost or told twice.
    middle = start + (end - start) / 2
    assert (*predict_passes(known, start, middle), *predict_passes(known, middle, end)) == found


@settings(max_examples=40, deadline=None)
@given(known=st.sampled_from(burst()), after=TIMES)
def test_the_next_pass_is_the_first_after_a_time(known: SeenPass, after: datetime) -> None:
    coming = next_pass(known, after)
    assert coming is not None
    assert after < coming.first_line <= after + A_CYCLE + timedelta(minutes=1)
