"""STAC folders as Sentinel-1 collections."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import rasterio
from pyproj import Transformer

from local_earthengine.errors import EarthEngineError
from local_earthengine.scenes.stac.catalog import StacCatalog
from local_earthengine.scenes.stac.fields import StacError
from tests.support.real_scenes import real_scenes

FLOAT, DB = "COPERNICUS/S1_GRD_FLOAT", "COPERNICUS/S1_GRD"
VV = np.array([[0.1, 0.2, 1.0], [np.nan, 10.0, 0.01]], "float32")
VH = np.array([[0.01, 0.0, -0.5], [0.02, 0.03, 0.04]], "float32")
WriteItem = Callable[..., Path]


def bands_of(folder: Path, collection: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    (scene,) = StacCatalog(folder).collection(collection)
    return {band.name: band.read(band.grid) for band in scene.bands}


def test_linear_assets_serve_the_linear_collection_as_they_are(
    write_item: WriteItem, tmp_path: Path
) -> None:
    write_item("one", VV, VH)
    bands = bands_of(tmp_path, FLOAT)
    values, valid = bands["VV"]
    assert values.dtype == np.float32
    assert valid.tolist() == [[True, True, True], [False, True, True]]
    np.testing.assert_array_equal(values[valid], VV[valid])
    assert bands["VH"][1].all(), "zero and negative power are data in linear units"


def test_linear_assets_serve_the_db_collection_in_decibels(
    write_item: WriteItem, tmp_path: Path
) -> None:
    write_item("one", VV, VH)
    bands = bands_of(tmp_path, DB)
    values, valid = bands["VH"]
    assert values.dtype == np.float64
    assert valid.tolist() == [[True, False, False], [True, True, True]]
    assert values[0, 0] == pytest.approx(-20.0, abs=1e-5)
    assert bands["VV"][0][1, 1] == pytest.approx(10.0, abs=1e-5)


def test_db_assets_serve_the_linear_collection(write_item: WriteItem, tmp_path: Path) -> None:
    write_item("one", np.array([[-10.0, 3.0]]), np.array([[-20.0, 0.0]]), unit="dB")
    values, valid = bands_of(tmp_path, FLOAT)["VV"]
    assert values.dtype == np.float32
    assert valid.all()
    np.testing.assert_allclose(values, [[0.1, 1.9952623]], rtol=1e-6)
    np.testing.assert_array_equal(bands_of(tmp_path, DB)["VH"][0], [[-20.0, 0.0]])


def test_windows_are_parts_of_the_whole(write_item: WriteItem, tmp_path: Path) -> None:
    ramp = np.arange(24.0).reshape(4, 6)
    write_item("one", ramp, ramp)
    (scene,) = StacCatalog(tmp_path).collection(FLOAT)
    values, _ = scene.bands[0].read(scene.bands[0].grid.window(2, 1, 3, 2))
    np.testing.assert_array_equal(values, [[8, 9, 10], [14, 15, 16]])


def test_one_angle_for_the_scene_where_there_is_no_raster(
    write_item: WriteItem, tmp_path: Path
) -> None:
    write_item("one", VV, VH)
    values, valid = bands_of(tmp_path, FLOAT)["angle"]
    assert valid.all()
    assert (values == np.float32(35.5)).all()


def test_the_properties_are_earth_engines(write_item: WriteItem, tmp_path: Path) -> None:
    write_item("one", VV, VH)
    (scene,) = StacCatalog(tmp_path).collection(DB)
    assert scene.asset_id == "COPERNICUS/S1_GRD/one"
    assert scene.properties["system:time_start"] == 1701568744000
    expected = {
        "instrumentMode": "IW",
        "orbitProperties_pass": "ASCENDING",
        "platform_number": "A",
        "relativeOrbitNumber_start": 137,
        "transmitterReceiverPolarisation": ["VV", "VH"],
    }
    assert expected.items() <= dict(scene.properties).items()


def test_scenes_within_half_an_hour_are_one_pass(write_item: WriteItem, tmp_path: Path) -> None:
    for name, time in {
        "first": "2023-12-03T01:59:04Z",
        "slice": "2023-12-03T01:59:29Z",
        "later": "2023-12-15T01:59:04Z",
        "soon": "2023-12-16T01:59:04Z",  # no real orbit: still another pass
    }.items():
        write_item(name, VV, VH, properties={"datetime": time})
    write_item("other", VV, VH, properties={"platform": "sentinel-1b"})
    write_item("stated", VV, VH, properties={"sat:absolute_orbit": 7})
    scenes = StacCatalog(tmp_path).collection(FLOAT)
    orbits = {scene.index: scene.properties["orbitNumber_start"] for scene in scenes}
    assert orbits["first"] == orbits["slice"] == 51484, "the orbit that Sentinel-1A really flew"
    assert orbits["stated"] == 7
    different = {orbits[name] for name in ("first", "later", "soon")}
    assert len(different) == 3


def test_hints_leave_out_what_lies_outside_the_period(
    write_item: WriteItem, tmp_path: Path
) -> None:
    write_item("a", VV, VH, properties={"datetime": "2023-01-01T00:00:00Z"})
    write_item("b", VV, VH, properties={"datetime": "2023-02-01T00:00:00Z"})
    january, february = (datetime(2023, month, 1, tzinfo=UTC) for month in (1, 2))
    found = StacCatalog(tmp_path).collection(FLOAT, start=january, end=february)
    assert [scene.index for scene in found] == ["a"]


def test_another_collection_is_not_found(write_item: WriteItem, tmp_path: Path) -> None:
    write_item("one", VV, VH)
    with pytest.raises(EarthEngineError, match=r"asset 'COPERNICUS/S2' not found"):
        StacCatalog(tmp_path).collection("COPERNICUS/S2")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"properties": {"platform": "sentinel-1e"}}, "properties.platform"),
        ({"properties": {"sat:relative_orbit": 176}}, "properties.sat:relative_orbit"),
        ({"properties": {"sat:relative_orbit": "137"}}, "properties.sat:relative_orbit"),
        ({"properties": {"sat:orbit_state": None}}, "properties.sat:orbit_state"),
        ({"properties": {"datetime": "yesterday"}}, "properties.datetime"),
        ({"properties": {"view:incidence_angle": None}}, "properties.view:incidence_angle"),
        ({"properties": {"view:incidence_angle": 10**400}}, "properties.view:incidence_angle"),
        ({"properties": {"view:incidence_angle": float("nan")}}, "properties.view:incidence_angle"),
        ({"properties": {"proj:code": "WKT"}}, "proj:code"),
        ({"properties": {"proj:shape": [1, 10**400]}}, "proj:shape"),
        ({"properties": {"proj:shape": [1, float("inf")]}}, "proj:shape"),
        ({"properties": {"proj:transform": [1, 0, 0, 0, float("nan"), 0]}}, "proj:transform"),
        ({"properties": {"proj:transform": [1, 2]}}, "proj:transform"),
        ({"geometry": {"type": "Point", "coordinates": [0, 0]}}, "geometry"),
        ({"geometry": {"type": "Polygon"}}, "geometry"),
        ({"assets": {"red": {"href": "./a.tif"}}}, "assets"),
        ({"assets": {"vv": {"href": "./none.tif", "unit": "1"}}}, "assets.vv.href"),
        ({"assets": {"vv": {"href": "https://a.test/x.tif", "unit": "1"}}}, "assets.vv.href"),
        ({"assets": {"vv": {"href": "./one-vv.tif"}}}, "assets.vv.unit"),
        ({"assets": {"vv": {"href": "./one-vv.tif", "unit": "watt"}}}, "assets.vv.unit"),
        ({"properties": {"sar:instrument_mode": 3}}, "properties.sar:instrument_mode"),
    ],
)
def test_a_bad_item_is_named_with_its_field(
    write_item: WriteItem, tmp_path: Path, change: dict[str, object], field: str
) -> None:
    path = write_item("one", VV, VH, **change)
    with pytest.raises(StacError) as fault:
        StacCatalog(tmp_path)
    assert str(path) in str(fault.value)
    assert f"{field}:" in str(fault.value)


def test_a_folder_without_items_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalog.json").write_text(json.dumps({"type": "Catalog", "stac_version": "1.1.0"}))
    with pytest.raises(StacError, match="holds no STAC item"):
        StacCatalog(tmp_path)
    with pytest.raises(StacError, match="is no folder"):
        StacCatalog(tmp_path / "missing")


def test_a_file_that_is_no_json_is_named(write_item: WriteItem, tmp_path: Path) -> None:
    path = write_item("one", VV, VH)
    path.write_text("{")
    with pytest.raises(StacError, match=r"one\.json: document: cannot be read as JSON"):
        StacCatalog(tmp_path)


def test_two_items_of_one_id_are_refused(write_item: WriteItem, tmp_path: Path) -> None:
    path = write_item("one", VV, VH)
    path.with_name("copy.json").write_text(path.read_text())
    with pytest.raises(StacError, match="'one' is the id of"):
        StacCatalog(tmp_path)


def test_a_raster_that_changed_since_it_was_compared_is_refused_when_read(
    write_item: WriteItem, tmp_path: Path
) -> None:
    write_item("one", VV, VH)
    (scene,) = StacCatalog(tmp_path).collection(FLOAT)
    write_item("one", VV[:, :2], VH[:, :2])
    with pytest.raises(EarthEngineError, match=r"one-vv\.tif has 2 x 2 pixels, and had 2 x 3"):
        scene.bands[0].read(scene.bands[0].grid)


@pytest.mark.real_scenes
def test_the_real_scenes_come_as_they_lie_on_disk() -> None:
    folder = real_scenes()
    scenes = StacCatalog(folder).collection(FLOAT)
    assert len(scenes) == 42
    passes = {(s.properties["platform_number"], s.properties["orbitNumber_start"]) for s in scenes}
    assert len(passes) == 21, "two bursts of each of 21 passes"
    files = {
        item["id"]: (path, item)
        for path in folder.rglob("*.json")
        if (item := json.loads(path.read_text())).get("type") == "Feature"
    }
    for scene in scenes[::7]:
        path, item = files[scene.index]
        for band in scene.bands:
            with rasterio.open(path.parent / item["assets"][band.name.lower()]["href"]) as file:
                raw = file.read(1)
            values, valid = band.read(band.grid)
            np.testing.assert_array_equal(valid, np.isfinite(raw))
            np.testing.assert_array_equal(values[valid], raw[valid])


def _strip(south: float, north: float) -> dict[str, object]:
    ring = [[37, south], [39, south], [39, north], [37, north], [37, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.mark.parametrize(
    ("strip", "state", "orbits"),
    [
        ((-0.86, 1.11), "ascending", (57, 57)),  # ends at the node
        ((-0.5, 1.45), "ascending", (57, 58)),
        ((0.5, 2.45), "ascending", (57, 58)),
        ((0.70, 1.00), "ascending", (175, 1)),  # cut out
        ((0.65, 2.62), "ascending", (58, 58)),  # begins at the node
        ((-3.0, -1.1), "ascending", (57, 57)),
        ((44.0, 45.9), "ascending", (57, 57)),
        ((-0.2, 1.75), "descending", (57, 57)),
    ],
)
def test_an_item_over_the_ascending_node_ends_on_the_next_orbit(
    write_item: WriteItem,
    tmp_path: Path,
    strip: tuple[float, float],
    state: str,
    orbits: tuple[int, int],
) -> None:
    relative, stop = orbits
    told = {"sat:orbit_state": state, "sat:relative_orbit": relative, "sat:absolute_orbit": 9000}
    x, y = Transformer.from_crs(4326, 32637, always_xy=True).transform(38, sum(strip) / 2)
    place = {"crs": "EPSG:32637", "transform": [30.0, 0.0, x, 0.0, -30.0, y]}
    write_item("one", VV, VH, properties=told, geometry=_strip(*strip), bbox=None, **place)
    (scene,) = StacCatalog(tmp_path).collection(DB)
    properties = scene.properties
    assert properties["relativeOrbitNumber_start"] == relative
    assert properties["relativeOrbitNumber_stop"] == stop
    assert properties["orbitNumber_stop"] - properties["orbitNumber_start"] == int(stop != relative)
