"""Columns of collections, against Python's statistics; images combined and cast."""

from __future__ import annotations

import statistics

import ee
import pytest

from tests.unit.local_earthengine.algorithms.collections.small_tables import points, rows
from tests.unit.local_earthengine.world import NAME, World, speckle

COMPUTE = World().compute
SHAPE = (6, 8)


def test_columns_are_exchanged_summed_up_and_made() -> None:
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


def test_images_of_collections_are_combined_and_cast() -> None:
    made = World()
    for seed in (1, 2):
        made.add({"v": speckle(SHAPE, seed)})
    images = ee.ImageCollection(NAME)
    other = images.map(lambda image: image.multiply(2).rename("w")).limit(1)
    found = made.compute(images.combine(other))["features"]
    assert [[band["id"] for band in image["bands"]] for image in found] == [["v", "w"]]
    cast = made.compute(images.cast({"v": "int16"}, ["v"]))["features"]
    assert {image["bands"][0]["data_type"]["precision"] for image in cast} == {"int"}
