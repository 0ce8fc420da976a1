"""What SQLite and the system refuse about the store's file, as the product's errors."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from s1ratio.adapters.store import sql
from s1ratio.adapters.store.schema import COLLECTIONS
from s1ratio.errors import AlreadyExists, StoreError, StoreUnavailable
from s1ratio.file_faults import describe, sqlite_code

_TAKEN = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
# What every other call would meet as well, until somebody makes room or puts the file right.
_ROOM_OR_RIGHTS = {"FULL", "IOERR", "READONLY", "PERM", "CANTOPEN", "BUSY", "LOCKED", "NOMEM"}
_EVERYBODYS = _ROOM_OR_RIGHTS | {"CORRUPT", "NOTADB", "ERROR"}


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise what SQLite or the system raises of the file `path` as an error of the store."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"the store can't be used: {describe(error, path)}") from error
    except sqlite3.Error as error:
        raise _translation(error, path) from error


def check_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Raise StoreUnavailable for a file with another program's tables, before ours are added."""
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    found = {name for (name,) in rows if not name.startswith("sqlite_")}
    ours = found & set(COLLECTIONS)
    strangers = [table for table in sorted(ours) if _columns(connection, table) != sql.COLUMNS]
    if strangers or (found and not ours):
        table = strangers[0] if strangers else min(found)
        raise StoreUnavailable(
            f"{path}: it is no store, its table {table!r} is another program's: "
            "name another folder, or move that file away"
        )


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}


def _translation(error: sqlite3.Error, path: Path) -> StoreError:
    if getattr(error, "sqlite_errorcode", 0) in _TAKEN:
        return AlreadyExists(str(error))
    if sqlite_code(error) in _EVERYBODYS:
        return StoreUnavailable(f"the store can't be used: {describe(error, path)}")
    return StoreError(f"{path}: the store can't do this: {describe(error)}")
