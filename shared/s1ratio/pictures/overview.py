"""A band of a raster as few enough pixels to be looked at, read from its overviews."""

import math
from dataclasses import dataclass
from os import PathLike
from typing import BinaryIO, Final

import numpy as np
import rasterio
from numpy.typing import NDArray

MOST: Final = 1200  # px of the longer side
_CACHE_MB: Final = 64  # of blocks, where a raster has no overviews


@dataclass(frozen=True)
class Overview:
    """One band of a raster, coarsened: `values`, (height, width), are NaN where it is masked.

    `crs` is what pyproj reads; `transform` (xScale, xShear, xOrigin, yShear, yScale, yOrigin) and
    `shape`, (height, width), are those of the raster itself.
    """

    values: NDArray[np.floating]
    crs: str
    transform: tuple[float, ...]
    shape: tuple[int, int]

    @property
    def shrink(self) -> float:
        """How many of the raster's pixels are one of these, along a side."""
        height, width = map(int, self.values.shape)
        return max(1.0, self.shape[0] / height, self.shape[1] / width)


def read_overview(
    source: str | PathLike[str] | BinaryIO, band: int = 1, most: int = MOST
) -> Overview:
    """Return a band of what GDAL opens, at most `most` pixels a side: nearest neighbours.

    Raises rasterio's RasterioError.
    """
    with rasterio.Env(GDAL_CACHEMAX=_CACHE_MB), rasterio.open(source) as raster:
        shrink = max(1.0, max(raster.shape) / most)
        height, width = (max(1, math.floor(side / shrink)) for side in raster.shape)
        read = raster.read(band, out_shape=(height, width), masked=True, out_dtype="float32")
        values = read.filled(np.nan)
        values[~np.isfinite(values)] = np.nan
        a, b, c, d, e, f = raster.transform[:6]
        crs = raster.crs.to_string() if raster.crs else ""
        return Overview(values, crs, (a, b, c, d, e, f), raster.shape)
