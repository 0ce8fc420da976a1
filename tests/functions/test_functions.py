"""The deployed functions behind their own HTTP front: what Pub/Sub and Scheduler would see."""

import base64
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import functions_framework
import pytest
from flask.testing import FlaskClient

from s1ratio import bootstrap
from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.embedded.cloud import FUNCTIONS
from s1ratio.records import RequestState
from s1ratio.services.context import Context
from s1ratio.task import TaskState
from tests.support.object_stores import dead_port

MESSAGE = {
    "request_id": "front",
    "aoi": {"bbox": [14.600, 48.000, 14.601, 48.001]},
    "start": "2023-05-01",
    "end": "2023-05-20",
    "orbits": [22],
    "direction": "DESCENDING",
}
TYPE = "google.cloud.pubsub.topic.v1.messagePublished"
SOURCE = "//pubsub.googleapis.com/projects/p/topics/requests"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteStore]:
    """A deployment whose Earth Engine is gone; its store."""
    for name, value in {
        "PROJECT": "local-project",
        "BUCKET": "local-bucket",
        "EE_URL": dead_port(),
        "STORE": f"sqlite:{tmp_path / 'store.sqlite'}",
        "POST_DEADLINE_S": "2",
    }.items():
        monkeypatch.setenv(f"S1RATIO_{name}", value)
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", dead_port())
    bootstrap.forget()
    with SqliteStore(tmp_path / "store.sqlite") as opened:
        yield opened
    bootstrap.forget()


def front(name: str) -> FlaskClient:
    source = str(FUNCTIONS / name / "main.py")
    app = functions_framework.create_app(name, source)
    client: FlaskClient = app.test_client()
    return client


@pytest.mark.usefixtures("store")
def test_messages_that_arrive_together_find_one_world(monkeypatch: pytest.MonkeyPatch) -> None:
    make, barrier = bootstrap.make_context, Barrier(4)

    def slowly(environment: Any) -> Any:
        time.sleep(0.1)
        return make(environment)

    def first(_: int) -> Context:
        barrier.wait()
        return bootstrap.launch_context()

    monkeypatch.setattr(bootstrap, "make_context", slowly)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(first, range(4)))
    assert len({id(context) for context in found}) == 1


def envelope(payload: bytes) -> dict[str, Any]:
    message = {"data": base64.b64encode(payload).decode(), "messageId": "17"}
    return {"message": message, "subscription": "projects/p/subscriptions/launch"}


def push(client: FlaskClient, body: Any) -> int:
    return client.post("/projects/p/topics/requests", json=body).status_code


def binary(client: FlaskClient, body: Any) -> int:
    headers = {"ce-id": "1", "ce-source": SOURCE, "ce-type": TYPE, "ce-specversion": "1.0"}
    return client.post("/", json=body, headers=headers).status_code


def structured(client: FlaskClient, body: Any) -> int:
    event = {"id": "1", "source": SOURCE, "type": TYPE, "specversion": "1.0", "data": body}
    content = {"content-type": "application/cloudevents+json"}
    return client.post("/", data=json.dumps(event), headers=content).status_code


@pytest.mark.parametrize("send", [push, binary, structured])
def test_each_encoding_of_a_message_is_taken_in(store: SqliteStore, send: Any) -> None:
    assert send(front("launch_exports"), envelope(json.dumps(MESSAGE).encode())) == 200
    record = store.get_request("front")
    assert record is not None
    assert record.state is RequestState.ACCEPTED


def test_earth_engine_being_gone_does_not_send_a_stored_message_back(store: SqliteStore) -> None:
    assert push(front("launch_exports"), envelope(json.dumps(MESSAGE).encode())) == 200
    (task,) = store.find_tasks_of("front")
    assert task.state is TaskState.STARTING, "it may have been taken: the poller looks after it"


@pytest.mark.parametrize("send", [push, binary, structured])
@pytest.mark.parametrize(
    "payload",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"aoi": 1}', b'{"start": NaN}', b"null", b"[" * 50_000],
)
def test_a_bad_payload_is_answered_and_recorded(
    store: SqliteStore, send: Any, payload: bytes
) -> None:
    assert send(front("launch_exports"), envelope(payload)) == 200
    (rejection,) = store.find_rejections(10)
    assert rejection.reasons
    assert rejection.message_id == "17"


@pytest.mark.parametrize(
    "data",
    [None, [], "text", 7, {}, {"message": {}}, {"message": {"data": "§"}}, {"message": []}],
)
def test_an_event_without_a_message_is_answered_and_recorded(store: SqliteStore, data: Any) -> None:
    assert structured(front("launch_exports"), data) == 200
    (rejection,) = store.find_rejections(10)
    assert rejection.reasons[0].code == "envelope"


@pytest.mark.usefixtures("store")
def test_a_store_that_cannot_be_reached_sends_the_message_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("S1RATIO_STORE", "firestore")
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", dead_port().removeprefix("http://"))
    monkeypatch.setenv("S1RATIO_STORE_DEADLINE_S", "1")
    bootstrap.forget()
    assert push(front("launch_exports"), envelope(json.dumps(MESSAGE).encode())) == 500


@pytest.mark.usefixtures("store")
def test_wrong_settings_are_told_all_at_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("S1RATIO_BUCKET", "")
    monkeypatch.setenv("S1RATIO_MAX_TASKS", "many")
    bootstrap.forget()
    assert push(front("launch_exports"), envelope(b"{}")) == 500
    assert "S1RATIO_BUCKET: is required" in caplog.text
    assert "S1RATIO_MAX_TASKS: 'many' must be a whole number" in caplog.text


@pytest.mark.usefixtures("store")
def test_a_tick_answers_its_counts_as_json() -> None:
    for reply in (front("poll_tasks").post("/", json={}), front("poll_tasks").get("/any")):
        assert reply.status_code == 200
        assert reply.get_json()["started"] == 0
    assert reply.get_json()["troubles"] == []


@pytest.mark.usefixtures("store")
def test_a_tick_without_earth_engine_says_so_and_answers() -> None:
    push(front("launch_exports"), envelope(json.dumps(MESSAGE).encode()))
    reply = front("poll_tasks").post("/", json={})
    assert reply.status_code == 200
    assert "did not answer" in reply.get_json()["troubles"][0]
