"""A disk that is full, or fails, in the middle of an export: a failure that is said, never pixels.

GDAL writes what it has kept in memory when a file is closed, and nobody hears what fails then.
"""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest
import rasterio

from local_earthengine.batch.geotiff import common_layout, write_geotiff
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.pixels.node import Pixels
from tests.support.full_disk import files_end_at

FLOAT = np.dtype("float32")
SIZES = [(1, 1), (80, 77), (260, 30)]


def write(path: Path, size: tuple[int, int], cloud_optimized: bool) -> np.ndarray:
    """Write a file of noise in tiles; return its values."""
    width, height = size
    grid = PixelGrid("EPSG:32633", (10.0, 0.0, 500_000.0, 0.0, -10.0, 5_000_000.0), width, height)
    values = np.random.default_rng(7).normal(size=(2, height, width)).astype(FLOAT)
    layout = common_layout({"a": FLOAT, "b": FLOAT}, None, 256, cloud_optimized)
    valid = np.ones((height, width), dtype=bool)

    def tiles():  # type: ignore[no-untyped-def]
        for tile in grid.tiles(256):
            col, row = grid.offset(tile) or (0, 0)
            place = np.s_[row : row + tile.height, col : col + tile.width]
            yield tile, {n: Pixels(values[i], valid).part(place) for i, n in enumerate("ab")}

    write_geotiff(path, grid, layout, tiles())
    return values


@pytest.mark.parametrize("cloud_optimized", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_a_file_that_did_not_fit_is_an_error_wherever_it_was_cut(
    tmp_path: Path, size: tuple[int, int], cloud_optimized: bool
) -> None:
    whole = tmp_path / "whole.tif"
    write(whole, size, cloud_optimized)
    length, plain = whole.stat().st_size, 262_144 * 2 * 4 + 1_000
    cuts = {0, 7, 8, 100, 500, length // 2, length - 700, length - 20, length - 1, plain // 8}
    failures = []
    for cut in sorted(cut for cut in cuts if cut >= 0):
        path = tmp_path / f"{cut}.tif"
        try:
            with files_end_at(cut):
                values = write(path, size, cloud_optimized)
        except OSError as error:
            failures.append((error.filename, error.errno))
        else:
            with rasterio.open(path) as file:
                np.testing.assert_array_equal(file.read(), values)
    assert len(failures) >= 5
    assert all(Path(name).parent == tmp_path for name, _ in failures)
    assert {number for _, number in failures} <= {errno.EIO, errno.EFBIG}
