"""The store in one SQLite file, safe for several threads and several processes at once."""

import json
import platform
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any, Self

from typing_extensions import override

from s1ratio.adapters.store import sql
from s1ratio.adapters.store.codec import dumped
from s1ratio.adapters.store.database import (
    Create,
    Database,
    Home,
    Put,
    Query,
    Replace,
    Stored,
    Write,
)
from s1ratio.adapters.store.document_store import DocumentStore
from s1ratio.adapters.store.sqlite_faults import check_tables, translated
from s1ratio.errors import Conflict, StoreUnavailable

DEADLINE_S = 20.0
_GET_PAGE = 500


class SqliteStore(DocumentStore):
    """A Store in the file `path`, made if there is none; close it, or use it as a context.

    No call waits longer than `deadline_s` for other writers. `read_only` refuses every write.
    """

    def __init__(
        self, path: Path, deadline_s: float = DEADLINE_S, *, read_only: bool = False
    ) -> None:
        super().__init__(SqliteDatabase(path, deadline_s, read_only=read_only))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class SqliteDatabase(Database):
    """A Database; see there. One connection behind a lock: SQLite has one writer anyway."""

    def __init__(self, path: Path, deadline_s: float, *, read_only: bool = False) -> None:
        self._path, self._deadline_s = path.absolute(), deadline_s
        self._lock = Lock()
        with translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path, timeout=deadline_s, isolation_level=None, check_same_thread=False
            )
            try:
                _prepare(self._connection, path, deadline_s)
                if read_only:
                    self._connection.execute("PRAGMA query_only = ON")
            except BaseException:
                self._connection.close()
                raise

    @property
    @override
    def home(self) -> Home:
        """The file's path; a laptop's name changes with its network, a file with its backup."""
        with translated(self._path):
            path = self._path.resolve()
            return Home(str(path), (f"on {platform.node()}", f"file {path.stat().st_ino}"))

    @override
    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @override
    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Stored]:
        found: dict[str, Stored] = {}
        rest = iter(ids)
        with self._connected() as connection:
            while chunk := list(islice(rest, _GET_PAGE)):
                rows = connection.execute(sql.get(collection, len(chunk)), chunk)
                found.update((name, _stored(*row)) for name, *row in rows)
        return found

    @override
    def commit(self, writes: Sequence[Write]) -> list[Any]:
        with self._connected() as connection, connection:  # the second commits or rolls back
            connection.execute("BEGIN IMMEDIATE")
            return [_write(connection, write) for write in writes]

    @override
    def find(self, query: Query) -> list[Stored]:
        with self._connected() as connection:
            rows = connection.execute(*sql.find(query)).fetchall()
        found = [_stored(*row) for row in rows]
        return [_without_null(one) for one in found] if query.fields else found

    @override
    def count(self, query: Query) -> int:
        with self._connected() as connection:
            return int(connection.execute(*sql.count(query)).fetchone()[0])

    @override
    def total(self, query: Query, field: str) -> float:
        with self._connected() as connection:
            return float(connection.execute(*sql.total(query, field)).fetchone()[0])

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        if not self._lock.acquire(timeout=self._deadline_s):
            raise StoreUnavailable(f"{self._path}: other threads kept it busy for too long")
        try:
            with translated(self._path):
                yield self._connection
        finally:
            self._lock.release()


def _stored(document: str, version: int, place: int) -> Stored:
    """Return a row; what is no JSON object has no field, so that no record can be read of it."""
    try:
        found = json.loads(document)
    except (ValueError, RecursionError):
        found = None
    return Stored(found if isinstance(found, dict) else {}, version, place)


def _without_null(stored: Stored) -> Stored:
    document = {name: value for name, value in stored.document.items() if value is not None}
    return Stored(document, stored.version)


def _write(connection: sqlite3.Connection, write: Write) -> int:
    """Write one document within a transaction; return its new version."""
    table, document = write.collection, dumped(write.document)
    match write:
        case Create():
            connection.execute(sql.create(table), (write.id, document))
            return 1
        case Put():
            return int(connection.execute(sql.put(table), (write.id, document)).fetchone()[0])
        case Replace(expected=expected):
            changed = connection.execute(sql.replace(table), (document, write.id, expected))
            if changed.rowcount != 1:
                raise Conflict(f"{table}/{write.id} is not at version {expected} any more")
            return int(expected) + 1


def _prepare(connection: sqlite3.Connection, path: Path, deadline_s: float) -> None:
    """Set the connection up, and make the tables unless the file has just these already."""
    _to_wal(connection, deadline_s)
    connection.execute("PRAGMA synchronous = NORMAL")  # a power cut costs the last commits, whole
    schema = sql.schema()
    mark = zlib.crc32("\n".join(schema).encode()) & 0x7FFFFFFF
    if connection.execute("PRAGMA user_version").fetchone()[0] == mark:
        return
    check_tables(connection, path)
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        for statement in schema:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {mark}")


def _to_wal(connection: sqlite3.Connection, deadline_s: float) -> None:
    """Turn write-ahead logging on; SQLite does not wait for others at this step, so we do."""
    end = time.monotonic() + deadline_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return
