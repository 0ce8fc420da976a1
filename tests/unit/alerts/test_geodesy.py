"""Distances, boxes and buffers against pyproj's own geodesics and brute force."""

import math
import random

import pytest
import shapely
from pyproj import Geod

from s1ratio.alerts.geodesy import (
    area_km2,
    box_diagonal_km,
    buffered,
    distance_km,
    smallest_arc,
)
from s1ratio.alerts.spread import Spread
from tests.unit.alerts.samples import T0

GEOD = Geod(ellps="WGS84")


def km(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(GEOD.inv(*a, *b)[2]) / 1000


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((0, 0), (1, 0)),
        ((179.9, 10), (-179.9, 10)),
        ((10, 89), (190, 89)),
        ((-71.5, -29.6), (-71.2, -29.9)),
        ((0, 60), (1, 60)),
    ],
)
def test_points_lie_as_far_apart_as_the_geodesic(
    a: tuple[float, float], b: tuple[float, float]
) -> None:
    found = distance_km(shapely.Point(a), shapely.Point(b))
    assert found == pytest.approx(km(a, b), rel=1e-9)


@pytest.mark.parametrize("latitude", [0, 25, -45, 62])
@pytest.mark.parametrize("shift", [0, 360, -360])
def test_a_polygon_s_nearest_place_counts(latitude: float, shift: float) -> None:
    """Against the nearest of many positions on its edge."""
    square = shapely.box(10 + shift, latitude, 11 + shift, latitude + 0.7)
    point = shapely.Point(10.4, latitude - 0.5)
    edge = shapely.segmentize(square.exterior, 0.002).coords
    brute = min(km((point.x, point.y), (x, y)) for x, y in edge)
    assert distance_km(point, square) == pytest.approx(brute, rel=0.002)
    assert distance_km(square, point) == pytest.approx(brute, rel=0.002)


def test_what_meets_is_not_apart() -> None:
    assert distance_km(shapely.box(0, 0, 2, 2), shapely.Point(1, 1)) == 0
    assert distance_km(shapely.box(179, 0, 181, 2), shapely.Point(-179.5, 1)) == 0


@pytest.mark.parametrize("seed", range(3))
def test_the_nearest_of_many_is_found_by_brute_force_too(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - places
    spread, every = Spread(), []
    for _ in range(60):
        lon, lat = draw.uniform(170, 190), draw.uniform(-80, 80)
        every.append((lon, lat))
        spread.add(shapely.Point(lon, lat), T0)
    for _ in range(40):
        spot = (draw.uniform(-180, 180), draw.uniform(-85, 85))
        nearest = min(km(spot, other) for other in every)
        within = draw.choice([60.0, 500.0, 3_000.0])
        found = spread.distance(shapely.Point(spot), within)
        assert found == (pytest.approx(nearest) if nearest <= within else None)


@pytest.mark.parametrize(
    ("arcs", "expected"),
    [
        ([(10, 20)], (10, 20)),
        ([(10, 20), (15, 30)], (10, 30)),
        ([(179, 179), (-179, -179)], (179, 181)),
        ([(179, 181), (170, 171)], (170, 181)),
        ([(-170, -160), (160, 170)], (160, 200)),
        ([(5, 5), (5, 5)], (5, 5)),
        ([(535, 545)], (175, 185)),
        ([(-180, 180)], (-180, 180)),
    ],
)
def test_the_smallest_arc(arcs: list[tuple[float, float]], expected: tuple[float, float]) -> None:
    west, east = smallest_arc(arcs)
    assert ((west + 180) % 360, east - west) == pytest.approx(
        ((expected[0] + 180) % 360, expected[1] - expected[0])
    )


@pytest.mark.parametrize("seed", range(8))
def test_the_smallest_arc_is_the_smallest(seed: int) -> None:
    """Against every arc that begins at a point."""
    draw = random.Random(seed)  # noqa: S311 - places
    points = [draw.uniform(-180, 180) for _ in range(draw.randint(2, 7))]
    west, east = smallest_arc([(lon, lon) for lon in points])
    assert east - west == pytest.approx(
        min(max((other - lon) % 360 for other in points) for lon in points)
    )
    assert all((lon - west + 1e-9) % 360 <= east - west + 2e-9 for lon in points)


def test_a_box_s_diagonal_is_geodesic_wherever_180_lies() -> None:
    across = [shapely.Point(179.5, -17), shapely.Point(-179.5, -16)]
    assert box_diagonal_km(across) == pytest.approx(km((179.5, -17), (180.5, -16)))
    assert box_diagonal_km(across[::-1]) == box_diagonal_km(across)


@pytest.mark.parametrize("latitude", [0, 35, -60, 75])
@pytest.mark.parametrize("metres", [500, 10_000, 250_000])
def test_a_buffered_point_holds_its_circle_and_little_more(latitude: float, metres: float) -> None:
    disk = buffered(shapely.Point(20, latitude), metres)
    for azimuth in range(0, 360, 7):
        lon, lat, _ = GEOD.fwd(20, latitude, azimuth, metres * 0.999)
        assert disk.covers(shapely.Point(lon, lat)) or metres > 100_000
    assert area_km2(disk) == pytest.approx(math.pi * (metres / 1000) ** 2, rel=0.03)


@pytest.mark.parametrize("latitude", [0, 40, -65])
def test_a_buffered_outline_holds_what_is_near(latitude: float) -> None:
    square = shapely.box(10, latitude, 10.4, latitude + 0.3)
    wide = buffered(square, 5_000)
    for x, y in shapely.segmentize(square.exterior, 0.1).coords:
        for azimuth in range(0, 360, 30):
            lon, lat, _ = GEOD.fwd(x, y, azimuth, 4_990)
            assert wide.covers(shapely.Point(lon, lat))
    assert buffered(square, 0).equals(square)
