"""Tokens: had from gcloud or a fake issuer, replaced before they end, told to nobody."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from s1ratio.adapters.identity_tokens import Gcloud, Google, Tokens, claims_of
from s1ratio.errors import ServiceError
from tests.support.closed_service import make_token, put_gcloud_on_path

AUDIENCE = "https://status.example.com"


def test_a_token_is_replaced_before_it_ends() -> None:
    made: list[str] = []
    now = [0.0]

    def fetch() -> str:
        made.append(make_token(AUDIENCE, lives_s=3_600))
        return made[-1]

    tokens = Tokens(fetch, clock=lambda: now[0])
    first = tokens.get()
    ends = claims_of(first)["exp"]
    now[0] = ends - 301
    assert tokens.get() is first
    now[0] = ends - 299
    tokens.get()
    assert len(made) == 2
    tokens.get(anew=True)
    assert len(made) == 3


@pytest.mark.parametrize("text", ["", "a.b", "a.!.c", "a.bnVsbA.c", "a.W10.c"])
def test_what_is_no_token_claims_nothing(text: str) -> None:
    assert claims_of(text) == {}


def test_gcloud_is_asked_for_the_audience_and_a_person_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", put_gcloud_on_path(tmp_path, "a.b.c"))
    assert Gcloud(AUDIENCE).fetch_id_token() == "a.b.c"
    assert Gcloud(AUDIENCE, "reader@p.iam.gserviceaccount.com").fetch_id_token() == "a.b.c"
    asked = (tmp_path / "asked").read_text().splitlines()
    named = "--impersonate-service-account=reader@p.iam.gserviceaccount.com"
    assert asked == [
        f"auth print-identity-token --audiences={AUDIENCE} --quiet",
        "auth print-identity-token --quiet",
        f"auth print-identity-token --audiences={AUDIENCE} --include-email {named} --quiet",
    ]
    (tmp_path / "asked").unlink()
    put_gcloud_on_path(tmp_path, "a.b.c", of_a_person=False)
    assert Gcloud(AUDIENCE).fetch_id_token() == "a.b.c"
    assert len((tmp_path / "asked").read_text().splitlines()) == 1
    assert Gcloud(AUDIENCE).fetch_access_token() == "access-token"


def test_what_gcloud_complains_of_is_told_and_nothing_that_it_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServiceError, match="gcloud is not on the PATH"):
        Gcloud(AUDIENCE).fetch_id_token()
    command = tmp_path / "gcloud"
    command.write_text("#!/bin/sh\necho a-secret\necho 'you are not signed in' >&2\nexit 1\n")
    command.chmod(0o755)
    with pytest.raises(ServiceError) as raised:
        Gcloud(AUDIENCE).fetch_id_token()
    assert "you are not signed in" in str(raised.value)
    assert "a-secret" not in str(raised.value)


@pytest.fixture
def issuer() -> Iterator[tuple[str, list[bytes]]]:
    """An issuer of tokens on a port of this machine, and what it was asked."""
    asked: list[bytes] = []

    class Issuer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps({"id_token": make_token(AUDIENCE, "robot@p.example")}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Issuer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/token", asked
    server.shutdown()
    server.server_close()


def test_a_service_account_s_key_gives_a_token_for_the_audience(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, issuer: tuple[str, list[bytes]]
) -> None:
    url, asked = issuer
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    account = {"type": "service_account", "client_email": "robot@p.example", "token_uri": url}
    account |= {"private_key": pem.decode(), "private_key_id": "1", "project_id": "p"}
    path = tmp_path / "key.json"
    path.write_text(json.dumps(account))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    token = Google(AUDIENCE).fetch_id_token()
    assert claims_of(token)["email"] == "robot@p.example"
    assertion = asked[0].decode().partition("assertion=")[2].partition("&")[0]
    assert claims_of(assertion)["target_audience"] == AUDIENCE


def test_without_any_account_it_is_said_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    with pytest.raises(ServiceError, match=r"gives no token: .*GOOGLE_APPLICATION_CREDENTIALS"):
        Google(AUDIENCE).fetch_id_token()
