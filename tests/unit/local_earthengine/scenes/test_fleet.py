"""The fleet: orbit numbers and times of real products, which share nothing with this code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from local_earthengine.scenes.fleet import PERIOD, PLATFORMS


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# First lines of products that ESA distributes: platform, time, relative and absolute orbit.
PRODUCTS = [
    ("A", "2023-12-03T01:59:04", 137, 51484),
    ("A", "2018-10-01T16:43:00", 73, 23945),
    ("B", "2021-12-07T01:58:11", 137, 29913),
    ("C", "2025-04-02T01:58:11", 137, 1708),
    ("C", "2026-08-16T05:24:02", 168, 9016),
    ("C", "2026-09-05T17:08:29", 117, 9315),
    ("C", "2026-09-13T08:30:25", 53, 9426),
    ("D", "2026-08-10T05:23:00", 168, 4059),
    ("D", "2026-09-07T08:30:51", 53, 4469),
    ("D", "2026-10-02T00:43:05", 63, 4829),
]


@pytest.mark.parametrize(("letter", "time", "relative", "absolute"), PRODUCTS)
def test_orbits_are_numbered_and_timed_as_the_real_ones(
    letter: str, time: str, relative: int, absolute: int
) -> None:
    platform = PLATFORMS[letter]
    assert platform.relative_orbit(absolute) == relative
    assert platform.absolute_orbit(relative, utc(time)) == absolute
    since_node = utc(time) - platform.node_time(absolute)
    assert timedelta() < since_node < PERIOD


def test_two_satellites_cross_one_place_at_the_same_time_of_their_orbits() -> None:
    # Relative orbits 168 and 53 of C and of D: the same slice, so as long after the node.
    since = {
        (letter, absolute): utc(time) - PLATFORMS[letter].node_time(absolute)
        for letter, time, _, absolute in PRODUCTS
    }
    two_minutes = timedelta(minutes=2)
    assert abs(since["C", 9016] - since["D", 4059]) < two_minutes
    assert abs(since["C", 9426] - since["D", 4469]) < two_minutes


@pytest.mark.parametrize(("absolute", "relative"), [(1681, 110), (8018, 147), (8019, 46)])
def test_orbits_of_c_jump_where_it_was_moved(absolute: int, relative: int) -> None:
    assert PLATFORMS["C"].relative_orbit(absolute) == relative


def test_an_epoch_ends_where_the_next_begins() -> None:
    before, after = PLATFORMS["C"].epochs
    turn = after.node_time(after.first_orbit)
    assert abs(turn - before.node_time(after.first_orbit)) < timedelta(minutes=30)
    assert before.end_day is not None
    assert before.end_day <= turn <= after.first_day


def test_c_and_d_are_half_a_cycle_apart_today() -> None:
    at = utc("2026-11-29")
    flown = {}
    for letter in "CD":
        epoch = PLATFORMS[letter].epochs[-1]
        absolute = epoch.anchor_orbit + round((at - epoch.anchor_time) / PERIOD)
        flown[letter] = epoch.relative_orbit(absolute)
    assert (flown["C"] - flown["D"]) % 175 in {87, 88}


def test_before_it_was_moved_c_flew_a_day_before_d() -> None:
    c, d = PLATFORMS["C"].epochs[0], PLATFORMS["D"].epochs[0]
    of_c = c.node_time(c.anchor_orbit + 35 * 175)
    of_d = d.node_time(d.anchor_orbit - 9 * 175)
    assert abs(of_d - of_c - timedelta(days=1)) < timedelta(minutes=3)
