"""Areas across 180° and around the poles, in every notation that a message may have."""

import math
from typing import Any

import pytest

from s1ratio import grid
from s1ratio.aoi import Aoi, read
from tests.support.messages import refused
from tests.support.sphere import box_m2

POLAR = {"crs": "EPSG:3413", "scale": 1000}


def area_of(value: Any) -> Aoi:
    aoi, faults = read(value)
    assert not faults
    assert aoi is not None
    return aoi


def polygon(*ring: tuple[float, float], hole: list[list[float]] | None = None) -> dict[str, Any]:
    rings = [[list(place) for place in (*ring, ring[0])]]
    return {"type": "Polygon", "coordinates": rings + ([hole] if hole else [])}


def corners(west: float, south: float, east: float, north: float) -> list[tuple[float, float]]:
    return [(west, south), (east, south), (east, north), (west, north)]


HALVES = {
    "type": "MultiPolygon",
    "coordinates": [
        polygon(*corners(179, -18, 180, -17))["coordinates"],
        polygon(*corners(-180, -18, -179, -17))["coordinates"],
    ],
}
BOTH_NAMES = [
    (179, -18), (180, -18), (-180, -18), (-179, -18),
    (-179, -17), (-180, -17), (180, -17), (179, -17),
]  # fmt: skip
JUMPING = polygon(*corners(179, -18, -179, -17))
HOLE = [[-179.8, -17.8], [-179.6, -17.8], [-179.6, -17.6], [-179.8, -17.8]]
FIJI = box_m2(-18, -17, 2) / 1e6
ACROSS: dict[str, tuple[dict[str, Any], float]] = {
    "a ring that jumps": (JUMPING, FIJI),
    "the other way round": (polygon(*corners(179, -18, -179, -17)[::-1]), FIJI),
    "from the east": (polygon(*corners(179, -18, -179, -17)[1:], (179, -18)), FIJI),
    "halves": (HALVES, FIJI),
    "a box": ({"bbox": [179, -18, -179, -17]}, FIJI),
    "both names of 180": (polygon(*BOTH_NAMES), FIJI),
    "a feature": ({"type": "Feature", "geometry": JUMPING}, FIJI),
    "with a hole east of 180": (
        polygon(*corners(179, -18, -179, -17), hole=HOLE),
        FIJI - box_m2(-17.8, -17.6, 0.2) / 2e6),
    "a circle": (
        {"type": "Point", "coordinates": [-179.99, -17], "buffer_m": 50_000}, math.pi * 2500),
}  # fmt: skip


@pytest.mark.parametrize("name", ACROSS)
def test_an_area_across_180_is_one_of_its_size(name: str) -> None:
    value, km2 = ACROSS[name]
    aoi = area_of(value)
    assert aoi.area_km2 == pytest.approx(km2, rel=2e-3)
    assert len(aoi.sides) == 2
    assert abs(aoi.centroid[0]) == pytest.approx(180, abs=0.05)
    coordinates = aoi.geojson()["coordinates"]
    assert all(abs(lon) <= 180 for part in coordinates for ring in part for lon, _ in ring)
    (one,) = grid.grids(aoi, "utm", 1000)
    assert one.area_km2 < 1.6 * km2 + 3000


CAP, BELT = box_m2(88, 90, 360) / 1e6, box_m2(81, 81.2, 360) / 1e6
CIRCLE = math.pi * 50**2
CAPS: dict[str, tuple[dict[str, Any], float]] = {
    "a box": ({"bbox": [-180, 88, 180, 90]}, CAP),
    "a ring round the pole": (polygon((0, 88), (80, 88), (170, 88), (-110, 88)), CAP),
    "westwards": (polygon((-110, 88), (170, 88), (80, 88), (0, 88)), CAP),
    "from 170 on": (polygon((170, 88), (-110, 88), (-10, 88), (80, 88)), CAP),
    "with a vertex at 180": (polygon((180, 88), (-91, 88), (0, 88), (90, 88)), CAP),
    "a ring along the pole": (polygon((-180, 88), (180, 88), (180, 90), (-180, 90)), CAP),
    "a circle over it": ({"type": "Point", "coordinates": [0, 89.9], "buffer_m": 5e4}, CIRCLE),
    "a circle about it": ({"type": "Point", "coordinates": [77, 90], "buffer_m": 5e4}, CIRCLE),
    "a belt": (polygon((-180, 81), (180, 81), (180, 81.2), (-180, 81.2)), BELT),
    "the belt as a box": ({"bbox": [-180, 81, 180, 81.2]}, BELT),
}


@pytest.mark.parametrize("name", CAPS)
def test_an_area_round_a_pole_is_one_of_its_size(name: str) -> None:
    value, km2 = CAPS[name]
    aoi = area_of(value)
    assert aoi.area_km2 == pytest.approx(km2, rel=3e-3)
    assert aoi.unwrapped.bounds[::2] == pytest.approx((-180, 180))
    (one,) = grid.grids(aoi, "EPSG:3413", 1000)
    assert one.area_km2 > km2


def test_the_south_pole_is_one_too() -> None:
    for value in (
        {"type": "Point", "coordinates": [0, -89.9], "buffer_m": 5e4},
        polygon((0, -88), (80, -88), (170, -88), (-110, -88)),
    ):
        assert area_of(value).unwrapped.bounds[1] == -90


SWAPPED = [[15.2, 48, 15.1, 48.1], [10, 81, 9, 81.2], [1, -80, 0.5, -79.9], [90, 80, -89, 80.1]]


@pytest.mark.parametrize("box", SWAPPED)
def test_a_box_that_may_be_swapped_is_told_with_the_one_that_may_be_meant(box: list[float]) -> None:
    west, south, east, north = box
    (note,) = area_of({"bbox": box}).notes
    meant = f"[{east:g}, {south:g}, {west:g}, {north:g}]"
    assert f"if west and east were swapped, send {meant}" in note
    assert not area_of({"bbox": [170, 80, -170, 80.1]}).notes


def test_an_area_too_large_for_a_slip_says_so() -> None:
    words = refused(aoi={"bbox": [15.2, 48, 15.1, 48.1]})["aoi"]
    assert "if west and east were swapped, send [15.1, 48, 15.2, 48.1]" in words


def test_halves_that_share_an_edge_are_told_what_works() -> None:
    halves = [polygon(*corners(-180, 81, 0, 81.2)), polygon(*corners(0, 81, 180, 81.2))]
    both = {"type": "MultiPolygon", "coordinates": [half["coordinates"] for half in halves]}
    words = refused(aoi=both, grid=POLAR)["aoi.coordinates"]
    assert "or send them as features of a FeatureCollection" in words
    features = [{"type": "Feature", "geometry": half} for half in halves]
    advised = area_of({"type": "FeatureCollection", "features": features})
    assert advised.area_km2 == pytest.approx(BELT, rel=1e-3)
