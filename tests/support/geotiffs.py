"""GeoTIFFs as exports write them, and as they should not."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from rasterio.io import MemoryFile
from rasterio.transform import Affine

NO_DATA = -9999.0
UTM_33 = Affine(10.0, 0.0, 500_000.0, 0.0, -10.0, 5_550_000.0)


def write_geotiff(
    path: Path,
    data: Any,
    bands: Sequence[str],
    *,
    transform: Affine = UTM_33,
    crs: str | None = "EPSG:32633",
    **options: Any,
) -> Path:
    """Write (bands, height, width) pixels as a plain GeoTIFF; `options` go to the driver."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(path, "w", **_profile(data, transform, crs), **options) as file:
        file.write(data)
        file.descriptions = tuple(bands)
    return path


def write_cog(
    path: Path,
    data: Any,
    bands: Sequence[str],
    *,
    transform: Affine = UTM_33,
    crs: str = "EPSG:32633",
    **options: Any,
) -> Path:
    """Write (bands, height, width) pixels as a cloud-optimised GeoTIFF with 256 px blocks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    profile = _profile(data, transform, crs)
    with MemoryFile() as memory:
        with memory.open(**profile) as file:
            file.write(data)
            file.descriptions = tuple(bands)
        wanted = {"compress": "DEFLATE", "blocksize": 256, **options}
        rasterio.shutil.copy(memory.name, path, driver="COG", **wanted)
    return path


def end_of_pixels(path: Path) -> int:
    """Return the offset after the last block of the full resolution, as GDAL tells it."""
    end = 0
    with rasterio.open(path) as file:
        for (row, col), _ in file.block_windows(1):
            offset = file.get_tag_item(f"BLOCK_OFFSET_{col}_{row}", "TIFF", bidx=1)
            size = file.get_tag_item(f"BLOCK_SIZE_{col}_{row}", "TIFF", bidx=1)
            if offset is not None:
                end = max(end, int(offset) + int(size))
    return end


def _profile(data: Any, transform: Affine, crs: str | None) -> dict[str, Any]:
    count, height, width = data.shape
    return {
        "driver": "GTiff",
        "count": count,
        "height": height,
        "width": width,
        "dtype": np.dtype(data.dtype).name,
        "nodata": NO_DATA,
        "crs": crs,
        "transform": transform,
    }
