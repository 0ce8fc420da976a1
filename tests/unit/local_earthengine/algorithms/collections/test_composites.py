"""Statistics over collections, pixel by pixel, against loops."""

from __future__ import annotations

import math
import statistics

import ee
import numpy as np
import pytest

from tests.unit.local_earthengine.world import NAME, Layer, World, native, same, speckle

SHAPE = (7, 9)
GRID = native(9, 7)


def stack(count: int) -> tuple[World, list[Layer]]:
    layers = [speckle(SHAPE, seed, 0.4) for seed in range(count)]
    made = World()
    for layer in layers:
        made.add({"v": layer})
    return made, layers


def each_pixel(layers: list[Layer], statistic: object) -> Layer:
    """A statistic of the valid values of each pixel; masked where there are none."""
    values, valid = np.zeros(SHAPE), np.zeros(SHAPE, bool)
    for row in range(SHAPE[0]):
        for col in range(SHAPE[1]):
            known = [float(v[row, col]) for v, ok in layers if ok[row, col]]
            if known:
                values[row, col], valid[row, col] = statistic(known), True  # type: ignore[operator]
    return values, valid


@pytest.mark.parametrize(
    ("reducer", "statistic"),
    [
        ("median", statistics.median), ("mean", statistics.fmean), ("stdDev", statistics.pstdev),
        ("variance", statistics.pvariance), ("min", min), ("max", max), ("sum", math.fsum),
        ("product", math.prod), ("first", lambda known: known[0]),
        ("last", lambda known: known[-1]), ("mode", min),
    ],
)  # fmt: skip
@pytest.mark.parametrize("count", [1, 4, 5])
def test_a_statistic_of_a_stack_is_that_of_each_pixel(
    reducer: str, statistic: object, count: int
) -> None:
    made, layers = stack(count)

    found = made.pixels(ee.ImageCollection(NAME).reduce(getattr(ee.Reducer, reducer)()), GRID)

    assert list(found) == [f"v_{reducer}"]
    same(found[f"v_{reducer}"], each_pixel(layers, statistic), 1e-5)


def test_counts_are_valid_and_zero_where_nothing_is() -> None:
    made, layers = stack(3)

    found = made.pixels(ee.ImageCollection(NAME).reduce(ee.Reducer.count()), GRID)["v_count"]

    assert found[1].all()
    np.testing.assert_array_equal(found[0], np.sum([valid for _, valid in layers], axis=0))


def test_combined_reducers_give_a_band_for_each_output() -> None:
    made, layers = stack(4)
    reducer = ee.Reducer.median().combine(ee.Reducer.stdDev(), sharedInputs=True)

    found = made.pixels(ee.ImageCollection(NAME).reduce(reducer), GRID)

    assert list(found) == ["v_median", "v_stdDev"]
    same(found["v_stdDev"], each_pixel(layers, statistics.pstdev), 1e-5)


def test_an_empty_collection_reduces_to_an_image_without_bands() -> None:
    made, _ = stack(2)
    none = ee.ImageCollection(NAME).filter(ee.Filter.eq("orbit", 1))

    assert made.compute(none.reduce(ee.Reducer.median()).bandNames()) == []
    assert made.compute(none.mosaic().bandNames()) == []


def test_a_mosaic_shows_the_last_valid_image() -> None:
    made, layers = stack(3)

    found = made.pixels(ee.ImageCollection(NAME).mosaic(), GRID)["v"]

    same(found, each_pixel(layers, lambda known: known[-1]))


def test_images_that_lack_a_band_are_masked_there() -> None:
    made = World()
    first, second = speckle(SHAPE, 1), speckle(SHAPE, 2)
    made.add({"v": first})
    made.add({"w": second, "v": first})

    found = made.pixels(ee.ImageCollection(NAME).reduce(ee.Reducer.count()), GRID)

    assert list(found) == ["v_count", "w_count"]
    assert (found["v_count"][0] == 2).all()
    assert (found["w_count"][0] == 1).all()


def test_a_scene_elsewhere_is_never_read() -> None:
    made = World()
    made.add({"v": speckle(SHAPE, 1)})
    made.add({"v": speckle(SHAPE, 2)}, origin=(900_000.0, 8_000_000.0))

    found = made.pixels(ee.ImageCollection(NAME).map(lambda i: i.focal_median(2)).mosaic(), GRID)[
        "v"
    ]

    assert found[1].all()
    assert len(made.reads) == 1


def test_bands_of_one_image_reduce_to_one() -> None:
    made = World()
    layers = [speckle(SHAPE, seed, 0.3) for seed in (1, 2, 3)]
    asset = made.add(dict(zip("abc", layers, strict=True)))

    found = made.pixels(ee.Image(asset).reduce(ee.Reducer.max()), GRID)

    same(found["max"], each_pixel(layers, max))


def test_percentiles_take_the_nearest_rank() -> None:
    made, layers = stack(5)
    found = made.pixels(ee.ImageCollection(NAME).reduce(ee.Reducer.percentile([0, 100])), GRID)
    same(found["v_p0"], each_pixel(layers, min))
    same(found["v_p100"], each_pixel(layers, max))
