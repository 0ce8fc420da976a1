"""The local server's Cloud Storage alone, watched, and a store that talks to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from local_earthengine.storage.api import StorageApi
from local_earthengine.storage.objects import Buckets
from local_earthengine.wire.exchange import Reply, Request
from local_earthengine.wire.serving import HttpServer
from s1ratio.adapters.bucket.objects import GcsObjectStore, make_client

DEADLINE_S = 60.0  # on a busy machine; a client asks again long before


class Server:
    """The local server's storage; `refusals` are answered first; what was asked is kept."""

    def __init__(self, folder: Path) -> None:
        self.requests: list[Request] = []
        self.sent = 0  # bytes of all replies
        self.refusals: list[int] = []
        self._http = HttpServer("127.0.0.1", 0, self._answer)
        self._storage = StorageApi(Buckets(folder), self._http.url)

    def _answer(self, request: Request) -> Reply:
        self.requests.append(request)
        if self.refusals:
            return Reply(b"{}", self.refusals.pop(0))
        reply = self._storage(request)
        self.sent += reply.length
        return reply

    @contextmanager
    def running(self) -> Iterator[str]:
        """Serve; yield the URL."""
        thread = Thread(target=self._http.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield self._http.url
        finally:
            self._http.shutdown()
            thread.join()
            self._http.server_close()


@contextmanager
def store_at(
    url: str, monkeypatch: pytest.MonkeyPatch, deadline_s: float = DEADLINE_S
) -> Iterator[GcsObjectStore]:
    """Yield a store whose client finds the server as it does everywhere: by the environment."""
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", url)
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    with make_client("demo") as client:
        yield GcsObjectStore(client, "bucket", deadline_s)
