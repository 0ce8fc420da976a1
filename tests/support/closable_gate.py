"""A gate before a server: it lets everything through, says nothing, or is not there."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto

_AT_ONCE = 65_536


class Mode(Enum):
    """What the gate does with connections."""

    THROUGH = auto()
    MUTE = auto()  # takes them and never says a word
    GONE = auto()  # nobody listens


class Gate:
    """Stands at `address`, a `host:port` that it keeps whatever its mode."""

    def __init__(self, target: str, mode: Mode) -> None:
        host, _, port = target.removeprefix("http://").partition(":")
        self._target = host, int(port)
        self._held: set[socket.socket] = set()
        self._server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._port = int(self._server.getsockname()[1])
        self.address = f"127.0.0.1:{self._port}"
        self._mode = Mode.GONE
        self._close()
        self.turn(mode)

    def turn(self, mode: Mode) -> None:
        """Change the mode; connections made before are cut."""
        was, self._mode = self._mode, mode
        if mode is Mode.GONE:
            self._close()
        elif was is Mode.GONE:
            self._server = socket.create_server(("127.0.0.1", self._port), backlog=64)
            threading.Thread(target=self._serve, args=(self._server,), daemon=True).start()
        for connection in list(self._held):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _close(self) -> None:
        # A thread that waits in accept() would keep the port.
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _serve(self, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                threading.Thread(target=self._handle, args=(connection,), daemon=True).start()

    def _handle(self, connection: socket.socket) -> None:
        self._held.add(connection)
        with connection, suppress(OSError):
            if self._mode is Mode.MUTE:
                while connection.recv(_AT_ONCE):
                    pass
            elif self._mode is Mode.THROUGH:
                self._relay(connection)
        self._held.discard(connection)

    def _relay(self, connection: socket.socket) -> None:
        with socket.create_connection(self._target) as beyond:
            back = threading.Thread(target=_pump, args=(beyond, connection), daemon=True)
            back.start()
            _pump(connection, beyond)
            back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_AT_ONCE):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def gate(target: str, mode: Mode) -> Iterator[Gate]:
    """Run a gate before the server at `target`, a `host:port` or a URL of http."""
    made = Gate(target, mode)
    try:
        yield made
    finally:
        made.turn(Mode.GONE)
