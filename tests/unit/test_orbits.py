"""The fleet as the product knows it, what it says of periods, and where passes bear one number."""

import json
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from local_earthengine.scenes.fleet import PLATFORMS
from s1ratio.ground_tracks import node_notes
from s1ratio.orbits import FLEET, fleet_notes, joins_at_node, next_orbit, previous_orbit
from s1ratio.request import CompositeRequest, Direction
from s1ratio.request.reader import stored_request

ALL = ("A", "B", "C", "D")


def test_the_product_and_the_local_earth_engine_know_one_fleet() -> None:
    # They may not import each other, so each has its table.
    def midnight(day: date | None) -> datetime | None:
        return None if day is None else datetime.combine(day, time(), UTC)

    ours = {
        name: [
            (
                epoch.offset,
                epoch.first_orbit,
                midnight(epoch.first_day),
                midnight(epoch.end_day),
                epoch.anchor_orbit,
                epoch.anchor_time,
            )
            for epoch in epochs
        ]
        for name, epochs in FLEET.items()
    }
    theirs = {
        name: [
            (
                epoch.offset,
                epoch.first_orbit,
                epoch.first_day,
                epoch.end_day,
                epoch.anchor_orbit,
                epoch.anchor_time,
            )
            for epoch in platform.epochs
        ]
        for name, platform in PLATFORMS.items()
    }
    assert ours == theirs


@pytest.mark.parametrize(
    ("platforms", "start", "end", "told"),
    [
        (ALL, "2018-10-01", "2021-12-01", []),
        (ALL, "2022-01-01", "2025-01-01", []),  # B is over, and nobody asked for it alone
        (ALL, "2026-08-01", "2026-12-01", []),
        (ALL, "2021-12-01", "2022-02-01", ["1B has no data from 2021-12-23 on"]),
        (ALL, "2016-09-01", "2016-10-01", ["1B has data from 2016-09-26 on"]),
        (ALL, "2026-04-01", "2026-05-01", ["1D has data from 2026-04-14 on"]),
        (
            ALL,
            "2026-06-01",
            "2026-07-01",
            [
                "1A has no data from 2026-06-29 on",
                "1C has no data from 2026-06-08 until 2026-06-24",
            ],
        ),
        (
            ("C", "D"),
            "2026-06-10",
            "2026-06-20",
            ["1C has no data of the period: from 2025-03-26 to 2026-06-07, then"],
        ),
        (("A", "B"), "2023-01-01", "2023-03-01", ["1B has no data of the period: from 2016"]),
        (("A",), "2026-07-01", "2026-08-01", ["no data of the period are to be expected: "]),
        (ALL, "2014-01-01", "2014-10-03", ["no data of the period are to be expected: "]),
        (("A",), "2026-06-28", "2026-06-29", []),
        (("D",), "2026-04-14", "2026-04-15", []),
    ],
)
def test_a_period_is_told_what_happens_to_the_fleet_in_it(
    platforms: tuple[str, ...], start: str, end: str, told: list[str]
) -> None:
    notes = fleet_notes(platforms, date.fromisoformat(start), date.fromisoformat(end))
    for note, words in zip(notes, told, strict=True):
        assert words in note


def _request(**fields: Any) -> CompositeRequest:
    every = {"start": "2020-01-01", "end": "2021-01-01", "grid": {"crs": "EPSG:4326", "scale": 100}}
    return stored_request(json.dumps({**every, **fields}))


def _box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return {"bbox": [west, south, east, north]}


_BOTH_SIDES = {
    "type": "MultiPolygon",
    "coordinates": [
        [[[10, 20], [11, 20], [11, 21], [10, 20]]],
        [[[10, -20], [11, -20], [11, -19], [10, -20]]],
    ],
}
_TIP = {  # all of it that is near
    "type": "Polygon",
    "coordinates": [[[10, 8], [11, 5], [12, 8], [11, 7], [10, 8]]],
}


@pytest.mark.parametrize(
    ("aoi", "near"),
    [
        (_box(36.7, 0.7, 36.9, 1.0), True),
        (_box(11.4, -0.3, 11.6, 0.9), True),
        (_box(113, 5.9, 114, 7), True),
        (_box(-60, -7, -59, -5.99), True),
        (_box(179.9, -0.1, -179.9, 0.2), True),
        (_box(0, -8, 1, 8), True),
        ({"type": "Point", "coordinates": [32.5, 6.02], "buffer_m": 5_000}, True),
        ({"type": "Point", "coordinates": [32.5, 6.1], "buffer_m": 5_000}, False),
        (_box(36, 6, 37, 7), False),  # it touches, and has no ground there
        (_box(36, -7, 37, -6), False),
        (_box(14, -20, 15, -19), False),
        (_box(-120, 70, -119, 71), False),
        (_TIP, True),
        (_BOTH_SIDES, False),  # only the box around both crosses the equator
    ],
    ids=str,
)
def test_passes_are_joined_where_some_of_the_area_is_within_six_degrees(
    aoi: dict[str, Any], near: bool
) -> None:
    request = _request(aoi=aoi)
    assert joins_at_node(request, Direction.ASCENDING) == near
    assert joins_at_node(request, Direction.BOTH) == near
    assert not joins_at_node(request, Direction.DESCENDING), "no number changes on the way down"
    notebook = _request(aoi=aoi, preset="notebook")
    assert not joins_at_node(notebook, Direction.ASCENDING)


def test_the_orbit_after_the_last_of_a_cycle_is_the_first() -> None:
    assert [next_orbit(relative) for relative in (1, 57, 174, 175)] == [2, 58, 175, 1]
    assert all(previous_orbit(next_orbit(relative)) == relative for relative in range(1, 176))


_KENYA = _box(36.7, 0.7, 36.9, 1.0)


@pytest.mark.parametrize(
    ("fields", "slices"),
    [
        ({"aoi": _KENYA, "orbits": [57]}, "slices of 57 and, north of the node, of 58"),
        ({"aoi": _KENYA, "orbits": [175, 3]}, "slices of 175 and, north of the node, of 1"),
        ({"aoi": _KENYA, "orbits": [57], "direction": "ASCENDING"}, "of 57 and"),
        ({"aoi": _KENYA, "orbits": [57], "direction": "DESCENDING"}, None),
        ({"aoi": _KENYA, "orbits": [57], "preset": "notebook"}, None),
        ({"aoi": _KENYA, "orbits": [79]}, None),  # it descends there
        ({"aoi": _KENYA, "orbits": [152, 79]}, None),
        ({"aoi": _KENYA, "orbits": [79, 57]}, "slices of 57 and"),
        ({"aoi": _KENYA, "orbits": [79], "direction": "ASCENDING"}, "slices of 79 and"),
        ({"aoi": _box(-60, -2, -59, -1), "orbits": [83, 10]}, None),
        ({"aoi": _KENYA}, None),
        ({"aoi": _box(14, -20, 15, -19), "orbits": [57]}, None),
    ],
    ids=str,
)
def test_who_names_orbits_near_the_equator_is_told_what_they_are(
    fields: dict[str, Any], slices: str | None
) -> None:
    notes = node_notes(_request(**fields))
    assert len(notes) == int(slices is not None)
    assert all(slices in note for note in notes if slices)
