"""The unmodified `ee` client against the local Earth Engine, over HTTP."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import ee
import numpy as np
import pytest
import rasterio
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
from local_earthengine.server import LocalEarthEngine
from tests.support import offline_client as ee_offline

DEADLINE = 60.0
PROJECT = "demo"
AOI = [15.0, 48.0, 15.02, 48.01]
OUTCOMES = ("SUCCEEDED", "FAILED", "CANCELLED")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def server(out: Path) -> Iterator[LocalEarthEngine]:
    with LocalEarthEngine(out, SyntheticCatalog(), seed=1) as one:
        connect(one)
        yield one
    disconnect()


@pytest.fixture
def idle_server(out: Path) -> Iterator[LocalEarthEngine]:
    """A server with room for three operations that never runs one."""
    with LocalEarthEngine(out, SyntheticCatalog(), workers=0, queue_capacity=3) as one:
        connect(one)
        yield one
    disconnect()


def anonymous() -> Any:
    return AnonymousCredentials()


def connect(server: LocalEarthEngine) -> None:
    ee.deprecation._FetchDataCatalogStac = dict
    ee.Initialize(anonymous(), project=PROJECT, url=server.url)
    ee.data.setDeadline(1000 * DEADLINE)
    ee.data.setMaxRetries(0)


def disconnect() -> None:
    """What other tests expect of the client, whose state is the process's."""
    ee.Reset()
    ee_offline.initialize()


def scenes() -> Any:
    return (
        ee.ImageCollection("COPERNICUS/S1_GRD_FLOAT")
        .filterBounds(region())
        .filterDate("2020-06-01", "2020-07-01")
        .filter(ee.Filter.eq("relativeOrbitNumber_start", 73))
        .filter(ee.Filter.listContains("transmitterReceiverPolarisation", "VH"))
    )


def region() -> Any:
    return ee.Geometry.Rectangle(AOI, None, False)


def median() -> Any:
    return scenes().select(["VV", "VH"]).median().toFloat()


def export(image: Any, name: str = "folder/one", **over: Any) -> dict[str, Any]:
    """Starts an export as the client does; gives the operation."""
    options = {
        "description": "an-export",
        "bucket": "my-bucket",
        "fileNamePrefix": name,
        "region": region(),
        "crs": "EPSG:32633",
        "scale": 10,
        "maxPixels": 1e6,
        **over,
    }
    task = ee.batch.Export.image.toCloudStorage(image, **options)
    task.start()
    operation: dict[str, Any] = ee.data.getOperation(str(task.name))
    return operation


def settled(name: str) -> dict[str, Any]:
    begun = monotonic()
    while (operation := ee.data.getOperation(name))["metadata"]["state"] not in OUTCOMES:
        assert monotonic() - begun < DEADLINE, operation
        sleep(0.02)
    return operation  # type: ignore[no-any-return]


def post(server: LocalEarthEngine, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(f"{server.url}{path}", body, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=DEADLINE) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, json.loads(refusal.read())


@pytest.mark.usefixtures("server")
def test_values_are_computed() -> None:
    assert ee.Number(20).add(22).getInfo() == 42
    assert scenes().size().getInfo() == 3
    (orbits,) = {tuple(scenes().aggregate_array("orbitProperties_pass").distinct().getInfo())}
    assert orbits == ("ASCENDING",)


@pytest.mark.usefixtures("server")
def test_an_export_becomes_a_geotiff_with_the_pixels_that_compute_pixels_gives(out: Path) -> None:
    form = {"cloudOptimized": True, "noData": -9999}
    operation = settled(export(median(), formatOptions=form, priority=321)["name"])
    metadata = operation["metadata"]
    assert metadata["state"] == "SUCCEEDED", operation
    assert (metadata["description"], metadata["priority"]) == ("an-export", 321)
    assert metadata["destinationUris"][0].endswith("/browser/my-bucket/folder/")
    with rasterio.open(out / "my-bucket" / "folder" / "one.tif") as file:
        assert file.descriptions == ("VV", "VH")
        assert (file.nodata, file.crs.to_epsg(), file.res) == (-9999.0, 32633, (10.0, 10.0))
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        exported, transform, size = file.read(), file.transform, (file.width, file.height)
    grid = {
        "dimensions": {"width": size[0], "height": size[1]},
        "affineTransform": dict(
            zip(
                ("scaleX", "shearX", "translateX", "shearY", "scaleY", "translateY"),
                tuple(transform)[:6],
                strict=True,
            )
        ),
        "crsCode": "EPSG:32633",
    }
    request = {"expression": median(), "grid": grid}
    array = ee.data.computePixels({**request, "fileFormat": "NUMPY_NDARRAY"})
    assert array.dtype.names == ("VV", "VH")
    covered = exported[0] != -9999.0
    assert covered.mean() > 0.9
    for number, name in enumerate(array.dtype.names):
        np.testing.assert_array_equal(array[name][covered], exported[number][covered])
    tiff = ee.data.computePixels({**request, "fileFormat": "GEO_TIFF", "bandIds": ["VH"]})
    with rasterio.MemoryFile(tiff).open() as file:
        assert file.descriptions == ("VH",)
        np.testing.assert_array_equal(file.read(1)[covered], exported[1][covered])


def test_what_was_exported_is_read_back_through_cloud_storage(
    server: LocalEarthEngine, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(export(median())["name"])
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.url)
    client = storage.Client(project=PROJECT, credentials=anonymous())
    (blob,) = client.list_blobs("my-bucket", prefix="folder/", timeout=DEADLINE)
    assert blob.name == "folder/one.tif"
    written = (out / "my-bucket" / "folder" / "one.tif").read_bytes()
    assert blob.download_as_bytes(start=8, end=99, timeout=DEADLINE) == written[8:100]
    client.close()


@pytest.mark.usefixtures("server")
def test_big_images_come_as_several_files(out: Path) -> None:
    whole = settled(export(median(), "whole")["name"])
    parts = settled(export(median(), "parts", fileDimensions=[128, 64], shardSize=64)["name"])
    assert whole["metadata"]["state"] == parts["metadata"]["state"] == "SUCCEEDED", parts
    with rasterio.open(out / "my-bucket" / "whole.tif") as file:
        pixels, grid = file.read(1), file.transform
    names = sorted(path.name for path in (out / "my-bucket").glob("parts*"))
    rows, cols = range(0, pixels.shape[0], 64), range(0, pixels.shape[1], 128)
    assert names == [f"parts{row:010d}-{col:010d}.tif" for row in rows for col in cols]
    for row in rows:
        for col in cols:
            with rasterio.open(out / "my-bucket" / f"parts{row:010d}-{col:010d}.tif") as file:
                assert (file.transform.c, file.transform.f) == (
                    grid.c + 10 * col,
                    grid.f - 10 * row,
                )
                part = file.read(1)
            np.testing.assert_array_equal(part, pixels[row : row + 64, col : col + 128])


@pytest.mark.usefixtures("server")
def test_an_export_to_drive_is_a_file_in_its_folder(out: Path) -> None:
    task = ee.batch.Export.image.toDrive(
        median(), description="d", folder="Ratios", fileNamePrefix="one", region=region(), scale=20
    )
    task.start()
    assert settled(str(task.name))["metadata"]["state"] == "SUCCEEDED"
    assert task.status()["state"] == "COMPLETED"
    assert (out / "drive" / "Ratios" / "one.tif").is_file()


@pytest.mark.usefixtures("server")
def test_failures_say_why() -> None:
    def failure(image: Any, **over: Any) -> str:
        operation = settled(export(image, **over)["name"])
        assert operation["metadata"]["state"] == "FAILED"
        assert operation["done"]
        return str(operation["error"]["message"])

    too_large = failure(median(), maxPixels=100)
    assert re.fullmatch(
        r"Export too large: specified \d+ pixels \(max: 100\)\. Specify higher maxPixels value "
        r"if you intend to export a large area\.",
        too_large,
    )
    mixed = median().addBands(median().select("VV").toDouble().rename("double"))
    assert failure(mixed) == (
        "Exported bands must have compatible data types; "
        "found inconsistent types: Float32 and Float64."
    )


@pytest.mark.usefixtures("idle_server")
def test_a_request_id_is_used_once_even_when_the_queue_was_full() -> None:
    def start(request_id: str) -> Any:
        destination = {"bucket": "my-bucket", "filenamePrefix": "x"}
        options = {"fileFormat": "GEO_TIFF", "cloudStorageDestination": destination}
        body = {"expression": median(), "description": "d", "fileExportOptions": options}
        return ee.data.exportImage(request_id, body)

    used = "A different Operation was already started with the given request_id."
    assert start("s1-1")["metadata"]["state"] == "PENDING"
    with pytest.raises(ee.EEException, match=re.escape(used)):
        start("s1-1")
    with pytest.raises(ee.EEException, match="Invalid request_id"):
        start("under_score")
    start("s1-2")
    start("s1-3")
    with pytest.raises(ee.EEException, match=r"Too many tasks already in the queue \(3\)") as full:
        start("s1-4")
    cause: Any = full.value.__context__
    assert cause.resp.status == 429
    with pytest.raises(ee.EEException, match=re.escape(used)):
        start("s1-4")


def test_operations_are_listed_from_the_newest_page_by_page(
    server: LocalEarthEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ee.data, "_TASKLIST_PAGE_SIZE", 2)
    assert ee.data.listOperations() == []
    started = [export(median(), name=f"n{i}")["name"] for i in range(5)]
    assert server.queue.wait_idle(DEADLINE)
    listed = ee.data.listOperations()
    assert [one["name"] for one in listed] == started[::-1]
    assert {one["metadata"]["state"] for one in listed} == {"SUCCEEDED"}


@pytest.mark.usefixtures("idle_server")
def test_operations_are_cancelled_by_name() -> None:
    name = export(median())["name"]
    ee.data.cancelOperation(name)
    assert ee.data.getOperation(name)["error"] == {"code": 1, "message": "Cancelled."}
    for ask in (ee.data.getOperation, ee.data.cancelOperation):
        with pytest.raises(ee.EEException, match="not found"):
            ask(f"projects/{PROJECT}/operations/NONE")


@pytest.mark.parametrize("way", ["bucket", "prefix"])
@pytest.mark.usefixtures("server")
def test_no_export_leaves_the_folder(way: str, tmp_path: Path) -> None:
    over = {"bucket": {"bucket": ".."}, "prefix": {"fileNamePrefix": "../../stolen"}}[way]
    with pytest.raises(ee.EEException, match="Invalid"):
        export(median(), **over)
    assert list(tmp_path.rglob("*.tif")) == []


@pytest.mark.usefixtures("server")
def test_limits_of_compute_pixels() -> None:
    grid = {
        "dimensions": {"width": 4000, "height": 4000},
        "affineTransform": {"scaleX": 10, "scaleY": -10, "translateX": 5e5, "translateY": 5e6},
        "crsCode": "EPSG:32633",
    }
    request = {"expression": median(), "fileFormat": "NPY", "grid": grid}
    with pytest.raises(ee.EEException, match=r"must be less than or equal to 50331648 bytes"):
        ee.data.computePixels(request)
    grid["dimensions"] = {"width": 40_000, "height": 1}
    with pytest.raises(ee.EEException, match=r"\(40000x1\) must be less than or equal to 32768"):
        ee.data.computePixels(request)
    with pytest.raises(ee.EEException, match=r"Band 'HH' does not exist"):
        ee.data.computePixels({**request, "bandIds": ["HH"]})


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/projects/demo/value:compute", b"{", 400),
        ("/v1/projects/demo/value:compute", b"{}", 400),
        ("/v1/projects/demo/value:compute", b'{"expression": 1}', 400),
        ("/v1/projects/demo/value:compute", b'{"expression": {"values": 3, "result": []}}', 400),
        ("/v1/projects/demo/value:compute", b'{"expression": {"values": {}, "result": "0"}}', 400),
        ("/v1/projects/demo/image:computePixels", b'{"expression": {}, "fileFormat": "PNG"}', 400),
        ("/v1/projects/demo/image:export", b'{"expression": {}}', 400),
        ("/v2/anything", b"{}", 404),
        ("/", b"", 404),
    ],
)
def test_bad_requests_are_refused_by_name(
    server: LocalEarthEngine, path: str, body: bytes, status: int
) -> None:
    got, reply = post(server, path, body)
    assert got == status
    assert reply["error"]["code"] == status
    assert reply["error"]["status"] in ("INVALID_ARGUMENT", "NOT_FOUND")
    if status == 404:
        assert path in reply["error"]["message"]


def test_operations_outlive_the_server(out: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    with LocalEarthEngine(out, SyntheticCatalog(), state_dir=state) as one:
        connect(one)
        name = settled(export(median())["name"])["name"]
    with LocalEarthEngine(out, SyntheticCatalog(), state_dir=state) as one:
        connect(one)
        assert ee.data.getOperation(name)["metadata"]["state"] == "SUCCEEDED"
        assert [operation["name"] for operation in ee.data.listOperations()] == [name]
    disconnect()
    assert [path.name for path in out.iterdir()] == ["my-bucket"], "nothing unfinished is left"
