"""Files that appear whole or not at all: written aside, brought to the disk, then renamed."""

import secrets
from contextlib import suppress
from pathlib import Path

from local_earthengine.batch.read_back import sync_file


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, or put it in the place of what is there; under its name all of it stands.

    Raises OSError, which names the file: what was there is there still.
    """
    aside = path.with_name(f".partial-{secrets.token_hex(4)}")
    try:
        aside.write_bytes(data)
        sync_file(aside)
        aside.replace(path)
    except OSError as error:
        with suppress(OSError):
            aside.unlink()
        raise OSError(error.errno, error.strerror, str(path)) from error
