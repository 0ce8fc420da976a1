"""The levels of an opened GeoTIFF: its pixels and its overviews, read block by block."""

import math
from dataclasses import dataclass
from typing import Any

from s1ratio.adapters.bucket.opening import GARBLED
from s1ratio.adapters.bucket.ranges import Ranges
from s1ratio.errors import BudgetSpent, UnreadableRaster

# Decoded bytes of one block: GDAL holds it as a whole, twice, and we do once more. Blocks of
# 512 × 512 px have 44 MB with every product and statistic there is.
MAX_BLOCK = 48 * 1024 * 1024


@dataclass(frozen=True)
class Window:
    """A rectangle of a level's pixels: first row and column, and those after the last."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Pixels:
    """Values and which of them are valid, both of shape (bands, height, width)."""

    values: Any
    valid: Any


class Level:
    """One level: `number` 0 are the pixels themselves, 1 is the finest overview.

    `base` is the file opened as it is, `file` at this level.
    """

    def __init__(self, number: int, base: Any, file: Any, ranges: Ranges) -> None:
        self.number = number
        self.height, self.width = file.shape
        self.block = tuple(file.block_shapes[0])
        self.rows = math.ceil(self.height / self.block[0])
        self.columns = math.ceil(self.width / self.block[1])
        self._base, self._file, self._ranges = base, file, ranges
        self._bands = [1] if file.profile.get("interleave") == "pixel" else [*file.indexes]

    @property
    def block_bytes(self) -> int:
        """How many bytes GDAL decodes at once."""
        import numpy as np  # noqa: PLC0415 - comes with rasterio

        together = self._file.count if len(self._bands) == 1 else 1
        return int(
            self.block[0] * self.block[1] * together * np.dtype(self._file.dtypes[0]).itemsize
        )

    def transform_at(self, left: int, top: int, parts: int) -> tuple[float, ...]:
        """Return the affine transform, six numbers, of parts of its pixels from a corner on."""
        a, b, x, d, e, y = tuple(self._base.transform)[:6]
        across, down = self._base.width / self.width, self._base.height / self.height
        a, b, d, e = a * across, b * down, d * across, e * down
        x, y = x + a * left + b * top, y + d * left + e * top
        return (a / parts, b / parts, x, d / parts, e / parts, y)

    def window(self, row: int, column: int) -> Window:
        """Return the pixels of a block."""
        height, width = self.block
        top, left = row * height, column * width
        return Window(top, left, min(top + height, self.height), min(left + width, self.width))

    def stored(self, row: int, column: int) -> int:
        """Return how many bytes a block has in the file."""
        return sum(size for _, size in self._parts(row, column))

    def cost(self, window: Window) -> int:
        """Return how many bytes of the file must be drawn to read a window."""
        height, width = self.block
        return sum(
            self._ranges.cost(at, size)
            for row in range(window.top // height, (window.bottom - 1) // height + 1)
            for column in range(window.left // width, (window.right - 1) // width + 1)
            for at, size in self._parts(row, column)
        )

    def read(self, window: Window) -> Pixels:
        """Return the pixels of a window, all bands.

        Raises UnreadableRaster if they can't be decoded, BudgetSpent, and what broke a read.
        """
        import numpy as np  # noqa: PLC0415 - comes with rasterio
        from rasterio.errors import RasterioError  # noqa: PLC0415
        from rasterio.windows import Window as Place  # noqa: PLC0415

        place = Place.from_slices((window.top, window.bottom), (window.left, window.right))
        try:
            values = self._file.read(window=place)
        except (RasterioError, *GARBLED) as error:
            self._raise_failure()
            raise UnreadableRaster(str(error.__cause__ or error)) from error
        self._raise_failure()
        valid = ~np.isnan(values)
        if self._base.nodata is not None:
            valid &= values != self._base.nodata
        return Pixels(values, valid)

    def _raise_failure(self) -> None:
        failure = self._ranges.failure
        if isinstance(failure, BudgetSpent):
            self._ranges.failure = None  # the next may be smaller, or known
        if failure is not None:
            raise failure

    def _parts(self, row: int, column: int) -> set[tuple[int, int]]:
        """Return (offset, size) of what a block consists of: one part, or one for each band."""
        ovr = self.number - 1 if self.number else None
        return {
            (
                int(self._tag(f"BLOCK_OFFSET_{column}_{row}", band, ovr) or 0),
                int(self._tag(f"BLOCK_SIZE_{column}_{row}", band, ovr) or 0),
            )
            for band in self._bands
        }

    def _tag(self, name: str, band: int, ovr: int | None) -> str | None:
        tag: str | None = self._base.get_tag_item(name, "TIFF", bidx=band, ovr=ovr)
        return tag
