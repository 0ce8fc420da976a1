"""Folders of STAC items of any sensor: their collections, bands, masks and properties."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import ee
import numpy as np
import pytest
import rasterio.warp
from numpy.typing import NDArray

from local_earthengine.engine import Engine, render
from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.scenes.stac.catalog import StacCatalog
from local_earthengine.scenes.stac.fields import StacError
from local_earthengine.values.export_grid import export_grid
from tests.support import offline_client as ee_offline
from tests.support.stac_items import CORNER, UTM, Tiff, write_item

NAME = "optical/level-2"
RNG = np.random.default_rng(4)
Found = dict[str, tuple[NDArray[Any], NDArray[np.bool_]]]


def numbers(height: int = 4, width: int = 6, dtype: str = "uint16") -> NDArray[Any]:
    return RNG.integers(1, 9_000, (height, width)).astype(dtype)


def compute(folder: Path, value: Any) -> Any:
    return Engine(StacCatalog(folder)).compute(ee_offline.expression(value))


def grid(width: int = 6, height: int = 4, scale: float = 10.0) -> PixelGrid:
    return PixelGrid(UTM, (scale, 0.0, CORNER[0], 0.0, -scale, CORNER[1]), width, height)


def pixels(folder: Path, image: Any, on: PixelGrid | None = None, **export: Any) -> Found:
    found = Engine(StacCatalog(folder)).image(ee_offline.exported(image, **export))
    ((_, bands),) = render(found, on or export_grid(found))
    return {name: (one.values, one.valid) for name, one in bands.items()}


def test_a_collection_is_served_under_its_id_in_order_of_time(tmp_path: Path) -> None:
    for name, day in (("b", "2024-05-02"), ("a", "2024-05-03"), ("c", "2024-05-01")):
        write_item(
            tmp_path / name,
            name,
            {"red": Tiff(numbers())},
            collection=NAME,
            properties={"datetime": f"{day}T10:00:00Z"},
        )
    write_item(tmp_path, "timeless", {"red": Tiff(numbers())}, collection=NAME)
    images = ee.ImageCollection(NAME)

    assert compute(tmp_path, images.aggregate_array("system:index")) == ["c", "b", "a", "timeless"]
    assert compute(tmp_path, images.aggregate_array("system:id"))[1] == f"{NAME}/b"
    some = images.filterDate("2024-05-02", "2024-05-03")
    assert compute(tmp_path, some.aggregate_array("system:index")) == ["b"]
    assert compute(tmp_path, ee.Image(f"{NAME}/a").date().format("YYYY-MM-dd")) == "2024-05-03"


def test_bands_are_the_rasters_by_asset_name_with_the_files_types(tmp_path: Path) -> None:
    red, scl = numbers(), numbers(2, 3, "uint8")
    values = {
        "red": Tiff(red),
        "temperature": Tiff(numbers(dtype="float64")),
        "SCL": Tiff(scl, scale=20.0),
    }
    path = write_item(tmp_path, "one", values)
    item = json.loads(path.read_text())
    item["assets"] |= {
        "thumbnail": {"href": "./one-red.tif", "roles": ["thumbnail"]},
        "elsewhere": {"href": "https://example.org/b.tif", "type": "image/tiff"},
        "info": {"href": "./info.xml", "type": "application/xml"},
    }
    path.write_text(json.dumps(item))

    info = compute(tmp_path, ee.Image("one"))

    assert [band["id"] for band in info["bands"]] == ["red", "temperature", "SCL"]
    assert info["bands"][0]["data_type"] == {
        "type": "PixelType", "precision": "int", "min": 0, "max": 65535}  # fmt: skip
    assert info["bands"][1]["data_type"]["precision"] == "double"
    assert info["bands"][2]["dimensions"] == [3, 2]
    assert info["bands"][2]["crs_transform"][0] == 20
    found = pixels(tmp_path, ee.Image("one").select(["red", "SCL"]), grid())
    np.testing.assert_array_equal(found["red"][0], red)
    np.testing.assert_array_equal(found["SCL"][0], scl.repeat(2, 0).repeat(2, 1))
    assert found["SCL"][0].dtype == np.uint8


def test_pixels_without_data_are_masked_whoever_says_so(tmp_path: Path) -> None:
    values = numbers()
    values[0, 0], values[1, 1] = 0, 7
    hidden = np.ones(values.shape, np.bool_)
    hidden[2, 2] = False
    gaps = values.astype("float32")
    gaps[3, 3] = np.nan
    lowest = np.full(values.shape, 1.5, "float32")
    lowest[0, 5] = -3.4028235e38
    write_item(
        tmp_path,
        "one",
        {
            "plain": Tiff(values),
            "file": Tiff(values, nodata=0),
            "bands10": (Tiff(values), {"raster:bands": [{"nodata": 7}]}),
            "bands11": (Tiff(values), {"bands": [{"nodata": 7}]}),
            "asset": (Tiff(values), {"nodata": 7}),
            "overruled": (Tiff(values, nodata=0), {"nodata": 7}),
            "masked": Tiff(values, mask=hidden),
            "nan": (Tiff(gaps), {"nodata": "nan"}),
            "lowest": (Tiff(lowest), {"nodata": -3.4028234663852886e38}),
        },
    )
    found = pixels(tmp_path, ee.Image("one"), grid())
    seven = {"bands10", "bands11", "asset", "overruled"}
    gone = {"file": [[0, 0]], "masked": [[2, 2]], "nan": [[3, 3]], "lowest": [[0, 5]], "plain": []}
    for name, (_, valid) in found.items():
        expected = [[1, 1]] if name in seven else gone[name]
        assert np.argwhere(~valid).tolist() == expected, name


def test_bands_of_one_file_are_named_by_the_item_the_file_or_numbers(tmp_path: Path) -> None:
    stack = np.stack([numbers(), numbers()])
    write_item(
        tmp_path,
        "one",
        {
            "eo": (Tiff(stack), {"eo:bands": [{"name": "B4"}, {"name": "B8"}]}),
            "new": (Tiff(stack), {"bands": [{"name": "x"}, {"name": "y"}]}),
            "file": Tiff(stack, names=("p", "q")),
            "mute": Tiff(stack),
            "visual": (Tiff(stack), {"eo:bands": [{"name": "red"}, {"name": "green"}]}),
            "red": (Tiff(numbers()), {"eo:bands": [{"name": "B04", "common_name": "red"}]}),
        },
    )
    names = compute(tmp_path, ee.Image("one").bandNames())
    assert names == [
        "B4", "B8", "x", "y", "p", "q", "mute_1", "mute_2", "visual_red", "green", "red",
    ]  # fmt: skip
    found = pixels(tmp_path, ee.Image("one").select(["B8", "y"]), grid())
    np.testing.assert_array_equal(found["B8"][0], stack[1])
    np.testing.assert_array_equal(found["y"][0], stack[1])


def test_scale_offset_and_unit_are_properties_and_pixels_the_files_numbers(tmp_path: Path) -> None:
    values = numbers()
    said = {"nodata": 0, "scale": 0.0001, "offset": -0.1, "unit": "1"}
    write_item(tmp_path, "one", {"red": (Tiff(values), {"raster:bands": [said]})})
    new = {"raster:scale": 2, "raster:offset": 1, "unit": "K"}
    write_item(tmp_path, "two", {"t": (Tiff(values), {"bands": [new]})})
    image = ee.Image("one")

    wanted = {"red_scale": 0.0001, "red_offset": -0.1, "red_unit": "1"}
    assert compute(tmp_path, image.toDictionary(list(wanted))) == wanted
    wanted = {"t_scale": 2, "t_offset": 1, "t_unit": "K"}
    assert compute(tmp_path, ee.Image("two").toDictionary(list(wanted))) == wanted
    scaled = image.multiply(image.getNumber("red_scale")).add(image.getNumber("red_offset"))
    found = pixels(tmp_path, scaled, grid())["red"][0]
    np.testing.assert_allclose(found, values * 0.0001 - 0.1, rtol=1e-6)


def test_a_collection_document_speaks_for_its_items(tmp_path: Path) -> None:
    document = {
        "type": "Collection",
        "stac_version": "1.0.0",
        "id": NAME,
        "item_assets": {"red": {"raster:bands": [{"nodata": 7, "scale": 0.5}]}},
    }
    (tmp_path / "collection.json").write_text(json.dumps(document))
    other = document | {"id": "empty", "item_assets": {}}
    (tmp_path / "other.json").write_text(json.dumps(other))
    values = numbers()
    values[1, 2] = 7
    write_item(tmp_path, "one", {"red": Tiff(values)}, collection=NAME)

    image = ee.Image(f"{NAME}/one")
    assert np.argwhere(~pixels(tmp_path, image, grid())["red"][1]).tolist() == [[1, 2]]
    assert compute(tmp_path, image.get("red_scale")) == 0.5
    assert compute(tmp_path, ee.ImageCollection("empty").size()) == 0


def test_properties_are_kept_as_earth_engine_can_hold_them(tmp_path: Path) -> None:
    said = {
        "datetime": "2024-05-01T10:00:00Z",
        "start_datetime": "2024-05-01T09:00:00Z",
        "end_datetime": "2024-05-01T11:00:00Z",
        "eo:cloud_cover": 12.5,
        "platform": "landsat-8",
        "sar:looks_range": 3,
        "good": True,
        "instruments": ["oli", "tirs"],
        "nothing": None,
        "deep": {"a": 1},
    }
    write_item(tmp_path, "one", {"red": Tiff(numbers())}, collection=NAME, properties=said)
    found = compute(tmp_path, ee.Image(f"{NAME}/one").toDictionary())
    assert found == {
        "datetime": "2024-05-01T10:00:00Z",
        "start_datetime": "2024-05-01T09:00:00Z",
        "end_datetime": "2024-05-01T11:00:00Z",
        "eo:cloud_cover": 12.5,
        "platform": "landsat-8",
        "sar:looks_range": 3,
        "good": 1,
        "instruments": ["oli", "tirs"],
    }
    image = ee.Image(f"{NAME}/one")
    assert compute(tmp_path, image.get("system:time_start")) == 1714554000000
    assert compute(tmp_path, image.get("system:time_end")) == 1714561200000
    assert compute(tmp_path, image.get("system:index")) == "one"


def test_without_a_geometry_the_footprint_is_the_raster_s(tmp_path: Path) -> None:
    corner, size = (15.0, 45.0), 0.01
    raster = Tiff(numbers(), "EPSG:4326", size, corner)
    write_item(tmp_path, "DEM/30m", {"elevation": raster})
    write_item(tmp_path, "boxed", {"elevation": raster}, bbox=[14, 43, 16, 46])
    inside, outside = ee.Geometry.Point(15.03, 44.98), ee.Geometry.Point(15.07, 44.98)
    one = ee.Image("DEM/30m").geometry()

    assert compute(tmp_path, one.contains(inside, 1))
    assert not compute(tmp_path, one.contains(outside, 1))
    assert compute(tmp_path, ee.Image("boxed").geometry().contains(ee.Geometry.Point(14.5, 44), 1))
    assert compute(tmp_path, ee.Image("DEM/30m").get("system:index")) == "30m"


def test_scenes_of_several_coordinate_systems_meet_in_one_composite(tmp_path: Path) -> None:
    utm, degrees = numbers(30, 30), numbers(30, 30)
    write_item(tmp_path, "utm", {"red": Tiff(utm)}, collection=NAME)
    cell = 1e-4
    write_item(
        tmp_path,
        "deg",
        {"red": Tiff(degrees, "EPSG:4326", cell, (15.0005, 45.1535))},
        collection=NAME,
    )
    mercator = "+proj=tmerc +lon_0=15 +datum=WGS84 +units=m"
    own = numbers(30, 30)
    write_item(
        tmp_path, "own", {"red": Tiff(own, mercator, 10, (53, 5_001_957.8))}, collection=NAME
    )
    target = PixelGrid("EPSG:4326", (cell, 0.0, 15.0, 0.0, -cell, 45.154), 40, 30)
    found = pixels(tmp_path, ee.ImageCollection(NAME).sum(), target)["red"]
    counts, sums = np.zeros(target.shape, int), np.zeros(target.shape)
    for name in ("utm", "deg", "own"):
        with rasterio.open(tmp_path / f"{name}-red.tif") as file:
            values = file.read(1)
            for row, col in np.ndindex(target.shape):
                x, y = target.at(col + 0.5, row + 0.5)
                (east,), (north,) = rasterio.warp.transform("EPSG:4326", file.crs, [x], [y])
                i, j = file.index(east, north)
                if 0 <= i < file.height and 0 <= j < file.width:
                    counts[row, col] += 1
                    sums[row, col] += values[i, j]
    assert set(np.unique(counts)) == {0, 1, 2, 3}
    np.testing.assert_array_equal(found[1], counts > 0)
    np.testing.assert_array_equal(np.where(found[1], found[0], 0), sums)


def test_sentinel_1_items_serve_their_own_collection_too(tmp_path: Path) -> None:
    vv = numbers(dtype="float32")
    write_item(
        tmp_path,
        "s1",
        {"vv": (Tiff(vv), {"unit": "1"})},
        collection="my-radar",
        geometry={"type": "Polygon", "coordinates": [[[15, 45], [16, 46], [15, 46], [15, 45]]]},
        properties={
            "datetime": "2023-12-03T01:59:04Z",
            "platform": "sentinel-1a",
            "sar:instrument_mode": "IW",
            "sat:orbit_state": "ascending",
            "sat:relative_orbit": 137,
            "view:incidence_angle": 35.5,
            "proj:code": UTM,
            "proj:shape": [4, 6],
            "proj:transform": [10.0, 0.0, CORNER[0], 0.0, -10.0, CORNER[1]],
        },
    )
    for name, bands in (
        ("my-radar", ["vv"]),
        ("COPERNICUS/S1_GRD", ["VV", "angle"]),
        ("COPERNICUS/S1_GRD_FLOAT", ["VV", "angle"]),
    ):
        assert compute(tmp_path, ee.ImageCollection(name).first().bandNames()) == bands
        assert compute(tmp_path, ee.Image(f"{name}/s1").bandNames()) == bands
    found = pixels(tmp_path, ee.Image("COPERNICUS/S1_GRD/s1").select("VV"), grid())["VV"][0]
    np.testing.assert_allclose(found, 10 * np.log10(vv.astype(float)))
    with pytest.raises(EarthEngineError, match=r"asset 'COPERNICUS/S1_GRD/s2' not found"):
        compute(tmp_path, ee.Image("COPERNICUS/S1_GRD/s2").bandNames())


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (lambda: ee.Image("none"), r"^Image\.load: Image asset 'none' not found"),
        (lambda: ee.Image(f"{NAME}/none"), r"^Image\.load: Image asset '.*/none' not found"),
        (lambda: ee.ImageCollection("x").size(), r"^ImageCollection\.load: .* asset 'x' not found"),
        (lambda: ee.Image(NAME), rf"Expected asset '{NAME}' to be an Image, found 'ImageColl"),
        (lambda: ee.ImageCollection("dem").size(), "to be an ImageCollection, found 'Image'"),
        (lambda: ee.ImageCollection("COPERNICUS/S1_GRD").size(), "not found"),
    ],
)
def test_what_is_not_there_is_refused_by_its_id(tmp_path: Path, value: Any, words: str) -> None:
    write_item(tmp_path, "one", {"red": Tiff(numbers())}, collection=NAME)
    write_item(tmp_path, "dem", {"elevation": Tiff(numbers())})
    with pytest.raises(EarthEngineError, match=words) as refusal:
        compute(tmp_path, value())
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    ("assets", "over", "words"),
    [
        ({"red": Tiff(numbers(), crs=None)}, {}, "has no coordinate system"),
        ({"red": Tiff(numbers(dtype="complex64"))}, {}, "complex numbers"),
        ({"a": (Tiff(np.stack([numbers()] * 2)), {"bands": [{}] * 3})}, {}, "has 2 bands, its"),
        ({"a_b": Tiff(numbers()), "a": (Tiff(np.stack([numbers()] * 2)),
          {"bands": [{"name": "a_b"}, {"name": "b"}]}),
          "b": Tiff(numbers()), "a_a_b": Tiff(numbers())}, {}, "Several bands .* 'a_.*b'"),
    ],
)  # fmt: skip
def test_a_raster_that_cannot_be_served_is_named(
    tmp_path: Path, assets: dict[str, Any], over: dict[str, Any], words: str
) -> None:
    path = write_item(tmp_path, "one", assets, **over)
    with pytest.raises(StacError, match=words) as fault:
        StacCatalog(tmp_path)
    assert str(fault.value).startswith(f"{path}: assets")


def test_a_raster_without_a_crs_takes_its_item_s(tmp_path: Path) -> None:
    raster = {"red": Tiff(numbers(), crs=None)}
    write_item(tmp_path, "one", raster, properties={"proj:epsg": 32633})
    assert compute(tmp_path, ee.Image("one").projection().crs()) == UTM


def test_a_file_that_is_no_raster_is_named(tmp_path: Path) -> None:
    write_item(tmp_path, "one", {"red": Tiff(numbers())})
    (tmp_path / "one-red.tif").write_bytes(b"II*\0no picture")
    with pytest.raises(StacError, match=r"assets\.red\.href: one-red\.tif cannot be read"):
        StacCatalog(tmp_path)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"id": None}, "id"),
        ({"collection": 5}, "collection"),
        ({"properties": {"datetime": "now"}}, "properties.datetime"),
        ({"properties": {"end_datetime": 5}}, "properties.end_datetime"),
        ({"geometry": {"type": "Point", "coordinates": [0, 0]}}, "geometry"),
        ({"bbox": [1, 2, 3]}, "bbox"),
        ({"bbox": [3, 0, 1, 1]}, "bbox"),
        ({"assets": {}}, "assets"),
        ({"assets": {"a": {"href": "https://a.org/b.tif"}}}, "assets"),
        ({"assets": {"a": {"href": "./none.tif"}}}, "assets.a.href"),
        ({"assets": {"a": {"href": "./one-a.tif", "nodata": "none"}}}, "assets.a.nodata"),
        ({"assets": {"a": {"href": "./one-a.tif", "bands": {}}}}, "assets.a.bands"),
        ({"assets": {"a": {"href": "./one-a.tif", "bands": [{"name": 4}]}}},
         "assets.a.bands[0].name"),
        ({"assets": {"a": {"href": "./one-a.tif", "raster:bands": [{"scale": "x"}]}}},
         "assets.a.raster:bands[0].scale"),
        ({"assets": {"a": {"href": "./one-a.tif", "raster:bands": [{}], "eo:bands": [{}, {}]}}},
         "assets.a.raster:bands"),
    ],
)  # fmt: skip
def test_a_bad_item_is_named_with_its_field(
    tmp_path: Path, over: dict[str, Any], field: str
) -> None:
    path = write_item(tmp_path, "one", {"a": Tiff(numbers())})
    path.write_text(json.dumps(json.loads(path.read_text()) | over))
    with pytest.raises(StacError) as fault:
        StacCatalog(tmp_path)
    assert f"{path}: {field}: " in str(fault.value)


def test_ids_are_of_one_thing_each(tmp_path: Path) -> None:
    write_item(tmp_path / "a", "one", {"red": Tiff(numbers())}, collection=NAME)
    write_item(tmp_path / "b", "one", {"red": Tiff(numbers())}, collection="other")
    assert compute(tmp_path, ee.ImageCollection("other").size()) == 1
    write_item(tmp_path / "c", "one", {"red": Tiff(numbers())}, collection=NAME)
    with pytest.raises(StacError, match="is the id of another"):
        StacCatalog(tmp_path)


@pytest.mark.parametrize("folders", ["ab", "ba"])
def test_no_image_bears_the_id_of_a_collection(tmp_path: Path, folders: str) -> None:
    write_item(tmp_path / folders[0], "dem", {"red": Tiff(numbers())})
    write_item(tmp_path / folders[1], "one", {"red": Tiff(numbers())}, collection="dem")
    with pytest.raises(StacError, match="'dem' is the id of another item or collection"):
        StacCatalog(tmp_path)
