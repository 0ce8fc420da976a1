"""Reading back what was written: a disk that was full is not always told.

GDAL writes its last blocks when a file is closed, and nobody hears what fails then: the file may
lack its end, or lack blocks, which read as if they were masked.
"""

from __future__ import annotations

import errno
import os
import shutil
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window

_LOST: Final = "it is not what was written to it"
_HARDLY_ANY: Final = 1 << 20  # bytes


class WrittenTiles:
    """The checksums of the tiles that were written to a file."""

    def __init__(self) -> None:
        self._sums: dict[tuple[int, Window], int] = {}

    def add(self, number: int, window: Window, values: NDArray[Any]) -> None:
        """Note what was written to a window of a band; bands count from 1."""
        self._sums[number, window] = _sum(values)

    def check(self, path: Path) -> None:
        """Bring a file to the disk, and read it again. Raise OSError if it is another one."""
        try:
            sync_file(path)
            with rasterio.open(path) as file:
                same = all(
                    _sum(file.read(number, window=window)) == known
                    for (number, window), known in self._sums.items()
                )
        except OSError as fault:
            raise not_written(path, f"{_LOST}: {fault}") from fault
        if not same:
            raise not_written(path, _LOST)


def not_written(path: Path, words: str) -> OSError:
    """Return the error of a file that was not written whole; GDAL does not say for which reason.

    Where hardly a byte is free on its disk, that was it.
    """
    full = shutil.disk_usage(path.parent).free < _HARDLY_ANY
    return OSError(errno.ENOSPC if full else errno.EIO, words, str(path))


def _sum(values: NDArray[Any]) -> int:
    return zlib.crc32(np.ascontiguousarray(values).data)


def sync_file(path: Path) -> None:
    """Have the system write a file out; a disk that takes no more may say so only now."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
