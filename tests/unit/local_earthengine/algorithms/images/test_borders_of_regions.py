"""Images over regions: reduced, sampled, clipped, against loops over the pixels."""

from __future__ import annotations

import statistics
from typing import Any

import ee
import numpy as np
import pytest
from pyproj import Transformer

from tests.unit.local_earthengine.world import NAME, UTM, Layer, World, native, same, speckle

WIDTH, HEIGHT = 8, 6
WEST, NORTH = 500_000, 8_000_000


def world() -> tuple[World, ee.Image, Layer, Layer]:
    made = World()
    a, b = speckle((HEIGHT, WIDTH), 5, 0.25), speckle((HEIGHT, WIDTH), 6, 0.25)
    return made, ee.Image(made.add({"a": a, "b": b}, orbit=3)), a, b


def box(left: float, top: float, right: float, bottom: float) -> Any:
    """From columns and rows of the scene's pixels."""
    return ee.Geometry.Rectangle(
        [WEST + 10 * left, NORTH - 10 * bottom, WEST + 10 * right, NORTH - 10 * top], UTM, False
    )


def overlap(low: float, high: float, place: int) -> float:
    return max(0.0, min(high, place + 1) - max(low, place))


def weighed(
    layer: Layer, left: float, top: float, right: float, bottom: float
) -> list[tuple[float, float]]:
    """The valid pixels that lie in a box, each with the share that does."""
    values, valid = layer
    shares = [
        (float(values[y, x]), overlap(left, right, x) * overlap(top, bottom, y))
        for y in range(HEIGHT)
        for x in range(WIDTH)
        if valid[y, x]
    ]
    return [(value, share) for value, share in shares if share > 0]


BOXES = [(1, 1, 5, 4), (0.75, 1.25, 6.5, 4.75), (2, 2, 3, 3), (0, 0, 8, 6)]


@pytest.mark.parametrize("area", BOXES)
def test_a_weighted_reducer_counts_shares_of_pixels(area: tuple[float, ...]) -> None:
    made, image, a, b = world()
    found = made.compute(image.reduceRegion(ee.Reducer.mean(), box(*area)))
    assert list(found) == ["a", "b"]
    for name, layer in (("a", a), ("b", b)):
        pixels = weighed(layer, *area)
        total = sum(share for _, share in pixels)
        mean = sum(value * share for value, share in pixels) / total if total else None
        assert found[name] == (None if mean is None else pytest.approx(mean, rel=1e-5))


def centres(layer: Layer, left: float, top: float, right: float, bottom: float) -> list[float]:
    """The valid pixels whose centres lie in a box."""
    values, valid = layer
    return [
        float(values[y, x])
        for y in range(HEIGHT)
        for x in range(WIDTH)
        if valid[y, x] and left < x + 0.5 < right and top < y + 0.5 < bottom
    ]


@pytest.mark.parametrize("area", [BOXES[0], (0.7, 1.2, 6.6, 4.8), BOXES[3]])
def test_an_unweighted_reducer_takes_pixels_by_their_centres(area: tuple[float, ...]) -> None:
    made, image, a, b = world()
    regions = ee.FeatureCollection([ee.Feature(box(*area), {"k": 1}), ee.Feature(None, {"k": 2})])

    extremes = made.compute(image.reduceRegion(ee.Reducer.minMax(), box(*area)))
    each = image.reduceRegions(regions, ee.Reducer.count())
    alone = image.select("a").reduceRegions(regions, ee.Reducer.max())

    inside = centres(a, *area), centres(b, *area)
    for name, values in zip("ab", inside, strict=True):
        assert extremes[f"{name}_min"] == pytest.approx(min(values))
        assert extremes[f"{name}_max"] == pytest.approx(max(values))
        assert made.compute(each.aggregate_array(name)) == [len(values)]
    assert made.compute(alone.aggregate_array("max")) == [pytest.approx(max(inside[0]))]
    assert made.compute(alone.aggregate_array("k")) == [1, 2]


def test_samples_are_the_pixels_where_all_bands_are() -> None:
    made, image, a, b = world()
    area = (1, 1, 6, 5)
    places = [(y, x) for y in range(1, 5) for x in range(1, 6) if a[1][y, x] and b[1][y, x]]

    samples = image.sample(box(*area))
    labelled = image.sampleRegions(
        ee.FeatureCollection([ee.Feature(box(*area), {"class": 4, "other": 5})]), ["class"]
    )

    for name, layer in (("a", a), ("b", b)):
        expected = sorted(float(layer[0][place]) for place in places)
        for found in (samples, labelled):
            assert sorted(made.compute(found.aggregate_array(name))) == pytest.approx(expected)
    assert made.compute(labelled.aggregate_array("class")) == [4] * len(places)
    assert made.compute(labelled.aggregate_array("other")) == []


def test_a_rectangle_of_samples_is_an_array_with_a_default_in_its_gaps() -> None:
    made, image, a, _ = world()
    found = made.compute(image.sampleRectangle(box(1, 1, 6, 5), None, -9).get("a"))
    expected = np.where(a[1], a[0], -9)[1:5, 1:6]
    np.testing.assert_allclose(np.array(found), expected, rtol=1e-6)


def test_a_clipped_image_has_the_pixels_whose_centres_a_feature_covers() -> None:
    made, image, a, _ = world()
    parts = ee.FeatureCollection([ee.Feature(box(0, 0, 2, 2)), ee.Feature(box(4, 3, 7, 5))])
    found = made.pixels(image.clipToCollection(parts), native(WIDTH, HEIGHT))["a"]
    inside = np.zeros((HEIGHT, WIDTH), np.bool_)
    inside[0:2, 0:2] = inside[3:5, 4:7] = True
    same(found, (a[0], a[1] & inside))


def test_a_region_of_a_collection_is_a_table() -> None:
    made, _, a, b = world()
    area = box(2.2, 1.2, 3.8, 2.8)
    table: list[list[Any]] = made.compute(ee.ImageCollection(NAME).getRegion(area, 10, UTM))

    assert table[0] == ["id", "longitude", "latitude", "time", "a", "b"]
    rows = table[1:]
    assert {row[0] for row in rows} == {"S0"}
    assert {row[3] for row in rows} == {1_577_836_800_000}
    expected = sorted(
        [float(layer[0][y, x]) if layer[1][y, x] else -1.0 for layer in (a, b)]
        for y in (1, 2)
        for x in (2, 3)
    )
    found = sorted([-1.0 if value is None else value for value in row[4:]] for row in rows)
    assert found == [pytest.approx(row) for row in expected]
    # The mean of the four centres is the corner that the pixels share.
    corner = Transformer.from_crs(UTM, "EPSG:4326", always_xy=True).transform(500_030, 7_999_980)
    for place in (1, 2):
        mean = statistics.fmean(row[place] for row in rows)
        assert mean == pytest.approx(corner[place - 1], abs=1e-7)
