"""Loopback servers that encrypt, and a proxy that is a tunnel to one."""

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificates:
    """A certificate of `localhost` that is its own authority, and its key: PEM files."""

    authority: Path
    key: Path

    @classmethod
    def made(cls, folder: Path) -> "Certificates":
        """Make them in a folder."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - day)
            .not_valid_after(now + day)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
            .sign(key, hashes.SHA256())
        )
        made = cls(folder / "authority.pem", folder / "key.pem")
        made.authority.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        made.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return made


@contextmanager
def serving_tls(certificates: Certificates) -> Iterator[int]:
    """Serve HTTPS on a loopback port: each request, over a kept connection, gets `encrypted`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.authority, certificates.key)

    def answer(plain: socket.socket) -> None:
        with context.wrap_socket(plain, server_side=True) as connection:
            lines = connection.makefile("rb")
            while head := _head_of(lines):
                lines.read(sum(int(one[15:]) for one in head if one.startswith("content-length")))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nencrypted")

    with _listening(answer) as port:
        yield port


@dataclass
class Tunnel:
    """A proxy's URL, and the first line of each request that it had."""

    url: str
    asked: list[str] = field(default_factory=list)


@contextmanager
def tunnelling(port: int) -> Iterator[Tunnel]:
    """Serve as a proxy whose tunnels all lead to a loopback port, whatever is asked for."""

    def answer(client: socket.socket) -> None:
        tunnel.asked.append(_first_line(client))
        with socket.create_connection(("127.0.0.1", port)) as server:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_copy, args=(server, client), daemon=True)
            back.start()
            _copy(client, server)
            back.join(5)

    with _listening(answer) as own:
        tunnel = Tunnel(f"http://127.0.0.1:{own}")
        yield tunnel


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def _first_line(client: socket.socket) -> str:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += client.recv(1)
    return head.partition(b"\r\n")[0].decode()


def _head_of(lines: object) -> list[str]:
    """Return the lines of a request's head, lower case; none where there is no more request."""
    head: list[str] = []
    while line := lines.readline().strip().decode().lower():  # type: ignore[attr-defined]
        head.append(line)
    return head


@contextmanager
def _listening(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """Answer each connection to a loopback port in a thread of its own."""

    def answer_one(connection: socket.socket) -> None:
        with suppress(OSError), connection:  # a client that does not trust us is gone
            answer(connection)

    def accept() -> None:
        with suppress(OSError):  # closed
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=answer_one, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
