"""Raster files of any kind that GDAL reads, as bands on their own lattices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.enums import MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.scenes.scene import Valid, Values


@dataclass(frozen=True)
class Header:
    """What a file says of itself: a grid, and for each band a numpy type and a description."""

    grid: PixelGrid
    dtypes: tuple[str, ...]
    descriptions: tuple[str | None, ...]


@dataclass(frozen=True)
class FileBand:
    """The `number`th band (from 1) of a file; `nodata` overrules the file's own."""

    path: Path
    number: int
    grid: PixelGrid
    nodata: float | None

    def read(self, window: PixelGrid) -> tuple[Values, Valid]:
        """Return a window's values as the file has them, and which are data.

        Not data are NaN, no-data, and what the file's own mask or alpha band hides. The file is
        opened for each read: rasterio's datasets must not be shared between threads.
        """
        place = self.grid.offset(window)
        if place is None:
            raise ValueError(f"{window} is no window of {self.grid}")
        part = Window(*place, window.width, window.height)
        with open_raster(self.path) as file:
            self._check(file.height, file.width)
            values = file.read(self.number, window=part)
            nodata = self.nodata if self.nodata is not None else file.nodatavals[self.number - 1]
            valid = _data(values, nodata)
            if MaskFlags.per_dataset in file.mask_flag_enums[self.number - 1]:
                valid &= file.read_masks(self.number, window=part) > 0
        return values, valid

    def _check(self, height: int, width: int) -> None:
        if (height, width) != self.grid.shape:
            words = f"{height} x {width}, its item says {self.grid.shape}"
            raise EarthEngineError(f"{self.path.name}: proj:shape: the raster is {words}.")


def _data(values: Values, nodata: float | None) -> Valid:
    valid: Valid = np.isfinite(values)
    if nodata is None or not np.isfinite(nodata):
        return valid
    # A file's -3.4e38 is the nearest float32 to what its header says in double.
    same = values.dtype.type(nodata) if values.dtype.kind == "f" else nodata
    valid &= values != same
    return valid


def header(path: Path, crs: str | None) -> Header:
    """Return a file's header; `crs` where the file itself names no coordinate system.

    Raise EarthEngineError (400) for a file that can't be read, or lies nowhere on the Earth.
    """
    with open_raster(path) as file:
        own = crs if file.crs is None else _name(file.crs)
        if own is None:
            raise EarthEngineError(
                f"{path.name} has no coordinate system, and its STAC item no proj:code."
            )
        if any(dtype.startswith("complex") for dtype in file.dtypes):
            raise EarthEngineError(f"{path.name} holds complex numbers, which no band here can.")
        a, b, c, d, e, f = tuple(file.transform)[:6]
        grid = PixelGrid(own, (a, b, c, d, e, f), file.width, file.height)
        return Header(grid, tuple(file.dtypes), tuple(file.descriptions))


def _name(crs: Any) -> str:
    code = crs.to_epsg()
    return str(crs.to_wkt()) if code is None else f"EPSG:{code}"


@contextmanager
def open_raster(path: Path) -> Iterator[Any]:
    """Open a file to be read; raise EarthEngineError (400) that names it if it can't be."""
    try:
        with rasterio.open(path) as file:
            yield file
    except (RasterioError, NotGeoreferencedWarning) as fault:
        raise EarthEngineError(f"{path.name} cannot be read: {fault}") from fault
