"""A GeoTIFF in the bucket opened by rasterio, which reads it through `Ranges`.

GDAL's own way to Cloud Storage knows neither our credentials nor `STORAGE_EMULATOR_HOST`.
rasterio is imported late: only what verifies needs it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from s1ratio.adapters.bucket.ranges import Ranges, RangesFile
from s1ratio.errors import UnreadableRaster

# How a garbled head shows, beside rasterio's own errors: names that are no text, absurd sizes.
GARBLED = (ValueError, OverflowError, MemoryError)
# No look at neighbouring files: they would be requests, and none of them is ours.
_GDAL = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO"}


@contextmanager
def opened(ranges: Ranges, level: int | None = None) -> Iterator[Any]:
    """Open a file, or one of its overviews; raise what broke a read rather than GDAL's echo.

    Raises UnreadableRaster.
    """
    import rasterio  # noqa: PLC0415 - late: see the module

    path = f"{uuid4().hex}/file.tif"  # GDAL's opened files share one space of names

    def opener(asked: str, *_: Any, **__: Any) -> RangesFile:
        """Open the file by ranges; refuse any other."""
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
    except (rasterio.errors.RasterioError, *GARBLED) as error:
        if ranges.failure is not None:
            raise ranges.failure from error
        raise UnreadableRaster(f"it can't be decoded: {error}") from error
