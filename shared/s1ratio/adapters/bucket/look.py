"""A look at a GeoTIFF of the bucket from afar: its overviews, by ranged reads, on a budget."""

import time
from typing import Any

from s1ratio.adapters.bucket.opening import opened
from s1ratio.adapters.bucket.ranges import Ranges
from s1ratio.catalogue.facts import BandStatistics
from s1ratio.ports import ObjectStore, RasterLook, StoredObject

LOOK_BYTES = 16 * 1024 * 1024
LOOK_SECONDS = 20.0
_SIDE = 512  # px: as many tell a mean as well as all do


def look_at(
    objects: ObjectStore,
    item: StoredObject,
    budget: int = LOOK_BYTES,
    seconds: float = LOOK_SECONDS,
) -> RasterLook:
    """Return what the overviews of a file show, for at most `budget` bytes and so many seconds.

    A large file without overviews costs more than that. Raises BudgetSpent, UnreadableRaster,
    ObjectMissing, ObjectStoreUnavailable.
    """
    from s1ratio.pictures.overview import overview_of  # noqa: PLC0415 - rasterio is late

    ranges = Ranges(objects, item, budget, time.monotonic() + seconds)
    with opened(ranges) as file:
        overview = overview_of(file)
        shrink = max(1.0, max(file.shape) / _SIDE)
        shape = tuple(max(1, int(side / shrink)) for side in file.shape)
        statistics = tuple(_measure(file, band, shape) for band in file.indexes)
        if ranges.failure is not None:  # GDAL made do with a short read
            raise ranges.failure
    return RasterLook(overview, statistics, shrink)


def _measure(file: Any, band: int, shape: tuple[int, ...]) -> BandStatistics:
    import numpy as np  # noqa: PLC0415 - comes with rasterio

    read = file.read(band, out_shape=shape, masked=True, out_dtype="float64").filled(np.nan)
    values = read[np.isfinite(read)]
    share = 100.0 * values.size / read.size
    if not values.size:
        return BandStatistics(None, None, None, None, share)
    return BandStatistics(
        minimum=float(values.min()),
        maximum=float(values.max()),
        mean=float(values.mean()),
        stddev=float(values.std()),
        valid_percent=share,
    )
