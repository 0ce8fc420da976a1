"""Feeds over HTTP: one GET a call, whole or not at all, with a deadline for all of it.

The deadline is kept however slowly a server drips, and no more is read than was allowed. Nothing
is followed elsewhere: a redirect could lead to hosts that nobody listed.
"""

import http.client
import ssl
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from typing_extensions import override

from s1ratio.adapters.deadline import within
from s1ratio.ports import Answer, Feeds

_CHUNK = 65_536
_MAX_WAIT_S = 86_400.0
_AGENT = "s1ratio (alerts to Sentinel-1 composites)"
# What a connection or a server may do to us: none of it is the caller's fault.
_TROUBLES = (OSError, http.client.HTTPException, ValueError, zlib.error)


class HttpFeeds(Feeds):
    """Feeds by http or https."""

    @override
    def fetch(
        self, url: str, headers: Mapping[str, str], deadline_s: float, max_bytes: int
    ) -> Answer:
        try:
            return within(deadline_s, lambda: _get(url, headers, deadline_s, max_bytes))
        except _TROUBLES as error:
            return Answer(0, error=f"no answer: {type(error).__name__}: {_plain(error, url)}")


def _get(url: str, headers: Mapping[str, str], deadline_s: float, max_bytes: int) -> Answer:
    parts = urlsplit(url)
    connection = _connection(parts.scheme, parts.netloc, deadline_s)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        sent = {"User-Agent": _AGENT, "Accept-Encoding": "gzip", **headers}
        connection.request("GET", path or "/", headers=sent)
        reply = connection.getresponse()
        return _answer(reply, max_bytes)
    finally:
        connection.close()


def _connection(scheme: str, host: str, timeout: float) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, timeout=timeout, context=context)
    return http.client.HTTPConnection(host, timeout=timeout)


def _answer(reply: http.client.HTTPResponse, max_bytes: int) -> Answer:
    if reply.status == 304:
        return Answer(304, etag=reply.headers["ETag"], modified=reply.headers["Last-Modified"])
    if reply.status != 200:
        start = reply.read(200).decode("utf-8", "replace")
        words = f"HTTP {reply.status}: {' '.join(start.split())}"
        return Answer(reply.status, error=words, wait_s=_wait(reply.headers["Retry-After"]))
    try:
        body = _body(reply, max_bytes)
    except http.client.IncompleteRead as error:
        return Answer(200, error=f"the answer ends early: {len(error.partial)} bytes came last")
    if body is None:
        return Answer(200, error=f"the answer has over {max_bytes} bytes")
    return Answer(200, body, reply.headers["ETag"], reply.headers["Last-Modified"])


def _body(reply: http.client.HTTPResponse, max_bytes: int) -> bytes | None:
    """Return a reply's body, unpacked, None if it is larger than allowed before or after that."""
    unpack = zlib.decompressobj(31) if reply.headers["Content-Encoding"] == "gzip" else None
    announced, came = reply.length, 0
    kept = bytearray()
    while chunk := reply.read(_CHUNK):
        came += len(chunk)
        kept += unpack.decompress(chunk, max_bytes + 1 - len(kept)) if unpack else chunk
        if len(kept) > max_bytes or came > max_bytes:
            return None
    if announced is not None and came < announced:
        raise http.client.IncompleteRead(bytes(kept[-10:]), announced - came)
    if unpack is not None and not unpack.eof:
        raise http.client.IncompleteRead(bytes(kept[-10:]))
    return bytes(kept)


def _wait(text: str | None) -> float | None:
    """Return the seconds that a Retry-After asks for, a day at most; None if none can be read."""
    if text is None:
        return None
    try:
        seconds = (
            float(text)
            if text.strip().isdigit()
            else (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
        )
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(seconds, 0.0), _MAX_WAIT_S)


def _plain(error: Exception, url: str) -> str:
    """Return an error's words without the URL, which may hold a key."""
    return str(error).replace(url, "…")[:200]
