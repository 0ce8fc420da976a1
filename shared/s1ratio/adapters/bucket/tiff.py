"""How far a TIFF's pixels reach into its file: the way to tell a file that was cut short.

A cloud-optimised GeoTIFF has its directories in front, so the head of a file without an end
opens like a whole one. Classic and BigTIFF, either byte order.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from s1ratio.errors import UnreadableRaster

Read = Callable[[int, int], bytes]

_ORDERS = {b"II": "<", b"MM": ">"}
_CLASSIC, _BIG = 42, 43
_CODES = {3: "H", 4: "I", 16: "Q"}  # SHORT, LONG, LONG8
_OFFSETS, _COUNTS = (273, 324), (279, 325)  # of strips, of tiles
_GEOREFERENCE = {33550, 34264}  # ModelPixelScale, ModelTransformation
_MAX_DIRECTORIES = 100
# Blocks are written in order: the last ones of a directory tell how far it reaches.
_LAST_BLOCKS = 200_000


@dataclass(frozen=True)
class _Form:
    """How this TIFF writes numbers: byte order, and the widths of its directories."""

    order: str
    word: str  # of offsets and of counts of values
    entries: str  # of the number of entries

    @property
    def entry(self) -> str:
        """The form of a directory's entry, as `struct` has it."""
        return f"{self.order}HH{self.word}"

    @property
    def room(self) -> int:
        """Bytes for a value that stands in its entry."""
        return struct.calcsize(self.word)


@dataclass(frozen=True)
class _Entry:
    code: str | None
    count: int
    at: int  # where its value or, if that is too long for an entry, its offset stands


def check_complete(read: Read, size: int) -> None:
    """Raise UnreadableRaster unless every block of the file's directories lies within `size`.

    `read(start, length)` gives bytes of the file; what it raises passes through.
    """
    source = _Source(read)
    form, at = _header(source)
    directories = list(_directories(source, form, at))
    if not _GEOREFERENCE & directories[0].keys():
        raise UnreadableRaster("it is a TIFF without a georeference")
    for tags in directories:
        end = _end(source, form, tags)
        if end > size:
            raise UnreadableRaster(f"it ends at byte {size}, its pixels at byte {end}")


class _Source:
    """Reads numbers; a short read means a file cut short."""

    def __init__(self, read: Read) -> None:
        self._read = read

    def bytes(self, at: int, length: int) -> bytes:
        """Return bytes; raise UnreadableRaster if they end before."""
        data = self._read(at, length)
        if len(data) < length:
            raise UnreadableRaster(f"it ends before byte {at + length}, within its directories")
        return data

    def numbers(self, at: int, form: str) -> tuple[int, ...]:
        """Return numbers in a form of `struct`."""
        return struct.unpack(form, self.bytes(at, struct.calcsize(form)))


def _header(source: _Source) -> tuple[_Form, int]:
    """Return the form and the offset of the first directory."""
    head = source.bytes(0, 8)
    order = _ORDERS.get(head[:2])
    version = struct.unpack(f"{order}H", head[2:4])[0] if order else None
    if order and version == _CLASSIC:
        return _Form(order, "I", "H"), source.numbers(4, f"{order}I")[0]
    if order and version == _BIG:
        return _Form(order, "Q", "Q"), source.numbers(8, f"{order}Q")[0]
    raise UnreadableRaster("it is no TIFF")


def _directories(source: _Source, form: _Form, at: int) -> Iterator[dict[int, _Entry]]:
    """Yield the tags of each directory: the image's, its overviews', their masks'."""
    head, size = struct.calcsize(form.order + form.entries), struct.calcsize(form.entry)
    for _ in range(_MAX_DIRECTORIES):
        (count,) = source.numbers(at, form.order + form.entries)
        starts = range(at + head, at + head + count * (size + form.room), size + form.room)
        table = source.bytes(at + head, count * (size + form.room))
        rows = [struct.unpack_from(form.entry, table, start - at - head) for start in starts]
        yield {
            tag: _Entry(_CODES.get(kind), n, start + size)
            for (tag, kind, n), start in zip(rows, starts, strict=True)
        }
        (at,) = source.numbers(starts.stop, form.order + form.word)
        if at == 0:
            return
    raise UnreadableRaster("its directories have no end")


def _end(source: _Source, form: _Form, tags: dict[int, _Entry]) -> int:
    """Return the offset after the last block of a directory; absent blocks have no bytes."""
    offsets = next((tags[tag] for tag in _OFFSETS if tag in tags), None)
    counts = next((tags[tag] for tag in _COUNTS if tag in tags), None)
    if offsets is None or counts is None or offsets.count != counts.count:
        raise UnreadableRaster("a directory of it names no pixels")
    pairs = zip(_last(source, form, offsets), _last(source, form, counts), strict=True)
    return max((offset + count for offset, count in pairs if count), default=0)


def _last(source: _Source, form: _Form, entry: _Entry) -> tuple[int, ...]:
    """Return the last values of an entry."""
    if entry.code is None:
        raise UnreadableRaster("a directory of it has offsets of an unknown type")
    width = struct.calcsize(entry.code)
    inline = entry.count * width <= form.room
    at = entry.at if inline else source.numbers(entry.at, form.order + form.word)[0]
    n = min(entry.count, _LAST_BLOCKS)
    return source.numbers(at + (entry.count - n) * width, f"{form.order}{n}{entry.code}")
