"""Servers that take a connection and then say nothing, or far too little."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def mute() -> Iterator[str]:
    """Yield the `host:port` of a server that never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield _address(server)


@contextmanager
def dripping(head: bytes = b"", pause_s: float = 0.2) -> Iterator[str]:
    """Yield the `host:port` of a server that sends a head, and then a byte now and then."""
    stopped = threading.Event()

    def drip(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.sendall(head)
            while not stopped.wait(pause_s):
                connection.sendall(b" ")

    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        threading.Thread(target=_accept, args=(server, drip), daemon=True).start()
        yield _address(server)
        stopped.set()


@contextmanager
def refused() -> Iterator[str]:
    """Yield the `host:port` of nobody: connections are refused."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = _address(server)
    yield address


def _accept(server: socket.socket, serve: Callable[[socket.socket], None]) -> None:
    with suppress(OSError):
        while True:
            connection, _ = server.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()


def _address(server: socket.socket) -> str:
    return f"127.0.0.1:{server.getsockname()[1]}"
