"""Areas across 180° and around the poles, in every notation that a message may have."""

import math
from typing import Any

import pytest
import shapely

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


def rings(*every: list[tuple[float, float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [polygon(*ring)["coordinates"][0] for ring in every]}


def circle(lat: float, first: float = 0.0, *, west: bool = False) -> list[tuple[float, float]]:
    """A ring round a pole that begins at a longitude."""
    lons = [(first + 180 + 40 * i) % 360 - 180 for i in range(9)]
    return [(lon, lat) for lon in (lons[::-1] if west else lons)]


ALL = corners(-180, 81, 180, 90)
PIERCED: dict[str, tuple[dict[str, Any], float]] = {
    "a cap less a cap": (rings(circle(81), circle(88)), box_m2(81, 88, 360)),
    "the hole runs west": (rings(circle(81), circle(88, 30, west=True)), box_m2(81, 88, 360)),
    "both run west": (
        rings(circle(81, 5, west=True), circle(88, 30, west=True)), box_m2(81, 88, 360)),
    "the south": (rings(circle(-70), circle(-80)), box_m2(70, 80, 360)),
    "a box less a cap": (rings(ALL, circle(88)), box_m2(81, 88, 360)),
    "a box less a box": (rings(ALL, corners(-180, 88, 180, 90)), box_m2(81, 88, 360)),
    "a cap less a belt": (
        rings(circle(81), corners(-180, 84, 180, 85)), box_m2(81, 84, 360) + box_m2(85, 90, 360)),
    "a hole across 180": (
        rings(circle(81), corners(170, 84, -170, 85)), box_m2(81, 90, 360) - box_m2(84, 85, 20)),
    "a hole at 180": (
        rings(circle(81), corners(170, 84, 180, 85)), box_m2(81, 90, 360) - box_m2(84, 85, 10)),
    "two holes that touch": (
        rings(circle(81), corners(10, 84, 20, 85), corners(20, 84, 30, 85)),
        box_m2(81, 90, 360) - box_m2(84, 85, 20)),
    "a hole round the pole and one beside it": (
        rings(circle(81), circle(88), corners(-175, 84, 175, 85)),
        box_m2(81, 88, 360) - box_m2(84, 85, 10)),
}  # fmt: skip


@pytest.mark.parametrize("name", PIERCED)
def test_holes_of_an_area_round_a_pole_are_no_area(name: str) -> None:
    value, area = PIERCED[name]
    aoi = area_of(value)
    assert aoi.area_km2 == pytest.approx(area / 1e6, rel=1e-3)
    assert aoi.unwrapped.is_valid
    coordinates = aoi.geojson()["coordinates"]
    assert all(abs(lon) <= 180 for part in coordinates for ring in part for lon, _ in ring)
    crs = "EPSG:3413" if aoi.centroid[1] > 0 else "EPSG:3031"
    assert len(grid.grids(aoi, crs, 10_000)) == 1


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (rings(circle(81), circle(70)), "Hole lies outside shell"),
        (rings(circle(81), circle(-85)), "Hole lies outside shell"),
        (rings(circle(81), corners(10, 80, 20, 85)), "Hole lies outside shell"),
        (rings(circle(81), circle(88), circle(89)), "Holes overlap"),
        (rings(circle(81), corners(10, 84, 20, 85), corners(15, 84, 25, 85)), "Holes overlap"),
        (rings(ALL, ALL), "leave nothing"),
    ],
)
def test_holes_that_do_not_fit_are_told(value: dict[str, Any], words: str) -> None:
    assert words in refused(aoi=value, grid=POLAR)["aoi.coordinates"]


def parts(*polygons: dict[str, Any]) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": [one["coordinates"] for one in polygons]}


def block(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return polygon(*corners(west, south, east, north))


TOGETHER: dict[str, tuple[list[dict[str, Any]], float]] = {
    "halves of a belt": ([block(-180, 81, 0, 81.2), block(0, 81, 180, 81.2)], BELT * 1e6),
    "neighbours": ([block(14, 48, 15, 49), block(15, 48, 16, 49)], box_m2(48, 49, 2)),
    "a part of an edge": ([block(14, 48, 15, 49), block(15, 48.4, 16, 48.6)],
                          box_m2(48, 49, 1) + box_m2(48.4, 48.6, 1)),
    "nearly shared": ([block(14, 48, 15.000000001, 49), block(15, 48, 16, 49)],
                      box_m2(48, 49, 2)),
    "overlapping": ([block(14, 48, 15, 49), block(14.5, 48, 16, 49)], box_m2(48, 49, 2)),
    "twice the same": ([block(14, 48, 15, 49)] * 2, box_m2(48, 49, 1)),
    "one within another": ([block(14, 48, 16, 50), block(15, 49, 15.5, 49.5)],
                           box_m2(48, 50, 2)),
    "four round a point": ([block(14, 48, 15, 49), block(15, 48, 16, 49), block(14, 49, 15, 50),
                            block(15, 49, 16, 50)], box_m2(48, 50, 2)),
    "on both sides of 180": ([block(179, -18, 180, -17), block(-180, -18, -179, -17)],
                             FIJI * 1e6),
    "one across 180, one beside it": ([block(179, -18, -179, -17), block(-179, -18, -178, -17)],
                                      FIJI * 1.5e6),
    "the other way round": ([block(-179, -18, -178, -17),
                             polygon(*corners(179, -18, -179, -17)[1:], (179, -18))],
                            FIJI * 1.5e6),
    "quarters of a cap": ([block(west, 88, west + 90, 90) for west in (-180, -90, 0, 90)],
                          CAP * 1e6),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["MultiPolygon", "FeatureCollection", "GeometryCollection"])
@pytest.mark.parametrize("name", TOGETHER)
def test_parts_that_meet_are_one_area_in_every_kind(kind: str, name: str) -> None:
    every, area = TOGETHER[name]
    features = [{"type": "Feature", "geometry": one} for one in every]
    value = {
        "MultiPolygon": parts(*every),
        "FeatureCollection": {"type": "FeatureCollection", "features": features},
        "GeometryCollection": {"type": "GeometryCollection", "geometries": every},
    }[kind]
    aoi = area_of(value)
    assert aoi.area_km2 == pytest.approx(area / 1e6, rel=2e-3)
    assert shapely.get_num_geometries(aoi.unwrapped) == 1
    assert aoi.unwrapped.is_valid
