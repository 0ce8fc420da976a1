"""Whatever the wire does, the Earth Engine adapter raises one of our faults, and in time."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import google.auth
import pytest
from google.auth.exceptions import DefaultCredentialsError
from google.oauth2.credentials import Credentials

from s1ratio import errors
from s1ratio.adapters.earth_engine import EarthEngineClient, transport
from s1ratio.imagery import export
from tests.contract.test_earth_engine_client import claims, client, request
from tests.support import unresponsive_servers as silent
from tests.support.intercepting_servers import refusing, serving
from tests.support.object_stores import dead_port

Call = Callable[[EarthEngineClient], Any]


def start(earth_engine: EarthEngineClient) -> str:
    message = request()
    return earth_engine.start(message, claims(message)[0], "s1r-test-x-a1")


def operations(earth_engine: EarthEngineClient) -> list[Any]:
    return list(earth_engine.list_operations())


def passes(earth_engine: EarthEngineClient) -> Any:
    return earth_engine.find_passes(request())


@pytest.mark.parametrize("call", [start, operations, passes])
@pytest.mark.parametrize("body", [b"<html>proxy</html>", b"[]", b"null", b'{"operations": ['])
def test_a_reply_that_is_none_of_earth_engines_is_a_passing_fault(call: Call, body: bytes) -> None:
    with serving(lambda _: (200, body)) as server, pytest.raises(errors.TransientFault):
        call(client(server.url))


@pytest.mark.parametrize(
    "value",
    [{}, {"result": [{"orbit": 1, "direction": "ASCENDING", "scenes": 3, "share": None}]}],
)
def test_passes_that_lack_something_are_a_passing_fault(value: Any) -> None:
    body = json.dumps(value).encode()
    with serving(lambda _: (200, body)) as server, pytest.raises(errors.TransientFault):
        passes(client(server.url))


@pytest.mark.parametrize("body", [b"{}", b'{"name": null}', b'{"name": ""}'])
def test_a_start_without_a_name_may_have_taken_effect(body: bytes) -> None:
    with serving(lambda _: (200, body)) as server, pytest.raises(errors.TransientFault):
        start(client(server.url))


def test_odd_operations_of_others_do_not_hide_ours() -> None:
    ours = {
        "name": "projects/p/operations/A",
        "metadata": {"createTime": "2024-01-01T00:00:00Z", "destinationUris": 7},
    }
    body = json.dumps({"operations": [None, 5, {"name": "x", "metadata": []}, ours]}).encode()
    with serving(lambda _: (200, body)) as server:
        (found,) = operations(client(server.url))
    assert (found.name, found.destinations) == ("projects/p/operations/A", ())


@pytest.mark.parametrize("status", [400, 401, None])
def test_a_token_that_cannot_be_had_is_a_passing_fault(
    status: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(refusing(status or 500, "no")) as server:
        url = server.url if status else dead_port()
        words = {"refresh_token": "x", "client_id": "i", "client_secret": "s"}
        token = Credentials(None, token_uri=f"{url}/t", **words)
        monkeypatch.setattr(google.auth, "default", lambda **_: (token, "p"))
        with pytest.raises(errors.TransientFault, match=r"credentials|did not answer"):
            start(EarthEngineClient("local-project", None, "bucket", 5.0))


def test_missing_credentials_are_a_passing_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def default(**_: Any) -> Any:
        raise DefaultCredentialsError("there are none")

    monkeypatch.setattr(google.auth, "default", default)
    with pytest.raises(errors.TransientFault, match="there are none"):
        operations(EarthEngineClient("local-project", None, "bucket", 5.0))


@pytest.mark.parametrize("name", ["unaddressed", "addressed"])
def test_an_expression_that_cannot_be_built_is_a_fault_for_good(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("of ours")

    monkeypatch.setattr(export, name, fail)
    with (
        serving(refusing(500, "never asked")) as server,
        pytest.raises(errors.TerminalFault, match="ZeroDivisionError: of ours"),
    ):
        start(client(server.url))
    assert server.requests == []


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "Operation not found."), (400, "Operation has already completed.")],
)
def test_what_is_over_or_unknown_needs_no_cancelling(status: int, words: str) -> None:
    with serving(refusing(status, words)) as server:
        client(server.url).cancel("projects/p/operations/A")


def test_a_cancel_that_is_forbidden_is_told() -> None:
    with (
        serving(refusing(403, "Permission denied.")) as server,
        pytest.raises(errors.AccessRefused, match="Permission"),
    ):
        client(server.url).cancel("projects/p/operations/A")


@contextmanager
def dripping() -> Iterator[str]:
    """Serve replies that come a byte every tenth of a second, for a minute."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "600")
            self.end_headers()
            try:
                for _ in range(600):
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.1)
            except OSError:
                return

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_reply_that_drips_costs_one_deadline() -> None:
    began = time.monotonic()
    with dripping() as url, pytest.raises(errors.TransientFault, match="in time"):
        operations(client(url, deadline_s=1.0))
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("call", [start, operations, passes])
def test_the_head_of_a_reply_that_drips_costs_one_deadline(call: Call) -> None:
    began = time.monotonic()
    with silent.dripping() as address, pytest.raises(errors.TransientFault, match="in time"):
        call(client(f"http://{address}", deadline_s=1.0))
    assert time.monotonic() - began < 10


def test_a_reply_without_end_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_REPLY", 100_000)
    body = json.dumps({"operations": [], "x": "y" * 200_000}).encode()
    with (
        serving(lambda _: (200, body)) as server,
        pytest.raises(errors.TransientFault, match="more than"),
    ):
        operations(client(server.url))
