"""What Sentinel-1 items say of their bands: no data, unit, scale and offset, in either STAC."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

from local_earthengine.scenes.stac.catalog import StacCatalog
from local_earthengine.scenes.stac.fields import StacError

FLOAT, DB = "COPERNICUS/S1_GRD_FLOAT", "COPERNICUS/S1_GRD"
WriteItem = Callable[..., Path]


def say(path: Path, **fields: Any) -> None:
    """Lets the assets say these fields, and no unit but theirs."""
    item = json.loads(path.read_text())
    for asset in item["assets"].values():
        asset.pop("unit")
        asset.update(fields)
    path.write_text(json.dumps(item))


NO_DATA: dict[str, tuple[float, dict[str, Any]]] = {
    "of the asset": (0.0, {"nodata": 0}),
    "STAC 1.1": (0.0, {"bands": [{"nodata": 0}]}),
    "STAC 1.0": (0.0, {"raster:bands": [{"nodata": 0}]}),
    "STAC 1.1, a sensor's": (-9999.0, {"bands": [{"nodata": -9999}]}),
    "STAC 1.0, 99": (99.0, {"raster:bands": [{"nodata": 99}]}),
    "STAC 1.0 beside names": (0.0, {"raster:bands": [{"nodata": 0}], "eo:bands": [{"name": "V"}]}),
    "the band's before the asset's": (0.0, {"nodata": -7, "bands": [{"nodata": 0}]}),
    "the asset's for a silent band": (-7.0, {"nodata": -7, "bands": [{"name": "VV"}]}),
    "not a number": (float("nan"), {"bands": [{"nodata": "nan"}]}),
    "the least float32": (-3.4028235e38, {"raster:bands": [{"nodata": -3.4028234663852886e38}]}),
}


@pytest.mark.parametrize("collection", [FLOAT, DB])
@pytest.mark.parametrize("kind", NO_DATA)
def test_no_data_is_masked_wherever_it_is_said(
    write_item: WriteItem, tmp_path: Path, kind: str, collection: str
) -> None:
    fill, said = NO_DATA[kind]
    decibels = np.array([[fill, -8.0, -8.5], [fill, fill, -9.0]])
    say(write_item("one", decibels, decibels - 7), **{"unit": "dB", **said})
    (scene,) = StacCatalog(tmp_path).collection(collection)
    values, valid = scene.bands[0].read(scene.bands[0].grid)
    assert valid.tolist() == [[False, True, True], [False, False, True]]
    expected = [-8.0, -8.5, -9.0] if collection == DB else 10 ** np.array([-0.8, -0.85, -0.9])
    np.testing.assert_allclose(values[valid], expected, rtol=1e-6)


UNITS: dict[str, tuple[dict[str, Any], bool]] = {
    "of the asset": ({"unit": "dB"}, True),
    "STAC 1.1": ({"bands": [{"unit": "dB"}]}, True),
    "STAC 1.0": ({"raster:bands": [{"unit": "dB"}]}, True),
    "linear": ({"raster:bands": [{"unit": "1"}]}, False),
    "the band's before the asset's": ({"unit": "1", "bands": [{"unit": "dB"}]}, True),
    "the asset's for a silent band": ({"unit": "1", "bands": [{"nodata": 0}]}, False),
    "capital letters": ({"bands": [{"unit": "DB"}]}, True),
    "small letters": ({"unit": "db"}, True),
}


@pytest.mark.parametrize("kind", UNITS)
def test_the_unit_is_read_wherever_it_is_said(
    write_item: WriteItem, tmp_path: Path, kind: str
) -> None:
    said, is_db = UNITS[kind]
    values = np.array([[0.5, 2.0]])
    say(write_item("one", values, values), **said)
    (scene,) = StacCatalog(tmp_path).collection(DB)
    found, _ = scene.bands[0].read(scene.bands[0].grid)
    np.testing.assert_allclose(found, values if is_db else 10 * np.log10(values), rtol=1e-6)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "assets.vv.unit: is missing"),
        ({"bands": [{"name": "VV"}]}, "assets.vv.unit: is missing"),
        ({"bands": [{"unit": "watt"}]}, "assets.vv.bands[0].unit: must be one of 1, dB"),
        ({"raster:bands": [{"unit": 5}]}, "assets.vv.raster:bands[0].unit: must be a text"),
        ({"unit": "m"}, "assets.vv.unit: must be one of 1, dB"),
        ({"unit": "1", "nodata": "none"}, "assets.vv.nodata: must be a number"),
        ({"unit": "1", "bands": [{"nodata": []}]}, "assets.vv.bands[0].nodata: must be a number"),
        ({"unit": "1", "bands": {}}, "assets.vv.bands: must be a list"),
    ],
)
def test_what_is_malformed_is_named_where_it_stands(
    write_item: WriteItem, tmp_path: Path, said: dict[str, Any], field: str
) -> None:
    path = write_item("one", np.ones((2, 2)), np.ones((2, 2)))
    say(path, **said)
    with pytest.raises(StacError) as fault:
        StacCatalog(tmp_path)
    assert f"{path}: {field}" in str(fault.value)


@pytest.mark.parametrize(
    ("said", "scale", "offset"),
    [
        ({"raster:bands": [{"unit": "dB", "scale": 0.01}]}, 0.01, 0.0),
        ({"bands": [{"unit": "dB", "raster:scale": 0.5, "raster:offset": -30}]}, 0.5, -30.0),
        ({"unit": "dB", "raster:offset": -80}, 1.0, -80.0),
        ({"unit": "dB", "scale": 2, "offset": 1}, 2.0, 1.0),
        ({"unit": "dB"}, 0.25, -40.0),  # the file's own
        ({"unit": "dB", "bands": [{"raster:scale": 1, "raster:offset": 0}]}, 1.0, 0.0),
    ],
)
def test_scale_and_offset_make_the_unit_of_the_pixels(
    write_item: WriteItem, tmp_path: Path, said: dict[str, Any], scale: float, offset: float
) -> None:
    raw = np.array([[-9999.0, 12.0, 40.0]])
    path = write_item("one", raw, raw)
    if said == {"unit": "dB"} or "bands" in said:
        with rasterio.open(path.with_name("one-vv.tif"), "r+") as file:
            file.scales, file.offsets = [0.25], [-40.0]
    say(path, **{"nodata": -9999, **said})
    (scene,) = StacCatalog(tmp_path).collection(DB)
    found, valid = scene.bands[0].read(scene.bands[0].grid)
    assert valid.tolist() == [[False, True, True]]
    np.testing.assert_allclose(found[valid], raw[valid] * scale + offset, rtol=1e-6)


def test_a_collection_document_speaks_for_its_radar_items(
    write_item: WriteItem, tmp_path: Path
) -> None:
    path = write_item("one", np.array([[0.0, -8.0]]), np.array([[0.0, -15.0]]), collection="s1")
    say(path)
    said = {"bands": [{"nodata": 0, "unit": "dB"}]}
    document: dict[str, Any] = {"type": "Collection", "stac_version": "1.1.0", "id": "s1"}
    document |= {"item_assets": {"vv": said, "vh": said}}
    (path.parent / "collection.json").write_text(json.dumps(document))
    (scene,) = StacCatalog(tmp_path).collection(DB)
    values, valid = scene.bands[1].read(scene.bands[1].grid)
    assert valid.tolist() == [[False, True]]
    assert values[0, 1] == -15


@pytest.mark.parametrize("platform", ["SENTINEL-1A", "Sentinel-1a", "sentinel-1a"])
def test_a_platform_is_known_however_it_is_written(
    write_item: WriteItem, tmp_path: Path, platform: str
) -> None:
    write_item("one", np.ones((2, 2)), np.ones((2, 2)), properties={"platform": platform})
    (scene,) = StacCatalog(tmp_path).collection(DB)
    assert scene.properties["platform_number"] == "A"
