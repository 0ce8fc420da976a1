"""Services that are gone or silent: answers come in time, and all goes on when they are back."""

import base64
import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore

from s1ratio import bootstrap
from s1ratio.adapters.store.firestore import FirestoreStore
from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.embedded.cloud import open_earth_engine
from s1ratio.records import RequestState
from s1ratio.task import TaskState
from tests.functions.test_functions import envelope, front, push
from tests.support import unresponsive_servers as silent
from tests.support.closable_gate import Gate, Mode, gate
from tests.support.function_process import FunctionProcess, deployed, running
from tests.support.object_stores import dead_port

DEADLINE_S = 1.0
BUSY_S = 10.0  # what a busy machine adds; clients left to themselves wait for a minute
PATIENCE_S = 90.0  # until a client has noticed that its server is back
MESSAGE = {
    "request_id": "patient",
    "aoi": {"bbox": [14.60, 48.00, 14.605, 48.005]},
    "start": "2023-05-01",
    "end": "2023-05-20",
    "orbits": [22],
    "direction": "DESCENDING",
    "angle": "none",
    "grid": {"crs": "utm", "scale": 20},
}
PAYLOAD = json.dumps(MESSAGE).encode()


def deliver(url: str, data: bytes) -> int:
    """Push a message; return the status."""
    body = {"message": {"data": base64.b64encode(data).decode(), "messageId": "1"}}
    with closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)) as http_:
        http_.request("POST", "/", json.dumps(body))
        return http_.getresponse().status


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    began = time.monotonic()
    return call(), time.monotonic() - began


def eventually(call: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not call():
        assert time.monotonic() < end, "it never came back"
        time.sleep(0.2)


@pytest.mark.emulators
def test_a_store_that_is_gone_sends_messages_back_in_time_and_takes_them_when_it_returns(
    firestore_emulator: str, project: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with gate(firestore_emulator, Mode.MUTE) as before_firestore:
        settings = {
            "S1RATIO_PROJECT": project,
            "S1RATIO_BUCKET": "local-bucket",
            "S1RATIO_EE_URL": dead_port(),
            "S1RATIO_STORE_DEADLINE_S": str(DEADLINE_S),
            "S1RATIO_POST_DEADLINE_S": "2",
            "FIRESTORE_EMULATOR_HOST": before_firestore.address,
        }
        process = FunctionProcess(deployed("launch_exports"), "launch_exports", settings, tmp_path)
        with running(process):
            for mode in (Mode.MUTE, Mode.GONE):
                before_firestore.turn(mode)
                for data in (PAYLOAD, b"poison"):
                    status, took = timed(partial(deliver, process.url, data))
                    assert status == 500
                    assert took < DEADLINE_S + BUSY_S, f"{mode}: one call to the store, and no more"
            log = process.log.read_text()
            assert log.count("StoreUnavailable: Firestore did not answer") >= 4

            before_firestore.turn(Mode.THROUGH)
            eventually(lambda: deliver(process.url, PAYLOAD) == 200)
            assert deliver(process.url, b"poison") == 200
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    with closing(FirestoreStore(firestore.Client(project=project), "dev")) as store:
        record = store.get_request("patient")
        assert record is not None
        assert record.state is RequestState.ACCEPTED
        assert len(store.find_rejections(10)) == 1


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteStore]:
    """The store of a deployment whose functions run in this process."""
    settings = {
        "PROJECT": "local-project",
        "BUCKET": "local-bucket",
        "DEPLOYMENT": "local",
        "STORE": f"sqlite:{tmp_path / 'store.sqlite'}",
        "POST_DEADLINE_S": str(DEADLINE_S),
        "START_LEASE_S": str(DEADLINE_S + 0.1),
        "LIST_GRACE_S": "0",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"S1RATIO_{name}", value)
    monkeypatch.setattr(bootstrap, "OBJECTS_DEADLINE_S", DEADLINE_S)
    bootstrap.forget()
    with SqliteStore(tmp_path / "store.sqlite") as opened:
        yield opened
    bootstrap.forget()


@pytest.mark.parametrize("server", [silent.mute, silent.dripping])
def test_a_silent_earth_engine_costs_a_launch_one_deadline_and_the_message_nothing(
    server: Callable[[], Any], store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = front("launch_exports")
    with server() as address:
        monkeypatch.setenv("S1RATIO_EE_URL", f"http://{address}")
        status, took = timed(lambda: push(client, envelope(PAYLOAD)))
    assert status == 200
    assert took < DEADLINE_S + BUSY_S
    assert [task.state for task in store.find_tasks_of("patient")] == [TaskState.STARTING]


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """The gate before the bucket that a local Earth Engine exports to."""
    with (
        open_earth_engine(tmp_path / "out", None) as earth_engine,
        gate(earth_engine.url, Mode.MUTE) as before_bucket,
    ):
        monkeypatch.setenv("S1RATIO_EE_URL", earth_engine.url)
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://{before_bucket.address}")
        yield before_bucket


class Ahead:
    """The machine's clock, so much ahead."""

    by = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Ahead:
    """The clock of the functions: turned, nobody need wait until something is tried again."""
    ahead = Ahead()
    monkeypatch.setattr(bootstrap, "SystemClock", lambda: ahead)
    return ahead


@pytest.mark.parametrize("mode", [Mode.MUTE, Mode.GONE])
def test_a_bucket_that_is_gone_costs_a_tick_one_deadline_and_the_task_nothing(
    mode: Mode, store: SqliteStore, bucket: Gate, clock: Ahead
) -> None:
    bucket.turn(mode)
    assert push(front("launch_exports"), envelope(PAYLOAD)) == 200
    poll = front("poll_tasks")

    def tick() -> str:
        clock.by += timedelta(minutes=10)
        reply = poll.post("/", json={})
        assert reply.status_code == 200
        return reply.get_data(as_text=True)

    def state() -> TaskState:
        (task,) = store.find_tasks_of("patient")
        return task.state

    eventually(lambda: "can't list" in tick())
    assert state() is TaskState.SUCCEEDED, "neither failed nor retried"
    said, took = timed(tick)
    assert "gs://local-bucket: can't list" in said
    assert took < DEADLINE_S + BUSY_S

    bucket.turn(Mode.THROUGH)
    eventually(lambda: bool(tick()) and state() is TaskState.VERIFIED)
    assert store.find_tasks_of("patient")[0].run.attempt == 1
