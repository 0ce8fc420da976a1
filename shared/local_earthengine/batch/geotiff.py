"""GeoTIFFs written tile by tile: as they come, or cloud-optimised with overviews."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
import rasterio.shutil
from affine import Affine
from rasterio.io import DatasetWriter
from rasterio.windows import Window

from local_earthengine.batch.read_back import WrittenTiles, not_written
from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.pixels.node import Pixels

Tiles = Iterable[tuple[PixelGrid, Mapping[str, Pixels]]]

_TYPE_NAMES: Final = {"uint8": "Byte", "uint16": "UInt16", "uint32": "UInt32"}


@dataclass(frozen=True)
class Layout:
    """How a file is laid out: band names in order, one numpy type, blocks of `block` pixels.

    Masked pixels are written as `no_data`, or without one as NaN (floats) or 0 (integers).
    """

    bands: tuple[str, ...]
    dtype: np.dtype[Any]
    no_data: float | None = None
    block: int = 256
    cloud_optimized: bool = False

    @property
    def fill(self) -> float:
        """What masked pixels become."""
        if self.no_data is not None:
            return self.no_data
        return math.nan if self.dtype.kind == "f" else 0

    @property
    def pixel_bytes(self) -> int:
        """Bytes of a pixel, all bands together."""
        return self.dtype.itemsize * len(self.bands)


def common_layout(
    bands: Mapping[str, np.dtype[Any]], no_data: float | None, block: int, cloud_optimized: bool
) -> Layout:
    """Return the layout for bands of one type.

    Raise EarthEngineError (400), as Earth Engine does, for bands of several types, none at all, or
    a no-data value that the type cannot hold.
    """
    types = list(dict.fromkeys(_type_name(dtype) for dtype in bands.values()))
    if not types:
        raise EarthEngineError("Image.export: the image has no bands.")
    if len(types) > 1:
        raise EarthEngineError(
            "Exported bands must have compatible data types; found inconsistent types: "
            f"{', '.join(types[:-1])} and {types[-1]}."
        )
    dtype = next(iter(bands.values()))
    if no_data is not None and not _holds(dtype, no_data):
        raise EarthEngineError(f"The noData value {no_data:g} does not fit into {types[0]}.")
    return Layout(tuple(bands), dtype, no_data, block, cloud_optimized)


def write_geotiff(path: Path, grid: PixelGrid, layout: Layout, tiles: Tiles) -> bool:
    """Write a file from tiles that cover `grid`; tell whether any pixel of it is not masked.

    One tile is held at a time. A cloud-optimised file is copied from a plain one beside it. Raise
    OSError if the disk did not take all of it: what stands there then is no file to use.
    """
    plain = path.with_name(f"{path.name}.plain") if layout.cloud_optimized else path
    kept, written = False, WrittenTiles()
    with _naming(path):
        file = rasterio.open(plain, "w", **_profile(grid, layout))
    with file:
        for number, name in enumerate(layout.bands, 1):
            file.set_band_description(number, name)
        for tile, pixels in tiles:
            window = _window(grid, tile)
            kept |= any(bool(pixels[name].valid.any()) for name in layout.bands)
            with _naming(path):
                _write_tile(file, layout, window, pixels, written)
    if layout.cloud_optimized:
        with _naming(path):
            rasterio.shutil.copy(plain, path, driver="COG", **_cog_options(layout))
        plain.unlink()
    written.check(path)
    return kept


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Raise whatever GDAL says of a file that it can't write as an OSError of that path."""
    try:
        yield
    except Exception as fault:
        raise not_written(path, f"GDAL can't write it: {fault}") from fault


def _window(grid: PixelGrid, tile: PixelGrid) -> Window:
    place = grid.offset(tile)
    if place is None:
        raise ValueError(f"{tile} is no window of {grid}")
    return Window(*place, tile.width, tile.height)


def _write_tile(
    file: DatasetWriter,
    layout: Layout,
    window: Window,
    pixels: Mapping[str, Pixels],
    written: WrittenTiles,
) -> None:
    for number, name in enumerate(layout.bands, 1):
        values, valid = pixels[name].values, pixels[name].valid
        filled = np.where(valid, values, layout.fill).astype(layout.dtype, copy=False)
        file.write(filled, number, window=window)
        written.add(number, window, filled)


def _profile(grid: PixelGrid, layout: Layout) -> dict[str, Any]:
    floating = layout.dtype.kind == "f"
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "width": grid.width,
        "height": grid.height,
        "count": len(layout.bands),
        "dtype": layout.dtype.name,
        "crs": grid.crs,
        "transform": Affine(*grid.transform),
        # NaN is declared, so that overviews are means of what is valid.
        "nodata": layout.fill if floating or layout.no_data is not None else None,
        "tiled": True,
        "blockxsize": layout.block,
        "blockysize": layout.block,
        "bigtiff": "IF_SAFER",
    }
    if not layout.cloud_optimized:
        profile |= {"compress": "deflate", "predictor": 3 if floating else 2}
    return profile


def _cog_options(layout: Layout) -> dict[str, Any]:
    # Means of the valid pixels for measurements; integers may be classes, so one of them.
    resampling = "AVERAGE" if layout.dtype.kind == "f" else "NEAREST"
    return {
        "blocksize": layout.block,
        "compress": "DEFLATE",
        "predictor": "YES",
        "overview_resampling": resampling,
        "bigtiff": "IF_SAFER",
    }


def _type_name(dtype: np.dtype[Any]) -> str:
    """Return a type as Earth Engine's messages name it: Byte, Int16, Float32 ..."""
    return _TYPE_NAMES.get(dtype.name, dtype.name.capitalize())


def _holds(dtype: np.dtype[Any], value: float) -> bool:
    if dtype.kind == "f":
        return not math.isfinite(value) or abs(value) <= float(np.finfo(dtype).max)
    limits = np.iinfo(dtype)
    return value.is_integer() and limits.min <= value <= limits.max
