"""What an item says of where its rasters lie is compared with the files, for every sensor."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import rasterio
from affine import Affine
from rasterio.control import GroundControlPoint
from rasterio.rpc import RPC

from local_earthengine.scenes.stac.catalog import StacCatalog
from local_earthengine.scenes.stac.fields import StacError
from tests.support.stac_items import CORNER, UTM, Tiff, write_item

VALUES = np.arange(24, dtype="uint16").reshape(4, 6)
EAST, NORTH = CORNER
OWN = [10.0, 0.0, EAST, 0.0, -10.0, NORTH]
LAST = [0.0, 0.0, 1.0]
RADAR = {
    "datetime": "2023-12-03T01:59:04Z",
    "platform": "sentinel-1a",
    "sar:instrument_mode": "IW",
    "sat:orbit_state": "ascending",
    "sat:relative_orbit": 137,
    "view:incidence_angle": 35.5,
}
RING = [[15.0, 45.1], [15.1, 45.1], [15.1, 45.2], [15.0, 45.2], [15.0, 45.1]]
Make = Callable[[Path, dict[str, Any], dict[str, Any]], Path]


def optical(folder: Path, properties: dict[str, Any], asset: dict[str, Any]) -> Path:
    return write_item(folder, "one", {"red": (Tiff(VALUES), asset)}, properties=properties)


def radar(folder: Path, properties: dict[str, Any], asset: dict[str, Any]) -> Path:
    return write_item(
        folder,
        "one",
        {"vv": (Tiff(VALUES.astype("float32")), {"unit": "1", **asset})},
        properties={**RADAR, **properties},
        geometry={"type": "Polygon", "coordinates": [RING]},
    )


WKT, OTHER_WKT = (pyproj.CRS(code).to_wkt() for code in (UTM, "EPSG:32632"))
JSON, OTHER_JSON = (pyproj.CRS(code).to_json_dict() for code in (UTM, "EPSG:32632"))
SHIFTED = pyproj.CRS("+proj=utm +zone=33 +ellps=bessel +nadgrids=/tmp/elsewhere.gsb").to_wkt()
BOX = [EAST, NORTH - 40, EAST + 60, NORTH]


def transform(values: list[float]) -> dict[str, Any]:
    return {"proj:transform": values}


AGREEING: dict[str, dict[str, Any]] = {
    "nothing": {},
    "all of it": {"proj:code": UTM, "proj:shape": [4, 6], **transform(OWN)},
    "nine numbers": transform([*OWN, *LAST]),
    "whole numbers": transform([10, 0, 500000, 0, -10, 5000000]),
    "rounded": transform([10.0, 0, EAST + 0.4, 0, -10.0, NORTH - 0.4]),
    "a number": {"proj:epsg": 32633},
    "a number, and no code": {"proj:code": None, "proj:epsg": 32633},
    "a number as text": {"proj:epsg": "32633"},
    "both": {"proj:code": UTM, "proj:epsg": 32633},
    "small letters": {"proj:code": "epsg:32633"},
    "well-known text": {"proj:wkt2": WKT},
    "well-known text of 2015": {"proj:wkt2": pyproj.CRS(UTM).to_wkt("WKT2_2015")},
    "well-known text of GDAL": {"proj:wkt2": pyproj.CRS(UTM).to_wkt("WKT1_GDAL")},
    "text without a code": {"proj:wkt2": pyproj.CRS("+proj=utm +zone=33 +datum=WGS84").to_wkt()},
    "PROJJSON": {"proj:projjson": JSON},
    "all four": {"proj:code": UTM, "proj:epsg": 32633, "proj:wkt2": WKT, "proj:projjson": JSON},
    "bounds": {"proj:bbox": BOX},
    "bounds with heights": {"proj:bbox": [*BOX[:2], 0, *BOX[2:], 100]},
    "bounds to half a pixel": {"proj:bbox": [EAST - 5, NORTH - 45, EAST + 65, NORTH + 5]},
    "more nulls": {"proj:wkt2": None, "proj:projjson": None, "proj:bbox": None},
    "nulls": {"proj:code": None, "proj:epsg": None, "proj:shape": None, "proj:transform": None},
}


@pytest.mark.parametrize("make", [optical, radar])
@pytest.mark.parametrize("where", ["properties", "asset"])
@pytest.mark.parametrize("kind", AGREEING)
def test_an_item_may_say_what_its_file_says(
    tmp_path: Path, make: Make, where: str, kind: str
) -> None:
    said = AGREEING[kind]
    make(tmp_path, *((said, {}) if where == "properties" else ({}, said)))
    catalog = StacCatalog(tmp_path)
    index = "one" if make is optical else "COPERNICUS/S1_GRD_FLOAT/one"
    band = catalog.image(index).bands[0]
    assert (band.grid.crs, list(band.grid.transform)) == (UTM, OWN), "the file's own, unrounded"
    np.testing.assert_array_equal(band.read(band.grid)[0], VALUES)


DIFFERING: dict[str, tuple[dict[str, Any], str, str]] = {
    "stale by 50 and 70 m": (
        transform([10, 0, EAST + 50, 0, -10, NORTH + 70]), "proj:transform", "7 pixels"),
    "stale by half a pixel": (
        transform([10, 0, EAST + 5, 0, -10, NORTH]), "proj:transform", "0.5 pixels"),
    "nine stale numbers": (
        transform([10, 0, EAST, 0, -10, NORTH + 10, *LAST]), "proj:transform", "1 pixels"),
    "another pixel": (transform([20, 0, EAST, 0, -20, NORTH]), "proj:transform", "6 pixels"),
    "south up": (transform([10, 0, EAST, 0, 10, NORTH]), "proj:transform", "8 pixels"),
    "swapped": (transform([0, 10, EAST, -10, 0, NORTH]), "proj:transform", "pixels"),
    "GDAL's order": (transform([EAST, 10, 0, NORTH, 0, -10]), "proj:transform", "is GDAL's"),
    "nine of GDAL's": (
        transform([EAST, 10, 0, NORTH, 0, -10, *LAST]), "proj:transform", "is GDAL's"),
    "no transform at all": (transform([0, 0, 0, 0, 0, 0]), "proj:transform", "pixels"),
    "another last row": (transform([*OWN, 0, 1, 0]), "proj:transform", "must end with 0, 0, 1"),
    "rows of three and four": (
        transform([*OWN, 1.0]), "proj:transform", "must be a list of 6 or 9"),
    "another zone": ({"proj:code": "EPSG:32632"}, "proj:code", "is in EPSG:32633, not in"),
    "the south": ({"proj:code": "EPSG:32733"}, "proj:code", "is in EPSG:32633, not in"),
    "degrees": ({"proj:code": "EPSG:4326"}, "proj:code", "is in EPSG:32633, not in EPSG:4326"),
    "another number": ({"proj:epsg": 32632}, "proj:epsg", "not in EPSG:32632"),
    "code and number differ": ({"proj:code": UTM, "proj:epsg": 3857}, "proj:epsg", "not in"),
    "no such code": ({"proj:code": "EPSG:99999"}, "proj:code", "is no coordinate system"),
    "no number": ({"proj:epsg": True}, "proj:epsg", "must be a number"),
    "a name": ({"proj:epsg": "UTM 33N"}, "proj:epsg", "must be a number"),
    "no text": ({"proj:code": 32633}, "proj:code", "must be such as"),
    "text of another zone": (
        {"proj:wkt2": OTHER_WKT}, "proj:wkt2", "is in EPSG:32633, not in WGS 84 / UTM zone 32N"),
    "text of another datum": (
        {"proj:wkt2": pyproj.CRS("EPSG:23033").to_wkt()}, "proj:wkt2", "not in ED50 / UTM"),
    "no well-known text": ({"proj:wkt2": UTM}, "proj:wkt2", "must be well-known text"),
    "text that is broken": (
        {"proj:wkt2": "PROJCRS[5"}, "proj:wkt2", "is no coordinate system"),
    "text that names a file": ({"proj:wkt2": SHIFTED}, "proj:wkt2", "must not name a file"),
    "text of a file": (
        {"proj:wkt2": "+proj=utm +zone=33 +nadgrids=/tmp/a"}, "proj:wkt2", "must be well-known"),
    "JSON of another zone": (
        {"proj:projjson": OTHER_JSON}, "proj:projjson", "not in WGS 84 / UTM zone 32N"),
    "JSON that names a file": (
        {"proj:projjson": pyproj.CRS(SHIFTED).to_json_dict()}, "proj:projjson",
        "must not name a file"),
    "no PROJJSON": ({"proj:projjson": {"type": "x"}}, "proj:projjson", "is no coordinate system"),
    "JSON as text": ({"proj:projjson": "{}"}, "proj:projjson", "must be a PROJJSON object"),
    "one of three differs": (
        {"proj:code": UTM, "proj:wkt2": WKT, "proj:projjson": OTHER_JSON}, "proj:projjson",
        "not in WGS 84 / UTM zone 32N"),
    "bounds elsewhere": (
        {"proj:bbox": [EAST + 50, NORTH - 40, EAST + 110, NORTH]}, "proj:bbox", "5 pixels"),
    "bounds of a larger one": (
        {"proj:bbox": [EAST, NORTH - 80, EAST + 120, NORTH]}, "proj:bbox", "6 pixels"),
    "bounds in degrees": ({"proj:bbox": [15.0, 45.1, 15.1, 45.2]}, "proj:bbox", "pixels"),
    "bounds in another order": (
        {"proj:bbox": [EAST, EAST + 60, NORTH - 40, NORTH]}, "proj:bbox", "has the bounds"),
    "three bounds": ({"proj:bbox": BOX[:3]}, "proj:bbox", "must be a list of 4 or 6"),
    "width before height": ({"proj:shape": [6, 4]}, "proj:shape", "height before width"),
    "one row more": ({"proj:shape": [5, 6]}, "proj:shape", "has 4 x 6 pixels, not 5 x 6"),
    "half a row": ({"proj:shape": [4.5, 6]}, "proj:shape", "whole numbers"),
    "nothing high": ({"proj:shape": [0, 6]}, "proj:shape", "whole numbers"),
}  # fmt: skip


@pytest.mark.parametrize("make", [optical, radar])
@pytest.mark.parametrize("where", ["properties", "asset"])
@pytest.mark.parametrize("kind", DIFFERING)
def test_a_difference_is_a_fault_that_names_file_and_field(
    tmp_path: Path, make: Make, where: str, kind: str
) -> None:
    said, field, words = DIFFERING[kind]
    path = make(tmp_path, *((said, {}) if where == "properties" else ({}, said)))
    with pytest.raises(StacError) as fault:
        StacCatalog(tmp_path)
    (line,) = fault.value.faults
    asset = "assets.red" if make is optical else "assets.vv"
    assert line.startswith(f"{path}: {asset if where == 'asset' else 'properties'}.{field}: ")
    assert words in line
    if "must" not in line and "is no coordinate system" not in line:
        assert "one-red.tif" in line or "one-vv.tif" in line


def test_an_asset_that_says_it_itself_is_held_to_that_alone(tmp_path: Path) -> None:
    fine, coarse = Tiff(VALUES), Tiff(VALUES[:2, :3], scale=20.0)
    own = {"proj:shape": [2, 3], "proj:transform": [20, 0, EAST, 0, -20, NORTH]}
    said = {"proj:code": UTM, "proj:shape": [4, 6], "proj:transform": OWN}
    write_item(tmp_path, "one", {"red": fine, "scl": (coarse, own)}, properties=said)
    assert [band.grid.shape for band in StacCatalog(tmp_path).image("one").bands] == [
        (4, 6),
        (2, 3),
    ]
    write_item(tmp_path, "one", {"red": fine, "scl": coarse}, properties=said)
    with pytest.raises(StacError) as fault:
        StacCatalog(tmp_path)
    assert len(fault.value.faults) == 2
    assert all("one-scl.tif" in line for line in fault.value.faults)


def test_a_file_without_a_code_is_compared_by_where_it_lies(tmp_path: Path) -> None:
    """Without a datum it is not EPSG:3035 in words; its corners lie where that has them."""
    laea = "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m"
    raster = {"red": Tiff(VALUES, laea, corner=(4_700_000.0, 2_800_000.0))}
    write_item(tmp_path, "one", raster, properties={"proj:code": "EPSG:3035"})
    assert StacCatalog(tmp_path).image("one").bands[0].grid.crs.startswith("PROJCS")
    write_item(tmp_path, "one", raster, properties={"proj:code": "EPSG:3034"})
    with pytest.raises(StacError, match=r"proj:code: one-red\.tif is in .*, not in EPSG:3034"):
        StacCatalog(tmp_path)


TYPED: dict[str, tuple[dict[str, Any], str]] = {
    "with the asset": ({"data_type": "uint8"}, "data_type"),
    "in bands": ({"bands": [{"data_type": "float64"}]}, "bands[0].data_type"),
    "in raster:bands": ({"raster:bands": [{"data_type": "int16"}]}, "raster:bands[0].data_type"),
    "complex": ({"bands": [{"data_type": "cint16"}]}, "bands[0].data_type"),
    "no type": ({"data_type": "number"}, "data_type"),
    "a number": ({"raster:bands": [{"data_type": 16}]}, "raster:bands[0].data_type"),
}


@pytest.mark.parametrize("make", [optical, radar])
@pytest.mark.parametrize("kind", TYPED)
def test_another_type_of_numbers_is_a_fault(tmp_path: Path, make: Make, kind: str) -> None:
    said, field = TYPED[kind]
    path = make(tmp_path, {}, said)
    with pytest.raises(StacError) as fault:
        StacCatalog(tmp_path)
    (line,) = fault.value.faults
    key = "red" if make is optical else "vv"
    assert line.startswith(f"{path}: assets.{key}.{field}: ")
    if "must" not in line:
        assert f"one-{key}.tif holds {'uint16' if key == 'red' else 'float32'}, not " in line


def test_types_are_told_band_by_band(tmp_path: Path) -> None:
    both = Tiff(np.stack([VALUES, VALUES]))
    for types in (["uint16", "uint16"], ["uint16", "other"], ["uint16", None]):
        bands = [{"name": f"b{i}", "data_type": one} for i, one in enumerate(types)]
        write_item(tmp_path, "one", {"two": (both, {"bands": bands})})
        assert len(StacCatalog(tmp_path).image("one").bands) == 2
    bands[1]["data_type"] = "uint8"
    write_item(tmp_path, "one", {"two": (both, {"bands": bands})})
    with pytest.raises(StacError, match=r"bands\[1\]\.data_type: one-two.tif holds uint16"):
        StacCatalog(tmp_path)


def write_placeless(path: Path, **place: Any) -> None:
    shape = {"height": 4, "width": 6, "count": 1, "dtype": "uint16"}
    with rasterio.open(path, "w", driver="GTiff", **shape, **place) as file:
        file.write(VALUES, 1)


CORNERS = [
    GroundControlPoint(row, col, 15 + col / 1e4, 45 - row / 1e4)
    for row, col in ((0, 0), (0, 6), (4, 0), (4, 6))
]
ONE, NONE = [1.0] + [0.0] * 19, [0.0] * 20
POLYNOMIALS = RPC(
    height_off=0.0, height_scale=1.0, lat_off=45.0, lat_scale=1.0, long_off=15.0, long_scale=1.0,
    line_off=2.0, line_scale=4.0, samp_off=3.0, samp_scale=6.0, line_num_coeff=NONE,
    line_den_coeff=ONE, samp_num_coeff=NONE, samp_den_coeff=ONE,
)  # fmt: skip


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("make", [optical, radar])
@pytest.mark.parametrize(
    ("file", "said", "words"),
    [
        ({"gcps": CORNERS, "crs": "EPSG:4326"}, {}, "ground control points alone: rectify it"),
        ({"gcps": CORNERS, "crs": "EPSG:4326"}, transform(OWN), "ground control points alone"),
        ({"gcps": CORNERS, "crs": UTM}, {"proj:code": UTM}, "ground control points alone"),
        ({"rpcs": POLYNOMIALS}, {"proj:code": UTM, **transform(OWN)}, "rational polynomials"),
        ({"crs": UTM}, {}, "no transform to coordinates, and its STAC item no proj:transform"),
        ({}, {"proj:code": UTM}, "no transform to coordinates"),
        ({"transform": Affine(*OWN)}, {}, "no coordinate system, and its STAC item no proj:code"),
    ],
)  # fmt: skip
def test_a_file_that_lies_nowhere_is_refused(
    tmp_path: Path, make: Make, file: dict[str, Any], said: dict[str, Any], words: str
) -> None:
    path = make(tmp_path, said, {})
    name = "one-red.tif" if make is optical else "one-vv.tif"
    write_placeless(tmp_path / name, **file)
    with pytest.raises(StacError, match=words) as fault:
        StacCatalog(tmp_path)
    key = "red" if make is optical else "vv"
    assert str(fault.value).startswith(f"{path}: assets.{key}.href: {name} has ")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ({"transform": Affine(*OWN)}, {"proj:code": UTM}),
        ({"transform": Affine(*OWN)}, {"proj:epsg": 32633}),
        ({"transform": Affine(*OWN)}, {"proj:wkt2": WKT}),
        ({"transform": Affine(*OWN)}, {"proj:projjson": JSON}),
        ({"crs": UTM}, transform(OWN)),
        ({}, {"proj:code": UTM, **transform([*OWN, *LAST])}),
        ({}, {"proj:epsg": "32633", "proj:shape": [4, 6], **transform(OWN)}),
    ],
)
def test_an_item_may_say_what_its_file_does_not(
    tmp_path: Path, file: dict[str, Any], said: dict[str, Any]
) -> None:
    optical(tmp_path, said, {})
    with warnings.catch_warnings():  # it is to be read without one
        warnings.simplefilter("ignore")
        write_placeless(tmp_path / "one-red.tif", **file)
    band = StacCatalog(tmp_path).image("one").bands[0]
    assert pyproj.CRS(band.grid.crs) == pyproj.CRS(UTM)
    assert list(band.grid.transform) == OWN
    np.testing.assert_array_equal(band.read(band.grid)[0], VALUES)


def test_all_faults_of_a_catalogue_are_told_at_once(tmp_path: Path) -> None:
    optical(tmp_path / "a", transform([10, 0, EAST + 50, 0, -10, NORTH]), {})
    path = radar(tmp_path / "b", {"proj:code": "EPSG:32632", "sat:relative_orbit": 400}, {})
    item = json.loads(path.read_text())
    item["id"] = "two"
    item["properties"] |= {"platform": "sentinel-1x", "proj:shape": [6, 4]}
    item["assets"]["vh"] = {"href": "./none.tif", "unit": "1"}
    item["assets"]["vv"]["bands"] = [{"nodata": "none", "unit": "watt"}]
    path.write_text(json.dumps(item))
    (tmp_path / "c.json").write_text("{")
    write_item(tmp_path / "d", "three", {"red": Tiff(VALUES)}, bbox=[1, 2, 3])
    write_item(tmp_path / "e", "good", {"red": Tiff(VALUES)})
    with pytest.raises(StacError) as fault:
        StacCatalog(tmp_path)
    places = sorted(": ".join(line.split(": ")[:2]) for line in fault.value.faults)
    at = str(path)
    assert places == sorted(
        [
            f"{tmp_path / 'a' / 'one.json'}: properties.proj:transform",
            f"{at}: assets.vh.href",
            f"{at}: assets.vv.bands[0].nodata",
            f"{at}: assets.vv.bands[0].unit",
            f"{at}: properties.platform",
            f"{at}: properties.proj:code",
            f"{at}: properties.proj:shape",
            f"{at}: properties.sat:relative_orbit",
            f"{tmp_path / 'c.json'}: document",
            f"{tmp_path / 'd' / 'three.json'}: bbox",
        ]
    )
    assert str(fault.value).splitlines() == list(fault.value.faults)


def test_the_text_of_very_many_faults_tells_a_hundred_and_counts_the_others() -> None:
    fault = StacError(*(f"{i}.json: id: is missing" for i in range(1_234)))
    lines = str(fault).splitlines()
    assert (len(fault.faults), len(lines)) == (1_234, 101)
    assert lines[-1] == "and 1134 faults more"
