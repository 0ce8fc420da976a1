"""GeoTIFFs in the bucket as a `RasterReader`: rasterio over ranged reads.

GDAL's own way to Cloud Storage knows neither our credentials nor `STORAGE_EMULATOR_HOST`; it
reads through `Ranges` instead. rasterio is imported late: only what verifies needs it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from typing_extensions import override

from s1ratio.adapters.bucket import tiff
from s1ratio.adapters.bucket.ranges import Ranges, RangesFile
from s1ratio.errors import BudgetSpent, ObjectStoreUnavailable, OutOfTime, UnreadableRaster
from s1ratio.ports import ObjectStore, RasterFile, RasterReader, StoredObject

MAX_BYTES = 16 * 1024 * 1024
MAX_SECONDS = 60.0
_COUNT = "_count"
# Overviews that are searched before the pixels themselves: the finer ones would cost a third more.
_COARSE = 2
_MAX_PROVEN = 16  # blocks whose bytes are known to stand for no data
_MAX_RAW = 64 * 1024  # bytes; of a larger block it isn't worth a look
# How a garbled head shows, beside rasterio's own errors: names that are no text, absurd sizes.
_GARBLED = (ValueError, OverflowError, MemoryError)
# No look at neighbouring files: they would be requests, and none of them is ours.
_GDAL = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO"}


class GcsRasterReader(RasterReader):
    """Reads files of a bucket; takes at most `budget` bytes of each off the wire.

    After `seconds` no further read of a file is begun.
    """

    def __init__(
        self, objects: ObjectStore, budget: int = MAX_BYTES, seconds: float = MAX_SECONDS
    ) -> None:
        self._objects = objects
        self._budget = budget
        self._seconds = seconds

    @override
    def read(self, item: StoredObject, search: bool = True) -> RasterFile:
        until = time.monotonic() + self._seconds
        ranges = Ranges(self._objects, item, self._budget, until)
        try:
            tiff.check_complete(ranges.read, item.size)
            return _read(item.name, ranges, search, until)
        except OutOfTime:
            words = f"the directories of {item.name} took over {self._seconds:g} s to read"
            raise ObjectStoreUnavailable(words) from None
        except BudgetSpent:
            words = f"its directories alone take over {self._budget} bytes"
            raise UnreadableRaster(words) from None


def _read(name: str, ranges: Ranges, search: bool, until: float) -> RasterFile:
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
        levels = [*reversed(range(len(file.overviews(1))))][:_COARSE]
    return RasterFile(
        name=name,
        has_data=_has_data(ranges, described["bands"], [*levels, None], until) if search else None,
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


def _has_data(
    ranges: Ranges, bands: tuple[str, ...], levels: list[int | None], until: float
) -> bool | None:
    """Look from the coarsest overview to the full resolution; None if bytes or time end before.

    An overview may have passed over a lone pixel, so "no" needs the pixels themselves.
    """
    try:
        return any(_level_has_data(ranges, bands, level, until) for level in levels)
    except BudgetSpent:
        return None


def _level_has_data(
    ranges: Ranges, bands: tuple[str, ...], level: int | None, until: float
) -> bool:
    """Tell whether a level has a valid pixel in a band that is no count.

    A count is valid everywhere; where there are only counts, one above 0 is data.
    """
    import numpy as np  # noqa: PLC0415 - comes with rasterio

    values = [i for i, name in enumerate(bands, start=1) if not name.endswith(_COUNT)]
    with _opened(ranges, level) as file:
        nodata, shape = file.nodata, file.block_shapes[0]
        proven: set[_Raw] = set()
        for place, window in file.block_windows(1):
            if time.monotonic() > until:
                raise OutOfTime
            raw = None if level is not None else _raw(ranges, file, values, place)
            if raw is not None and raw in proven:
                continue
            block = file.read(values or None, window=window)
            valid = (block != nodata) & np.isfinite(block)
            if (valid if values else valid & (block > 0)).any():
                return True
            # Only of a block that lies in the image whole were all pixels looked at.
            if raw is not None and block.shape[1:] == shape and len(proven) < _MAX_PROVEN:
                proven.add(raw)
    return False


_Raw = tuple[bytes, ...]


def _raw(ranges: Ranges, file: Any, values: list[int], place: tuple[int, int]) -> _Raw | None:
    """Return a block's bytes as stored, a part for each place in the file; None if they are many.

    Blocks of one level with the same bytes have the same pixels: of the many blocks of an empty
    file only the first need be decoded. One that was never written has no bytes, and all of them
    stand for the same value.
    """
    row, column = place
    parts: dict[tuple[int, int], None] = {}
    for band in values or file.indexes:
        at, size = (
            int(file.get_tag_item(f"BLOCK_{tag}_{column}_{row}", "TIFF", bidx=band) or 0)
            for tag in ("OFFSET", "SIZE")
        )
        parts[at, size] = None
    if max(size for _, size in parts) > _MAX_RAW:
        return None
    return tuple(ranges.read(at, size) for at, size in parts)
