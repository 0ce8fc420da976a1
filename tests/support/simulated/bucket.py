"""A bucket of GeoTIFFs that are only described, never written."""

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from s1ratio.errors import ObjectMissing, ObjectStoreUnavailable, UnreadableRaster
from s1ratio.ports import RasterFile, RasterLook, StoredObject

_LAST = chr(0x10FFFF)  # sorts behind what any name has


class SimulatedBucket:
    """Meets `ports.ObjectStore`.

    While `down`, no call is answered; objects whose names are in `unreadable` never are.
    """

    def __init__(self, name: str) -> None:
        self.bucket = name
        self.down = False
        self.unreadable: set[str] = set()
        self.lists = 0
        self.described: dict[str, dict[str, str]] = {}
        self._files: dict[str, tuple[StoredObject, RasterFile]] = {}
        self._names: list[str] = []  # sorted, as a bucket lists them

    def write(self, file: RasterFile, at: datetime) -> None:
        """Put a file there, in the place of an older one."""
        if file.name not in self._files:
            insort(self._names, file.name)
        self._files[file.name] = StoredObject(file.name, 1000, at), file

    def names(self) -> list[str]:
        """Return the names of all objects."""
        return list(self._names)

    def list(self, prefix: str) -> Sequence[StoredObject]:
        """Return the objects whose names begin with `prefix`."""
        self.lists += 1
        if self.down:
            raise ObjectStoreUnavailable("the bucket did not answer")
        first, end = (bisect_left(self._names, text) for text in (prefix, prefix + _LAST))
        return [self._files[name][0] for name in self._names[first:end]]

    def read(self, name: str, start: int, length: int) -> bytes:
        """Never called: `SimulatedRasters` reads by name."""
        raise AssertionError(f"nobody reads bytes here: {name} {start} {length}")

    def describe(self, name: str, metadata: Mapping[str, str]) -> None:
        """Keep texts beside an object."""
        if self.down or name in self.unreadable:
            raise ObjectStoreUnavailable(f"{name} can't be described now")
        if name not in self._files:
            raise ObjectMissing(f"{name} is gone")
        self.described.setdefault(name, {}).update(metadata)

    def file(self, name: str) -> RasterFile:
        """Return what a file says."""
        if self.down or name in self.unreadable:
            raise ObjectStoreUnavailable(f"{name} can't be read now")
        if name not in self._files:
            raise ObjectMissing(f"{name} is gone")
        return self._files[name][1]


class SimulatedRasters:
    """Meets `ports.RasterReader` for a simulated bucket."""

    def __init__(self, bucket: SimulatedBucket) -> None:
        self._bucket = bucket

    def read(
        self, item: StoredObject, search: bool = True, among: int = 1, area: object = None
    ) -> RasterFile:
        """Return what a file says; nobody samples pixels here."""
        del among, area
        file = self._bucket.file(item.name)
        return file if search else replace(file, has_data=None)

    def look(self, item: StoredObject) -> RasterLook:
        """Say that nothing can be seen: nobody has pixels here."""
        self._bucket.file(item.name)
        raise UnreadableRaster("a simulated file has no pixels")
