"""Connections by the rules of `requests`: proxies, certificates, and each request sent once."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests
import urllib3

from s1ratio.adapters.earth_engine.connections import Wire
from tests.support.intercepting_servers import Cut, Recorder, Sent, serving
from tests.support.tls_servers import Certificates, serving_tls, tunnelling

_SETTINGS = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, and no bundle of the machine's."""
    for name in (*_SETTINGS, *map(str.upper, _SETTINGS), *_BUNDLES):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.made(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def server() -> Iterator[Recorder]:
    with serving(lambda _: (200, b'"server"')) as recorder:
        yield recorder


@pytest.fixture
def proxy() -> Iterator[Recorder]:
    with serving(lambda _: (200, b'"proxy"')) as recorder:
        yield recorder


def answer_of(uri: str, method: str = "GET", wire: Wire | None = None) -> bytes:
    """Return what a request is answered with."""
    sent = (wire or Wire(requests.Session())).send(uri, method, "{}", {}, 5.0)
    with closing(sent) as reply:
        return bytes(reply.read())


def test_a_proxy_of_plain_http_is_told_the_whole_address_and_who_asks(
    proxy: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("//", "//me:secret@"))
    assert answer_of("http://ee.invalid/v1/a:b?x=1&y=%20", "POST") == b'"proxy"'
    (sent,) = proxy.requests
    assert (sent.method, sent.path) == ("POST", "http://ee.invalid/v1/a:b?x=1&y=%20")
    assert sent.headers["proxy-authorization"] == "Basic bWU6c2VjcmV0"
    assert (sent.headers["host"], sent.body) == ("ee.invalid", b"{}")


def test_what_is_named_as_without_a_proxy_is_asked_itself(
    server: Recorder, proxy: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert answer_of(f"{server.url}/v1?x=1") == b'"server"'
    assert [sent.path for sent in server.requests] == ["/v1?x=1"]
    assert proxy.requests == []


def test_a_proxy_is_a_tunnel_to_what_is_encrypted(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates.authority))
    with serving_tls(certificates) as port, tunnelling(port) as tunnel:
        monkeypatch.setenv("HTTPS_PROXY", tunnel.url)
        wire = Wire(requests.Session())
        answers = [answer_of("https://localhost/v1", wire=wire) for _ in range(2)]
        assert answers == [b"encrypted"] * 2
        assert [line.rpartition(" ")[0] for line in tunnel.asked] == ["CONNECT localhost:443"], (
            "one tunnel, which is kept"
        )


# By what a server's certificate is judged, and whether the test's own passes then.
TRUST = {
    "the bundle of requests": (None, True),
    "a bundle that the environment names": ("REQUESTS_CA_BUNDLE", True),
    "another one": ("CURL_CA_BUNDLE", True),
    "the machine's, which requests does not look at": ("SSL_CERT_FILE", False),
}


@pytest.mark.parametrize("trust", TRUST)
def test_certificates_are_judged_as_requests_judges_them(
    trust: str, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, passes = TRUST[trust]
    if name is None:
        authority = str(certificates.authority)
        monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", authority)
    else:
        monkeypatch.setenv(name, str(certificates.authority))
    with serving_tls(certificates) as port:
        uri = f"https://localhost:{port}/v1"
        assert _passes(lambda: requests.get(uri, timeout=5)) is passes
        assert _passes(lambda: answer_of(uri)) is passes


def _passes(call: object) -> bool:
    try:
        call()  # type: ignore[operator]
    except (requests.exceptions.SSLError, urllib3.exceptions.SSLError):
        return False
    return True


def test_a_bundle_that_is_not_there_is_told_by_its_path(
    certificates: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "gone.pem"))
    with serving_tls(certificates) as port, pytest.raises(OSError, match="gone"):
        answer_of(f"https://localhost:{port}/v1")


def test_a_kept_connection_that_is_cut_costs_no_second_post() -> None:
    """The first request is answered, and the connection kept; the second is read, then cut."""

    def cut_the_second(_: Sent) -> tuple[int, bytes]:
        if len(recorder.requests) > 1:
            raise Cut
        return 200, b"{}"

    with serving(cut_the_second) as recorder:
        wire = Wire(requests.Session())
        answer_of(f"{recorder.url}/export", "POST", wire)
        with pytest.raises(urllib3.exceptions.ProtocolError):
            answer_of(f"{recorder.url}/export", "POST", wire)
    assert recorder.paths() == ["POST export"] * 2


def test_whoever_sends_it_elsewhere_is_not_followed() -> None:
    with serving(lambda _: (307, b"")) as recorder:
        answer_of(f"{recorder.url}/export", "POST")
    assert recorder.paths() == ["POST export"]
