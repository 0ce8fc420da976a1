"""Whom the server answers: programs, and no web page that a browser of this machine shows.

A page may send requests to any address, and with a name of its own that turns into ours it may
read the answers, too. Its browser says both: the name in `Host`, the page's own in `Origin`.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Collection, Mapping
from ipaddress import ip_address
from typing import Final

from local_earthengine.errors import EarthEngineError

LOOPBACK: Final = "127.0.0.1"
EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 - compared with, not bound to
_OURS: Final = frozenset({LOOPBACK, "localhost", "::1"})
_PORT: Final = re.compile(r":[0-9]*$")


def check_sender(headers: Mapping[str, str], bound: Collection[str]) -> None:
    """Raise EarthEngineError (403) for a request that a web page may have sent.

    `bound` are the names of what the server listens on. Where that is 0.0.0.0, every address,
    it may be called by any address and by the machine's name, but by no other. `headers` have
    names in lower case; what is no browser may leave `host` and `origin` out.
    """
    host = headers.get("host")
    if host is not None and not _is_ours(_PORT.sub("", host).strip("[]").lower(), bound):
        raise EarthEngineError(f"This server is not called {host[:100]!r}.", 403)
    origin = headers.get("origin")
    if origin is not None and (host is None or origin.lower() != f"http://{host.lower()}"):
        raise EarthEngineError(f"Requests of {origin[:100]!r} are not answered.", 403)


def _is_ours(name: str, bound: Collection[str]) -> bool:
    if name in _OURS or name in bound:
        return True
    if EVERYWHERE not in bound:
        return False
    return name == socket.gethostname().lower() or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
