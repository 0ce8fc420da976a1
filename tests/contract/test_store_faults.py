"""Stores that can't be reached or used: each call ends in time, with the error that says so."""

import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest
from google.cloud import firestore

from s1ratio.adapters.store.firestore import FirestoreStore
from s1ratio.adapters.store.sql import schema
from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.errors import StoreError, StoreUnavailable
from s1ratio.ports import Store
from s1ratio.records import Rejection
from s1ratio.time_marks import TimeMark
from tests.contract.records import NOW, a_request, a_task
from tests.support import unresponsive_servers as silent
from tests.support.emulators import free_port

DEADLINE_S = 0.6
# What a busy machine adds: Firestore's client would wait for a minute by itself, SQLite's for 5 s.
SLACK_S = 10.0
SQLITE_SLACK_S = 4.0

CALLS: dict[str, Callable[[Store], object]] = {
    "get_request": lambda store: store.get_request("r1"),
    "get_tasks": lambda store: store.get_tasks(["r-1", "r-2"]),
    "find_tasks_of": lambda store: store.find_tasks_of("r1"),
    "find_startable": lambda store: store.find_startable(NOW, 5),
    "count_active": lambda store: store.count_active(),
    "create_request": lambda store: store.create_request(a_request()),
    "create_tasks": lambda store: store.create_tasks([a_task()]),
    "update_request": lambda store: store.update_request(a_request(), NOW),
    "transition": lambda store: store.transition(a_task(), a_task(), NOW),
    "reject": lambda store: store.reject(Rejection("m", NOW, (), "")),
    "set_time_mark": lambda store: store.set_time_mark(TimeMark.OPERATIONS, NOW),
}
READS = {"get_request", "get_tasks", "find_tasks_of", "find_startable", "count_active"}


@pytest.fixture
def dead_port() -> str:
    """Return the address of a port that refuses connections."""
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
def black_hole() -> Iterator[str]:
    """Return the address of a port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def dripping() -> Iterator[str]:
    """Return the address of a port that sends a byte now and then."""
    with silent.dripping() as address:
        yield address


@pytest.mark.parametrize(
    ("address", "call"),
    [
        *(("dead_port", call) for call in CALLS.values()),
        *(("black_hole", call) for call in CALLS.values()),
        *(("dripping", CALLS[name]) for name in ("find_tasks_of", "transition")),
    ],
    ids=[*(f"dead-{n}" for n in CALLS), *(f"mute-{n}" for n in CALLS), "drip-read", "drip-write"],
)
def test_firestore_that_does_not_answer_is_unavailable_in_time(
    address: str,
    call: Callable[[Store], object],
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", request.getfixturevalue(address))
    client = firestore.Client(project="nowhere")
    store = FirestoreStore(client, "test", deadline_s=DEADLINE_S)
    start = time.monotonic()
    with closing(client), pytest.raises(StoreUnavailable):
        call(store)
    assert time.monotonic() - start < DEADLINE_S + SLACK_S


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the test's file is."""
    return tmp_path / "store.db"


@pytest.mark.parametrize("name", CALLS)
def test_a_locked_file_is_read_but_not_written(path: Path, name: str) -> None:
    with SqliteStore(path, deadline_s=0.2) as store, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        if name in READS:
            CALLS[name](store)
            return
        start = time.monotonic()
        with pytest.raises(StoreUnavailable, match="locked"):
            CALLS[name](store)
        assert time.monotonic() - start < 0.2 + SQLITE_SLACK_S
        other.rollback()
        store.set_time_mark(TimeMark.OPERATIONS, NOW)


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_text("this is a diary, not a database. " * 100)
    with pytest.raises(StoreUnavailable, match="no SQLite database"):
        SqliteStore(path)


def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        SqliteStore(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable):
        SqliteStore(tmp_path / "file" / "store.db")


def test_a_closed_store_says_so(path: Path) -> None:
    store = SqliteStore(path)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.get_request("r1")


def test_a_file_of_another_version_gets_what_it_lacks(path: Path) -> None:
    with SqliteStore(path) as store:
        store.create_tasks([a_task()])
    with closing(sqlite3.connect(path)) as old:
        old.executescript("DROP TABLE events; PRAGMA user_version = 1;")
    with SqliteStore(path) as store:
        assert store.find_events_of("r1") == []
        assert store.find_startable(NOW, 5) == [a_task()]


def test_a_file_that_somebody_is_making_is_waited_for(path: Path) -> None:
    maker = sqlite3.connect(path, check_same_thread=False)
    maker.execute(schema()[0])
    maker.execute("BEGIN EXCLUSIVE")
    done = Timer(0.3, maker.commit)
    done.start()
    with closing(maker), SqliteStore(path, deadline_s=10) as store:
        assert store.get_request("r1") is None
        done.join()


def test_a_file_that_stays_locked_is_unavailable_in_time(path: Path) -> None:
    with closing(sqlite3.connect(path)) as maker:
        maker.execute("CREATE TABLE other (id)")
        maker.execute("BEGIN EXCLUSIVE")
        start = time.monotonic()
        with pytest.raises(StoreUnavailable, match="locked"):
            SqliteStore(path, deadline_s=0.3)
        assert time.monotonic() - start < 0.6 + SQLITE_SLACK_S
