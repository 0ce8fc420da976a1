"""GeoTIFFs in the bucket as a `RasterReader`: rasterio over ranged reads."""

import time
from dataclasses import replace

import shapely
from typing_extensions import override

from s1ratio.adapters.bucket import tiff
from s1ratio.adapters.bucket.look import look_at
from s1ratio.adapters.bucket.opening import opened
from s1ratio.adapters.bucket.ranges import Ranges
from s1ratio.adapters.bucket.sampling import sample_file
from s1ratio.adapters.bucket.search import COUNT, has_data
from s1ratio.errors import BudgetSpent, ObjectStoreUnavailable, OutOfTime, UnreadableRaster
from s1ratio.ports import (
    ObjectStore,
    RasterFile,
    RasterLook,
    RasterReader,
    RasterSample,
    StoredObject,
)

MAX_BYTES = 16 * 1024 * 1024
MAX_SECONDS = 60.0
# Of the samples of one task's files together. A block of three bands has 0.6 MB.
SAMPLE_BYTES = 64 * 1024 * 1024
_LEAST_SAMPLE = 1024 * 1024  # of a file's, however many there are
# Overviews that are searched before the pixels themselves: the finer ones would cost a third more.
_COARSE = 2
_MEASURED = ("float32", "float64")  # what else there is was not asked for


class GcsRasterReader(RasterReader):
    """Reads files of a bucket; takes at most `budget` bytes of each off the wire.

    After `seconds` no further read of a file is begun; the samples of all files of a task take no
    longer together.
    """

    def __init__(
        self, objects: ObjectStore, budget: int = MAX_BYTES, seconds: float = MAX_SECONDS
    ) -> None:
        self._objects = objects
        self._budget = budget
        self._seconds = seconds

    @override
    def read(
        self,
        item: StoredObject,
        search: bool = True,
        among: int = 1,
        area: shapely.Geometry | None = None,
    ) -> RasterFile:
        now = time.monotonic()
        until = now + self._seconds
        ranges = Ranges(self._objects, item, self._budget, until)
        share = max(_LEAST_SAMPLE, min(self._budget * 3 // 4, SAMPLE_BYTES // among))
        try:
            tiff.check_complete(ranges.read, item.size)
            file, levels = _describe(item.name, ranges)
            sample = _sample(file, ranges, now + self._seconds / among, share, area)
        except OutOfTime:
            words = f"the directories of {item.name} took over {self._seconds:g} s to read"
            raise ObjectStoreUnavailable(words) from None
        except BudgetSpent:
            words = f"its directories alone take over {self._budget} bytes"
            raise UnreadableRaster(words) from None
        file = replace(file, sample=sample)
        if not search or sample.broken:
            return file
        found = _shows_data(file) or has_data(ranges, file.bands, levels, until)
        return replace(file, has_data=found)

    @override
    def look(self, item: StoredObject) -> RasterLook:
        return look_at(self._objects, item)


def _describe(name: str, ranges: Ranges) -> tuple[RasterFile, list[int | None]]:
    """Return what a file says of itself, and the levels to search, the coarsest first."""
    with opened(ranges) as file:
        epsg = file.crs.to_epsg() if file.crs else None
        described = RasterFile(
            name=name,
            crs=f"EPSG:{epsg}" if epsg else file.crs.to_wkt() if file.crs else "",
            transform=tuple(file.transform)[:6],
            shape=file.shape,
            bands=tuple(text or "" for text in file.descriptions),
            dtype=file.dtypes[0],
            nodata=file.nodata,
            has_data=None,
        )
        return described, [*[*reversed(range(len(file.overviews(1))))][:_COARSE], None]


def _sample(
    file: RasterFile,
    ranges: Ranges,
    until: float,
    budget: int,
    area: shapely.Geometry | None,
) -> RasterSample:
    if file.dtype not in _MEASURED:
        return RasterSample()
    counts = tuple(name.endswith(COUNT) for name in file.bands)
    return sample_file(ranges, counts, until, budget, area)


def _shows_data(file: RasterFile) -> bool:
    """Tell whether the sample has a valid pixel; a count tells only where all bands are counts."""
    alone = all(name.endswith(COUNT) for name in file.bands)
    return any(
        band.filled
        for block in file.sample.blocks
        for name, band in zip(file.bands, block.bands, strict=True)
        if alone or not name.endswith(COUNT)
    )
