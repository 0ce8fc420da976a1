"""Files as Earth Engine's exporter leaves them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

from local_earthengine.batch.geotiff import common_layout, write_geotiff
from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.pixels.node import Pixels

GRID = PixelGrid("EPSG:32633", (10.0, 0.0, 500_000.0, 0.0, -10.0, 5_000_000.0), 600, 530)
FLOAT = np.dtype("float32")


def pixels(dtype: Any = FLOAT) -> Pixels:
    values = np.arange(GRID.width * GRID.height, dtype="float64").reshape(GRID.shape)
    valid = values % 7 != 0
    return Pixels((values % 120).astype(dtype), valid)


def tiles(bands: dict[str, Pixels], size: int = 512) -> Iterator[tuple[PixelGrid, dict[str, Any]]]:
    for tile in GRID.tiles(size):
        col, row = GRID.offset(tile) or (0, 0)
        place = np.s_[row : row + tile.height, col : col + tile.width]
        yield tile, {name: band.part(place) for name, band in bands.items()}


@pytest.mark.parametrize("cloud_optimized", [False, True])
def test_bands_names_grid_and_no_data_are_written(tmp_path: Path, cloud_optimized: bool) -> None:
    path = tmp_path / "one.tif"
    layout = common_layout({"a_median": FLOAT, "b_count": FLOAT}, -9999.0, 256, cloud_optimized)
    a, b = pixels(), Pixels(pixels().values + 1, pixels().valid)
    assert write_geotiff(path, GRID, layout, tiles({"a_median": a, "b_count": b}))
    assert list(tmp_path.iterdir()) == [path]
    with rasterio.open(path) as file:
        assert file.descriptions == ("a_median", "b_count")
        assert file.dtypes == ("float32", "float32")
        assert file.nodata == -9999.0
        assert file.crs.to_epsg() == 32633
        assert tuple(file.transform)[:6] == GRID.transform
        assert (file.height, file.width) == GRID.shape
        assert file.block_shapes == [(256, 256)] * 2
        assert file.compression.name == "deflate"
        np.testing.assert_array_equal(file.read(1), np.where(a.valid, a.values, -9999.0))
        np.testing.assert_array_equal(file.read(2), np.where(b.valid, b.values, -9999.0))
        layout_tag = file.tags(ns="IMAGE_STRUCTURE").get("LAYOUT")
        assert layout_tag == ("COG" if cloud_optimized else None)
        assert bool(file.overviews(1)) is cloud_optimized


def test_overviews_are_means_of_what_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "one.tif"
    layout = common_layout({"a": FLOAT}, None, 256, True)
    values, valid = pixels().values, pixels().valid
    write_geotiff(path, GRID, layout, tiles({"a": pixels()}))
    with rasterio.open(path, overview_level=0) as file:
        half = file.read(1)
    shape = GRID.height // 2, 2, GRID.width // 2, 2
    quads = np.where(valid, values, np.nan).reshape(shape)
    np.testing.assert_allclose(half, np.nanmean(quads, axis=(1, 3)), rtol=1e-5)


def test_masked_floats_are_nan_where_no_no_data_is_given(tmp_path: Path) -> None:
    path = tmp_path / "one.tif"
    write_geotiff(path, GRID, common_layout({"a": FLOAT}, None, 256, False), tiles({"a": pixels()}))
    with rasterio.open(path) as file:
        assert math.isnan(file.nodata)
        np.testing.assert_array_equal(np.isnan(file.read(1)), ~pixels().valid)


def test_masked_integers_are_zero(tmp_path: Path) -> None:
    path = tmp_path / "one.tif"
    kind = np.dtype("int16")
    layout = common_layout({"a": kind}, None, 256, False)
    write_geotiff(path, GRID, layout, tiles({"a": pixels(kind)}))
    with rasterio.open(path) as file:
        assert file.dtypes == ("int16",)
        assert (file.read(1)[~pixels().valid] == 0).all()


def test_bands_of_several_types_are_refused() -> None:
    with pytest.raises(EarthEngineError) as refusal:
        common_layout({"a": FLOAT, "b": np.dtype("float64")}, None, 256, False)
    assert refusal.value.message == (
        "Exported bands must have compatible data types; "
        "found inconsistent types: Float32 and Float64."
    )


@pytest.mark.parametrize(("kind", "value"), [("uint8", -9999.0), ("int16", 0.5), ("float32", 1e39)])
def test_a_no_data_value_that_does_not_fit_is_refused(kind: str, value: float) -> None:
    with pytest.raises(EarthEngineError, match="does not fit"):
        common_layout({"a": np.dtype(kind)}, value, 256, False)


def test_an_image_without_bands_is_refused() -> None:
    with pytest.raises(EarthEngineError, match="no bands"):
        common_layout({}, None, 256, False)


def test_a_file_of_masked_pixels_is_told_from_others(tmp_path: Path) -> None:
    layout = common_layout({"a": FLOAT}, None, 256, False)
    values, valid = pixels().values, pixels().valid
    nothing = {"a": Pixels(values, np.zeros_like(valid))}
    assert not write_geotiff(tmp_path / "none.tif", GRID, layout, tiles(nothing))
    valid = np.zeros_like(valid)
    valid[-1, -1] = True
    assert write_geotiff(tmp_path / "one.tif", GRID, layout, tiles({"a": Pixels(values, valid)}))


@pytest.mark.parametrize("cloud_optimized", [False, True])
@pytest.mark.parametrize(
    "kind", ["uint8", "int8", "uint16", "int16", "uint32", "int32", "int64", "float32", "float64"]
)
def test_the_smallest_file_of_every_type(tmp_path: Path, kind: str, cloud_optimized: bool) -> None:
    grid = GRID.window(3, 4, 1, 1)
    layout = common_layout({"a": np.dtype(kind)}, None, 256, cloud_optimized)
    one = Pixels(np.full((1, 1), 42, kind), np.ones((1, 1), np.bool_))
    write_geotiff(tmp_path / "one.tif", grid, layout, [(grid, {"a": one})])
    with rasterio.open(tmp_path / "one.tif") as file:
        assert file.dtypes == (kind,)
        assert file.read(1).tolist() == [[42]]
        assert tuple(file.transform)[:6] == grid.transform
