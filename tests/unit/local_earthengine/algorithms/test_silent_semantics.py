"""What Earth Engine does without saying so, where no other test of this folder shows it."""

from __future__ import annotations

from typing import Any

import ee
import numpy as np
import pytest

from local_earthengine.engine import Engine
from local_earthengine.errors import EarthEngineError
from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
from tests.support import offline_client as ee_offline
from tests.unit.local_earthengine.world import NAME, UTM, World, native, same, speckle

SHAPE = (5, 6)
GRID = native(6, 5)


def scene(**properties: Any) -> tuple[World, Any]:
    """One scene of bands a and b, with gaps."""
    made = World()
    asset = made.add({"a": speckle(SHAPE, 1, 0.3), "b": speckle(SHAPE, 2, 0.3)}, **properties)
    return made, ee.Image(asset)


@pytest.mark.parametrize("nothing", [[], {}, "", 0, 0.0, False, None])
def test_what_is_empty_or_zero_is_false(nothing: Any) -> None:
    condition = ee.Dictionary(nothing) if nothing == {} else nothing
    assert World().compute(ee.Algorithms.If(condition, "true", "false")) == "false"


@pytest.mark.parametrize("something", [[0], {"a": 0}, "0", -1, 0.5, True])
def test_what_is_neither_empty_nor_zero_is_true(something: Any) -> None:
    assert World().compute(ee.Algorithms.If(something, "true", "false")) == "true"


def test_a_branch_that_an_image_of_a_collection_does_not_take_is_never_evaluated() -> None:
    made = World()
    made.add({"VV": speckle(SHAPE, 1)}, mode="IW")
    made.add({"HH": speckle(SHAPE, 2)}, mode="EW")
    chosen = ee.ImageCollection(NAME).map(
        lambda image: ee.Algorithms.If(
            ee.String(image.get("mode")).equals("IW"),
            image.select(["VV"], ["co"]),
            image.select(["HH"], ["co"]),
        )
    )

    assert made.compute(ee.ImageCollection(chosen).aggregate_array("system:band_names")) == [
        ["co"], ["co"],
    ]  # fmt: skip


def test_images_answer_their_id_and_the_names_of_their_bands() -> None:
    made, image = scene()
    assert made.compute(image.get("system:id")) == f"{NAME}/S0"
    assert made.compute(image.get("system:band_names")) == ["a", "b"]
    assert made.compute(image.select("b").rename("c").get("system:band_names")) == ["c"]


@pytest.mark.parametrize(("start", "days"), [("2020", 2), ("2020-01", 2), ("2020-01-02", 1)])
def test_a_year_or_a_month_is_a_date(start: str, days: int) -> None:
    made = World()
    made.add({"a": speckle(SHAPE, 1)})
    made.add({"a": speckle(SHAPE, 1)})
    assert made.compute(ee.ImageCollection(NAME).filterDate(start, "2021").size()) == days


def test_a_range_of_dates_passes_through_wherever_one_is_wanted() -> None:
    made = World()
    for seed in range(3):
        made.add({"a": speckle(SHAPE, seed)})
    once = ee.DateRange("2020-01-02", "2020-01-03")

    assert made.compute(ee.DateRange(once).start().millis()) == 1_577_923_200_000
    kept = ee.ImageCollection(NAME).filter(ee.Filter.date(ee.DateRange(once)))
    assert made.compute(kept.aggregate_array("system:index")) == ["S1"]


def test_the_bands_of_a_dictionary_are_in_the_order_of_its_keys_unless_named() -> None:
    constants = ee.Dictionary({"z": 1, "B": 2, "a": 3})
    assert World().compute(constants.toImage().bandNames()) == ["B", "a", "z"]
    assert World().compute(constants.toImage(["z", "a", "B"]).bandNames()) == ["z", "a", "B"]


def test_bounds_begin_in_the_south_west_and_run_anticlockwise() -> None:
    clockwise = [[[3, 1], [1, 2], [2, 5], [4, 4], [3, 1]]]
    ring = ee.Geometry.Polygon(clockwise, None, False).bounds().coordinates()
    assert World().compute(ring) == [[[1, 1], [4, 1], [4, 5], [1, 5], [1, 1]]]


def test_a_clockwise_ring_without_even_odd_leaves_out_what_it_surrounds() -> None:
    made, image = scene()
    west, north, metres = 500_000, 8_000_000, 10
    box = [[west, north - 20], [west, north], [west + 20, north], [west + 20, north - 20]]
    corners = made.compute(ee.Geometry.Polygon([box], UTM, False).transform("EPSG:4326", 0.001))
    ring = [corners["coordinates"][0]]
    wound = {
        sense: ee.Geometry.Polygon(ring[0][::order], None, False, None, False)
        for order, sense in ((1, "as it is"), (-1, "turned"))
    }
    found = {
        sense: made.pixels(ee.Image(1).clip(area), GRID)["constant"][1]
        for sense, area in wound.items()
    }

    inside = np.zeros(SHAPE, bool)
    inside[: 20 // metres, : 20 // metres] = True
    senses = sorted(found.values(), key=np.count_nonzero)
    np.testing.assert_array_equal(senses[0], inside)
    np.testing.assert_array_equal(senses[1], ~inside)
    assert image is not None


def test_a_projection_in_degrees_alone_does_not_make_edges_planar() -> None:
    ring = [[[0, 50], [60, 50], [60, 40], [0, 40], [0, 50]]]
    north = ee.Geometry.Point([30, 52])
    assert World().compute(ee.Geometry.Polygon(ring, "EPSG:4326").contains(north))
    assert not World().compute(ee.Geometry.Polygon(ring, "EPSG:4326", False).contains(north))


def test_power_in_decibels_is_double_until_it_is_cast() -> None:
    def precisions(image: Any) -> set[str]:
        info = Engine(SyntheticCatalog()).compute(ee_offline.expression(image))
        return {band["data_type"]["precision"] for band in info["bands"]}

    place = ee.Geometry.Point([15.0, 48.0])
    dates = ee.DateRange("2020-06-01", "2020-07-01")
    first = ee.ImageCollection("COPERNICUS/S1_GRD").filterBounds(place).filterDate(dates).first()
    assert precisions(first.select("VV")) == {"double"}
    assert precisions(first.select("VV").toFloat()) == {"float"}
    linear = ee.ImageCollection("COPERNICUS/S1_GRD_FLOAT").filterBounds(place).filterDate(dates)
    assert precisions(linear.first().select("VV")) == {"float"}


def test_an_image_masked_by_itself_loses_what_is_not_above_0() -> None:
    bands = ee.Image([-2, 0, 0.5]).rename("below", "zero", "above").selfMask()
    found = World().pixels(bands, GRID)
    assert [bool(valid.all()) for _, valid in found.values()] == [False, False, True]


def test_a_mask_that_is_set_uncovers_the_number_nearest_to_0_in_the_range_of_the_band() -> None:
    gone = ee.Image(5).updateMask(0).mask(1)
    assert (World().pixels(gone, GRID)["constant"][0] == 5).all()
    made, image = scene()
    values, valid = speckle(SHAPE, 1, 0.3)
    same(made.pixels(image.select("a").mask(1), GRID)["a"],
         (np.where(valid, values, 0), np.ones(SHAPE, bool)))  # fmt: skip


def test_a_normalized_difference_keeps_no_properties_and_may_name_one_band_twice() -> None:
    made, image = scene(note=3)
    made_of = image.normalizedDifference(["a", "b"])
    assert made.compute(made_of.get("note")) is None
    assert made.compute(made_of.bandNames()) == ["nd"]
    twice = made.pixels(image.normalizedDifference(["a", "a"]), GRID)["nd"]
    assert (twice[0] == 0).all()


def test_a_cast_adds_the_bands_that_are_not_there_all_masked() -> None:
    made, image = scene()
    found = made.pixels(image.cast({"a": "double", "new": "int8"}, ["new", "b", "a"]), GRID)
    assert [(name, values.dtype.name) for name, (values, _) in found.items()] == [
        ("new", "int8"), ("b", "float32"), ("a", "float64"),
    ]  # fmt: skip
    assert not found["new"][1].any()


def test_a_mean_of_opposite_numbers_is_exactly_0() -> None:
    made = World()
    values = np.array([[1.3, -1.3, 7.9]], np.float32)
    image = ee.Image(made.add({"v": (values, np.ones((1, 3), bool))}))
    kernel = ee.Kernel.fixed(2, 1, [[1, 1]], 0, 0)
    found = made.pixels(image.reduceNeighborhood(ee.Reducer.mean(), kernel), native(3, 1))
    assert found["v_mean"][0][0, 0] == 0.0


def test_an_image_without_bands_goes_with_none_that_has_some() -> None:
    made, image = scene()
    none = ee.ImageCollection(NAME).filter(ee.Filter.eq("orbit", 1)).mosaic()
    with pytest.raises(EarthEngineError) as refusal:
        made.compute(none.multiply(image))
    assert refusal.value.message == (
        "Image.multiply: If one image has no bands, the other must also have no bands. Got 0 and 2."
    )
    assert made.compute(none.multiply(none).bandNames()) == []
