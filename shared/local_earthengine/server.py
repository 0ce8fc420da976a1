"""The local Earth Engine whole: evaluator, batch system and storage behind one port."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Final, Self

from local_earthengine.batch.exporter import Exporter
from local_earthengine.batch.ledger import Ledger
from local_earthengine.batch.operation_queue import MAX_WAITING, OperationQueue
from local_earthengine.batch.workers import WORKERS, Workers
from local_earthengine.engine import Engine
from local_earthengine.rest.api import EarthEngineApi
from local_earthengine.scenes.catalog import Catalog
from local_earthengine.scenes.stac.catalog import StacCatalog
from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
from local_earthengine.storage.api import StorageApi, is_storage
from local_earthengine.storage.objects import Buckets
from local_earthengine.wire.exchange import Reply, Request
from local_earthengine.wire.serving import HttpServer

_PARTIAL: Final = ".partial"  # no bucket's name: never listed
_POLL_S: Final = 0.05


def open_server(
    out: Path, catalog: Path | None, state: Path, host: str = "127.0.0.1", port: int = 0
) -> LocalEarthEngine:
    """Return a server, to be entered, whose exports go to `out` and whose operations to `state`.

    It serves the STAC items in the folder `catalog`, or else synthetic scenes. Raise OSError if
    the port is taken or a folder or the operations' file can't be used, FolderInUse if another
    works with the state, StacError for items that are no STAC.
    """
    scenes: Catalog = StacCatalog(catalog) if catalog else SyntheticCatalog()
    return LocalEarthEngine(out, scenes, port, state, host=host)


def _now() -> datetime:
    return datetime.now(UTC)


class LocalEarthEngine:
    """A server that the unmodified `ee` and `google-cloud-storage` clients talk to.

    Use it as a context manager; `url` is what to give the clients:

        with LocalEarthEngine(folder, SyntheticCatalog()) as earth_engine:
            ee.Initialize(AnonymousCredentials(), project="demo", url=earth_engine.url)

    Exports go to `out_dir`/BUCKET/NAME.tif and `out_dir`/drive/FOLDER/NAME.tif. With a
    `state_dir` operations outlive the process: what was running starts again. Without a port a
    free one is taken. `seed` makes the operations' ids repeatable; `clock` gives the time (UTC).
    """

    def __init__(
        self,
        out_dir: Path,
        catalog: Catalog,
        port: int = 0,
        state_dir: Path | None = None,
        *,
        host: str = "127.0.0.1",
        clock: Callable[[], datetime] = _now,
        workers: int = WORKERS,
        queue_capacity: int = MAX_WAITING,
        seed: int | None = None,
    ) -> None:
        out_dir.mkdir(parents=True, exist_ok=True)
        self._ledger = Ledger(state_dir)
        self._partial = out_dir / _PARTIAL
        if state_dir is not None:  # the ledger's lock says that nobody else works here
            shutil.rmtree(self._partial, ignore_errors=True)
        try:
            self.queue = OperationQueue(self._ledger, clock, queue_capacity, seed)
            self._server = HttpServer(host, port, self._answer, clock)
        except OSError:
            self._ledger.close()
            raise
        engine = Engine(catalog)
        self._workers = Workers(self.queue, Exporter(engine, out_dir, self._partial), workers)
        self._earth_engine = EarthEngineApi(engine, self.queue, self.url)
        self._storage = StorageApi(Buckets(out_dir), self.url)
        self._thread = Thread(target=self._server.serve_forever, args=(_POLL_S,), daemon=True)

    @property
    def url(self) -> str:
        """http://host:port, without a slash at the end."""
        return self._server.url

    @property
    def trouble(self) -> str | None:
        """What its disk failed, in one line, until it takes again what it has to."""
        return self._ledger.trouble or self._workers.trouble

    def start(self) -> None:
        """Begin to answer and to run what is queued."""
        self._workers.start()
        self._thread.start()

    def stop(self) -> None:
        """End the connections and the workers; what was running is pending in the ledger."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        self._workers.stop()
        self._ledger.close()
        with suppress(OSError):  # not empty: another server works here, or there is none
            self._partial.rmdir()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _answer(self, request: Request) -> Reply:
        return (self._storage if is_storage(request.path) else self._earth_engine)(request)
