"""The area of a message: kinds of GeoJSON, rings, the antimeridian, limits, hostile shapes."""

import json
import math
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
import shapely

from s1ratio.aoi import Aoi, geojson
from s1ratio.aoi.shapes import read_point
from s1ratio.errors import InvalidRequest
from s1ratio.request import Limits, read_message
from tests.support.messages import collection, faults_of, message, polygon, read, refused, square
from tests.support.relative_effort import effort

ANYWHERE = Limits(max_area_km2=1e9)
HOLE = [[14.2, 10.2], [14.4, 10.2], [14.4, 10.4], [14.2, 10.4], [14.2, 10.2]]
CUT: dict[str, Any] = {
    "type": "MultiPolygon",
    "coordinates": [[square(179, 10)], [square(-180, 10)]],
}


def area(value: Any, **fields: Any) -> Aoi:
    return read(ANYWHERE, aoi=value, **fields).request.aoi


def band_km2(south: float, north: float) -> float:
    """Area of the ellipsoid between two parallels, from the closed formula (authalic latitude)."""
    a, f = 6378.137, 1 / 298.257223563
    e = math.sqrt(f * (2 - f))

    def q(lat: float) -> float:
        s = math.sin(math.radians(lat))
        return (1 - e * e) * (s / (1 - e * e * s * s) + math.atanh(e * s) / e)

    return math.pi * a * a * (q(north) - q(south))


@pytest.mark.parametrize(
    "value",
    [
        polygon(square(14, 10)),
        polygon(square(14, 10)[::-1]),
        {"type": "Polygon", "coordinates": [[[*p, 250.0] for p in square(14, 10)]]},
        {"type": "MultiPolygon", "coordinates": [[square(14, 10)]]},
        {"type": "Feature", "properties": {"name": "x"}, "geometry": polygon(square(14, 10))},
        collection(polygon(square(14, 10))),
        collection(polygon(square(14, 10)), polygon(square(14.5, 10.5, 0.25))),
        {"bbox": [14, 10, 15, 11]},
        {**polygon(square(14, 10)), "bbox": [14, 10, 15, 11]},
    ],
    ids=lambda v: str(v)[:40],
)
def test_one_square_said_in_many_ways(value: Any) -> None:
    aoi = area(value)
    assert aoi.unwrapped.bounds == (14, 10, 15, 11)
    assert aoi.centroid == (14.5, 10.5)
    assert aoi.area_km2 == pytest.approx(band_km2(10, 11) / 360, rel=1e-5)


def test_overlapping_features_are_united_and_parts_kept() -> None:
    two = area(collection(polygon(square(14, 10)), polygon(square(14.5, 10))))
    assert two.area_km2 == pytest.approx(1.5 * band_km2(10, 11) / 360, rel=1e-5)
    apart = area(collection(polygon(square(14, 10)), polygon(square(16, 10))))
    assert len(apart.geojson()["coordinates"]) == 2


def test_a_hole_is_no_area() -> None:
    whole = band_km2(10, 11) / 360
    hole = band_km2(10.2, 10.4) * 0.2 / 360
    assert area(polygon(square(14, 10), HOLE)).area_km2 == pytest.approx(whole - hole, rel=1e-5)
    assert area(polygon(square(14, 10), HOLE[::-1])).area_km2 == pytest.approx(whole - hole)


def test_exterior_rings_come_out_anticlockwise() -> None:
    ring = area(polygon(square(14, 10)[::-1])).geojson()["coordinates"][0][0]
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    assert twice > 0


@pytest.mark.parametrize("radius", [50, 10_000, 200_000])
def test_a_point_with_a_radius_is_a_disk(radius: float) -> None:
    aoi = area({"type": "Point", "coordinates": [14, -20], "buffer_m": radius})
    assert aoi.area_km2 == pytest.approx(math.pi * (radius / 1000) ** 2, rel=5e-3)
    assert aoi.centroid == pytest.approx((14, -20), abs=0.05)


@pytest.mark.parametrize(
    "box",
    [
        [14, -20, 17, -17],
        [-10, 60, 20, 80],
        [-180, -90, 180, 90],
        [-180, -60, 180, 60],
        [-179, -89, 179, 89],
        [170, -5, -170, 5],
        [10, -20, 9, -19],
    ],
)
def test_the_area_of_a_box_is_that_of_the_ellipsoid(box: list[float]) -> None:
    west, south, east, north = box
    width = east - west if east > west else east - west + 360
    aoi = area({"bbox": box}, grid={"crs": "EPSG:4326"})
    assert aoi.area_km2 == pytest.approx(band_km2(south, north) * width / 360, rel=1e-5)


def test_the_whole_world_is_over_the_limit() -> None:
    assert "510,065,622 km²" in refused(aoi={"bbox": [-180, -90, 180, 90]})["aoi"]


def test_a_box_across_the_antimeridian_is_cut_and_centred_where_it_lies() -> None:
    aoi = area({"bbox": [179, 10, -177, 12]})
    assert len(aoi.sides) == 2
    assert sorted(side.bounds for side in aoi.sides) == [
        (-180, 10, -177, 12),
        (179, 10, 180, 12),
    ]
    assert aoi.centroid == pytest.approx((-179, 11))
    for part in aoi.geojson()["coordinates"]:
        assert all(abs(lon) <= 180 for lon, _ in part[0])


@pytest.mark.parametrize("value", [CUT, collection(*(polygon(*p) for p in CUT["coordinates"]))])
def test_parts_cut_at_the_antimeridian_are_one_area(value: Any) -> None:
    aoi = area(value)
    assert len(aoi.sides) == 2
    assert aoi.centroid == pytest.approx((180, 10.5)) or aoi.centroid == pytest.approx((-180, 10.5))
    assert aoi.area_km2 == pytest.approx(2 * band_km2(10, 11) / 360, rel=1e-5)


@pytest.mark.parametrize("lon", [179.9, -179.9])
def test_a_disk_across_the_antimeridian(lon: float) -> None:
    aoi = area({"type": "Point", "coordinates": [lon, 10], "buffer_m": 50_000})
    assert len(aoi.sides) == 2
    assert aoi.centroid == pytest.approx((lon, 10), abs=0.01)
    assert aoi.area_km2 == pytest.approx(math.pi * 2500, rel=5e-3)


REFUSED: list[tuple[Any, str, str]] = [
    (None, "aoi", "GeoJSON object"),
    ("POLYGON", "aoi", "GeoJSON object"),
    ([], "aoi", "GeoJSON object"),
    ({}, "aoi.type", "it has no `type`: send Polygon"),
    ({"type": None}, "aoi.type", "it has no `type`"),
    ({"aoi": {"bbox": [1, 1, 2, 2]}}, "aoi.type", "it has no `type`"),
    ({"type": ["Polygon"]}, "aoi.type", "no area"),
    ({"type": "LineString", "coordinates": [[0, 0], [1, 1]]}, "aoi.type", "'LineString'"),
    ({"type": "GeometryCollection", "geometries": []}, "aoi.geometries", "1 to"),
    ({"type": "Polygon"}, "aoi.coordinates", "list of rings"),
    (polygon(), "aoi.coordinates", "list of rings"),
    (polygon([]), "aoi.coordinates[0]", "at least 4"),
    (polygon([[0, 0], [1, 0], [0, 0]]), "aoi.coordinates[0]", "at least 4"),
    (polygon(square(0, 0)[:-1]), "aoi.coordinates[0]", "last position must repeat the first"),
    (
        polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]),
        "aoi.coordinates[0]",
        "crosses or touches itself at 0.5 0.5",
    ),
    (polygon([[0, 0], [1, 0], [2, 0], [0, 0]]), "aoi.coordinates[0]", "the ring"),
    (polygon(square(0, 0), square(5, 5)), "aoi.coordinates", "Hole lies outside shell"),
    (
        polygon(square(0, 0, 9), square(1, 1, 2), square(2, 2, 2)),
        "aoi.coordinates",
        "do not fit together",
    ),
    (polygon([[500, 0], *square(0, 0)]), "aoi.coordinates[0][0]", "longitude is -180..180"),
    (polygon([[10, 100], *square(0, 0)]), "aoi.coordinates[0][0]", "longitude first"),
    (polygon([[0, 91], *square(0, 0)]), "aoi.coordinates[0][0]", "latitude -90..90"),
    (polygon([["0", "1"], *square(0, 0)]), "aoi.coordinates[0][0]", "finite numbers"),
    (polygon([[True, False], *square(0, 0)]), "aoi.coordinates[0][0]", "finite numbers"),
    (polygon([[None, 1], *square(0, 0)]), "aoi.coordinates[0][0]", "finite numbers"),
    (polygon([[[0, 1], 1], *square(0, 0)]), "aoi.coordinates[0][0]", "finite numbers"),
    (polygon([[10**400, 1], *square(0, 0)]), "aoi.coordinates[0][0]", "finite numbers"),
    (polygon([[1], *square(0, 0)]), "aoi.coordinates[0][0]", "[longitude, latitude]"),
    (polygon([[1, 2, 3, 4], *square(0, 0)]), "aoi.coordinates[0][0]", "[longitude, latitude]"),
    (polygon([5, *square(0, 0)]), "aoi.coordinates[0][0]", "[longitude, latitude]"),
    (polygon(square(0, 0, 1e-200)), "aoi", "no area"),
    (
        polygon([[100, 0], [-100, 0], [-100, 1], [100, 1], [100, 0]]),
        "aoi.coordinates[0]",
        "add vertices on its way, at least every 90°, or send a bbox",
    ),
    (
        polygon([[0, 1], [90, -1], [179, 1], [-92, -1], [0, 1]]),
        "aoi.coordinates[0]",
        "either pole may be inside: send a bbox from -180 to 180",
    ),
    (
        polygon([[179, 0], [181, 0], [180, 1], [179, 1], [179, 0]]),
        "aoi.coordinates[0][1]",
        "the same meridian is -179",
    ),
    ({**polygon(square(0, 0)), "buffer_m": 5}, "aoi.buffer_m", "only a Point"),
    (
        {**polygon(square(0, 0)), "crs": {"properties": {"name": "EPSG:32633"}}},
        "aoi.crs",
        "EPSG:4326",
    ),
    ({"type": "Point", "coordinates": [0, 0]}, "aoi.buffer_m", "needs `buffer_m`"),
    ({"type": "Point", "coordinates": [0, 0], "buffer_m": 0}, "aoi.buffer_m", "over 0"),
    ({"type": "Point", "coordinates": [0, 0], "buffer_m": -5}, "aoi.buffer_m", "over 0"),
    ({"type": "Point", "coordinates": [0, 0], "buffer_m": "5"}, "aoi.buffer_m", "metres"),
    ({"type": "Point", "coordinates": [0, 0], "buffer_m": True}, "aoi.buffer_m", "metres"),
    ({"type": "Point", "coordinates": [0, 0], "buffer_m": 1e7}, "aoi.buffer_m", "at most 500000"),
    ({"type": "Point", "coordinates": [0], "buffer_m": 5}, "aoi.coordinates", "[longitude"),
    ({"type": "Point", "coordinates": [0, 90], "buffer_m": 1e-9}, "aoi", "has no area"),
    ({"type": "Point", "coordinates": [0, 89], "buffer_m": 111_694}, "aoi", "meets a pole"),
    ({"bbox": [0, 0, 1]}, "aoi.bbox", "[west, south, east, north]"),
    ({"bbox": "0,0,1,1"}, "aoi.bbox", "[west, south, east, north]"),
    ({"bbox": [0, 1, 1, 0]}, "aoi.bbox", "south (1) must be less than north (0)"),
    ({"bbox": [1, 0, 1, 1]}, "aoi.bbox", "no width"),
    ({"bbox": [0, 0, 500, 1]}, "aoi.bbox[2:4]", "longitude is -180..180"),
    ({"bbox": [0, 0, 1, 1], "buffer_m": 5}, "aoi.buffer_m", "alone"),
    ({"type": "Feature", "geometry": None}, "aoi.geometry", "GeoJSON object"),
    ({"type": "FeatureCollection", "features": []}, "aoi.features", "1 to"),
    ({"type": "FeatureCollection"}, "aoi.features", "1 to"),
    (
        {"type": "FeatureCollection", "features": [polygon(square(0, 0))]},
        "aoi.features[0]",
        "GeoJSON Feature",
    ),
]


@pytest.mark.parametrize(("value", "path", "words"), REFUSED, ids=lambda v: str(v)[:50])
def test_a_wrong_area_is_refused_in_words(value: Any, path: str, words: str) -> None:
    faults = refused(aoi=value)
    assert list(faults) == [path]
    assert words in faults[path]


def test_every_wrong_position_and_ring_is_told() -> None:
    bad = polygon([[0, 99], [1, 0], [1, "1"], [0, 99]], square(0, 0)[:-1])
    assert set(refused(aoi=bad)) == {
        "aoi.coordinates[0][0]",
        "aoi.coordinates[0][2]",
        "aoi.coordinates[0][3]",
        "aoi.coordinates[1]",
    }


def circle(vertices: int) -> dict[str, Any]:
    points = [
        [14 + math.cos(2 * math.pi * i / vertices), 10 + math.sin(2 * math.pi * i / vertices)]
        for i in range(vertices)
    ]
    return polygon([*points, points[0]])


def test_ten_thousand_vertices_are_allowed_and_no_more() -> None:
    assert shapely.get_num_coordinates(area(circle(9_999)).unwrapped) == 10_000
    assert "at most 10000" in refused(aoi=circle(10_000))["aoi.coordinates[0]"]


def strips(count: int, length: float) -> dict[str, Any]:
    """Thin boxes that lie across each other: their union would have count² holes."""
    step = length / count
    across = [
        {"w": 14, "s": 10 + i * step, "e": 14 + length, "n": 10 + (i + 0.5) * step}
        for i in range(count)
    ]
    rings = []
    for box in across:
        w, s, e, n = box["w"], box["s"], box["e"], box["n"]
        rings.append([[w, s], [e, s], [e, n], [w, n], [w, s]])
        rings.append([[y + 4, x - 4] for x, y in rings[-1]])
    return collection(*map(polygon, rings))


def teeth(count: int, height: float) -> list[list[float]]:
    step = 1 / count
    ring = [
        [14 + (i + dx) * step, 10 + y]
        for i in range(count)
        for dx, y in ((0, 0.0), (0, height), (0.5, height), (0.5, 0.0))
    ]
    return [*ring, [15, 9.9], [14, 9.9], ring[0]]


def star(vertices: int) -> list[list[float]]:
    turns = [2 * math.pi * i * (vertices // 2) / vertices for i in range(vertices)]
    points = [[14 + math.cos(t), 10 + math.sin(t)] for t in turns]
    return [*points, points[0]]


EVIL: dict[str, Any] = {
    "10,000 overlapping boxes": collection(
        *[polygon(square(round(14 + i * 1e-4, 4), 10)) for i in range(10_000)]
    ),
    "1,900 overlapping boxes": collection(
        *[polygon(square(round(14 + i * 1e-5, 5), 10, 0.1)) for i in range(1_900)]
    ),
    "strips across strips": strips(950, 0.25),
    "fewer strips": strips(200, 1),
    "a comb across a comb": collection(
        polygon(teeth(1200, 0.2)), polygon([[y + 4.1, x - 4.1] for x, y in teeth(1200, 0.2)])
    ),
    "a long comb": polygon(teeth(2_490, 80)),
    "a star of 9,999": polygon(star(9_999)),
    "1,900 squares": {
        "type": "MultiPolygon",
        "coordinates": [[square(14 + i % 50 * 0.02, i // 50 * 0.02, 0.01)] for i in range(1_900)],
    },
    "1,900 touching squares": {
        "type": "MultiPolygon",
        "coordinates": [[square(14 + i % 50 / 64, i // 50 / 64, 1 / 64)] for i in range(1_900)],
    },
    "1,900 holes": polygon(
        square(13, -1, 4),
        *[square(14 + i % 50 * 0.02, i // 50 * 0.02, 0.01) for i in range(1_900)],
    ),
    "holes across holes": polygon(
        square(10, 6, 9), *[f["geometry"]["coordinates"][0] for f in strips(900, 1)["features"]]
    ),
    "600,000 numbers for polygons": {"type": "MultiPolygon", "coordinates": [0] * 600_000},
    "10,000 wrong positions": polygon([[None, 1]] * 10_000),
    "10,000 wrong features": {"type": "FeatureCollection", "features": [0] * 10_000},
    "70,000 triangles": polygon(*[[[0, 0], [1, 0], [1, 1], [0, 0]]] * 50_000),
}


@pytest.mark.parametrize("name", EVIL)
def test_an_evil_shape_is_judged_fast(name: str) -> None:
    payload = json.dumps(message(aoi=EVIL[name]), separators=(",", ":"))

    def judge() -> None:
        with suppress(InvalidRequest):
            read_message(payload, Limits())

    assert (
        effort(judge) < 250
    )  # 76 at most on an idle machine: what uses memory has busy neighbours


@pytest.mark.parametrize(
    "box", [[0, 0, 170, 0.01], [10, 0, -10, 0.001], [0, -80.1, 10, -79], [0, 83.9, 1, 84.1]]
)
def test_utm_is_refused_where_it_does_not_reach(box: list[float]) -> None:
    assert "UTM" in refused(aoi={"bbox": box})["grid.crs"]


def test_polar_areas_are_advised_a_polar_crs() -> None:
    aoi = {"bbox": [0, 84.5, 5, 85]}
    assert "EPSG:3413" in refused(aoi=aoi)["grid.crs"]
    assert read(aoi=aoi, grid={"crs": "EPSG:3413"}).request.grid.crs == "EPSG:3413"


def test_a_crs_that_tears_the_area_apart_is_refused() -> None:
    """Mercator ends at ±180°: an area across it would span the Earth."""
    aoi = {"bbox": [179, 10, -179, 11]}
    assert "can't be projected" in refused(aoi=aoi, grid={"crs": "EPSG:3857"})["grid.crs"]
    assert (
        "can't be projected"
        in refused(aoi={"bbox": [0, -90, 5, -89]}, grid={"crs": "EPSG:3857"})["grid.crs"]
    )


def test_a_number_too_large_for_json_is_refused_wherever_it_stands() -> None:
    feature = {"type": "Feature", "properties": {"x": 12345}, "geometry": polygon(square(14, 10))}
    payload = json.dumps(message(aoi=feature)).replace("12345", "1e400")
    assert "too large" in faults_of(payload)[0].message
    ring = polygon([[0, 12345], *square(0, 0)])
    payload = json.dumps(message(aoi=ring)).replace("12345", "1e400")
    assert faults_of(payload)[0].path == "aoi.coordinates[0][0]"


def test_a_box_from_180_to_180_has_no_width() -> None:
    for bbox in ([180, 0, -180, 1], [10, 0, 10, 1]):
        assert "are one meridian: the box has no width" in refused(aoi={"bbox": bbox})["aoi.bbox"]
    assert area({"bbox": [-180, 0, 180, 0.1]}, grid={"crs": "EPSG:4326"}).area_km2 > 0


@pytest.mark.parametrize("kind", ["FeatureCollection", "GeometryCollection"])
def test_points_beyond_what_an_outline_may_have_are_not_made(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def counted(*arguments: Any) -> shapely.Polygon | None:
        made.append(arguments)
        return read_point(*arguments)

    monkeypatch.setattr(geojson, "read_point", counted)
    point = {"type": "Point", "coordinates": [13, 52], "buffer_m": 1}
    many = [point] * 6_000
    geometries = {"type": kind, "geometries": many}
    faults = refused(aoi=collection(*many) if kind == "FeatureCollection" else geometries)
    assert faults["aoi"].startswith("too many vertices, at most 10000")
    assert len(made) == 78
