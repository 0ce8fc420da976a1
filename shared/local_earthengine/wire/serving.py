"""A small threaded HTTP server for one application.

Nagle's algorithm is off (it would cost each reply some 40 ms), connections are kept alive, and
a request's body is limited as Earth Engine's is.
"""

from __future__ import annotations

import logging
import re
import socket
import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Lock
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from local_earthengine.errors import EarthEngineError
from local_earthengine.file_faults import describe
from local_earthengine.wire.exchange import (
    Application,
    FileRange,
    Reply,
    Request,
    error_reply,
)
from local_earthengine.wire.senders import EVERYWHERE, LOOPBACK, check_sender

_log: Final = logging.getLogger(__name__)

MAX_BODY_BYTES: Final = 10_485_760
_MAX_DRAINED_BYTES: Final = (
    16 * MAX_BODY_BYTES
)  # read and dropped, so that a client hears the refusal
_CHUNK: Final = 1 << 20
_MAX_IDLE_S: Final = 300.0
_LENGTH: Final = re.compile(r"[0-9]{1,15}")


def guarded(application: Application) -> Application:
    """Make every exception of the application into a reply; log what is our fault."""

    def answer(request: Request) -> Reply:
        """Return the application's reply, or the one that its exception is."""
        try:
            return application(request)
        except EarthEngineError as refusal:
            return error_reply(refusal)
        except OSError as fault:
            _log.error("%s %s failed: %s", request.method, request.path, describe(fault))
            return error_reply(EarthEngineError("Internal error.", 500))
        except Exception:
            _log.exception("%s %s failed", request.method, request.path)
            return error_reply(EarthEngineError("Internal error.", 500))

    return answer


def _now() -> datetime:
    return datetime.now(UTC)


class HttpServer(ThreadingHTTPServer):
    """Serves one application; every connection has a thread. Closing it ends the connections.

    `clock` gives the time (UTC) that its replies bear, as their `Date`.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self, host: str, port: int, application: Application, clock: Callable[[], datetime] = _now
    ) -> None:
        self.application = guarded(application)
        self.clock = clock
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__((host, port), _Handler)
        self.names = frozenset({host.lower(), str(self.server_address[0])})

    @property
    def url(self) -> str:
        """http://host:port, without a slash at the end."""
        host, port = self.server_address[:2]
        return f"http://{LOOPBACK if host == EVERYWHERE else host!s}:{port}"

    def server_bind(self) -> None:
        """Bind without the base's look-up of the host's name, which may ask the network."""
        TCPServer.server_bind(self)
        host, port = self.server_address[:2]
        self.server_name, self.server_port = str(host), port

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that closing the server can end it."""
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """End one connection."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """End the listening socket and every connection that is still open."""
        super().server_close()
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # the client was faster
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Log that a connection broke: the client's affair, and no traceback's."""
        _log.debug("connection of %s broke", client_address, exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    """Reads requests off a connection and writes the application's replies."""

    server: HttpServer
    protocol_version = "HTTP/1.1"
    server_version = "local-earthengine"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    timeout = _MAX_IDLE_S

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the time of a reply, by the server's clock: operations bear times of the same."""
        at = self.server.clock() if timestamp is None else datetime.fromtimestamp(timestamp, UTC)
        return format_datetime(at.astimezone(UTC), usegmt=True)

    def _serve(self) -> None:
        target = urlsplit(self.path)
        try:
            query = dict(parse_qsl(target.query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, target.path, query, headers, self._body(headers))
            check_sender(headers, self.server.names)
        except EarthEngineError as refusal:
            self.close_connection = True
            self._send(error_reply(refusal))
            return
        self._send(self.server.application(request))

    def __getattr__(self, name: str) -> Any:
        """Serve every method alike: the base looks for do_GET, do_POST ..."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _body(self, headers: Mapping[str, str]) -> bytes:
        if "chunked" in headers.get("transfer-encoding", ""):
            raise EarthEngineError("A body must be sent with its Content-Length.", 411)
        length = headers.get("content-length", "0")
        if not _LENGTH.fullmatch(length):
            raise EarthEngineError(f"Invalid Content-Length: {length!r}.")
        if int(length) > MAX_BODY_BYTES:
            self._drain(int(length))
            raise _too_large()
        body = self.rfile.read(int(length))
        return _inflated(body) if headers.get("content-encoding") == "gzip" else body

    def _drain(self, length: int) -> None:
        left = min(length, _MAX_DRAINED_BYTES)
        while left > 0 and (chunk := self.rfile.read(min(left, _CHUNK))):
            left -= len(chunk)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(reply.length))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            chunks = reply.body.chunks() if isinstance(reply.body, FileRange) else [reply.body]
            for chunk in chunks:
                self.wfile.write(chunk)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Log each request at debug level."""
        _log.debug(format, *args)


def _inflated(body: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(body, MAX_BODY_BYTES + 1)
    except zlib.error as fault:
        raise EarthEngineError(f"The body is no gzip: {fault}.") from fault
    if len(plain) > MAX_BODY_BYTES:
        raise _too_large()
    if not inflater.eof:
        raise EarthEngineError("The body is no whole gzip.")
    return plain


def _too_large() -> EarthEngineError:
    return EarthEngineError(f"Request payload size exceeds the limit: {MAX_BODY_BYTES} bytes.")
