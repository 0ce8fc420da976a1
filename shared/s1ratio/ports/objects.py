"""The bucket and its GeoTIFFs as the services need them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import shapely

from s1ratio.ports.looks import RasterLook
from s1ratio.ports.samples import RasterSample


@dataclass(frozen=True)
class StoredObject:
    """One object of a bucket: name, size in bytes, and when its bytes were written (UTC).

    `md5` is their digest in base64, None where the bucket tells none.
    """

    name: str
    size: int
    written: datetime
    md5: str | None = None


class ObjectStore(Protocol):
    """The bucket the exports go to; each call raises ObjectStoreUnavailable and has a deadline."""

    bucket: str

    def list(self, prefix: str) -> Sequence[StoredObject]:
        """Return the objects whose names begin with `prefix`, by name.

        The deadline is that of all pages of the list.
        """

    def read(self, name: str, start: int, length: int) -> bytes:
        """Return up to `length` bytes of an object from offset `start`, none from its end on.

        Raises ObjectMissing if there is no such object.
        """

    def describe(self, name: str, metadata: Mapping[str, str]) -> None:
        """Keep texts by names beside an object, with those that are there; its bytes stay.

        Raises ObjectMissing if there is no such object.
        """


@dataclass(frozen=True)
class RasterFile:
    """What one GeoTIFF says of itself, and whether any band but `count` ones has valid pixels.

    `transform` is (xScale, xShear, xOrigin, yShear, yScale, yOrigin); `shape` (height, width).
    `has_data` is None where nobody looked, or the bytes to look at were spent without a find.
    `sample` is what some of its pixels show.
    """

    name: str
    crs: str
    transform: tuple[float, float, float, float, float, float]
    shape: tuple[int, int]
    bands: tuple[str, ...]
    dtype: str
    nodata: float | None
    has_data: bool | None
    sample: RasterSample = field(default_factory=RasterSample)


class RasterReader(Protocol):
    """Opens GeoTIFFs where they lie, by ranged reads of at most 16 MB a file."""

    def read(
        self,
        item: StoredObject,
        search: bool = True,
        among: int = 1,
        area: shapely.Geometry | None = None,
    ) -> RasterFile:
        """Return what a file says, and what a sample of its pixels shows, of an `area` by itself.

        With `search` all of it is searched for data, if there is none in the sample (None if
        undecided). The bytes and the time for samples are divided `among` so many files. The area
        is in the crs that the file should have, of finite coordinates.

        Raises UnreadableRaster if it is no complete GeoTIFF, with words that follow on its name;
        ObjectMissing; ObjectStoreUnavailable.
        """

    def look(self, item: StoredObject) -> RasterLook:
        """Return what a file's overviews show, for a bounded number of bytes.

        Raises BudgetSpent where that takes more, such as of a large file without overviews;
        UnreadableRaster; ObjectMissing; ObjectStoreUnavailable.
        """
