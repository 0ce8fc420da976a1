"""The search for a valid pixel in all of a file, of which a sample showed none."""

import time
from typing import Any

from s1ratio.adapters.bucket.opening import opened
from s1ratio.adapters.bucket.ranges import Ranges
from s1ratio.errors import BudgetSpent, OutOfTime

COUNT = "_count"
_MAX_PROVEN = 16  # blocks whose bytes are known to stand for no data
_MAX_RAW = 64 * 1024  # bytes; of a larger block it isn't worth a look


def has_data(
    ranges: Ranges, bands: tuple[str, ...], levels: list[int | None], until: float
) -> bool | None:
    """Look from the coarsest overview to the full resolution; None if bytes or time end before.

    An overview may have passed over a lone pixel, so "no" needs the pixels themselves. Raises
    UnreadableRaster.
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

    values = [i for i, name in enumerate(bands, start=1) if not name.endswith(COUNT)]
    with opened(ranges, level) as file:
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
