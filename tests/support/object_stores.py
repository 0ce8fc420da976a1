"""Object stores for tests: files of a folder without a wire, and servers that behave badly."""

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from s1ratio.ports import StoredObject


class FolderStore:
    """The files of a folder as objects; counts the reads and their bytes."""

    bucket = "bucket"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.reads: list[tuple[int, int]] = []
        self.described: dict[str, dict[str, str]] = {}

    @property
    def drawn(self) -> int:
        """Bytes read so far."""
        return sum(length for _, length in self.reads)

    def item(self, name: str) -> StoredObject:
        """Return one object as a list would show it."""
        status = (self._folder / name).stat()
        return StoredObject(name, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))

    def list(self, prefix: str) -> list[StoredObject]:
        """Return the objects whose names begin with `prefix`."""
        names = (str(path.relative_to(self._folder)) for path in self._folder.rglob("*.tif"))
        return [self.item(name) for name in sorted(names) if name.startswith(prefix)]

    def read(self, name: str, start: int, length: int) -> bytes:
        """Return up to `length` bytes of an object from offset `start`."""
        with (self._folder / name).open("rb") as file:
            file.seek(start)
            data = file.read(length)
        self.reads.append((start, len(data)))
        return data

    def describe(self, name: str, metadata: Mapping[str, str]) -> None:
        """Keep texts beside an object."""
        self.described.setdefault(name, {}).update(metadata)


@contextmanager
def black_hole() -> Iterator[str]:
    """Yield the URL of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def dead_port() -> str:
    """Return a URL where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


# What a busy machine adds; a client that keeps no deadline of ours waits for a minute and more.
BUSY_S = 8.0


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Fail if the block takes longer than that and what a busy machine adds."""
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    assert took <= seconds + BUSY_S, f"took {took:.2f} s, allowed are {seconds} s + {BUSY_S} s"
