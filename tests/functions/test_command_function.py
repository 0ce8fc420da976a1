"""apply_commands through its own HTTP front, as deployed: what Pub/Sub would see."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import functions_framework
import pytest
from flask.testing import FlaskClient

from s1ratio import bootstrap
from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.commands.records import CommandState
from s1ratio.errors import StoreUnavailable
from tests.contract.records import a_request
from tests.conventions.source import ROOT

PATH = "/projects/p/topics/commands"
RAISE = {"id": "mine-1", "command": "raise", "target": {"request": "r1"}, "priority": 7}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteStore]:
    """Return the store of a deployment that has request `r1`."""
    variables = {"PROJECT": "a-project", "BUCKET": "a-bucket", "STORE": f"sqlite:{tmp_path}/s.db"}
    for name, value in variables.items():
        monkeypatch.setenv(f"S1RATIO_{name}", value)
    bootstrap.forget()
    with SqliteStore(tmp_path / "s.db") as made:
        made.create_request(a_request())
        yield made
    bootstrap.forget()


@pytest.fixture
def front() -> FlaskClient:
    """Return the function behind its HTTP front."""
    source = str(ROOT / "functions" / "apply_commands" / "main.py")
    app: Any = functions_framework.create_app("apply_commands", source)  # type: ignore[no-untyped-call]
    return app.test_client()  # type: ignore[no-any-return]


def pushed(payload: bytes, **fields: Any) -> dict[str, Any]:
    """Return a delivery of Pub/Sub's."""
    data = base64.b64encode(payload).decode()
    return {"message": {"data": data, "messageId": "17", **fields}}


def test_a_command_that_is_pushed_is_applied_once(store: SqliteStore, front: FlaskClient) -> None:
    body = pushed(json.dumps(RAISE).encode())
    structured = {
        "specversion": "1.0",
        "id": "1",
        "type": "google.cloud.pubsub.topic.v1.messagePublished",
        "source": "//pubsub.googleapis.com/projects/p/topics/t",
        "data": body,
    }
    for each in (body, body, structured):
        assert front.post(PATH, json=each).status_code == 200
    record = store.get_command("mine-1")
    assert record is not None
    assert (record.state, record.message_id) == (CommandState.APPLIED, "17")
    request = store.get_request("r1")
    assert request is not None
    assert (request.priority, request.commands) == (7, ("mine-1",))


def test_the_time_of_its_publication_decides_whether_it_is_too_late(
    store: SqliteStore, front: FlaskClient
) -> None:
    body = pushed(json.dumps(RAISE).encode(), publishTime="2020-02-03T04:05:06.789012345Z")
    assert front.post(PATH, json=body).status_code == 200
    record = store.get_command("mine-1")
    assert record is not None
    assert record.state is CommandState.EXPIRED
    assert str(record.published_at) == "2020-02-03 04:05:06.789012+00:00"


@pytest.mark.parametrize(
    "time", ["soon", "2020-02-03", "2020-02-30T00:00:00Z", "0001-01-01T00:00:00+23:59", 17, None]
)
def test_what_is_no_time_of_publication_is_none(
    store: SqliteStore, front: FlaskClient, time: Any
) -> None:
    body = pushed(json.dumps(RAISE).encode(), publishTime=time)
    assert front.post(PATH, json=body).status_code == 200
    record = store.get_command("mine-1")
    assert record is not None
    assert (record.state, record.published_at) == (CommandState.APPLIED, None)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"null",
        b"[" * 100_000,
        b'{"message": {"data": "!"}}',
        b'{"message": {"attributes": {"a": "b"}}}',
        b"x" * 10_000_000,
        json.dumps(pushed(b"\xff\xfe")).encode(),
        json.dumps(pushed(b"NaN")).encode(),
        json.dumps(pushed(b'{"id": "a/../b", "command": "run"}')).encode(),
        json.dumps(pushed(b"z" * 1_900_000)).encode(),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_whatever_comes_is_rejected_and_acknowledged(
    store: SqliteStore, front: FlaskClient, data: bytes
) -> None:
    assert front.post(PATH, data=data, content_type="application/json").status_code == 200
    [rejection] = store.find_rejections(9)
    assert rejection.topic == "commands"
    assert store.find_commands(9) == []


def test_another_method_is_told_so(front: FlaskClient, store: SqliteStore) -> None:
    assert front.get(PATH).status_code == 405
    assert store.find_rejections(9) == []


def test_a_store_that_is_silent_sends_it_back(
    store: SqliteStore, front: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> None:
        raise StoreUnavailable("no answer")

    with monkeypatch.context() as patched:
        patched.setattr(SqliteStore, "update_request", silent)
        assert front.post(PATH, json=pushed(json.dumps(RAISE).encode())).status_code == 500
    record = store.get_command("mine-1")
    assert record is not None
    assert record.state is CommandState.RECEIVED
    assert front.post(PATH, json=pushed(json.dumps(RAISE).encode())).status_code == 200
    record = store.get_command("mine-1")
    assert record is not None
    assert record.state is CommandState.APPLIED
