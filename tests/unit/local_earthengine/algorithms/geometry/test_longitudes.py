"""Geometries at 180 degrees and at the poles: no meridian is another's better."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ee
import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from tests.support.sphere import box_m2, great_polygon_m2, metres
from tests.unit.local_earthengine.world import World

Make = Callable[[], Any]


def compute(value: Any) -> Any:
    return World().compute(value)


def planar(west: float, south: float, east: float, north: float) -> Any:
    return ee.Geometry.Rectangle([west, south, east, north], None, False)


def ring(*points: tuple[float, float]) -> Any:
    return ee.Geometry.Polygon([list(point) for point in points])


def halves() -> Any:
    west = [[[179.8, -17.1], [180, -17.1], [180, -17], [179.8, -17], [179.8, -17.1]]]
    east = [[[-180, -17.1], [-179.8, -17.1], [-179.8, -17], [-180, -17], [-180, -17.1]]]
    return ee.Geometry.MultiPolygon([west, east], None, False)


CROSSING: dict[str, Make] = {
    "beyond 180": lambda: planar(179.8, -17.1, 180.2, -17),
    "beyond -180": lambda: planar(-180.2, -17.1, -179.8, -17),
    "two turns on": lambda: planar(539.8, -17.1, 540.2, -17),
    "a box whose west is greater": lambda: ee.Geometry.BBox(179.8, -17.1, -179.8, -17),
    "the same by the server": lambda: ee.Geometry(
        ee.ApiFunction.call_("GeometryConstructors.BBox", 179.8, -17.1, -179.8, -17)
    ),
    "a geodesic ring that jumps": lambda: ring(
        (179.8, -17.1), (-179.8, -17.1), (-179.8, -17), (179.8, -17)
    ),
    "a geodesic rectangle": lambda: ee.Geometry.Rectangle([179.8, -17.1, -179.8, -17]),
    "halves": halves,
    "halves as one": lambda: planar(179.8, -17.1, 180, -17).union(
        planar(-180, -17.1, -179.8, -17), 1
    ),
    "a box in UTM": lambda: planar(179.8, -17.1, 180.2, -17).transform("EPSG:32760", 1),
}
AREA = box_m2(-17.1, -17, 0.4)
INSIDE = (-179.95, -17.08, -179.9, -17.02)


@pytest.mark.parametrize("name", CROSSING)
def test_every_notation_of_a_box_across_180_is_the_same_box(name: str) -> None:
    box, inner = CROSSING[name](), planar(*INSIDE)
    inner_area = box_m2(-17.08, -17.02, 0.05)

    assert compute(box.area(1)) == pytest.approx(AREA, rel=1e-4)
    assert compute(box.intersects(inner, 1)) is True
    assert compute(box.contains(inner, 1)) is True
    assert compute(inner.containedIn(box, 1)) is True
    assert compute(box.disjoint(inner, 1)) is False
    for lon in (-179.9, 180.1, 180, -180, 179.9, -180.1):
        assert compute(box.contains(ee.Geometry.Point([lon, -17.05]), 1)) is True, lon
    for lon in (0, 179.7, -179.7, 180.3, 20):
        assert compute(box.intersects(ee.Geometry.Point([lon, -17.05]), 1)) is False, lon
    assert compute(box.intersection(inner, 1).area(1)) == pytest.approx(inner_area, rel=1e-4)
    assert compute(box.union(inner, 1).area(1)) == pytest.approx(AREA, rel=1e-4)
    assert compute(box.difference(inner, 1).area(1)) == pytest.approx(AREA - inner_area, rel=1e-4)
    rest = box.symmetricDifference(inner, 1).area(1)
    assert compute(rest) == pytest.approx(AREA - inner_area, rel=1e-4)


@pytest.mark.parametrize("name", CROSSING)
def test_its_box_centre_hull_and_way_round_are_where_it_is(name: str) -> None:
    box = CROSSING[name]()
    west, east = compute(box.bounds(1).coordinates())[0][:2]
    assert (west[0] % 360, east[0] - west[0]) == pytest.approx((179.8, 0.4), abs=1e-3)
    lon, lat = compute(box.centroid(1).coordinates())
    assert (abs(lon), lat) == pytest.approx((180, -17.05), abs=1e-3)
    assert compute(box.convexHull(1).area(1)) == pytest.approx(AREA, rel=1e-3)
    assert compute(box.simplify(10).area(1)) == pytest.approx(AREA, rel=1e-3)
    assert compute(box.dissolve(1).area(1)) == pytest.approx(AREA, rel=1e-4)
    sides = [metres((179.8, lat), (-179.8, lat)) for lat in (-17.1, -17)]
    round_it = sum(sides) + 2 * metres((0, -17.1), (0, -17))
    assert compute(box.perimeter(1)) == pytest.approx(round_it, rel=1e-4)


@pytest.mark.parametrize("lon", [0.05, 179.95, -179.95, 180, 180.1, -181])
@pytest.mark.parametrize("lat", [-17.05, 66, 89.9, -89.8, 90, -90])
def test_a_circle_is_as_large_and_as_round_anywhere(lon: float, lat: float) -> None:
    circle = ee.Geometry.Point([lon, lat]).buffer(30_000)
    drawn = compute(circle)
    assert compute(circle.area(1)) == pytest.approx(math.pi * 3e4**2, rel=3e-3)
    far = [
        metres((lon, lat), (x, y))
        for x, y in shapely.get_coordinates(shape(drawn))
        if abs(x) != 180 and abs(y) != 90  # there it is cut
    ]
    assert far == pytest.approx([30_000] * len(far), rel=2e-3)
    assert compute(circle.contains(ee.Geometry.Point([lon, lat]), 1)) is True
    smaller = circle.buffer(-10_000, 1).area(1)
    assert compute(smaller) == pytest.approx(math.pi * 2e4**2, rel=5e-3)


@pytest.mark.parametrize("turn", [0, 159.5, 160, 160.5, -200])
def test_what_is_made_of_two_shapes_does_not_depend_on_the_meridian(turn: float) -> None:
    one, other = planar(19.5 + turn, 60, 20.5 + turn, 61), planar(20 + turn, 60.5, 21 + turn, 61.5)
    line = ee.Geometry.LineString([[19.8 + turn, 60.2], [20.4 + turn, 60.8]], None, False)
    far = ee.Geometry.Point([22 + turn, 61])
    common, each = box_m2(60.5, 61, 0.5), box_m2(60, 61, 1)
    second = box_m2(60.5, 61.5, 1)
    assert compute(one.intersection(other, 1).area(1)) == pytest.approx(common, rel=1e-4)
    assert compute(one.union(other, 1).area(1)) == pytest.approx(each + second - common, rel=1e-4)
    assert compute(one.difference(other, 1).area(1)) == pytest.approx(each - common, rel=1e-4)
    assert compute(one.contains(line, 1)) is True
    assert compute(line.length(1)) == pytest.approx(metres((19.8, 60.2), (20.4, 60.8)), rel=1e-4)
    assert compute(line.intersects(other, 1)) is True
    gap = metres((21, 61), (22, 61))
    assert compute(other.distance(far, 1)) == pytest.approx(gap, rel=1e-4)
    assert compute(other.withinDistance(far, gap + 10, 1)) is True
    assert compute(other.withinDistance(far, gap - 10, 1)) is False
    wide = 2e4 * metres((19.8, 60.2), (20.4, 60.8)) + math.pi * 1e8
    assert compute(line.buffer(10_000).area(1)) == pytest.approx(wide, rel=2e-2)


def polar_square_m2(half: float) -> float:
    """A square of EPSG:3413, whose scale grows from 0.9698 at the pole, pixel by pixel."""
    middles = (np.arange(400) - 199.5) / 200 * half
    x, y = np.meshgrid(middles, middles)
    scale = 0.9698 * (1 + (x * x + y * y) / (2 * 6_371_000 * 0.9698) ** 2)
    return float(((half / 200) ** 2 / scale**2).sum())


SQUARE = [(0.0, 85.0), (90.0, 85.0), (180.0, 85.0), (-90.0, 85.0)]
CAPS: dict[str, tuple[Make, float]] = {
    "a box": (lambda: planar(-180, 85, 180, 90), box_m2(85, 90, 360)),
    "a box by its widths": (lambda: ee.Geometry.BBox(0, 85, 360, 90), box_m2(85, 90, 360)),
    "a ring of great circles": (lambda: ring(*SQUARE), great_polygon_m2(SQUARE)),
    "the same the other way": (lambda: ring(*SQUARE[::-1]), great_polygon_m2(SQUARE)),
    "a ring that begins at 180": (
        lambda: ring(*SQUARE[2:], *SQUARE[:2]), great_polygon_m2(SQUARE)),
    "a square about the pole": (
        lambda: ee.Geometry.Rectangle([-4e5, -4e5, 4e5, 4e5], "EPSG:3413", False),
        polar_square_m2(4e5)),
    "a circle": (lambda: ee.Geometry.Point([33, 90]).buffer(558_000), math.pi * 558_000**2),
    "two halves": (
        lambda: planar(-180, 85, 0, 90).union(planar(0, 85, 180, 90), 1), box_m2(85, 90, 360)),
}  # fmt: skip


@pytest.mark.parametrize("name", CAPS)
def test_a_cap_holds_its_pole(name: str) -> None:
    make, area = CAPS[name]
    cap = make()
    assert compute(cap.area(1)) == pytest.approx(area, rel=2e-2)
    for place in ((0, 90), (77, 90), (180, 89), (-180, 89), (13, 89.9), (-133, 87)):
        assert compute(cap.contains(ee.Geometry.Point(place), 1)) is True, place
    assert compute(cap.contains(ee.Geometry.Point([10, 80]), 1)) is False
    assert compute(cap.intersects(ee.Geometry.Point([10, -90]), 1)) is False
    assert compute(cap.centroid(1).coordinates())[1] > 89.9
    bounds = compute(cap.bounds(1).coordinates())[0]
    assert (bounds[0][0], bounds[1][0], bounds[2][1]) == pytest.approx((-180, 180, 90))
    other = ee.Geometry.Point([0, 90]).buffer(100_000)
    both = cap.union(other, 1)
    assert compute(both.area(1)) == pytest.approx(compute(cap.area(1)), rel=1e-4)
    left = cap.difference(other, 1)
    hole = math.pi * 1e10
    assert compute(cap.area(1)) - compute(left.area(1)) == pytest.approx(hole, rel=1e-2)
    assert compute(left.intersects(ee.Geometry.Point([5, 90]), 1)) is False


def test_a_line_over_the_pole_is_as_long_as_the_shortest_way() -> None:
    line = ee.Geometry.LineString([[10, 85], [-170, 84]])
    assert compute(line.length(1)) == pytest.approx(metres((10, 85), (-170, 84)), rel=1e-3)
    swath = compute(line.buffer(50_000).area(1))
    assert swath == pytest.approx(1e5 * metres((10, 85), (-170, 84)) + math.pi * 2.5e9, rel=1e-2)
    one, other = ee.Geometry.Point([0, 89]), ee.Geometry.Point([180, 89])
    assert compute(one.distance(other, 1)) == pytest.approx(metres((0, 89), (180, 89)), rel=1e-6)


RINGS = {
    "a small box": [(14.0, -18.0), (15.0, -18.0), (15.0, -17.0), (14.0, -17.0)],
    "across 180": [(179.0, -18.0), (-179.0, -18.0), (-179.0, -17.0), (179.0, -17.0)],
    "about the north pole": SQUARE,
    "about the south pole": [(0.0, -80.0), (-90.0, -80.0), (180.0, -80.0), (90.0, -80.0)],
    "in Alaska": [(170.0, 50.0), (-150.0, 50.0), (-150.0, 72.0), (170.0, 72.0)],
}


@pytest.mark.parametrize("name", RINGS)
def test_without_even_odd_the_inside_is_on_the_left(name: str) -> None:
    points = [list(point) for point in RINGS[name]]
    inside = great_polygon_m2(RINGS[name])
    earth = box_m2(-90, 90, 360)
    for turned, area in ((points, inside), (points[::-1], earth - inside)):
        polygon = ee.Geometry.Polygon([turned], None, True, None, False)
        assert compute(polygon.area(1)) == pytest.approx(area, rel=1e-2)


def test_points_strewn_over_an_area_across_180_lie_in_it() -> None:
    area = planar(179, 60, 181, 61)
    points = ee.FeatureCollection.randomPoints(area, 200, 3).geometry().coordinates()
    lons = [lon for lon, _ in compute(points)]
    assert len(lons) == 200
    assert all(179 <= lon % 360 <= 181 for lon in lons)
    assert 60 < sum(lon % 360 > 180 for lon in lons) < 140
