"""`reduceRegion(s)` against loops over pixels whose shares come from their corners."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from typing import Any

import ee
import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import Polygon, box

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import UTM, Layer, World, speckle

SHAPE = (40, 50)
TO_LONLAT = Transformer.from_crs(UTM, "EPSG:4326", always_xy=True).transform


# In metres from the scenes' corner, north-west: a crooked quadrangle within the scene.
RING = [(33.0, -48.0), (411.0, -27.0), (455.0, -361.0), (62.0, -333.0)]


def moved(shape: Polygon, change: Callable[..., Any]) -> Polygon:
    return shapely.transform(shape, change, interleaved=False)


def area(ring: list[tuple[float, float]] = RING) -> tuple[ee.Geometry, Polygon]:
    """The region for the client, planar in degrees, and the same in pixels, rows downwards."""
    lonlat = moved(Polygon([(500_000 + x, 8_000_000 + y) for x, y in ring]), TO_LONLAT)
    back = Transformer.from_crs("EPSG:4326", UTM, always_xy=True).transform
    metres = moved(lonlat, back)
    pixels = moved(metres, lambda x, y: ((x - 500_000) / 10, (8_000_000 - y) / 10))
    region = ee.Geometry.Polygon([list(lonlat.exterior.coords)], None, False)
    return region, pixels


def world(gaps: float = 0.2, **more: Layer) -> tuple[World, ee.Image, Layer]:
    made = World()
    layer = speckle(SHAPE, 7, gaps)
    return made, ee.Image(made.add({"v": layer, **more})), layer


def shares(shape: Polygon, layer: Layer) -> list[tuple[float, float, bool]]:
    """(value, share, whether the centre is inside) of each valid pixel that the region touches."""
    found = []
    for row, col in np.ndindex(SHAPE):
        share = shape.intersection(box(col, row, col + 1, row + 1)).area
        centre = shape.covers(box(col + 0.5, row + 0.5, col + 0.5, row + 0.5).centroid)
        if layer[1][row, col] and (share >= 0.005 or centre):
            kept = share if share >= 0.005 else 0.0
            found.append((float(layer[0][row, col]), kept, centre))
    return found


def weighted_mean(rows: list[tuple[float, float, bool]]) -> float:
    return sum(v * w for v, w, _ in rows) / sum(w for _, w, _ in rows)


def weighted_variance(rows: list[tuple[float, float, bool]]) -> float:
    mean = weighted_mean(rows)
    return sum(w * (v - mean) ** 2 for v, w, _ in rows) / sum(w for _, w, _ in rows)


def weighted_median(rows: list[tuple[float, float, bool]]) -> float:
    reached, half = 0.0, sum(w for _, w, _ in rows) / 2
    for value, weight, _ in sorted(rows):
        reached += weight
        if reached >= half:
            return value
    raise AssertionError


def inside(rows: list[tuple[float, float, bool]]) -> list[float]:
    return [value for value, _, centre in rows if centre]


@pytest.mark.parametrize(
    ("reducer", "rule"),
    [
        ("mean", weighted_mean),
        ("sum", lambda rows: sum(v * w for v, w, _ in rows)),
        ("variance", weighted_variance),
        ("stdDev", lambda rows: math.sqrt(weighted_variance(rows))),
        ("median", weighted_median),
        ("count", lambda rows: len(inside(rows))),
        ("min", lambda rows: min(inside(rows))),
        ("max", lambda rows: max(inside(rows))),
        ("first", lambda rows: inside(rows)[0]),
        ("last", lambda rows: inside(rows)[-1]),
        ("sampleVariance", lambda rows: statistics.variance(inside(rows))),
        ("sampleStdDev", lambda rows: statistics.stdev(inside(rows))),
        ("countDistinct", lambda rows: len(set(inside(rows)))),
    ],
)
def test_a_region_is_reduced_by_shares_or_by_centres(
    reducer: str, rule: Callable[[list[tuple[float, float, bool]]], float]
) -> None:
    made, image, layer = world()
    region, shape = area()

    found = made.compute(image.reduceRegion(getattr(ee.Reducer, reducer)(), region))

    assert list(found) == ["v"]
    assert found["v"] == pytest.approx(rule(shares(shape, layer)), rel=1e-4)


def test_unweighted_takes_the_pixels_whose_centres_are_inside() -> None:
    made, image, layer = world()
    region, shape = area()
    rows = shares(shape, layer)
    reducer = ee.Reducer.mean().unweighted()
    found = made.compute(image.reduceRegion(reducer, region))["v"]
    assert found == pytest.approx(statistics.fmean(inside(rows)), rel=1e-6)
    assert found != pytest.approx(weighted_mean(rows), rel=1e-6)


def test_combined_reducers_keep_their_own_rules_and_names() -> None:
    made, image, layer = world(w=speckle(SHAPE, 8, 0.5))
    region, shape = area()
    reducer = ee.Reducer.mean().combine(ee.Reducer.count(), "n_", True)

    found = made.compute(image.reduceRegion(reducer, region))

    assert set(found) == {"v_mean", "v_n_count", "w_mean", "w_n_count"}
    rows = shares(shape, layer)
    assert found["v_mean"] == pytest.approx(weighted_mean(rows), rel=1e-4)
    assert found["v_n_count"] == len(inside(rows))


def test_many_tiles_sum_up_to_the_same() -> None:
    made = World()
    layer = speckle((1100, 700), 3, 0.1)
    image = ee.Image(made.add({"v": layer}))
    region = ee.Geometry.Rectangle(
        [500_000, 8_000_000 - 11_000, 507_000, 8_000_000], ee.Projection(UTM), False
    )
    reducer = ee.Reducer.mean().combine(ee.Reducer.percentile([25]), sharedInputs=True)

    found = made.compute(image.reduceRegion(reducer, region))

    known = np.sort(layer[0][layer[1]].astype(float))
    assert found["v_mean"] == pytest.approx(known.mean(), rel=1e-9)
    assert found["v_p25"] == pytest.approx(known[round((len(known) - 1) / 4)])
    assert max(window.width for _, window in made.reads) <= 512


def test_nothing_is_read_beyond_the_region() -> None:
    made, image, _ = world()
    region, shape = area([(100, -100), (155, -100), (155, -135), (100, -135)])
    made.compute(image.reduceRegion(ee.Reducer.mean(), region))
    ((_, window),) = made.reads
    west, north, east, south = shape.bounds
    assert window.width <= math.ceil(east) - math.floor(west)
    assert window.height <= math.ceil(south) - math.floor(north)


def test_a_point_is_the_pixel_it_lies_in() -> None:
    made, image, layer = world(gaps=0.0)
    lon, lat = TO_LONLAT(500_000 + 123, 8_000_000 - 77)
    for reducer in (ee.Reducer.first(), ee.Reducer.mean(), ee.Reducer.median()):
        found = made.compute(image.reduceRegion(reducer, ee.Geometry.Point([lon, lat])))
        assert found["v"] == pytest.approx(float(layer[0][7, 12]))


def test_a_region_without_a_valid_pixel_gives_nulls() -> None:
    made, image, _ = world()
    region = ee.Geometry.Rectangle([10, -10, 10.0001, -9.9999], None, False)
    reducer = ee.Reducer.mean().combine(ee.Reducer.count(), None, True)
    found = made.compute(image.reduceRegion(reducer, region))
    assert found == {"v_mean": None, "v_count": 0}


def test_scale_and_crs_choose_the_pixels() -> None:
    made, image, layer = world(gaps=0.0)
    region = ee.Geometry.Rectangle(
        [500_000, 8_000_000 - 400, 500_500, 8_000_000], ee.Projection(UTM), False
    )
    counts = {
        made.compute(image.reduceRegion(ee.Reducer.count(), region, **given))["v"]: cells
        for given, cells in (
            ({}, 2000), ({"scale": 20}, 500), ({"scale": 100, "crs": UTM}, 20),
            ({"crs": UTM, "crsTransform": [50, 0, 500_000, 0, -50, 8_000_000]}, 80),
        )
    }  # fmt: skip
    assert all(found == cells for found, cells in counts.items())
    coarse = made.compute(image.reduceRegion(ee.Reducer.toList(), region, scale=100))["v"]
    assert coarse == pytest.approx(layer[0][5::10, 5::10].ravel().tolist())


def test_too_many_pixels_are_refused_and_best_effort_helps() -> None:
    made, image, _ = world(gaps=0.0)
    region = ee.Geometry.Rectangle(
        [500_000, 8_000_000 - 400, 500_500, 8_000_000], ee.Projection(UTM), False
    )
    asked: dict[str, Any] = {"reducer": ee.Reducer.count(), "geometry": region, "maxPixels": 600}
    with pytest.raises(EarthEngineError) as caught:
        made.compute(image.reduceRegion(**asked))
    assert caught.value.message.startswith(
        "Image.reduceRegion: Too many pixels in the region. "
        "Found 2000, but maxPixels allows only 600."
    )
    assert made.compute(image.reduceRegion(**asked, bestEffort=True))["v"] == 500


def test_the_image_itself_is_the_region_by_default() -> None:
    made = World()
    layer = speckle((4, 5), 1)
    footprint = moved(box(500_000, 8_000_000 - 40, 500_050, 8_000_000), TO_LONLAT)
    image = ee.Image(made.add({"v": layer}, footprint=footprint))
    assert made.compute(image.reduceRegion(ee.Reducer.count()))["v"] == 20
    with pytest.raises(EarthEngineError, match="Provide 'geometry' parameter"):
        made.compute(ee.Image(1).reduceRegion(ee.Reducer.count()))


def test_reducers_of_several_inputs_take_the_bands_in_order() -> None:
    made, image, _ = world()
    both = image.addBands(image.multiply(3).add(1).rename("w"))
    region, _ = area()
    found = made.compute(both.reduceRegion(ee.Reducer.linearFit(), region))
    assert found == pytest.approx({"scale": 3, "offset": 1}, rel=1e-4)
    with pytest.raises(EarthEngineError, match="takes 2 inputs, but the image has 1 bands"):
        made.compute(image.reduceRegion(ee.Reducer.linearFit(), region))


def test_groups_are_reduced_apart() -> None:
    classes = (np.indices(SHAPE).sum(axis=0) % 3).astype("uint8")
    made, image, layer = world(k=(classes, np.ones(SHAPE, bool)))
    region, shape = area()
    reducer = ee.Reducer.mean().group(1, "class")

    found = made.compute(image.select(["v", "k"]).reduceRegion(reducer, region))

    assert [group["class"] for group in found["groups"]] == [0, 1, 2]
    for group in found["groups"]:
        own = layer[1] & (classes == group["class"])
        assert group["mean"] == pytest.approx(
            weighted_mean(shares(shape, (layer[0], own))), rel=1e-4
        )


def test_reduced_regions_keep_their_properties_beside_the_values() -> None:
    made, image, layer = world(w=speckle(SHAPE, 8))
    first, shape = area()
    second, other = area([(5.0, -5.0), (95.0, -5.0), (95.0, -95.0), (5.0, -95.0)])
    features = ee.FeatureCollection([ee.Feature(first, {"n": 1}), ee.Feature(second, {"n": 2})])

    single = made.compute(image.select("v").reduceRegions(features, ee.Reducer.mean()))["features"]
    both = made.compute(image.reduceRegions(features, ee.Reducer.mean()))["features"]
    several = made.compute(
        image.select("v").reduceRegions(features, ee.Reducer.minMax(), scale=10)
    )["features"]

    for found, region in zip(single, (shape, other), strict=True):
        assert found["properties"]["mean"] == pytest.approx(
            weighted_mean(shares(region, layer)), rel=1e-4
        )
    assert [f["properties"]["n"] for f in single] == [1, 2]
    assert set(both[0]["properties"]) == {"n", "v", "w"}
    assert set(several[0]["properties"]) == {"n", "min", "max"}
