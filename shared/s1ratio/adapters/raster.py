"""GeoTIFFs in the bucket as a `RasterReader`: rasterio over ranged reads.

GDAL's own way to Cloud Storage knows neither our credentials nor `STORAGE_EMULATOR_HOST`; it
reads through `Ranges` instead. rasterio is imported late: only what verifies needs it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from s1ratio.adapters import tiff
from s1ratio.adapters.ranges import BudgetSpent, Ranges, RangesFile
from s1ratio.errors import UnreadableRaster
from s1ratio.ports import ObjectStore, RasterFile, StoredObject

BUDGET = 16 * 1024 * 1024
_COUNT = "_count"
# What bytes can't bound: blocks that were never written or hold one value take next to none.
_MAX_BLOCKS = 20_000
# How a garbled head shows, beside rasterio's own errors: names that are no text, absurd sizes.
_GARBLED = (ValueError, OverflowError, MemoryError)
# No look at neighbouring files: they would be requests, and none of them is ours.
_GDAL = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO"}


class GcsRasterReader:
    """Reads files of a bucket; takes at most `budget` bytes of each off the wire."""

    def __init__(self, objects: ObjectStore, budget: int = BUDGET) -> None:
        self._objects = objects
        self._budget = budget

    def read(self, item: StoredObject, search: bool = True) -> RasterFile:
        """Return what a file says; with `search`, whether it has data (None if undecided).

        Raises UnreadableRaster, with words that follow on the file's name, ObjectMissing, or
        ObjectStoreUnavailable.
        """
        ranges = Ranges(self._objects, item, self._budget)
        try:
            tiff.check_complete(ranges.read, item.size)
            return _read(item.name, ranges, search)
        except BudgetSpent:
            raise UnreadableRaster(f"its directories alone take {self._budget} bytes") from None


def _read(name: str, ranges: Ranges, search: bool) -> RasterFile:
    with _opened(ranges) as file:
        epsg = file.crs.to_epsg() if file.crs else None
        described = {
            "crs": f"EPSG:{epsg}" if epsg else file.crs.to_wkt() if file.crs else "",
            "transform": tuple(file.transform)[:6],
            "shape": file.shape,
            "bands": tuple(text or "" for text in file.descriptions),
            "dtype": file.dtypes[0],
            "nodata": file.nodata,
        }
        levels = [*reversed(range(len(file.overviews(1)))), None]
    return RasterFile(
        name=name,
        has_data=_has_data(ranges, described["bands"], levels) if search else None,
        **described,
    )


@contextmanager
def _opened(ranges: Ranges, level: int | None = None) -> Iterator[Any]:
    """Open a file, or one of its overviews; raise what broke a read rather than GDAL's echo."""
    import rasterio  # noqa: PLC0415 - late: see the module

    path = f"{uuid4().hex}/file.tif"  # GDAL's opened files share one space of names

    def opener(asked: str, *_: Any, **__: Any) -> RangesFile:
        if asked != path:
            raise FileNotFoundError(asked)
        return RangesFile(ranges)

    wanted = {} if level is None else {"overview_level": level}
    try:
        with (
            rasterio.Env(**_GDAL),
            rasterio.open(path, opener=opener, driver="GTiff", **wanted) as file,
        ):
            yield file
            if ranges.failure is not None:  # GDAL made do with a short read
                raise ranges.failure
    except (rasterio.errors.RasterioError, *_GARBLED) as error:
        if ranges.failure is not None:
            raise ranges.failure from error
        raise UnreadableRaster(f"it can't be decoded: {error}") from error


def _has_data(ranges: Ranges, bands: tuple[str, ...], levels: list[int | None]) -> bool | None:
    """Look from the coarsest overview to the full resolution; None if the budget ends before.

    An overview may have passed over a lone pixel, so "no" needs the pixels themselves.
    """
    turns = iter(range(_MAX_BLOCKS))
    try:
        return any(_level_has_data(ranges, bands, level, turns) for level in levels)
    except BudgetSpent:
        return None


def _level_has_data(
    ranges: Ranges, bands: tuple[str, ...], level: int | None, turns: Iterator[int]
) -> bool:
    """Tell whether a level has a valid pixel in a band that is no count; a block takes a turn.

    A count is valid everywhere; where there are only counts, one above 0 is data.
    """
    import numpy as np  # noqa: PLC0415 - comes with rasterio

    values = [i for i, name in enumerate(bands, start=1) if not name.endswith(_COUNT)]
    with _opened(ranges, level) as file:
        nodata = file.nodata
        for _, window in file.block_windows(1):
            if next(turns, None) is None:
                raise BudgetSpent
            block = file.read(values or None, window=window)
            valid = (block != nodata) & np.isfinite(block)
            if (valid if values else valid & (block > 0)).any():
                return True
    return False
