"""The app on a port of this machine, by waitress.

Werkzeug's server is for development, says so, and keeps a thread for each client that says nothing.
Waitress is one small package without needs: it has limits on headers, bodies and slow clients, a
fixed number of threads, and ends when it is told to.
"""

import ipaddress
import socket
from dataclasses import dataclass

from flask import Flask
from waitress.server import create_server

_THREADS = 8
_MAX_BODY = 64 * 1024  # none is read
_MAX_HEADERS = 32 * 1024


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, as seen from itself alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Listening:
    """A server that listens; its URL, and the socket's port that the system chose for 0."""

    url: str
    server: object

    def serve(self) -> None:
        """Answer until interrupted."""
        self.server.run()  # type: ignore[attr-defined]

    def close(self) -> None:
        """Listen no more."""
        self.server.close()  # type: ignore[attr-defined]


def listen(app: Flask, host: str, port: int) -> Listening:
    """Return a server of an app that listens at a host and port; OSError where it can't."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.create_server((host, port), family=family)
    server = create_server(
        app,
        sockets=[bound],
        threads=_THREADS,
        ident=None,
        max_request_body_size=_MAX_BODY,
        max_request_header_size=_MAX_HEADERS,
        channel_timeout=30,
        clear_untrusted_proxy_headers=True,
    )
    name = f"[{host}]" if family == socket.AF_INET6 else host
    return Listening(f"http://{name}:{bound.getsockname()[1]}/", server)
