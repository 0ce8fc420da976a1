"""Grids: the lattice from the origin, its cover of an area, tiles, and the choice of a crs."""

import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from shapely import Polygon
from shapely.geometry import box

from s1ratio.aoi import Aoi
from s1ratio.grid import PixelGrid, extent, grids, resolve_crs

DEGREE = 111319.49079327357
crss = st.sampled_from(["utm", "EPSG:4326", "EPSG:32634", "EPSG:3857", "EPSG:3035"])
scales = st.sampled_from([1, 5, 10, 20, 30, 37.5, 100, 1000])
edges = st.tuples(
    st.floats(12, 18), st.floats(44, 52), st.floats(0.001, 1.5), st.floats(0.001, 1.5)
)


def aoi_of(edge: tuple[float, float, float, float]) -> Aoi:
    west, south, width, height = edge
    return Aoi(box(west, south, west + width, south + height))


def outline(aoi: Aoi, crs: str, steps: int = 400) -> list[tuple[float, float]]:
    """Points along the edges of a box in lon/lat, projected one by one."""
    west, south, east, north = aoi.unwrapped.bounds
    spans = [
        (west + (east - west) * i / steps, south + (north - south) * i / steps)
        for i in range(steps + 1)
    ]
    lonlat = [p for x, y in spans for p in ((x, south), (x, north), (west, y), (east, y))]
    project = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform
    return [project(*p) for p in lonlat]


@settings(max_examples=150, deadline=None)
@given(edges, crss, scales)
def test_a_grid_covers_its_area_and_no_more_than_a_pixel_beyond(
    edge: tuple[float, float, float, float], crs: str, scale: float
) -> None:
    aoi = aoi_of(edge)
    (grid,) = grids(aoi, crs, scale)
    size = scale / DEGREE if crs == "EPSG:4326" else scale
    assert grid.size == size
    xs, ys = zip(*outline(aoi, grid.crs), strict=True)
    xmin, ymin, xmax, ymax = grid.bounds
    slack = 0.15 if crs != "EPSG:4326" else 1e-5 * size  # metres: an edge's sag between its points
    assert xmin - slack <= min(xs) < xmin + size + slack
    assert ymin - slack <= min(ys) < ymin + size + slack
    assert xmax - size - slack < max(xs) <= xmax + slack
    assert ymax - size - slack < max(ys) <= ymax + slack


@settings(max_examples=100, deadline=None)
@given(edges, edges, crss.filter(lambda crs: crs != "utm"), scales)
def test_any_two_grids_of_a_lattice_align_pixel_for_pixel(
    one: tuple[float, float, float, float],
    two: tuple[float, float, float, float],
    crs: str,
    scale: float,
) -> None:
    (a,), (b,) = grids(aoi_of(one), crs, scale), grids(aoi_of(two), crs, scale)
    for grid in (a, b):
        for origin in (grid.transform[2], grid.transform[5]):
            assert origin / grid.size == pytest.approx(round(origin / grid.size), abs=1e-6)
    for i in (2, 5):
        apart = (a.transform[i] - b.transform[i]) / a.size
        assert apart == pytest.approx(round(apart), abs=1e-6)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 400), st.integers(1, 400), st.integers(1, 3000), st.integers(-9, 9))
def test_tiles_part_a_grid_without_overlap_or_gap(
    width: int, height: int, most: int, left: int
) -> None:
    grid = PixelGrid("EPSG:32633", 10.0, left, 5, width, height)
    tiles = grid.tiled(most)
    assert all(0 < tile.pixels <= most for tile in tiles)
    assert sum(tile.pixels for tile in tiles) == grid.pixels
    inside = box(*grid.bounds)
    rectangles = [box(*tile.bounds) for tile in tiles[:60]]
    assert all(inside.covers(rectangle) for rectangle in rectangles)
    assert all(a.intersection(b).area == 0 for a, b in combinations(rectangles, 2))
    assert len({(tile.crs, tile.size) for tile in tiles}) == 1
    if grid.pixels <= most:
        assert tiles == [grid]


def test_the_notebooks_grid() -> None:
    (grid,) = grids(Aoi(box(14, -20, 17, -17)), "EPSG:4326", 10)
    assert (grid.width, grid.height) == (33_397, 33_396)
    assert grid.size == 8.983152841195215e-05
    assert grid.transform[0] == -grid.transform[4] == grid.size


def test_a_bound_on_a_pixel_edge_costs_no_pixel() -> None:
    """Rounding in a projection must not add a row that only a billionth of a metre needs."""
    size = 10 / DEGREE
    (grid,) = grids(Aoi(box(7 * size, 3 * size, 19 * size, 4 * size)), "EPSG:4326", 10)
    assert (grid.left, grid.top, grid.width, grid.height) == (7, 4, 12, 1)


def test_a_tiny_area_has_one_pixel() -> None:
    (grid,) = grids(Aoi(box(14.00001, 10.00001, 14.00002, 10.00002)), "EPSG:32633", 1000)
    assert grid.pixels == 1


@pytest.mark.parametrize(
    ("lon", "lat", "zone"),
    [
        (14.5, -19.5, 32733),
        (14.5, 19.5, 32633),
        (0.1, 0.1, 32631),
        (-0.1, 0.1, 32630),
        (-179.9, 10, 32601),
        (179.9, 10, 32660),
        (179.9, -10, 32760),
        (5.3, 60.4, 32632),  # Bergen: zone 32 is wider in the south of Norway
        (2.9, 60.4, 32631),
        (5.3, 64.5, 32631),
        (15.6, 78.2, 32633),  # Longyearbyen: no even zones around Svalbard
        (8.5, 78.2, 32631),
        (9.5, 78.2, 32633),
        (25, 80, 32635),
        (35, 80, 32637),
        (43, 80, 32638),
        (10.5, -78.2, 32732),
    ],
)
def test_utm_is_the_zone_of_the_centroid(lon: float, lat: float, zone: int) -> None:
    aoi = Aoi(box(lon - 0.05, lat - 0.05, lon + 0.05, lat + 0.05))
    assert resolve_crs(aoi, "utm") == f"EPSG:{zone}"


def test_utm_across_the_antimeridian_is_one_grid_where_the_area_lies() -> None:
    aoi = Aoi(box(179.5, -17, 181.5, -16))  # centroid at 179.5°W
    (grid,) = grids(aoi, "utm", 10)
    assert grid.crs == "EPSG:32701"
    assert grid.width * 10 == pytest.approx(2 * DEGREE * math.cos(math.radians(16)), rel=0.01)
    assert grid.height * 10 == pytest.approx(110_600, rel=0.04)  # the zone's edges converge


def test_degrees_across_the_antimeridian_are_two_grids_on_one_lattice() -> None:
    east, west = sorted(
        grids(Aoi(box(179.5, -17, 181.5, -16)), "EPSG:4326", 10), key=lambda g: -g.left
    )
    assert (east.bounds[0], east.bounds[2]) == pytest.approx((179.5, 180), abs=1e-4)
    assert (west.bounds[0], west.bounds[2]) == pytest.approx((-180, -178.5), abs=1e-4)
    assert (east.top, east.height) == (west.top, west.height)


def test_a_polar_crs_covers_the_pole() -> None:
    (grid,) = grids(Aoi(box(-180, 88, 180, 90)), "EPSG:3413", 100)
    xmin, ymin, xmax, ymax = grid.bounds
    assert xmin < -200_000
    assert xmax > 200_000
    assert ymin < -200_000
    assert ymax > 200_000


def test_edges_run_straight_in_degrees_and_bend_in_metres() -> None:
    """A box's northern edge bulges in UTM: corners alone would leave a strip uncovered."""
    aoi = Aoi(Polygon([(12, 50), (18, 50), (18, 51), (12, 51)]))
    (grid,) = grids(aoi, "EPSG:32633", 10)
    lowest = min(y for _, y in outline(aoi, "EPSG:32633"))
    corner = Transformer.from_crs("EPSG:4326", "EPSG:32633", always_xy=True).transform(12, 50)[1]
    assert corner - lowest > 4_000
    assert grid.bounds[1] <= lowest


def cap_km2(south: float) -> float:
    """The ellipsoid poleward of a latitude."""
    lons = list(range(-180, 181, 1))
    return abs(Geod(ellps="WGS84").polygon_area_perimeter(lons, [south] * len(lons))[0]) / 1e6


def test_a_grids_area_is_that_on_the_ground() -> None:
    aoi = Aoi(box(14, 60, 16, 61))
    for crs in ("EPSG:4326", "EPSG:3857"):  # where Mercator's own metres are four times too many
        (grid,) = grids(aoi, crs, 10)
        assert grid.area_km2 == pytest.approx(aoi.area_km2, rel=1e-3), crs


def test_the_area_of_a_grid_around_a_pole_is_counted_once() -> None:
    (grid,) = grids(Aoi(box(-180, 85, 180, 90)), "EPSG:3413", 1000)
    assert grid.area_km2 == pytest.approx(cap_km2(85) * 4 / math.pi, rel=0.01)


def test_the_area_of_half_the_world_and_more() -> None:
    (grid,) = grids(Aoi(box(-180, -90, 180, 90)), "EPSG:4326", 10_000)
    assert grid.area_km2 == pytest.approx(510_065_622, rel=1e-3)


@settings(max_examples=100, deadline=None)
@given(edges, crss, scales)
def test_an_extent_holds_every_corner_of_a_grid_and_little_more(
    edge: tuple[float, float, float, float], crs: str, scale: float
) -> None:
    aoi = aoi_of(edge)
    (grid,) = grids(aoi, crs, scale)
    xmin, ymin, xmax, ymax = grid.bounds
    back = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True).transform
    corners = [back(x, y) for x in (xmin, xmax) for y in (ymin, ymax)]
    west, south, east, north = extent(aoi, crs, scale).unwrapped.bounds
    slack = 1e-9
    assert all(west - slack <= x <= east + slack for x, _ in corners)
    assert all(south - slack <= y <= north + slack for _, y in corners)
    most = edge[2] + edge[3] + 0.1 + 4 * scale / DEGREE  # turned, far from its zone
    assert max(east - west, north - south) < most


def test_an_extent_may_cross_the_antimeridian() -> None:
    aoi = Aoi(box(179.9, 10, 180.1, 10.1))
    for crs in ("utm", "EPSG:4326"):
        around = extent(aoi, crs, 10)
        assert len(around.sides) == 2, crs
        assert aoi.area_km2 < around.area_km2 < 1.1 * aoi.area_km2


def test_an_extent_around_a_pole_is_anywhere() -> None:
    around = extent(Aoi(box(-180, 89, 180, 90)), "EPSG:3413", 1000)
    assert around.unwrapped.bounds == (-180, -90, 180, 90)


def test_an_extent_ends_at_the_ends_of_the_world() -> None:
    around = extent(Aoi(box(-180, -90, 180, 90)), "EPSG:4326", 10_000)
    assert around.unwrapped.bounds == (-180, -90, 180, 90)
