"""The wire under the client: a deadline on every call, and Initialize answered from memory."""

import logging
import time
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httplib2
import requests
import urllib3
from ee import _cloud_api_utils

from s1ratio.adapters.deadline import within
from s1ratio.adapters.earth_engine.connections import Wire
from s1ratio.adapters.earth_engine.documents import algorithms_document, discovery_document
from s1ratio.logevents import TROUBLE, tell

_LOG = logging.getLogger(__name__)

MAX_REPLY = 64 * 1024 * 1024  # a page of 500 operations is about one megabyte
_CHUNK = 64 * 1024


class Transport(_cloud_api_utils._Http):
    """The client's own transport with a deadline of ours.

    `ee.data.setDeadline` has no effect on a transport that is handed in, so the transport carries
    it. `deadline_s` is seconds to connect, to wait for the head of a reply, and from the call to
    the end of the reply, however slowly it comes, head and all.

    `dated` is when the last reply was made, by the clock of the server: its `Date`.
    """

    def __init__(self, deadline_s: float) -> None:
        super().__init__(requests.Session(), deadline_s)
        self._wire = Wire(self._session)
        self._deadline_s = deadline_s
        self.sent = 0
        self.dated: datetime | None = None

    def request(
        self, uri: str, method: str = "GET", *args: Any, **kwargs: Any
    ) -> tuple[httplib2.Response, Any]:
        """Send one request, httplib2's semantics; `sent` counts those that left the process."""
        reply = _from_memory(uri) if method == "GET" else None
        if reply is not None:
            return httplib2.Response({"status": "200", "content-type": "application/json"}), reply
        self.sent += 1
        return within(self._deadline_s, lambda: self._send(uri, method, *args, **kwargs))

    def _send(
        self, uri: str, method: str, body: Any = None, headers: Any = None, *_: Any, **__: Any
    ) -> tuple[httplib2.Response, bytes]:
        """Send a request; what breaks is a ConnectionError or a TimeoutError."""
        end = time.monotonic() + self._deadline_s
        try:
            with closing(self._wire.send(uri, method, body, headers, self._deadline_s)) as reply:
                self.dated = _date_of(reply) or self.dated
                head = {**reply.headers, "status": str(reply.status)}
                return httplib2.Response(head), _drawn(reply, end)
        except urllib3.exceptions.NewConnectionError as error:  # which may call itself a timeout
            raise ConnectionError(error) from error
        except urllib3.exceptions.TimeoutError as error:
            raise TimeoutError(error) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise ConnectionError(error) from error


def _date_of(response: urllib3.BaseHTTPResponse) -> datetime | None:
    """Return the time (UTC) in the head of a reply, None if it has none that makes sense."""
    try:
        return parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return None


def _drawn(response: urllib3.BaseHTTPResponse, end: float) -> bytes:
    """Return a reply's body, read as it comes until the monotonic time `end`."""
    body = bytearray()
    while data := response.read1(_CHUNK, decode_content=True):
        body += data
        if len(body) > MAX_REPLY:
            raise ConnectionError(f"a reply of more than {MAX_REPLY} bytes")
        if time.monotonic() > end:
            raise TimeoutError("the reply did not come to its end in time")
    return bytes(body)


def _from_memory(uri: str) -> bytes | None:
    """Return the document that Initialize asks for, if the wheel has it."""
    path = uri.partition("?")[0]
    if path.endswith("/$discovery/rest"):
        document = discovery_document()
    elif path.endswith("/algorithms"):
        document = algorithms_document()
    else:
        return None
    if document is None:
        tell(_LOG, TROUBLE, what=f"the ee wheel ships no copy of {path}: asking the server")
    return document
