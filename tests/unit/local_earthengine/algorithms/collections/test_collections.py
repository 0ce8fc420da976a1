"""Collections: filters and what they tell a catalogue, maps, order, joins, and the JSON of all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ee
import pytest
from shapely.geometry import box

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import NAME, World, native, speckle

DAY = 86_400_000
START = 1_577_836_800_000


def world() -> World:
    """Six scenes on six days: orbits 1 and 2 in turn, passes of two slices, one without VH."""
    made = World()
    for day in range(6):
        properties: dict[str, Any] = {
            "orbit": 1 + day % 2,
            "platform": "A",
            "orbitNumber": day // 2,
            "polarisations": ["VV"] if day == 5 else ["VV", "VH"],
        }
        if day == 2:
            properties["rare"] = 1
        made.add({"VV": speckle((3, 3), day)}, footprint=box(day, 0, day + 1, 1), **properties)
    return made


def found(collection: Any) -> list[str]:
    """The indices of the scenes."""
    indices: list[str] = world().compute(collection.aggregate_array("system:index"))
    return indices


SCENES = [f"S{i}" for i in range(6)]


def test_all_scenes_are_there_without_a_filter() -> None:
    assert found(ee.ImageCollection(NAME)) == SCENES
    assert world().compute(ee.ImageCollection(NAME).size()) == 6


@pytest.mark.parametrize(
    ("condition", "days"),
    [
        (lambda: ee.Filter.eq("orbit", 2), "135"),
        (lambda: ee.Filter.neq("orbit", 2), "024"),
        (lambda: ee.Filter.gt("orbitNumber", 1), "45"),
        (lambda: ee.Filter.lte("orbitNumber", 0), "01"),
        (lambda: ee.Filter.listContains("polarisations", "VH"), "01234"),
        (lambda: ee.Filter.inList("orbit", [2, 7]), "135"),
        (lambda: ee.Filter.eq("rare", 1), "2"),
        (lambda: ee.Filter.eq("rare", 1).Not(), "01345"),
        (lambda: ee.Filter.notNull(["rare"]), "2"),
        (lambda: ee.Filter.gt("platform", 3), ""),
        (lambda: ee.Filter.And(ee.Filter.eq("orbit", 1), ee.Filter.lt("orbitNumber", 2)), "02"),
        (lambda: ee.Filter.Or(ee.Filter.eq("rare", 1), ee.Filter.eq("orbitNumber", 0)), "012"),
        (lambda: ee.Filter.date("2020-01-02", "2020-01-04"), "12"),
        (lambda: ee.Filter.date("2020-01-03"), "2"),
        (lambda: ee.Filter.bounds(ee.Geometry.Point([3.5, 0.5])), "3"),
        (lambda: ee.Filter.bounds(ee.Geometry.Rectangle([1.5, 0, 2.5, 1], None, False)), "12"),
        (lambda: ee.Filter.calendarRange(2, 3, "day_of_month"), "12"),
        (lambda: ee.Filter.stringEndsWith("system:index", "4"), "4"),
        (lambda: ee.Filter.rangeContains("orbitNumber", 1, 2), "2345"),
        (lambda: ee.Filter.isContained(
            ".geo", ee.Geometry.Rectangle([0.5, -1, 3.5, 2], None, False)), "12"),
    ],
)  # fmt: skip
def test_a_filter_keeps_the_scenes_that_pass(condition: Any, days: str) -> None:
    assert found(ee.ImageCollection(NAME).filter(condition())) == [f"S{day}" for day in days]


def test_filters_on_a_loaded_collection_tell_the_catalogue_where_and_when() -> None:
    made = world()
    area = ee.Geometry.Rectangle([2, 0.25, 3, 0.75], None, False)
    narrowed = (
        ee.ImageCollection(NAME)
        .filter(ee.Filter.eq("orbit", 1))
        .filterBounds(area)
        .filter(ee.Filter.And(ee.Filter.date("2020-01-01", "2020-01-20")))
        .filterDate("2020-01-03", "2020-02-01")
    )

    made.compute(narrowed.map(lambda image: image.set("a", 1)).size())

    first, last = datetime(2020, 1, 3, tzinfo=UTC), datetime(2020, 1, 20, tzinfo=UTC)
    assert made.hints == [((2.0, 0.25, 3.0, 0.75), first, last)]


def test_a_place_on_both_sides_of_the_antimeridian_is_told_as_one_narrow_box() -> None:
    made = world()
    boxes = [[[[179, 0], [180, 0], [180, 1], [179, 1]]], [[[-180, 0], [-179, 0], [-179, 1]]]]
    place = ee.Geometry.MultiPolygon(boxes, None, False)
    made.compute(ee.ImageCollection(NAME).filterBounds(place).size())
    assert made.hints == [((179.0, 0.0, 181.0, 1.0), None, None)]


@pytest.mark.parametrize(
    "condition",
    [
        lambda: ee.Filter.bounds(ee.Geometry.Point([3.5, 0.5])).Not(),
        lambda: ee.Filter.Or(ee.Filter.date("2020"), ee.Filter.bounds(ee.Geometry.Point([0, 0]))),
    ],
)
def test_filters_that_exclude_nothing_alone_tell_the_catalogue_nothing(condition: Any) -> None:
    made = world()
    made.compute(ee.ImageCollection(NAME).filter(condition()).size())
    assert made.hints == [(None, None, None)]


def test_a_catalogue_is_not_asked_for_a_collection_that_nothing_reads() -> None:
    made = world()
    unread = ee.ImageCollection(NAME)
    assert made.compute(ee.Algorithms.If(True, 1, unread.size())) == 1
    assert made.hints == []


def test_an_unknown_collection_is_refused_by_name() -> None:
    with pytest.raises(EarthEngineError, match="NO/SUCH"):
        world().compute(ee.ImageCollection("NO/SUCH").size())


def test_maps_keep_indices_and_the_collection_its_id() -> None:
    made = world()
    mapped = ee.ImageCollection(NAME).map(lambda image: image.add(1).set("n", image.get("orbit")))

    assert made.compute(mapped.aggregate_array("system:index")) == SCENES
    assert made.compute(mapped.aggregate_array("n")) == [1, 2, 1, 2, 1, 2]
    assert made.compute(mapped.get("system:id")) == NAME


def test_only_the_elements_that_are_asked_are_mapped() -> None:
    def fail(image: Any) -> Any:
        return image.set("bad", ee.Image(image).select("nothing").bandNames())

    made = world()
    safe = ee.ImageCollection(NAME).map(
        lambda image: ee.Image(
            ee.Algorithms.If(ee.Number(image.get("orbit")).eq(1), image, fail(image))
        )
    )
    assert made.compute(safe.first().get("system:index")) == "S0"
    with pytest.raises(EarthEngineError, match="nothing"):
        made.compute(safe.size())


def test_a_collection_is_ordered_limited_and_listed() -> None:
    collection = ee.ImageCollection(NAME)
    assert found(collection.sort("system:time_start", False)) == SCENES[::-1]
    assert found(collection.sort("orbit")) == ["S0", "S2", "S4", "S1", "S3", "S5"]
    assert found(collection.limit(2, "system:time_start", False)) == ["S5", "S4"]
    assert found(collection.distinct("orbit")) == ["S0", "S1"]
    assert found(collection.distinct(["orbit", "orbitNumber"])) == SCENES
    listed = collection.toList(2, 1).map(lambda image: ee.Image(image).get("system:index"))
    assert world().compute(listed) == ["S1", "S2"]
    assert world().compute(collection.first().get("system:index")) == "S0"
    assert world().compute(collection.filter(ee.Filter.eq("orbit", 9)).first()) is None


def test_merged_collections_tell_where_their_images_come_from() -> None:
    one = ee.ImageCollection(NAME).limit(1)
    assert found(one.merge(one)) == ["1_S0", "2_S0"]


def test_sums_over_properties_are_pythons() -> None:
    made, collection = world(), ee.ImageCollection(NAME)
    assert made.compute(collection.aggregate_sum("orbitNumber")) == 6
    assert made.compute(collection.aggregate_max("orbitNumber")) == 2
    assert made.compute(collection.aggregate_mean("orbit")) == 1.5
    assert made.compute(collection.aggregate_histogram("orbit")) == {"1": 3, "2": 3}
    assert made.compute(collection.aggregate_count("rare")) == 1


def test_slices_of_a_pass_are_joined_and_mosaicked() -> None:
    made = world()
    collection = ee.ImageCollection(NAME)
    passes = ee.ImageCollection(
        ee.Join.saveAll("slices", "system:time_start").apply(
            collection.distinct(["platform", "orbitNumber"]),
            collection,
            ee.Filter.And(
                ee.Filter.equals(leftField="platform", rightField="platform"),
                ee.Filter.equals(leftField="orbitNumber", rightField="orbitNumber"),
            ),
        )
    ).map(lambda image: ee.ImageCollection.fromImages(image.get("slices")).mosaic())

    assert made.compute(passes.size()) == 3
    pixels = made.pixels(passes.reduce(ee.Reducer.count()), native(3, 3))
    assert (pixels["VV_count"][0] == 3).all()


def test_a_simple_join_without_matches_is_empty_and_an_inverted_one_whole() -> None:
    collection = ee.ImageCollection(NAME)
    none = ee.Filter.equals(leftField="system:index", rightField="platform")
    assert found(ee.ImageCollection(ee.Join.simple().apply(collection, collection, none))) == []
    inverted = ee.Join.inverted().apply(collection, collection, none)
    assert found(ee.ImageCollection(inverted)) == SCENES


def test_lists_of_values_become_a_collection_of_mosaics() -> None:
    made = world()
    collection = ee.ImageCollection(NAME)
    mosaics = ee.ImageCollection.fromImages(
        collection.aggregate_array("orbitNumber")
        .distinct()
        .map(lambda n: collection.filter(ee.Filter.eq("orbitNumber", n)).mosaic().set("n", n))
    )
    assert made.compute(mosaics.aggregate_array("n")) == [0, 1, 2]
    assert made.compute(mosaics.aggregate_array("system:index")) == ["0", "1", "2"]


def test_images_and_collections_are_encoded_as_getinfo_shows_them() -> None:
    made = world()
    info = made.compute(ee.ImageCollection(NAME).limit(1))

    assert info["type"] == "ImageCollection"
    assert info["id"] == NAME
    (image,) = info["features"]
    assert image["id"] == f"{NAME}/S0"
    assert image["properties"]["system:index"] == "S0"
    assert image["properties"]["system:time_start"] == START
    assert image["bands"] == [
        {
            "id": "VV",
            "data_type": {"type": "PixelType", "precision": "float"},
            "dimensions": [3, 3],
            "crs": "EPSG:32633",
            "crs_transform": [10, 0, 500000, 0, -10, 8000000],
        }
    ]


def test_features_are_encoded_as_getinfo_shows_them() -> None:
    features = ee.FeatureCollection([ee.Feature(ee.Geometry.Point([1, 2]), {"a": ee.Date(DAY)})])
    info = world().compute(features)

    assert info["type"] == "FeatureCollection"
    assert info["features"] == [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [1, 2]},
            "id": "0",
            "properties": {"a": {"type": "Date", "value": DAY}},
        }
    ]


def test_properties_are_copied_without_those_of_the_system() -> None:
    made = world()
    image = ee.Image(f"{NAME}/S2")
    copied = ee.Image(1).copyProperties(image, exclude=["platform"])
    timed = ee.Image(1).copyProperties(image, ["system:time_start"])

    assert set(made.compute(copied.toDictionary())) == {
        "orbit", "orbitNumber", "polarisations", "rare"
    }  # fmt: skip
    assert made.compute(ee.Image(copied).get("system:time_start")) is None
    assert made.compute(ee.Image(timed).get("system:time_start")) == START + 2 * DAY


def test_a_scene_is_found_by_its_id() -> None:
    assert world().compute(ee.Image(f"{NAME}/S3").get("system:index")) == "S3"
    with pytest.raises(EarthEngineError, match="S9' not found"):
        world().compute(ee.Image(f"{NAME}/S9"))


def test_bands_are_selected_by_name_pattern_and_place() -> None:
    made = World()
    image = ee.Image(made.add({name: speckle((2, 2), 1) for name in ("VV", "VH", "angle")}))

    def names(value: Any) -> Any:
        return made.compute(value.bandNames())

    assert names(image.select("V.")) == ["VV", "VH"]
    assert names(image.select([2, 0])) == ["angle", "VV"]
    assert names(image.select(["VH"], ["x"])) == ["x"]
    assert names(image.addBands(image.select("VV"))) == ["VV", "VH", "angle", "VV_1"]
    assert names(image.addBands(ee.Image(1).rename("VV"), None, True)) == ["VV", "VH", "angle"]
    assert names(image.rename(["a", "b", "c"])) == ["a", "b", "c"]
    with pytest.raises(EarthEngineError, match=r"'HH' did not match any bands.*VV, VH, angle"):
        names(image.select("HH"))
    with pytest.raises(EarthEngineError, match="number of names"):
        names(image.rename(["a"]))
