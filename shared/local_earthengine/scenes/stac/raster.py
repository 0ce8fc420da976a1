"""GeoTIFF and JPEG 2000 files as bands on their own lattices."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np
import rasterio
from rasterio.crs import CRS
from rasterio.enums import Interleaving, MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid, Transform
from local_earthengine.scenes.scene import Valid, Values
from local_earthengine.scenes.stac.foreign_files import RefusedFile, driver_of

_FILTERS: Final = Lock()
_FLAGS: Final = re.compile(r"[0-9]{1,5}", re.ASCII)
# In well-known text: grids of shifts and lists of definitions; and the names of the library's own.
_GRIDS: Final = re.compile(
    r'(?:PARAMETERFILE\[[^,]*,|PROJ4_GRIDS"\s*,|grids=|init=)\s*"?([^" \]]*)', re.I
)
_OWN_GRIDS: Final = re.compile(r"(?:@?\w[\w.-]*(?:,|$))*", re.ASCII)
# Bytes of a tile or strip: a few kilobytes of zeros may unfold to gigabytes.
_MAX_BLOCK: Final = 250_000_000
_ALONE: Final = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO"}


@dataclass(frozen=True)
class Header:
    """What a file says of itself: its size, and for each band a numpy type and a description.

    `crs` and `transform` are None where it doesn't say them; `unrectified` names what it says
    instead of a transform.
    """

    name: str
    crs: str | None
    transform: Transform | None
    width: int
    height: int
    dtypes: tuple[str, ...]
    descriptions: tuple[str | None, ...]
    scales: tuple[float, ...]
    offsets: tuple[float, ...]
    unrectified: str = ""


@dataclass(frozen=True)
class FileBand:
    """The `number`th band (from 1) of a file; `nodata` overrules the file's own.

    `placed` says that the file itself tells where it lies.
    """

    path: Path
    number: int
    grid: PixelGrid
    nodata: float | None
    placed: bool = True

    def read(self, window: PixelGrid) -> tuple[Values, Valid]:
        """Return a window's values as the file has them, and which are data.

        Not data are NaN, no-data, and what the file's own mask or alpha band hides. The file is
        opened for each read: rasterio's datasets must not be shared between threads.
        """
        place = self.grid.offset(window)
        if place is None:
            raise ValueError(f"{window} is no window of {self.grid}")
        part = Window(*place, window.width, window.height)
        with open_raster(self.path, self.placed) as file:
            self._check(file.height, file.width)
            values = file.read(self.number, window=part)
            nodata = self.nodata if self.nodata is not None else file.nodatavals[self.number - 1]
            valid = _data(values, nodata)
            if MaskFlags.per_dataset in file.mask_flag_enums[self.number - 1]:
                valid &= file.read_masks(self.number, window=part) > 0
            elif (beside := self.path.with_name(f"{self.path.name}.msk")).exists():
                valid &= _read_mask(beside, part, self.grid.shape)
        return values, valid

    def _check(self, height: int, width: int) -> None:
        if (height, width) != self.grid.shape:
            was = " x ".join(map(str, self.grid.shape))
            words = f"{height} x {width} pixels, and had {was} when the folder was read"
            raise EarthEngineError(f"{self.path.name} has {words}: start anew.")


def _data(values: Values, nodata: float | None) -> Valid:
    valid: Valid = np.isfinite(values)
    if nodata is None or not np.isfinite(nodata):
        return valid
    # A file's -3.4e38 is the nearest float32 to what its header says in double.
    same = values.dtype.type(nodata) if values.dtype.kind == "f" else nodata
    valid &= values != same
    return valid


def _read_mask(path: Path, part: Window, shape: tuple[int, int]) -> Valid:
    """Return what the mask beside a file says of a window; of single bands it says nothing."""
    with open_raster(path.resolve(), placed=False) as file:
        if file.shape != shape:
            raise EarthEngineError(f"{path.name} has the shape {file.shape}, its raster {shape}.")
        if not _mask_flags(file) & MaskFlags.per_dataset:
            return np.ones((int(part.height), int(part.width)), np.bool_)
        valid: Valid = file.read(1, window=part) > 0
        return valid


def _mask_flags(file: Any) -> int:
    """Return what a mask beside a file says of itself; raise RefusedFile if that is no number."""
    text = str(file.tags().get("INTERNAL_MASK_FLAGS_1", "0"))
    if not _FLAGS.fullmatch(text):
        raise RefusedFile("its INTERNAL_MASK_FLAGS_1 is no small number: write the mask anew")
    return int(text)


def header(path: Path) -> Header:
    """Return a file's header. Raise EarthEngineError (400) for a file that can't be read."""
    with open_raster(path, placed=False) as file:
        if any(dtype.startswith("complex") for dtype in file.dtypes):
            raise EarthEngineError(f"{path.name} holds complex numbers, which no band here can.")
        # GDAL gives this one where there is none.
        known = not file.transform.is_identity
        a, b, c, d, e, f = tuple(file.transform)[:6]
        return Header(
            name=path.name,
            crs=None if file.crs is None else _name(file.crs),
            transform=(a, b, c, d, e, f) if known else None,
            width=file.width,
            height=file.height,
            dtypes=tuple(file.dtypes),
            descriptions=tuple(file.descriptions),
            scales=tuple(file.scales),
            offsets=tuple(file.offsets),
            unrectified="" if known else _unrectified(file),
        )


def _unrectified(file: Any) -> str:
    points, _ = file.gcps
    if points:
        return "ground control points"
    return "" if file.rpcs is None else "rational polynomials"


def _name(crs: Any) -> str:
    """Return a code, or the text of what has none; raise RefusedFile if that names files."""
    text = str(crs.to_wkt())
    code = _code(text)
    if code is None and names_files(text):
        to_do = "write it with an EPSG code, as `gdalwarp -t_srs` does"
        raise RefusedFile(
            f"its coordinate system names a file of shifts, which is not read: {to_do}"
        )
    return text if code is None else f"EPSG:{code}"


# Files of a catalogue share a few, and to look one up takes a third as long as to open a file.
@lru_cache(maxsize=64)
def _code(text: str) -> int | None:
    code: int | None = CRS.from_wkt(text).to_epsg()
    return code


def names_files(text: str) -> bool:
    """Tell whether a coordinate system in well-known text names files of shifts.

    The library of projections would open them, wherever they lie.
    """
    return not all(map(_OWN_GRIDS.fullmatch, _GRIDS.findall(text)))


@contextmanager
def open_raster(path: Path, placed: bool = True) -> Iterator[Any]:
    """Open a file to be read; raise EarthEngineError (400) that names it if it can't be.

    It is opened by its driver alone, and nothing beside it is: a folder may be somebody else's. The
    path is one without links, as `find_raster` gives it. `placed`: it must say where it lies.
    """
    try:
        _check_place(path)
        with rasterio.Env(**_ALONE), _opened(path, placed) as file:
            _check_alone(file)
            _check_blocks(file)
            yield file
    except (RasterioError, NotGeoreferencedWarning, RefusedFile) as fault:
        raise EarthEngineError(f"{path.name} cannot be read: {fault}") from fault


def _opened(path: Path, placed: bool) -> Any:
    if placed:
        return rasterio.open(path, driver=driver_of(path))
    # One thread at a time: filters of warnings are everybody's.
    with _FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        return rasterio.open(path, driver=driver_of(path))


def _check_blocks(file: Any) -> None:
    """Raise RefusedFile for a file whose least part to be read would take too much memory."""
    together = file.count if file.interleaving == Interleaving.pixel else 1
    sizes = (
        height * width * np.dtype(dtype).itemsize * together
        for (height, width), dtype in zip(file.block_shapes, file.dtypes, strict=True)
    )
    largest = max(sizes, default=0)
    if largest > _MAX_BLOCK:
        most = f"{largest:,} bytes at once, at most {_MAX_BLOCK:,} are"
        raise RefusedFile(
            f"it is read by {most}: write it in tiles, as `gdal_translate -of COG` does"
        )


def _check_place(path: Path) -> None:
    """Raise RefusedFile for a path that leads elsewhere by now: it was judged when it was found."""
    if os.path.realpath(path) != str(path):  # unlike `resolve` it takes a loop
        raise RefusedFile("it, or a folder on the way, has become a link: read the folder anew")


def _check_alone(file: Any) -> None:
    """Raise RefusedFile for a file whose header names another: GDAL would open that by any name."""
    other = file.tags(ns="OVERVIEWS").get("OVERVIEW_FILE")
    if other is not None:
        raise RefusedFile(f"its overviews are {other!r}, which is not read: write it without them")
