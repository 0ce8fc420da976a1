"""A look at a GeoTIFF of the bucket from afar: one overview, by ranged reads, on a budget."""

import time
from typing import Any

from s1ratio.adapters.bucket.opening import GARBLED, opened
from s1ratio.adapters.bucket.ranges import Ranges
from s1ratio.catalogue.facts import BandStatistics
from s1ratio.errors import BudgetSpent, UnreadableRaster
from s1ratio.ports import ObjectStore, RasterLook, StoredObject

LOOK_BYTES = 16 * 1024 * 1024  # of pixels, decoded; and as many of the file
LOOK_SECONDS = 20.0
_MOST = 1200  # px of a picture's longer side
_VALUE_BYTES = 4


def look_at(
    objects: ObjectStore,
    item: StoredObject,
    budget: int = LOOK_BYTES,
    seconds: float = LOOK_SECONDS,
) -> RasterLook:
    """Return what the finest overview of a file shows that is small enough, or its own pixels.

    That takes at most `budget` bytes and so many seconds. Raises BudgetSpent where there is none,
    as of a large file without overviews; UnreadableRaster, ObjectMissing, ObjectStoreUnavailable.
    """
    from rasterio.errors import RasterioError  # noqa: PLC0415 - rasterio is late

    ranges = Ranges(objects, item, 2 * budget, time.monotonic() + seconds)
    with opened(ranges) as base:
        level, shrink = _choose(base, budget)
        with opened(ranges, level) as file:
            try:
                values = file.read(masked=True, out_dtype="float32")
            except (RasterioError, *GARBLED) as error:
                if ranges.failure is not None:
                    raise ranges.failure from error
                raise UnreadableRaster(str(error.__cause__ or error)) from error
            if ranges.failure is not None:  # GDAL made do with a short read
                raise ranges.failure
        return _seen(base, values, shrink)


def _choose(base: Any, budget: int) -> tuple[int | None, float]:
    """Return the number of an overview, None for the pixels themselves, and how coarse it is."""
    height, width = base.shape
    factors = [1, *base.overviews(1)]
    for number, factor in enumerate(factors):
        pixels = -(-height // factor) * -(-width // factor)
        small = max(height, width) / factor <= _MOST
        if small and pixels * base.count * _VALUE_BYTES <= budget:
            return (number - 1 if number else None), float(factor)
    raise BudgetSpent


def _seen(base: Any, values: Any, shrink: float) -> RasterLook:
    import numpy as np  # noqa: PLC0415 - comes with rasterio

    from s1ratio.pictures.overview import Overview  # noqa: PLC0415

    filled = values.filled(np.nan)
    filled[~np.isfinite(filled)] = np.nan
    a, b, c, d, e, f = base.transform[:6]
    crs = base.crs.to_string() if base.crs else ""
    overview = Overview(filled[0], crs, (a, b, c, d, e, f), base.shape)
    return RasterLook(overview, tuple(_measure(np, band) for band in filled), shrink)


def _measure(np: Any, band: Any) -> BandStatistics:
    known = band[np.isfinite(band)].astype("float64")
    share = 100.0 * known.size / band.size
    if not known.size:
        return BandStatistics(None, None, None, None, share)
    return BandStatistics(
        minimum=float(known.min()),
        maximum=float(known.max()),
        mean=float(known.mean()),
        stddev=float(known.std()),
        valid_percent=share,
    )
