"""The files of a folder as Cloud Storage's objects: names, metadata, hashes."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import quote

import google_crc32c

from local_earthengine.errors import EarthEngineError
from local_earthengine.storage.metadata import (
    FOLDER,
    Metadata,
    read_metadata,
    write_metadata,
)
from local_earthengine.storage.names import check_bucket, check_object, inside
from local_earthengine.storage.uploads import Upload
from local_earthengine.wire.exchange import timestamp

_CONTENT_TYPES: Final = {".tif": "image/tiff", ".json": "application/json", ".png": "image/png"}
_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class StoredObject:
    """One object, as it was when it was looked up, with what is kept beside it."""

    bucket: str
    name: str
    path: Path
    size: int
    modified_ns: int
    metadata: Metadata = field(default_factory=Metadata)

    @property
    def generation(self) -> int:
        """Grows with each writing: microseconds since 1970, as Cloud Storage's does."""
        return self.modified_ns // 1000

    @property
    def content_type(self) -> str:
        """By the name's ending."""
        return _CONTENT_TYPES.get(self.path.suffix, "application/octet-stream")

    @property
    def hashes(self) -> tuple[str, str]:
        """(crc32c, md5), base64; computed once for a generation."""
        return _hashes(self.path, self.size, self.modified_ns)

    def to_json(self, url: str) -> dict[str, Any]:
        """Return the object's resource in the JSON interface of a server at `url`."""
        crc32c, md5 = self.hashes
        written = _moment(self.modified_ns)
        texts = {"metadata": self.metadata.texts} if self.metadata.texts else {}
        link = f"{url}/storage/v1/b/{self.bucket}/o/{quote(self.name, safe='')}"
        media = f"{url}/download{link.removeprefix(url)}?generation={self.generation}&alt=media"
        return {
            "kind": "storage#object",
            "id": f"{self.bucket}/{self.name}/{self.generation}",
            "selfLink": link,
            "mediaLink": media,
            "name": self.name,
            "bucket": self.bucket,
            "generation": str(self.generation),
            "metageneration": str(self.metadata.version),
            "contentType": self.content_type,
            "storageClass": "STANDARD",
            "size": str(self.size),
            "md5Hash": md5,
            "crc32c": crc32c,
            "etag": str(self.generation),
            "timeCreated": written,
            "updated": _moment(max(self.modified_ns, self.metadata.changed_ns)),
            "timeStorageClassUpdated": written,
            **texts,
        }


class Buckets:
    """The folders directly below `out` whose names a bucket may have."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._writing = Lock()

    def get(self, bucket: str) -> Path:
        """Return a bucket's folder. Raise EarthEngineError: 404 if there is none."""
        missing = EarthEngineError("The specified bucket does not exist.", 404)
        try:
            check_bucket(bucket)
            folder = inside(self._out, Path(bucket))
        except EarthEngineError:
            raise missing from None
        if not folder.is_dir() or folder.is_symlink():
            raise missing
        return folder

    def object(self, bucket: str, name: str) -> StoredObject:
        """Return one object. Raise EarthEngineError: 404 if there is none."""
        self.get(bucket)
        missing = EarthEngineError(f"No such object: {bucket}/{name}", 404)
        try:
            check_object(name)
            path = inside(self._out, Path(bucket) / name)
        except EarthEngineError:
            raise missing from None
        if path.is_symlink() or not path.is_file():
            raise missing
        return self._stored(bucket, name, path)

    def describe(self, stored: StoredObject, body: dict[str, Any]) -> StoredObject:
        """Change what is kept beside an object as a PATCH's body wishes; return it as it is then.

        Raise EarthEngineError if the body can't be followed.
        """
        changed = stored.metadata.changed(body)
        write_metadata(self._kept(stored.bucket, stored.name), stored.generation, changed)
        return replace(stored, metadata=changed)

    def write(self, bucket: str, upload: Upload) -> StoredObject:
        """Write an object whole, in the place of what is there; return it as it is then.

        Its generation is another one than any before. Raise EarthEngineError: 404 without such a
        bucket, 400 for a name that can't be, 412 if another generation is there.
        """
        self.get(bucket)
        check_object(upload.name)
        with self._writing:
            before = self._generation(bucket, upload.name)
            if upload.expected is not None and upload.expected != before:
                raise EarthEngineError("At least one of the pre-conditions did not hold.", 412)
            path = self._out / bucket / upload.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path = inside(self._out, Path(bucket) / upload.name)
            aside = self._out / FOLDER / f".{secrets.token_hex(8)}"
            aside.parent.mkdir(exist_ok=True)
            aside.write_bytes(upload.data)
            now = max(time.time_ns(), (before + 1) * 1000)
            os.utime(aside, ns=(now, now))
            aside.replace(path)
            return self._stored(bucket, upload.name, path)

    def _generation(self, bucket: str, name: str) -> int:
        """Return the generation of an object, 0 if there is none."""
        try:
            return self.object(bucket, name).generation
        except EarthEngineError:
            return 0

    def objects(self, bucket: str, prefix: str) -> list[StoredObject]:
        """Return the objects whose names begin with `prefix`, by name."""
        folder = self.get(bucket)
        found = (
            self._stored(bucket, name, path)
            for name, path in _files(folder, "", prefix)
            if name.startswith(prefix)
        )
        return sorted(found, key=lambda one: one.name.encode())

    def _stored(self, bucket: str, name: str, path: Path) -> StoredObject:
        status = path.stat()
        found = StoredObject(bucket, name, path, status.st_size, status.st_mtime_ns)
        kept = read_metadata(self._kept(bucket, name), found.generation)
        return replace(found, metadata=kept)

    def _kept(self, bucket: str, name: str) -> Path:
        """Return the file of what is kept beside an object; no name is too long for one."""
        return self._out / FOLDER / bucket / hashlib.sha256(name.encode()).hexdigest()


def _files(folder: Path, above: str, prefix: str) -> Iterator[tuple[str, Path]]:
    """Yield the files below a folder with their names.

    Folders that cannot match are passed over.
    """
    with os.scandir(folder) as entries:
        for entry in entries:
            name = f"{above}{entry.name}"
            if entry.is_file(follow_symlinks=False):
                yield name, Path(entry.path)
            elif entry.is_dir(follow_symlinks=False) and _may_hold(f"{name}/", prefix):
                yield from _files(Path(entry.path), f"{name}/", prefix)


def _may_hold(folder: str, prefix: str) -> bool:
    return folder.startswith(prefix) or prefix.startswith(folder)


def _moment(nanoseconds: int) -> str:
    return timestamp(datetime.fromtimestamp(nanoseconds / 1e9, UTC))


@lru_cache(maxsize=4096)
def _hashes(path: Path, size: int, modified_ns: int) -> tuple[str, str]:
    """Return (crc32c, md5), base64. Size and time are part of the cache's key alone."""
    del size, modified_ns
    crc32c, md5 = 0, hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            crc32c = google_crc32c.extend(crc32c, chunk)
            md5.update(chunk)
    digests = crc32c.to_bytes(4, "big"), md5.digest()
    return base64.b64encode(digests[0]).decode(), base64.b64encode(digests[1]).decode()
