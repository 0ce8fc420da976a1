"""Cloud Storage's client against the local server, a busy one, a dead one and a silent one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from s1ratio.adapters.bucket.objects import GcsObjectStore, make_client
from s1ratio.errors import ObjectMissing, ObjectStoreUnavailable
from tests.support import unresponsive_servers as silent
from tests.support.object_stores import at_most, black_hole, dead_port
from tests.support.storage_server import DEADLINE_S, Server, store_at

SHORT_S = 1.5  # where the deadline is what is looked at


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bucket" / "composites").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Server:
    return Server(folder)


@pytest.fixture
def store(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[GcsObjectStore]:
    with server.running() as url, store_at(url, monkeypatch) as store:
        yield store


def put(folder: Path, name: str, data: bytes) -> None:
    path = folder / "bucket" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_a_list_gives_names_sizes_and_times(folder, store, server):
    for name in ("composites/a.tif", "composites/a-a2.tif", "composites/b.tif"):
        put(folder, name, name.encode())
    found = store.list("composites/a")
    assert [(item.name, item.size) for item in found] == [
        ("composites/a-a2.tif", 19),
        ("composites/a.tif", 16),
    ]
    written = (folder / "bucket/composites/a.tif").stat().st_mtime
    assert abs(found[1].written.timestamp() - written) < 0.01
    assert found[1].written.utcoffset().total_seconds() == 0
    assert len(server.requests) == 1


def test_what_is_kept_beside_an_object_leaves_its_bytes_as_old_as_they_are(folder, store, server):
    put(folder, "composites/a.tif", b"a")
    (before,) = store.list("composites/a")
    store.describe("composites/a.tif", {"s1ratio-units": "dB; passes"})
    assert len(server.requests) == 2
    assert store.list("composites/a") == [before]
    assert store.read("composites/a.tif", 0, 9) == b"a"
    with pytest.raises(ObjectMissing, match="none"):
        store.describe("composites/none.tif", {"a": "b"})


def test_an_empty_list_is_no_error(store):
    assert store.list("composites/none") == []


def test_a_list_of_many_pages_is_whole(folder, store, server):
    for i in range(1200):
        put(folder, f"composites/{i:04d}.tif", b"")
    assert len(store.list("composites/")) == 1200
    assert len(server.requests) == 2


@pytest.mark.parametrize("name", ["composites/a.tif", "composites/a b+ü%2F#?.tif"])
def test_a_read_gives_the_bytes_asked_for_and_none_past_the_end(folder, store, name):
    data = bytes(range(256)) * 1000
    put(folder, name, data)
    assert store.read(name, 0, 10) == data[:10]
    assert store.read(name, 1001, 100_000) == data[1001:101_001]
    assert store.read(name, len(data) - 3, 50) == data[-3:]
    assert store.read(name, len(data), 50) == b""
    assert store.read(name, 5, 0) == b""


def test_a_read_takes_one_request_of_that_many_bytes(folder, store, server):
    put(folder, "composites/a.tif", bytes(100_000))
    store.read("composites/a.tif", 500, 64)
    (request,) = server.requests
    assert request.headers["range"] == "bytes=500-563"


def test_an_empty_object_has_no_bytes(folder, store):
    put(folder, "composites/a.tif", b"")
    assert store.read("composites/a.tif", 0, 10) == b""


def test_an_object_that_is_not_there_is_missing(store):
    with pytest.raises(ObjectMissing, match=r"gs://bucket/composites/a\.tif"):
        store.read("composites/a.tif", 0, 10)


def test_a_bucket_that_is_not_there_is_unavailable(server, monkeypatch):
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "")
    with server.running() as url:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", url)
        with make_client("demo") as client, pytest.raises(ObjectStoreUnavailable, match="nobody"):
            GcsObjectStore(client, "nobody", DEADLINE_S).list("a")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(folder, store, server, status):
    put(folder, "composites/a.tif", b"data")
    server.refusals = [status]
    assert store.read("composites/a.tif", 0, 4) == b"data"
    server.refusals = [status]
    assert len(store.list("composites/")) == 1
    assert len(server.requests) == 4


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_is_told_at_once(store, server, status):
    server.refusals = [status] * 2
    with at_most(1.0):
        for call in (lambda: store.list("a"), lambda: store.read("a", 0, 1)):
            with pytest.raises(ObjectStoreUnavailable):
                call()
    assert len(server.requests) == 2


def test_a_server_that_stays_busy_is_left_by_the_deadline(server, monkeypatch):
    server.refusals = [503] * 1000
    with (
        server.running() as url,
        store_at(url, monkeypatch, SHORT_S) as store,
        at_most(SHORT_S),
        pytest.raises(ObjectStoreUnavailable),
    ):
        store.list("composites/")


def _unavailable_in_time(store: GcsObjectStore) -> None:
    with at_most(SHORT_S), pytest.raises(ObjectStoreUnavailable, match="can't list"):
        store.list("composites/")
    with at_most(SHORT_S), pytest.raises(ObjectStoreUnavailable, match="can't read"):
        store.read("composites/a.tif", 0, 10)


def test_a_dead_port_is_told_within_the_deadline(monkeypatch):
    with store_at(dead_port(), monkeypatch, SHORT_S) as store:
        _unavailable_in_time(store)


def test_a_server_that_never_answers_is_left_by_the_deadline(monkeypatch):
    with black_hole() as url, store_at(url, monkeypatch, SHORT_S) as store:
        _unavailable_in_time(store)


# Bytes of a status line without end, or of a body whose length was told.
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n"


@pytest.mark.parametrize("head", [b"", HEAD], ids=["head", "body"])
def test_a_reply_that_drips_is_left_by_the_deadline(monkeypatch, head):
    with (
        silent.dripping(head) as address,
        store_at(f"http://{address}", monkeypatch, SHORT_S) as store,
    ):
        _unavailable_in_time(store)
