"""The operations on disk: written through at each change, read when a server starts."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from pathlib import Path
from threading import Lock
from typing import Final

from local_earthengine.batch.export_request import ExportRequest
from local_earthengine.batch.operation import Operation

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS operations (
    number INTEGER PRIMARY KEY, operation TEXT NOT NULL, request TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS request_ids (id TEXT PRIMARY KEY);
"""


class FolderInUse(RuntimeError):
    """Another local Earth Engine works in the folder."""


class Ledger:
    """Operations, the requests that they run, and the request ids that are used.

    Kept in `folder`, or in memory without one. One server at a time may use a folder: a second
    raises FolderInUse. Every method may be called from any thread.
    """

    def __init__(self, folder: Path | None) -> None:
        self._lock = Lock()
        self._closed = False
        self._guard: int | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._guard = _guard(folder / "earthengine.lock")
        place = ":memory:" if folder is None else str(folder / "operations.sqlite3")
        self._database = sqlite3.connect(place, check_same_thread=False, isolation_level=None)
        self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
        self._database.executescript(_SCHEMA)

    def burn(self, request_id: str) -> bool:
        """Mark a request id as used; return False if it was already."""
        with self._lock:
            done = self._database.execute(
                "INSERT OR IGNORE INTO request_ids VALUES (?)", (request_id,)
            )
            return done.rowcount == 1

    def add(self, operation: Operation, request: ExportRequest) -> None:
        """Record a new operation and its request."""
        row = operation.number, operation.dumps(), request.model_dump_json(by_alias=True)
        with self._lock:
            self._database.execute("INSERT INTO operations VALUES (?, ?, ?)", row)

    def update(self, operation: Operation) -> None:
        """Record an operation's present state; a closed ledger takes no more news."""
        with self._lock:
            if self._closed:
                return
            self._database.execute(
                "UPDATE operations SET operation = ? WHERE number = ?",
                (operation.dumps(), operation.number),
            )

    def operations(self) -> list[Operation]:
        """Return every operation, oldest first."""
        with self._lock:
            rows = self._database.execute("SELECT operation FROM operations ORDER BY number")
            return [Operation.loads(text) for (text,) in rows.fetchall()]

    def request(self, operation: Operation) -> ExportRequest:
        """Return what an operation was started with."""
        with self._lock:
            (text,) = self._database.execute(
                "SELECT request FROM operations WHERE number = ?", (operation.number,)
            ).fetchone()
        return ExportRequest.model_validate_json(text, by_alias=True)

    def close(self) -> None:
        """Let go of the folder."""
        with self._lock:
            self._closed = True
            self._database.close()
            if self._guard is not None:
                os.close(self._guard)
                self._guard = None


def _guard(path: Path) -> int:
    """Take a lock on a file that the system lets go of when the process ends, however it ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        os.close(descriptor)
        raise FolderInUse(f"another local Earth Engine works in {path.parent}") from fault
    return descriptor
