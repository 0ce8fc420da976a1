"""Who is answered: programs on this machine, and no web page that its browser shows."""

import http.client
import json

import pytest

from local_earthengine.errors import EarthEngineError
from local_earthengine.wire.exchange import Reply, Request, json_reply
from local_earthengine.wire.senders import EVERYWHERE, check_sender
from local_earthengine.wire.serving import HttpServer
from tests.unit.local_earthengine.wire.serving import serving


def _answered(bound: str = "127.0.0.1", **headers: str) -> bool:
    try:
        check_sender(headers, {bound})
    except EarthEngineError as refusal:
        return refusal.status != 403
    return True


@pytest.mark.parametrize("host", ["127.0.0.1:8800", "localhost:8800", "LOCALHOST", "[::1]:8800"])
def test_names_of_loopback_are_ours(host: str) -> None:
    assert _answered(host=host)
    assert _answered(host=host, origin=f"http://{host}")


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8800", "127.0.0.1.evil.example", "localhost.evil.example:1",
     "192.0.2.1:8800", "", ":8800"],
)  # fmt: skip
def test_names_of_other_hosts_are_not_ours(host: str) -> None:
    assert not _answered(host=host)


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1:9000", "http://127.0.0.1", "",
     "https://127.0.0.1:8800", "http://127.0.0.1:8800.evil.example"],
)  # fmt: skip
def test_pages_of_other_origins_are_not_answered(origin: str) -> None:
    assert not _answered(host="127.0.0.1:8800", origin=origin)


def test_the_address_that_is_listened_on_is_ours() -> None:
    assert _answered("192.0.2.1", host="192.0.2.1:8800")
    assert _answered("my-host", host="My-Host:8800")
    assert not _answered("192.0.2.1", host="192.0.2.2:8800")


def test_who_listens_everywhere_may_be_called_by_any_address_but_no_strange_name() -> None:
    assert _answered(EVERYWHERE, host="192.0.2.1:8800")
    assert not _answered(EVERYWHERE, host="evil.example:8800")
    assert not _answered(EVERYWHERE, host="192.0.2.1:8800", origin="http://evil.example")


def test_a_client_without_a_browser_need_not_say_who_it_is() -> None:
    assert _answered()


def _done(_: Request) -> Reply:
    return json_reply("done")


def test_a_page_can_queue_nothing() -> None:
    server = HttpServer("127.0.0.1", 0, _done)
    with serving(server):
        page = {"Origin": "http://evil.example", "Content-Type": "text/plain"}
        named = {"Host": "evil.example"}
        for headers, status in ((page, 403), (named, 403), ({}, 200)):
            connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60)
            connection.request("POST", "/v1/projects/p/image:export", b"{}", headers)
            reply = connection.getresponse()
            assert reply.status == status
            told = json.loads(reply.read())
            assert told == "done" or told["error"]["status"] == "PERMISSION_DENIED"
            connection.close()


def test_a_server_that_listens_everywhere_names_an_address_to_call() -> None:
    server = HttpServer(EVERYWHERE, 0, _done)
    with serving(server):
        assert server.url == f"http://127.0.0.1:{server.server_port}"
