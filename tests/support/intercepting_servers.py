"""HTTP servers that a test puts before or in place of Earth Engine: they count, or misbehave."""

import json
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Sent:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Cut(Exception):
    """Raised instead of an answer: the connection ends without one."""


Answer = tuple[int, bytes]
Answering = Callable[[Sent], Answer]


@dataclass
class Recorder:
    """A server's URL and the requests it has had."""

    url: str
    requests: list[Sent] = field(default_factory=list)

    def paths(self) -> list[str]:
        """Return `METHOD last-part-of-path` of each request."""
        return [f"{r.method} {r.path.partition('?')[0].rpartition('/')[2]}" for r in self.requests]


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # connections at once; one too many would wait a second

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that is gone is what some tests are about; what else breaks is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(answering: Answering) -> Iterator[Recorder]:
    """Serve loopback HTTP with a function from a request to (status, JSON body) or Cut."""

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True

        def _take(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): text for name, text in self.headers.items()}
            sent = Sent(self.command, self.path, headers, self.rfile.read(length))
            recorder.requests.append(sent)
            try:
                status, body = answering(sent)
            except Cut:
                return
            # No `Date`: the server behind it may live by another clock.
            self.send_response_only(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _take  # noqa: N815 - the names http.server looks for

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    server = _Server(("127.0.0.1", 0), Handler)
    recorder = Recorder(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield recorder
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def passing_on(url: str) -> Answering:
    """Return what hands every request on to another server and its answer back."""

    def answer(sent: Sent) -> Answer:
        request = urllib.request.Request(url + sent.path, method=sent.method)
        if sent.method == "POST":
            request.data = sent.body
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return int(reply.status), reply.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    return answer


def late(answering: Answering, seconds: float) -> Answering:
    """Return what does as another does, but keeps each answer back for a while."""

    def answer(sent: Sent) -> Answer:
        found = answering(sent)
        time.sleep(seconds)
        return found

    return answer


def refusing(status: int, message: str) -> Answering:
    """Return what refuses every request in the words of a Google API."""
    body = {"error": {"code": status, "message": message, "status": "X"}}
    return lambda _: (status, json.dumps(body).encode())
