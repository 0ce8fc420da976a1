"""An object as a file that is read piece by piece: by ranges, kept once read, on a budget."""

import io
import math
import os
import time

from s1ratio.errors import BudgetSpent, ObjectMissing, ObjectStoreUnavailable, OutOfTime
from s1ratio.ports import ObjectStore, StoredObject

CHUNK = 128 * 1024  # a request costs about as much time as this many bytes


class Ranges:
    """The bytes of one object, drawn in aligned chunks and kept: the budget bounds the memory.

    No read begins after the monotonic time `until`. `failure` is the first thing that went wrong
    in a read: a caller that can't be passed an exception, such as GDAL, sees a short read, and
    its own caller looks here.
    """

    def __init__(
        self, objects: ObjectStore, item: StoredObject, budget: int, until: float = math.inf
    ) -> None:
        self.size = item.size
        self.spent = 0
        self.failure: Exception | None = None
        self._objects = objects
        self._name = item.name
        self._budget = budget
        self._until = until
        self._chunks: dict[int, bytes] = {}

    def read(self, start: int, length: int) -> bytes:
        """Return the bytes from `start`, at most `length` and none past the object's end.

        Raises BudgetSpent, ObjectMissing or ObjectStoreUnavailable.
        """
        stop = min(start + length, self.size)
        if start >= stop:
            return b""
        first, last = start // CHUNK, (stop - 1) // CHUNK
        missing = [i for i in range(first, last + 1) if i not in self._chunks]
        if missing:
            self._draw(missing[0], missing[-1])
        data = b"".join(self._chunks[i] for i in range(first, last + 1))
        return data[start - first * CHUNK : stop - first * CHUNK]

    def cost(self, start: int, length: int) -> int:
        """Return how many bytes a read would draw: none where they are all known."""
        stop = min(start + length, self.size)
        if start >= stop:
            return 0
        missing = [
            i for i in range(start // CHUNK, (stop - 1) // CHUNK + 1) if i not in self._chunks
        ]
        return (missing[-1] - missing[0] + 1) * CHUNK if missing else 0

    def _draw(self, first: int, last: int) -> None:
        """Draw chunks in one request; one that lies between and is known is drawn again."""
        if time.monotonic() > self._until:
            raise OutOfTime
        start = first * CHUNK
        length = min((last + 1) * CHUNK, self.size) - start
        if self.spent + length > self._budget:
            raise BudgetSpent
        data = self._objects.read(self._name, start, length)
        self.spent += length
        for i in range(first, last + 1):
            self._chunks[i] = data[i * CHUNK - start : (i + 1) * CHUNK - start]


class RangesFile(io.RawIOBase):
    """A seekable file over `Ranges`. Its reads never raise: a failed one is short."""

    def __init__(self, ranges: Ranges) -> None:
        super().__init__()
        self._ranges = ranges
        self._at = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be moved in."""
        return True

    def tell(self) -> int:
        """Return the offset of the next read."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to `offset` from the start, from here, or from the end; return where that is."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._ranges.size}[whence]
        self._at = base + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes from here, all that are left if it is negative."""
        length = size if size >= 0 else max(0, self._ranges.size - self._at)
        data = self._get(length)
        self._at += len(data)
        return data

    def _get(self, length: int) -> bytes:
        try:
            return self._ranges.read(self._at, length)
        except (BudgetSpent, ObjectMissing, ObjectStoreUnavailable) as failure:
            self._ranges.failure = self._ranges.failure or failure
            return b""
