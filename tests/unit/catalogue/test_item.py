"""Items are STAC 1.1 by the official schemas, and say what a stranger needs to know."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from s1ratio.catalogue.collections import collection_with, root_with, year_with
from s1ratio.catalogue.extensions import (
    EXTENSIONS,
    FILE,
    PROCESSING,
    PROJECTION,
    RASTER,
    SAR,
    SAT,
    TIMESTAMPS,
    VERSION,
)
from s1ratio.catalogue.facts import Publisher
from s1ratio.catalogue.item import make_item
from s1ratio.catalogue.versions import versioned
from s1ratio.inputs import Inputs, pinned_part
from s1ratio.request.resolved import resolve
from tests.support.stac_schemas import core_faults, core_schemas, extension_faults, schema_of
from tests.unit.catalogue.composites import REAL, SCENES, facts, nothing_seen, scene

INVENTED = Publisher("local", synthetic=True, is_real=False)
FACTS = {
    "usual": facts(),
    "nothing is known": nothing_seen(facts(inputs=None)),
    "invented": facts(publisher=INVENTED),
    "no scene": facts(inputs=Inputs(())),
    "pinned": facts(pinned=tuple(each.id for each in SCENES)),
    "shards": facts(files=3),
    "in degrees across 180": facts(
        aoi={"bbox": [179.98, -17.0, -179.98, -16.98]}, grid={"crs": "EPSG:4326", "scale": 50}
    ),
    "utm across 180": facts(aoi={"bbox": [179.98, -17.0, -179.98, -16.98]}),
    "a region's": facts(request_id="r-danube-240501-240520-ab12", labels={"region": "danube"}),
}
# Of each extension one thing that is wrong, told to its schema.
BROKEN: dict[str, tuple[list[Any], Any]] = {
    FILE: (["assets", "data", "file:size"], "large"),
    PROCESSING: (["properties", "processing:software"], {"s1ratio": 1}),
    PROJECTION: (["properties", "proj:shape"], [1, 2, 3]),
    RASTER: (["assets", "data", "bands", 0, "raster:scale"], "1"),
    SAR: (["properties", "sar:frequency_band"], "Z"),
    SAT: (["properties", "sat:relative_orbit"], 0),
    TIMESTAMPS: (["properties", "published"], "yesterday"),
    VERSION: (["properties", "version"], 1),
}


def broken(document: dict[str, Any], path: list[Any], value: Any) -> dict[str, Any]:
    wrong = copy.deepcopy(document)
    at: Any = wrong
    for step in path[:-1]:
        at = at[step]
    assert path[-1] in at, "it is there before it is broken"
    at[path[-1]] = value
    return wrong


@pytest.mark.parametrize("name", FACTS)
def test_an_item_is_stac_1_1(name: str) -> None:
    item = make_item(FACTS[name])
    assert item["stac_version"] == "1.1.0"
    assert core_faults(item) == []
    json.dumps(item, allow_nan=False)


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_items_keep_to_the_official_schema_of_each_extension(extension: str) -> None:
    assert schema_of(extension)["$id"].removesuffix("#") == extension
    for one in FACTS.values():
        assert extension_faults(make_item(one), extension) == []


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_the_schema_of_each_extension_sees_a_broken_field(extension: str) -> None:
    wrong = broken(make_item(FACTS["usual"]), *BROKEN[extension])
    assert extension_faults(wrong, extension) != []


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_no_field_of_an_extension_is_unknown_to_its_schema(extension: str) -> None:
    prefix = {PROJECTION: "proj"}.get(extension, extension.split("/")[3])
    item = make_item(FACTS["usual"])
    texts = json.dumps(schema_of(extension))
    said = {*item["properties"], *item["assets"]["data"], *item["assets"]["data"]["bands"][0]}
    mine = {name for name in said if name.startswith(f"{prefix}:")}
    assert mine or extension in {TIMESTAMPS, VERSION}
    assert all(f'"{name}"' in texts for name in mine)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["bbox"], [1, 2, 3]),
        (["properties", "start_datetime"], None),
        (["properties", "gsd"], -1),
        (["geometry", "type"], "Polygone"),
        (["assets", "data", "bands", 0, "statistics", "mean"], "much"),
        (["properties", "license"], ""),
    ],
)
def test_the_schema_of_stac_sees_a_broken_field(path: list[Any], value: Any) -> None:
    assert core_faults(broken(make_item(FACTS["usual"]), path, value)) != []


def test_all_schemas_of_stac_itself_are_at_hand() -> None:
    names = {uri.rpartition("/")[2] for uri in core_schemas()}
    assert {"item.json", "collection.json", "catalog.json", "common.json", "bands.json"} <= names
    assert {"Feature.json", "Geometry.json"} <= names


def test_what_is_over_items_is_stac_too() -> None:
    for one in FACTS.values():
        item = make_item(one)
        collection = collection_with(None, one.place, {2024}, [item], one.publisher)
        root = root_with(None, [one.place.collection], one.publisher)
        year = year_with(None, one.place, [item["id"]])
        assert [core_faults(each) for each in (collection, root, year)] == [[], [], []]


def test_an_item_says_whose_data_it_is_and_links_each_scene() -> None:
    item = make_item(FACTS["usual"])
    told = item["properties"]
    assert told["attribution"] == "Contains modified Copernicus Sentinel data 2024"
    assert {"licensor", "producer"} <= set(told["providers"][0]["roles"])
    links = {link["rel"]: link["href"] for link in item["links"]}
    assert links["license"].endswith("Sentinel_Data_Legal_Notice")
    derived = [link["title"] for link in item["links"] if link["rel"] == "derived_from"]
    assert (
        derived == [each.id for each in SCENES] == [each["id"] for each in told["s1ratio:scenes"]]
    )
    assert [each["processing_baseline"] for each in told["s1ratio:scenes"]] == ["003.71"] * 2
    assert told["start_datetime"] == "2024-05-07T16:51:13Z"
    assert told["end_datetime"] == "2024-05-19T16:51:38Z"
    assert "platform" not in told, "two of them flew"
    assert told["processing:software"] == {"s1ratio": "0.1.0+abc"}
    assert told["s1ratio:made_by"][0]["graph"] == "1f64" * 10
    assert told["s1ratio:eecu_seconds"] == 12.5


def test_its_request_can_be_sent_again() -> None:
    told = make_item(FACTS["usual"])["properties"]["processing:expression"]
    assert told["format"] == "s1ratio-request"
    again = facts(**told["expression"])
    assert resolve(again.request) == resolve(FACTS["usual"].request)
    assert again.request.aoi == FACTS["usual"].request.aoi


def test_a_long_outline_is_left_out_of_the_request() -> None:
    ring = [[14 + i / 5000, 48 + (i % 2) / 5000] for i in range(1500)]
    ring += [[14 + i / 5000, 48.1] for i in range(1499, -1, -1)]
    aoi = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    item = make_item(facts(aoi=aoi))
    assert "aoi" not in item["properties"]["processing:expression"]["expression"]
    assert len(json.dumps(item["geometry"])) < 20_000
    assert core_faults(item) == []


def test_invented_scenes_are_no_data_of_copernicus() -> None:
    item = make_item(FACTS["invented"])
    assert "Copernicus" in item["properties"]["attribution"]
    assert "no Copernicus" in item["properties"]["attribution"]
    assert item["properties"]["s1ratio:synthetic"] is True
    assert {link["rel"] for link in item["links"]} == {"root", "parent", "collection"}


def test_links_within_the_bucket_are_relative() -> None:
    item = make_item(FACTS["usual"])
    assert item["assets"]["data"]["href"] == "../../../composites/r1/r1-o146a.tif"
    assert item["assets"]["thumbnail"]["href"] == "./r1-o146a-thumbnail.png"
    hrefs = {link["rel"]: link["href"] for link in item["links"]}
    assert (hrefs["root"], hrefs["parent"], hrefs["collection"]) == (
        "../../catalog.json",
        "./catalog.json",
        "../collection.json",
    )


def test_files_are_told_by_size_and_multihash_and_place() -> None:
    assets = make_item(FACTS["shards"])["assets"]
    keys = [key for key in assets if key.startswith("data")]
    assert keys == [f"data-{row:010d}-0000000000" for row in (0, 1024, 2048)]
    one = assets[keys[1]]
    assert one["file:size"] == 5_941
    assert one["file:checksum"] == "d501103a1c8f6df468c1f3b190aa57f059d042"
    grid = FACTS["shards"].task.plan.grid
    top = grid.transform[5] - 1024 * grid.size
    assert one["proj:transform"] == [grid.size, 0, grid.transform[2], 0, -grid.size, top]


def test_parts_of_any_name_lie_where_their_files_say() -> None:
    one = facts(files=2)
    place = (50.0, 0.0, 470_150.0, 0.0, -50.0, 5_317_500.0)
    files = tuple(
        replace(each, name=f"composites/r1/r1-o146a-q{number}.tif", transform=place, shape=(12, 31))
        for number, each in enumerate(one.files)
    )
    assets = make_item(replace(one, files=files))["assets"]
    assert assets["data-1"]["proj:transform"] == list(place)
    assert assets["data-1"]["proj:shape"] == [12, 31]


def test_pins_late_scenes_and_missing_ones_are_told() -> None:
    early, late = SCENES
    gone = "S1A_IW_GRDH_1SDV_GONE"
    one = facts(pinned=(early.id, gone))
    inputs, rest = pinned_part(Inputs(SCENES), (early.id, gone))
    told = make_item(replace(one, inputs=inputs, late=rest))["properties"]
    assert told["s1ratio:scenes_pinned"] is True
    assert [each["id"] for each in told["s1ratio:scenes"]] == [early.id]
    assert [each["id"] for each in told["s1ratio:scenes_late"]] == [late.id]
    assert told["s1ratio:scenes_missing"] == [gone]


def test_revisions_name_each_other() -> None:
    ids = {1: "r-danube-1-2-ab", 2: "r-danube-1-2-ab-r2", 3: "r-danube-1-2-ab-r3"}
    every = {n: facts(request_id=name, labels={"region": "danube"}) for n, name in ids.items()}
    chain = {n: one.place.item for n, one in every.items()}
    assert {one.place.collection for one in every.values()} == {"region-danube"}
    assert [one.place.revision for one in every.values()] == [1, 2, 3]
    made = {n: versioned(make_item(one), n, chain) for n, one in every.items()}
    links = {n: {link["rel"]: link["href"] for link in item["links"]} for n, item in made.items()}
    assert links[2]["predecessor-version"] == f"./{ids[1]}-o146a.json"
    assert links[2]["successor-version"] == f"./{ids[3]}-o146a.json"
    assert links[1]["latest-version"] == links[2]["latest-version"] == f"./{ids[3]}-o146a.json"
    assert "latest-version" not in links[3]
    assert [made[n]["properties"]["deprecated"] for n in (1, 2, 3)] == [True, True, False]
    assert [made[n]["properties"]["version"] for n in (1, 2, 3)] == ["1", "2", "3"]
    again = versioned(made[2], 2, {2: chain[2]})
    assert again["properties"]["deprecated"] is False, "what was taken away is no revision"
    assert all(core_faults(item) == [] for item in made.values())


def test_a_scene_of_one_pass_tells_its_absolute_orbit() -> None:
    told = make_item(facts(inputs=Inputs((scene(7), scene(7)))))["properties"]
    assert told["sat:absolute_orbit"] == 50_000
    assert told["platform"] == "sentinel-1a"
    assert "sat:absolute_orbit" not in make_item(FACTS["usual"])["properties"]
    assert REAL.is_real
