"""Names that a bucket, an object and a file may have, and paths that stay in one folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from local_earthengine.errors import EarthEngineError

DRIVE: Final = "drive"  # this folder is Drive, so no bucket may bear the name
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
_ADDRESS: Final = re.compile(r"\d+(\.\d+){3}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_MAX_NAME_BYTES: Final = 1024  # bytes of an object's name
_MAX_PART_BYTES: Final = 220  # bytes of a file's name, less what a shard's suffix takes


def check_bucket(bucket: str) -> None:
    """Hold a bucket's name to Cloud Storage's rules. Raise EarthEngineError (400)."""
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
    """Hold an object's name to what a folder can bear. Raise EarthEngineError (400)."""
    if len(name.encode(errors="replace")) > _MAX_NAME_BYTES:
        raise EarthEngineError(f"Invalid object name: longer than {_MAX_NAME_BYTES} bytes.")
    for part in name.split("/"):
        check_part(part, "object name", name)


def inside(out: Path, relative: Path) -> Path:
    """Return `out / relative`, whose folder must lie in `out` once all symbolic links are followed.

    Raise EarthEngineError (400) if it does not.
    """
    root = out.resolve()
    path = root / relative
    folder = path.parent.resolve()
    if not folder.is_relative_to(root) or folder != path.parent:
        raise EarthEngineError(f"{str(relative)!r} leaves the folder that is served.")
    return path


def check_part(part: str, what: str, whole: str) -> None:
    """Hold one part of a path to a plain name. Raise EarthEngineError (400)."""
    if part in ("", ".", "..") or "/" in part or "\\" in part or _CONTROL.search(part):
        raise EarthEngineError(f"Invalid {what}: {whole!r}.")
    try:
        size = len(part.encode())
    except UnicodeEncodeError:
        raise EarthEngineError(f"Invalid {what}: {whole!r} is no Unicode text.") from None
    if size > _MAX_PART_BYTES:
        raise EarthEngineError(f"Invalid {what}: {part[:40]!r}... is too long.")
