"""The operations on disk: written through at each change, read when a server starts.

A disk that is full holds up what begins, never what runs: a change that could not be written is
kept, and written with the next.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

from local_earthengine.batch.export_request import ExportRequest
from local_earthengine.batch.operation import Operation
from local_earthengine.file_faults import describe

_log: Final = logging.getLogger(__name__)
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS operations (
    number INTEGER PRIMARY KEY, operation TEXT NOT NULL, request TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS request_ids (id TEXT PRIMARY KEY);
"""


class FolderInUse(RuntimeError):
    """Another local Earth Engine works in the folder."""


class LedgerUnusable(OSError):
    """The operations' file can't be read or written; its words say where and what to do."""


class Ledger:
    """Operations, the requests that they run, and the request ids that are used.

    Kept in `folder`, or in memory without one. One server at a time may use a folder: a second
    raises FolderInUse. Every method may be called from any thread, and raises LedgerUnusable.
    """

    def __init__(self, folder: Path | None) -> None:
        self._lock = Lock()
        self._closed = False
        self._guard: int | None = None
        self._unwritten: dict[int, Operation] = {}
        self.trouble: str | None = None  # why a change could not be written, until it is
        self._path = Path(":memory:") if folder is None else folder / "operations.sqlite3"
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._guard = _guard(folder / "earthengine.lock")
        try:
            self._database = _opened(self._path)
        except BaseException:
            self._let_go()
            raise

    def burn(self, request_id: str) -> bool:
        """Mark a request id as used; return False if it was already."""
        with self._connected() as database:
            done = database.execute("INSERT OR IGNORE INTO request_ids VALUES (?)", (request_id,))
            return done.rowcount == 1

    def add(self, operation: Operation, request: ExportRequest) -> None:
        """Record a new operation and its request."""
        row = operation.number, operation.dumps(), request.model_dump_json(by_alias=True)
        with self._connected() as database:
            database.execute("INSERT INTO operations VALUES (?, ?, ?)", row)

    def update(self, operation: Operation) -> None:
        """Record an operation's present state; a closed ledger takes no more news.

        What can't be written now is written with the next, or when the ledger is closed: until
        then a server that is killed finds the operation as it was before.
        """
        with self._lock:
            if self._closed:
                return
            self._unwritten[operation.number] = operation
            self._write()

    def operations(self) -> list[Operation]:
        """Return every operation, oldest first; one that can't be read is told and left there."""
        with self._connected() as database:
            rows = database.execute("SELECT number, operation FROM operations ORDER BY number")
            found = [self._read(number, text) for number, text in rows.fetchall()]
        return [operation for operation in found if operation is not None]

    def last_number(self) -> int:
        """Return the highest number that an operation has, be it readable or not; 0 without any."""
        with self._connected() as database:
            (last,) = database.execute("SELECT max(number) FROM operations").fetchone()
        return last or 0

    def request(self, operation: Operation) -> ExportRequest:
        """Return what an operation was started with."""
        with self._connected() as database:
            (text,) = database.execute(
                "SELECT request FROM operations WHERE number = ?", (operation.number,)
            ).fetchone()
        return ExportRequest.model_validate_json(text, by_alias=True)

    def close(self) -> None:
        """Let go of the folder."""
        with self._lock:
            if not self._closed:
                self._write()
            self._closed = True
            self._database.close()
            self._let_go()

    def _write(self) -> None:
        """Write what is not written yet, and tell once what is in the way; needs the lock."""
        try:
            for number, operation in list(self._unwritten.items()):
                self._database.execute(
                    "UPDATE operations SET operation = ? WHERE number = ?",
                    (operation.dumps(), number),
                )
                del self._unwritten[number]
            self.trouble = None
        except sqlite3.Error as fault:
            if self.trouble is None:
                _log.error(
                    "operations go on, but are not recorded: %s", describe(fault, self._path)
                )
            self.trouble = describe(fault, self._path)

    def _read(self, number: int, text: object) -> Operation | None:
        try:
            return Operation.loads(text, number)
        except ValueError as fault:
            _log.error(
                "%s: operation %s is damaged or of another version, and is left out: %s",
                self._path,
                number,
                fault,
            )
            return None

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _translated(self._path):
            yield self._database

    def _let_go(self) -> None:
        if self._guard is not None:
            os.close(self._guard)
            self._guard = None


def _opened(path: Path) -> sqlite3.Connection:
    """Return a connection to the file, with its tables made."""
    with _translated(path):
        database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        try:
            database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
            database.executescript(_SCHEMA)
        except BaseException:
            database.close()
            raise
    return database


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as fault:
        raise LedgerUnusable(describe(fault, path)) from fault


def _guard(path: Path) -> int:
    """Take a lock on a file that the system lets go of when the process ends, however it ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        os.close(descriptor)
        raise FolderInUse(f"another local Earth Engine works in {path.parent}") from fault
    return descriptor
