"""What an export leaves behind: all of its files, or none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ee
import numpy as np
import pytest
import rasterio

from local_earthengine.batch.export_request import ExportRequest, parse_export
from local_earthengine.batch.exporter import Exporter
from local_earthengine.engine import Engine
from local_earthengine.errors import EarthEngineError
from local_earthengine.scenes.stac.catalog import StacCatalog
from tests.support import offline_client as ee_offline

HEIGHT, WIDTH = 40, 56
TRANSFORM = [30, 0, 500_000, 0, -30, 5_000_000]
WriteItem = Callable[..., Path]
Export = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def _client() -> None:
    ee_offline.initialize()


@pytest.fixture
def power() -> np.ndarray:
    power = np.random.default_rng(1).gamma(4.4, 0.02, (HEIGHT, WIDTH)).astype("float32")
    power[:16, :32] = np.nan
    return power


@pytest.fixture
def export(write_item: WriteItem, power: np.ndarray, tmp_path: Path) -> Export:
    """Runs an export of the scene's VV; gives the names of all files that are there then."""
    write_item("one", power, power)
    out = tmp_path / "out"
    exporter = Exporter(Engine(StacCatalog(tmp_path / "catalog")), out, out / ".partial")

    def run(progress: Callable[[float], None] = lambda _: None, **options: Any) -> list[str]:
        exporter(request(**options), progress)
        return sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())

    return run


def request(*, drive: bool = False, max_pixels: int = 10_000, **options: Any) -> ExportRequest:
    image = ee.ImageCollection("COPERNICUS/S1_GRD_FLOAT").first().select("VV")
    size = {"dimensions": f"{WIDTH}x{HEIGHT}", "crs": "EPSG:32633", "crsTransform": TRANSFORM}
    places = {
        "cloudStorageDestination": {"bucket": "my-bucket", "filenamePrefix": "a/b"},
        "driveDestination": {"filenamePrefix": "b"},
    }
    name = "driveDestination" if drive else "cloudStorageDestination"
    file = {"fileFormat": "GEO_TIFF", name: places[name], "geoTiffOptions": options}
    return parse_export(
        {
            "expression": ee_offline.exported(image, **size),
            "fileExportOptions": file,
            "maxPixels": {"value": str(max_pixels)},
        }
    )


def test_one_file_holds_the_image(export: Export, power: np.ndarray, tmp_path: Path) -> None:
    assert export() == ["my-bucket/a/b.tif"]
    with rasterio.open(tmp_path / "out" / "my-bucket" / "a" / "b.tif") as file:
        np.testing.assert_array_equal(file.read(1), power)
        assert file.descriptions == ("VV",)


def test_files_are_named_by_their_first_row_and_column(
    export: Export, power: np.ndarray, tmp_path: Path
) -> None:
    tiles = {"tileSize": 16, "tileDimensions": {"width": 32, "height": 16}}
    names = export(**tiles)
    assert names == [
        f"my-bucket/a/b{row:010d}-{col:010d}.tif" for row in (0, 16, 32) for col in (0, 32)
    ]
    with rasterio.open(tmp_path / "out" / names[-1]) as file:
        np.testing.assert_array_equal(file.read(1), power[32:, 32:])


def test_files_without_data_are_left_out_when_asked(export: Export) -> None:
    tiles = {"tileSize": 16, "tileDimensions": {"width": 32, "height": 16}}
    names = export(**tiles, skipEmptyFiles=True)
    assert len(names) == 5
    assert "my-bucket/a/b0000000000-0000000000.tif" not in names


def test_drive_has_a_hyphen_before_the_place(export: Export) -> None:
    tiles = {"tileSize": 16, "tileDimensions": {"width": 64, "height": 32}}
    names = export(drive=True, **tiles)
    assert names == [f"drive/b-{row:010d}-0000000000.tif" for row in (0, 32)]


def test_progress_grows_to_one(export: Export) -> None:
    seen: list[float] = []
    export(seen.append, tileSize=16, tileDimensions={"width": 32, "height": 16})
    assert seen[0] == 0
    assert seen == sorted(seen)
    assert seen[-1] == 1
    assert len(seen) > 5


def test_a_broken_off_export_leaves_nothing(export: Export, tmp_path: Path) -> None:
    def stop(share: float) -> None:
        if share > 0.5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        export(stop, tileSize=16, tileDimensions={"width": 32, "height": 16})
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []
    assert list((tmp_path / "out" / ".partial").iterdir()) == []


def test_an_export_over_an_older_one_replaces_it(export: Export, tmp_path: Path) -> None:
    target = tmp_path / "out" / "my-bucket" / "a" / "b.tif"
    target.parent.mkdir(parents=True)
    target.write_text("old")
    assert export() == ["my-bucket/a/b.tif"]
    with rasterio.open(target) as file:
        assert file.width == WIDTH


def test_too_many_pixels_are_refused_before_any_is_computed(export: Export) -> None:
    with pytest.raises(EarthEngineError) as refusal:
        export(max_pixels=WIDTH * HEIGHT - 1)
    assert refusal.value.message == (
        "Export too large: specified 2240 pixels (max: 2239). Specify higher maxPixels value "
        "if you intend to export a large area."
    )
    assert export(max_pixels=WIDTH * HEIGHT)


def test_a_folder_in_the_files_place_is_an_error_of_the_export(
    export: Export, tmp_path: Path
) -> None:
    (tmp_path / "out" / "my-bucket" / "a" / "b.tif").mkdir(parents=True)
    with pytest.raises(EarthEngineError, match="Unable to write"):
        export()
