"""Samples, points, joins with measures, features and filters, against plain computations."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from typing import Any

import ee
import numpy as np
import pytest
from pyproj import Geod, Transformer
from shapely.geometry import Point, Polygon

from local_earthengine.errors import EarthEngineError
from tests.unit.earthengine.world import NAME, UTM, World, native, speckle

COMPUTE = World().compute
TO_UTM = Transformer.from_crs("EPSG:4326", UTM, always_xy=True)
SHAPE = (6, 8)


def box(left: float, top: float, right: float, bottom: float) -> Any:
    """A region of the scenes' pixels, rows counted down."""
    corners = [500_000 + 10 * left, 8_000_000 - 10 * bottom, 500_000 + 10 * right]
    return ee.Geometry.Rectangle(
        [*corners, 8_000_000 - 10 * top], ee.Projection(UTM), geodesic=False
    )


def rows(found: Any) -> list[dict[str, Any]]:
    return [feature["properties"] for feature in found["features"]]


def test_pixels_become_features() -> None:
    made = World()
    layer = speckle(SHAPE, 1, 0.3)
    image = ee.Image(made.add({"v": layer, "w": speckle(SHAPE, 2)}))
    region = box(1, 1, 6, 5)

    dropped = made.compute(image.sample(region, geometries=True))["features"]
    kept = rows(made.compute(image.sample(region, dropNulls=False)))

    assert len(kept) == 20
    assert [row.get("v") for row in kept] == [
        pytest.approx(float(layer[0][r, c])) if layer[1][r, c] else None
        for r in range(1, 5)
        for c in range(1, 6)
    ]
    assert len(dropped) == layer[1][1:5, 1:6].sum()
    for feature in dropped:
        x, y = TO_UTM.transform(*feature["geometry"]["coordinates"])
        row, col = int((8_000_000 - y) // 10), int((x - 500_000) // 10)
        assert (x - 500_000) % 10 == pytest.approx(5, abs=1e-3)
        assert feature["properties"]["v"] == pytest.approx(float(layer[0][row, col]))


def test_a_share_of_the_pixels_is_drawn_by_the_seed() -> None:
    made = World()
    image = ee.Image(made.add({"v": speckle((60, 60), 1)}))
    region = box(0, 0, 60, 60)

    def draw(**given: Any) -> list[dict[str, Any]]:
        return rows(made.compute(image.sample(region, **given)))

    assert len(draw(factor=0.25)) == pytest.approx(900, abs=120)
    assert len(draw(numPixels=360)) == pytest.approx(360, abs=80)
    assert draw(numPixels=50, seed=1) == draw(numPixels=50, seed=1)
    assert draw(numPixels=50, seed=1) != draw(numPixels=50, seed=2)
    with pytest.raises(EarthEngineError, match="Only one of 'factor' and 'numPixels'"):
        draw(factor=0.5, numPixels=2)


def test_regions_are_sampled_with_their_properties() -> None:
    made = World()
    layer = speckle(SHAPE, 1)
    image = ee.Image(made.add({"v": layer}))
    features = ee.FeatureCollection(
        [ee.Feature(box(0, 0, 2, 1), {"n": 1, "m": "a"}), ee.Feature(box(3, 3, 4, 5), {"n": 2})]
    )
    found = made.compute(image.sampleRegions(features, ["n"], geometries=True))
    expected = [(1, 0, 0), (1, 0, 1), (2, 3, 3), (2, 4, 3)]
    assert [(row["n"], row["v"]) for row in rows(found)] == [
        (n, pytest.approx(float(layer[0][r, c]))) for n, r, c in expected
    ]
    assert "m" not in rows(found)[0]
    assert rows(made.compute(image.sampleRegions(features)))[0]["m"] == "a"


def test_rectangles_and_rows_of_pixels() -> None:
    made = World()
    layers = [speckle(SHAPE, seed, 0.0) for seed in (1, 2)]
    for layer in layers:
        made.add({"v": layer})
    region = box(2, 1, 5, 4)
    images = ee.ImageCollection(NAME)

    square = rows({"features": [made.compute(images.first().sampleRectangle(region))]})[0]["v"]
    table = made.compute(images.getRegion(region, crs=images.first().projection()))

    np.testing.assert_allclose(square, layers[0][0][1:4, 2:5], rtol=1e-6)
    assert table[0] == ["id", "longitude", "latitude", "time", "v"]
    assert len(table) == 1 + 9 * 2
    assert [row[0] for row in table[1:3]] == ["S0", "S1"]
    for name, lon, lat, _, value in table[1:]:
        x, y = TO_UTM.transform(lon, lat)
        place = int((8_000_000 - y) // 10), int((x - 500_000) // 10)
        assert value == pytest.approx(float(layers[int(name[1])][0][place]))


def test_points_are_strewn_evenly_over_the_sphere() -> None:
    ring = [(0, 0), (40, 0), (40, 70), (0, 60)]
    region = ee.Geometry.Polygon([ring], None, False)
    points = rows_of_points(ee.FeatureCollection.randomPoints(region, 2000, 7))
    assert len(points) == 2000
    assert all(Polygon(ring).covers(Point(*point)) for point in points)
    north = sum(lat > 30 for _, lat in points) / 2000
    share = zone(30, 90, ring) / zone(0, 90, ring)
    assert north == pytest.approx(share, abs=0.04)
    assert points == rows_of_points(ee.FeatureCollection.randomPoints(region, 2000, 7))
    assert points != rows_of_points(ee.FeatureCollection.randomPoints(region, 2000, 8))
    line = ee.Geometry.LineString([[0, 0], [10, 0]], None, False)
    along = rows_of_points(ee.FeatureCollection.randomPoints(line, 50))
    assert all(lat == 0 and 0 <= lon <= 10 for lon, lat in along)


def rows_of_points(collection: ee.FeatureCollection) -> list[list[float]]:
    return [f["geometry"]["coordinates"] for f in COMPUTE(collection)["features"]]


def zone(south: float, north: float, ring: list[tuple[int, int]]) -> float:
    """The share of a polygon between two latitudes, by many thin slices of a sphere."""
    total = 0.0
    for lat in np.arange(max(south, 0) + 0.05, min(north, 70), 0.1):
        inside = Polygon(ring).intersection(Polygon([(-9, lat), (99, lat), (99, lat + 1e-9)]))
        total += (inside.bounds[2] - inside.bounds[0]) * math.cos(math.radians(lat))
    return total


def points(*places: tuple[float, float]) -> Any:
    return ee.FeatureCollection(
        [
            ee.Feature(ee.Geometry.Point(place), {"n": i, "t": place[0]})
            for i, place in enumerate(places)
        ]
    )


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(Geod(ellps="WGS84").inv(*one, *other)[2])


ONES = [(0.0, 0.0), (1.0, 1.0), (5.0, 5.0)]
OTHERS = [(0.0, 0.01), (0.005, 0.0), (1.0, 1.02), (9.0, 9.0)]


def near(limit: float) -> Any:
    return ee.Filter.withinDistance(limit, leftField=".geo", rightField=".geo")


def test_joins_keep_the_measure_of_their_condition() -> None:
    best = ee.Join.saveBest("match", "apart").apply(points(*ONES), points(*OTHERS), near(5000))
    found = rows(COMPUTE(best))
    assert [(row["n"], row["match"]["properties"]["n"]) for row in found] == [(0, 1), (1, 2)]
    apart = [row["match"]["properties"]["apart"] for row in found]
    assert apart == pytest.approx([metres(ONES[0], OTHERS[1]), metres(ONES[1], OTHERS[2])])

    every = ee.Join.saveAll("all", measureKey="apart")
    found = rows(COMPUTE(every.apply(points(*ONES), points(*OTHERS), near(5000))))
    assert [[m["properties"]["n"] for m in row["all"]] for row in found] == [[0, 1], [2]]
    assert found[0]["all"][0]["properties"]["apart"] == pytest.approx(metres(ONES[0], OTHERS[0]))

    outer = ee.Join.saveBest("match", "apart", True)
    assert len(rows(COMPUTE(outer.apply(points(*ONES), points(*OTHERS), near(5000))))) == 3


def test_differences_are_measures_too() -> None:
    close = ee.Filter.maxDifference(0.5, "t", None, "t")
    pairs = ee.Join.inner("a", "b", "d").apply(points(*ONES), points(*OTHERS), close)
    found = [
        (r["a"]["properties"]["n"], r["b"]["properties"]["n"], r["d"]) for r in rows(COMPUTE(pairs))
    ]
    expected = [
        (i, j, abs(a[0] - b[0]))
        for i, a in enumerate(ONES)
        for j, b in enumerate(OTHERS)
        if abs(a[0] - b[0]) <= 0.5
    ]
    assert found == expected
    equal = ee.Join.saveBest("m", "d").apply(
        points(*ONES), points(*OTHERS), ee.Filter.equals(leftField="t", rightField="t")
    )
    with pytest.raises(EarthEngineError, match="The join condition has no measure"):
        COMPUTE(equal)


def passing(condition: ee.Filter) -> list[int]:
    features = [
        ee.Feature(ee.Geometry.Point([0, 0]), {"n": 0, "a": 1, "s": "x"}),
        ee.Feature(ee.Geometry.Point([0, 0.001]), {"n": 1, "a": 5.5, "s": "y"}),
        ee.Feature(None, {"n": 2, "a": -3, "b": -3}),
        ee.Feature(ee.Geometry.Rectangle([0, 0, 0.01, 0.01]), {"n": 3, "s": "x", "b": 1}),
    ]
    found = COMPUTE(ee.FeatureCollection(features).filter(condition))
    return [row["n"] for row in rows(found)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a > 1", [1]), ("1 < a", [1]), ("a >= 1 && s == 'x'", [0]),
        ("a == -3 || s == 'x'", [0, 2, 3]),
        ("!(a > 0)", [2, 3]), ("a == b", [2]), ("(a < 2 || n == 3) && s != 'y'", [0, 3]),
    ],
)  # fmt: skip
def test_filters_as_text(text: str, expected: list[int]) -> None:
    assert passing(ee.Filter.expression(text)) == expected


def test_filters_by_place_type_and_area() -> None:
    origin = ee.Geometry.Point([0, 0])
    assert passing(ee.Filter.withinDistance(100, ".geo", origin)) == [0, 3]
    assert passing(ee.Filter.withinDistance(200, ".geo", origin)) == [0, 1, 3]
    assert passing(ee.Filter.hasGeometry()) == [0, 1, 3]
    assert passing(ee.Filter.hasType("s", "String")) == [0, 1, 3]
    assert passing(ee.Filter.hasType("a", "Number")) == [0, 1, 2]
    assert passing(ee.Filter.area(1, 1e7)) == [3]
    for text in ("a", "1 < 2", "a > 1 + 1", "a >"):
        with pytest.raises(EarthEngineError, match=r"Filter\.expression"):
            passing(ee.Filter.expression(text))


def test_columns_of_collections() -> None:
    features = ee.FeatureCollection([ee.Feature(None, {"k": k}) for k in (3, 1, 2, 9)])
    assert [r["k"] for r in rows(COMPUTE(features.remap([3, 2], [30, 20], "k")))] == [30, 20]
    stats = COMPUTE(features.aggregate_stats("k"))
    assert stats["sample_var"] == pytest.approx(statistics.variance([3, 1, 2, 9]))
    assert stats["total_sd"] == pytest.approx(statistics.pstdev([3, 1, 2, 9]))
    assert COMPUTE(features.aggregate_sample_sd("k")) == pytest.approx(
        statistics.stdev([3, 1, 2, 9])
    )
    many = ee.FeatureCollection(ee.List.sequence(1, 500).map(lambda n: ee.Feature(None, {"n": n})))
    numbers = [r["random"] for r in rows(COMPUTE(many.randomColumn()))]
    assert all(0 <= number < 1 for number in numbers)
    assert statistics.fmean(numbers) == pytest.approx(0.5, abs=0.05)
    assert numbers != [r["random"] for r in rows(COMPUTE(many.randomColumn("random", 1)))]
    union = COMPUTE(points((0, 0), (1, 1)).union())["features"]
    assert len(union) == 1
    assert union[0]["geometry"]["type"] == "MultiPoint"


def test_collections_of_images_combined_and_cast() -> None:
    made = World()
    for seed in (1, 2):
        made.add({"v": speckle(SHAPE, seed)})
    images = ee.ImageCollection(NAME)
    other = images.map(lambda image: image.multiply(2).rename("w")).limit(1)
    found = made.compute(images.combine(other))["features"]
    assert [[band["id"] for band in image["bands"]] for image in found] == [["v", "w"]]
    cast = made.compute(images.cast({"v": "int16"}, ["v"]))["features"]
    assert {image["bands"][0]["data_type"]["precision"] for image in cast} == {"int"}


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (lambda f, g: f.area(1).divide(g.geometry().area(1)), 1),
        (lambda f, g: f.intersects(g), True),
        (lambda f, g: f.buffer(1000).contains(g.geometry()), True),
        (lambda f, g: f.distance(g), 0),
        (lambda f, g: f.intersection(g).get("a"), 1),
        (lambda f, _: f.centroid(1).geometry().coordinates(), [0.5, 0.5]),
        (lambda f, _: f.bounds(1).geometry().type(), "Polygon"),
        (lambda f, g: f.withinDistance(g, 1), True),
        (lambda f, g: f.perimeter(1).divide(g.perimeter(1)), 1),
    ],
)  # fmt: skip
def test_features_can_what_geometries_can(build: Callable[..., Any], expected: Any) -> None:
    feature = ee.Feature(ee.Geometry.Rectangle([0, 0, 1, 1], None, False), {"a": 1})
    found = COMPUTE(build(feature, feature))
    assert found == (pytest.approx(expected) if not isinstance(expected, str) else expected)


def test_properties_are_chosen_and_replaced() -> None:
    feature = ee.Feature(ee.Geometry.Point([0, 0]), {"a": 1, "ab": 2, "c": 3})
    chosen = COMPUTE(feature.select(["a.*"]))
    assert chosen["properties"] == {"a": 1, "ab": 2}
    renamed = COMPUTE(feature.select(["a", "c"], ["x", "y"], False))
    assert renamed["properties"] == {"x": 1, "y": 3}
    assert renamed["geometry"] is None
    bare = ee.Feature(None, {"a": 1})
    with pytest.raises(EarthEngineError, match=r"Feature\.area: The feature has no geometry"):
        COMPUTE(bare.area())


def test_lists_by_place() -> None:
    items = ee.List([1, 2, 3, 2, 3, 4])
    assert COMPUTE(items.splice(1, 2, [9])) == [1, 9, 2, 3, 4]
    assert COMPUTE(items.splice(-2, 1)) == [1, 2, 3, 2, 4]
    assert COMPUTE(items.swap(0, -1)) == [4, 2, 3, 2, 3, 1]
    assert COMPUTE(items.indexOfSublist([2, 3])) == 1
    assert COMPUTE(items.lastIndexOfSubList([2, 3])) == 3
    assert COMPUTE(items.indexOfSublist([3, 1])) == -1
    shuffled = COMPUTE(items.shuffle(3))
    assert sorted(shuffled) == [1, 2, 2, 3, 3, 4]
    assert shuffled == COMPUTE(items.shuffle(3))
    assert len({tuple(COMPUTE(items.shuffle(seed))) for seed in range(20)}) > 5
    with pytest.raises(EarthEngineError, match="The position 6 is none"):
        COMPUTE(items.swap(0, 6))


def test_dates_changed_parsed_and_measured() -> None:
    date = ee.Date("2020-02-12T18:30:15")
    assert COMPUTE(date.update(year=2021, day=3).format()) == "2021-02-03T18:30:15"
    assert COMPUTE(date.getFraction("day")) == pytest.approx((18.5 * 3600 + 15) / 86400)
    assert COMPUTE(date.getFraction("year")) == pytest.approx(
        (42 * 86400 + 18.5 * 3600 + 15) / (366 * 86400)
    )
    assert COMPUTE(ee.Date.parse("yyyyMMdd'T'HHmmss", "20200212T183015").millis()) == COMPUTE(
        date.millis()
    )
    assert COMPUTE(ee.Date.parse("dd.MM.YYYY", "12.02.2020", "Europe/Berlin").format()) == (
        "2020-02-11T23:00:00"
    )
    with pytest.raises(EarthEngineError, match=r"Date\.update: Bad date"):
        COMPUTE(date.update(month=2, day=30))
    with pytest.raises(EarthEngineError, match="malformed"):
        COMPUTE(ee.Date.parse("yyyy", "20x0"))


def test_ranges_of_dates_meet_and_join() -> None:
    one = ee.DateRange("2020-01-01", "2020-02-01")
    other = ee.DateRange("2020-01-20", "2020-03-01")
    assert COMPUTE(one.intersection(other).start().format("MM-dd")) == "01-20"
    assert COMPUTE(one.union(other).end().format("MM-dd")) == "03-01"
    assert COMPUTE(one.intersection(ee.DateRange("2021-01-01", "2021-02-01")).isEmpty())
    assert COMPUTE(ee.DateRange.unbounded().isUnbounded())
    assert not COMPUTE(one.isUnbounded())


def test_pixel_types_tell_what_they_are() -> None:
    made = World()
    image = ee.Image(made.add({"v": (np.ones(SHAPE, "uint8"), np.ones(SHAPE, bool))}))
    kind = ee.PixelType(image.bandTypes().get("v"))
    assert made.compute(ee.List([kind.precision(), kind.minValue(), kind.maxValue()])) == [
        "int", 0, 255,
    ]  # fmt: skip
    assert made.compute(kind.dimensions()) == 0
    assert made.pixels(image, native(8, 6))["v"][0].dtype == np.uint8
