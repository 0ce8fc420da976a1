"""Where exports go: buckets and Drive folders as folders of one directory, and nothing outside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from local_earthengine.errors import EarthEngineError

DRIVE: Final = "drive"  # this folder is Drive, so no bucket may bear the name
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
_ADDRESS: Final = re.compile(r"\d+(\.\d+){3}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_NAME_LIMIT: Final = 1024  # bytes of an object's name
_PART_LIMIT: Final = 220  # bytes of a file's name, less what a shard's suffix takes


@dataclass(frozen=True)
class Destination:
    """Where an export's files go; `container` is a bucket, or Drive's folder ("" its root)."""

    kind: str  # "gcs" or "drive"
    container: str
    prefix: str

    def stem(self, out: Path) -> Path:
        """The path below `out` that every file's name starts with; see `inside`."""
        top = Path(self.container) if self.kind == "gcs" else Path(DRIVE) / self.container
        return inside(out, top / self.prefix)

    @property
    def uri(self) -> str:
        """The page that Earth Engine names in an operation's destinationUris."""
        if self.kind == "drive":
            return f"https://drive.google.com/#folders/{quote(self.container)}"
        folder = self.prefix.rpartition("/")[0]
        base = f"https://console.developers.google.com/storage/browser/{self.container}/"
        return f"{base}{folder}/" if folder else base


def cloud_storage(bucket: str, prefix: str) -> Destination:
    """A destination in a bucket. Raises EarthEngineError (400) for names that must not be."""
    check_bucket(bucket)
    check_object(prefix)
    return Destination("gcs", bucket, prefix)


def drive(folder: str, prefix: str) -> Destination:
    """A destination in Drive. Raises EarthEngineError (400) for names that must not be."""
    if folder:
        _check_part(folder, "Drive folder", folder)
    _check_part(prefix, "file name prefix", prefix)
    return Destination("drive", folder, prefix)


def check_bucket(bucket: str) -> None:
    """Holds a bucket's name to Cloud Storage's rules. Raises EarthEngineError (400)."""
    parts = bucket.split(".")
    wrong = (
        not _BUCKET.fullmatch(bucket)
        or not all(0 < len(part) <= 63 for part in parts)
        or _ADDRESS.fullmatch(bucket)
        or "google" in bucket
        or bucket.startswith("goog")
        or bucket == DRIVE
    )
    if wrong:
        raise EarthEngineError(f"Invalid bucket name: {bucket!r}.")


def check_object(name: str) -> None:
    """Holds an object's name to what a folder can bear. Raises EarthEngineError (400)."""
    if len(name.encode(errors="replace")) > _NAME_LIMIT:
        raise EarthEngineError(f"Invalid object name: longer than {_NAME_LIMIT} bytes.")
    for part in name.split("/"):
        _check_part(part, "object name", name)


def inside(out: Path, relative: Path) -> Path:
    """`out / relative`, whose folder must lie in `out` once all symbolic links are followed.

    Raises EarthEngineError (400) if it does not.
    """
    root = out.resolve()
    path = root / relative
    folder = path.parent.resolve()
    if not folder.is_relative_to(root) or folder != path.parent:
        raise EarthEngineError(f"{str(relative)!r} leaves the folder that is served.")
    return path


def _check_part(part: str, what: str, whole: str) -> None:
    """One part of a path: a plain name."""
    if part in ("", ".", "..") or "/" in part or "\\" in part or _CONTROL.search(part):
        raise EarthEngineError(f"Invalid {what}: {whole!r}.")
    try:
        size = len(part.encode())
    except UnicodeEncodeError:
        raise EarthEngineError(f"Invalid {what}: {whole!r} is no Unicode text.") from None
    if size > _PART_LIMIT:
        raise EarthEngineError(f"Invalid {what}: {part[:40]!r}... is too long.")
