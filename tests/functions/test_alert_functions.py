"""record_alerts and fetch_alerts through their own HTTP front, as deployed, over one store."""

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
from s1ratio.alerts.records import AlertState, Kind
from s1ratio.services.alerts.definitions import apply, propose
from tests.conventions.source import ROOT
from tests.support.alert_world import START, documents
from tests.unit.alerts import samples


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteStore]:
    variables = {"PROJECT": "a-project", "BUCKET": "a-bucket", "STORE": f"sqlite:{tmp_path}/s.db"}
    for name, value in variables.items():
        monkeypatch.setenv(f"S1RATIO_{name}", value)
    bootstrap.forget()
    with SqliteStore(tmp_path / "s.db") as made:
        apply(made, propose(made, Kind.FEED, documents("feeds"), START))
        yield made
    bootstrap.forget()


def client(name: str) -> FlaskClient:
    source = str(ROOT / "functions" / name / "main.py")
    app: Any = functions_framework.create_app(name, source)  # type: ignore[no-untyped-call]
    return app.test_client()  # type: ignore[no-any-return]


def pushed(payload: bytes, **attributes: str) -> dict[str, Any]:
    return samples.pushed(payload, attributes)


@pytest.mark.parametrize(
    "body",
    [
        pushed(samples.usgs(samples.usgs_event()), feed="usgs"),
        {
            "specversion": "1.0",
            "id": "1",
            "type": "google.cloud.pubsub.topic.v1.messagePublished",
            "source": "//pubsub.googleapis.com/projects/p/topics/t",
            "data": pushed(samples.usgs(samples.usgs_event()), feed="usgs"),
        },
    ],
)
def test_an_alert_that_is_pushed_is_recorded(store: SqliteStore, body: dict[str, Any]) -> None:
    front = client("record_alerts")
    for _ in range(2):
        assert front.post("/projects/p/topics/alerts", json=body).status_code == 200
    found = store.get_alert("usgs:us6000abcd")
    assert found is not None
    assert (found.state, found.revisions) == (AlertState.RECORDED, 0)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[" * 100_000,
        b'{"message": {"data": "!"}}',
        b'{"message": {"attributes": {"feed": "usgs"}}}',
        b"x" * 4_000_000,
        json.dumps(pushed(b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", feed="cap")).encode(),
        json.dumps(pushed(b"\xff\xfe", feed="usgs")).encode(),
        json.dumps({"message": {"data": base64.b64encode(b"z" * 2_000_001).decode()}}).encode(),
    ],
)
def test_whatever_comes_is_recorded_and_acknowledged(store: SqliteStore, data: bytes) -> None:
    reply = client("record_alerts").post("/", data=data, content_type="application/json")
    assert reply.status_code == 200
    del store


def test_a_large_payload_lies_beside_a_store_that_is_a_file(
    store: SqliteStore, tmp_path: Path
) -> None:
    payload = samples.usgs(samples.usgs_event()) + b" " * 1_000_000
    body = pushed(payload, feed="usgs")
    assert client("record_alerts").post("/", json=body).status_code == 200
    (kept,) = (tmp_path / "payloads").iterdir()
    assert kept.read_bytes() == payload
    assert store.get_alert("usgs:us6000abcd") is not None


def test_only_deliveries_are_taken(store: SqliteStore) -> None:
    assert client("record_alerts").get("/").status_code == 405
    del store


def test_feeds_are_asked_by_the_scheduler(store: SqliteStore) -> None:
    """No feed is there to be fetched from; that is for another test."""
    known = store.get_definitions(Kind.FEED)
    fetched = [one.name for one in known if "fetch" in one.document]
    for one in known:
        if "fetch" in one.document:
            document = {k: v for k, v in one.document.items() if k != "fetch"}
            apply(store, propose(store, Kind.FEED, [document], START))
    reply = client("fetch_alerts").post("/")
    assert fetched
    assert (reply.status_code, reply.json["asked"]) == (200, 0)  # type: ignore[index]
