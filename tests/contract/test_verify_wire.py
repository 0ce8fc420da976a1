"""Verification of real files over the wire that the deployed functions use."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer
from shapely import Polygon

from s1ratio.adapters.bucket.objects import GcsObjectStore
from s1ratio.adapters.bucket.raster import MAX_BYTES, GcsRasterReader
from s1ratio.aoi import Aoi
from s1ratio.grid import PixelGrid
from s1ratio.plan import ExportTask
from s1ratio.request import CompositeRequest, Direction
from s1ratio.services.verifying.verdict import judge_outputs
from s1ratio.task import TaskState, planned
from tests.support.geotiffs import NO_DATA, UTM_33, write_cog, write_geotiff
from tests.support.storage_server import Server, store_at
from tests.support.task_fields import with_fields

BANDS = ("vvvh_db_median", "vvvh_db_stdDev", "vvvh_db_count")
SIDE = 1024
GRID = PixelGrid("EPSG:32633", 10.0, 50_000, 555_000, SIDE, SIDE)


@pytest.fixture
def server(tmp_path: Path) -> Server:
    (tmp_path / "bucket").mkdir()
    return Server(tmp_path)


@pytest.fixture
def store(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[GcsObjectStore]:
    with server.running() as url, store_at(url, monkeypatch) as store:
        yield store


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "bucket" / "composites" / "req"


def aoi() -> Aoi:
    back = Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True)
    corners = [(20, 20), (1000, 20), (1000, 1000), (20, 1000)]
    return Aoi(Polygon([back.transform(500_000 + x * 10, 5_550_000 - y * 10) for x, y in corners]))


def verdict(store: GcsObjectStore, side: int = SIDE):
    grid = replace(GRID, width=side, height=side)
    plan = ExportTask("req-o131a", "req", 131, Direction.ASCENDING, grid, BANDS, "composites/req")
    started = datetime.now(UTC) - timedelta(minutes=1)
    task = with_fields(
        planned(plan, started, 100, started), state=TaskState.SUCCEEDED, starting_at=started
    )
    request = CompositeRequest.model_validate_json(_MESSAGE).model_copy(update={"aoi": aoi()})
    return judge_outputs(task, request, store, GcsRasterReader(store))


_MESSAGE = '{"aoi": {"bbox": [15, 50, 15.01, 50.01]}, "start": "2024-01-01", "end": "2024-02-01"}'


def pixels(value: float = NO_DATA, side: int = SIDE):
    """Return speckle about a value, or nothing; counts are valid everywhere."""
    data = np.full((3, side, side), value, np.float32)
    data[2] = 0 if value == NO_DATA else 7
    if value != NO_DATA:
        data[:2] += np.random.default_rng(side).random((2, side, side), np.float32)
    return data


def test_one_file_as_exported_is_verified_by_a_few_requests(out, store, server):
    write_cog(out / "req-o131a.tif", pixels(5.0), BANDS)
    found = verdict(store)
    assert (found.state, found.notes) == (TaskState.VERIFIED, ())
    assert found.files == ("composites/req/req-o131a.tif",)
    assert len(server.requests) <= 24
    assert server.sent < (out / "req-o131a.tif").stat().st_size


def test_counts_and_masks_alone_are_empty(out, store):
    write_cog(out / "req-o131a.tif", pixels(), BANDS)
    assert verdict(store).state is TaskState.EMPTY


def test_four_shards_are_one_output_and_three_are_not(out, store):
    half = SIDE // 2
    for row in (0, half):
        for column in (0, half):
            name = f"req-o131a{row:010d}-{column:010d}.tif"
            data = pixels(6.0 if row == column else NO_DATA, half)
            place = UTM_33 @ UTM_33.translation(column, row)
            write_cog(out / name, data, BANDS, transform=place)
    found = verdict(store)
    assert (found.state, len(found.files)) == (TaskState.VERIFIED, 4)
    assert [note.split(":")[0] for note in found.notes] == ["only 50% of the area has data"]
    (out / f"req-o131a{half:010d}-{0:010d}.tif").unlink()
    found = verdict(store)
    assert (found.state, [fault.code for fault in found.faults]) == (
        TaskState.FAILED,
        ["coverage"],
    )


def test_a_file_that_was_cut_short_fails(out, store):
    path = write_cog(out / "req-o131a.tif", pixels(3.0), BANDS)
    path.write_bytes(path.read_bytes()[:-1000])
    assert [fault.code for fault in verdict(store).faults] == ["incomplete"]


def test_no_more_than_16_megabytes_of_a_file_cross_the_wire(out, store, server):
    write_geotiff(out / "req-o131a.tif", pixels(side=1300), BANDS, tiled=True)
    assert (out / "req-o131a.tif").stat().st_size > MAX_BYTES
    found = verdict(store, 1300)
    listing = 2_000
    assert found.state is TaskState.VERIFIED
    assert any("searched" in note for note in found.notes)
    assert server.sent <= 16 * 2**20 + listing
