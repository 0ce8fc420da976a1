"""Files that appear whole or not at all: written aside, brought to the disk, then renamed."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, or put it in the place of what is there; under its name all of it stands.

    Raises OSError, which names the file: what was there is there still.
    """
    aside = path.with_name(f".partial-{secrets.token_hex(4)}")
    try:
        aside.write_bytes(data)
        _sync(aside)
        aside.replace(path)
    except OSError as error:
        with suppress(OSError):
            aside.unlink()
        raise OSError(error.errno, error.strerror, str(path)) from error


def _sync(path: Path) -> None:
    """Have the system bring a file to the disk; one that takes no more may say so only now."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
