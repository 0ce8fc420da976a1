"""A store's SQLite file that lies where nothing may be written, such as on a read-only disk.

With write-ahead logging even a reader writes beside the file. So a copy of it is read, with what
its log has that the file has not.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.adapters.store.sqlite_faults import translated
from s1ratio.errors import StoreUnavailable


@contextmanager
def open_to_read(path: Path) -> Iterator[SqliteStore]:
    """Open the store in a file for who changes nothing, until the context ends.

    Raises StoreUnavailable as a SqliteStore does, where it is not for want of a right to write.
    """
    if _is_writable(path):
        with SqliteStore(path, read_only=True) as store:
            yield store
        return
    with tempfile.TemporaryDirectory(prefix="s1ratio-") as folder:
        copy = Path(folder) / path.name
        with translated(path):
            shutil.copyfile(path, copy)
            log = path.with_name(f"{path.name}-wal")
            if log.exists():
                shutil.copyfile(log, copy.with_name(log.name))
        try:
            store = SqliteStore(copy, read_only=True)
        except StoreUnavailable as error:  # by the name that the reader knows
            raise StoreUnavailable(str(error).replace(str(copy), str(path))) from error
        with store:
            yield store


def _is_writable(path: Path) -> bool:
    """Tell whether a file can be made beside this one, and it can be written itself."""
    try:
        with tempfile.TemporaryFile(dir=path.parent), path.open("r+b"):
            return True
    except OSError:
        return False
