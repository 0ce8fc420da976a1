"""SQLite files that are full, locked, damaged, forbidden or another program's: one line each.

Every line says what happened, which file it is, and what to do next; nothing is thrown away.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.errors import StoreError, StoreUnavailable
from s1ratio.ports import Store
from s1ratio.time_marks import TimeMark
from tests.contract.records import NOW, a_request, a_task
from tests.support.full_disk import files_end_at


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a store with a request and its task is."""
    path = tmp_path / "store.sqlite"
    with SqliteStore(path) as store:
        store.create_request(a_request())
        store.create_tasks([a_task()])
    return path


def assert_told(error: StoreError, path: Path, *words: str) -> None:
    text = str(error)
    assert str(path) in text
    assert "\n" not in text
    assert all(word in text for word in words), text


BROKEN: dict[str, Callable[[Path], object]] = {
    "noise": lambda path: path.write_bytes(bytes(range(256)) * 80),
    "words": lambda path: path.write_text("this is a diary, not a database. " * 100),
    "cut to a page": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "cut to its first bytes": lambda path: path.write_bytes(path.read_bytes()[:100]),
    "noise in its middle": lambda path: path.write_bytes(
        path.read_bytes()[:4096] + b"\xa5" * (path.stat().st_size - 4096)
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_damaged_file_is_unusable_and_is_left(
    path: Path, broken: Callable[[Path], object]
) -> None:
    broken(path)
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable) as told, SqliteStore(path) as store:
        _commits(store)
    assert_told(told.value, path, "put a copy of it back, or move it")
    assert path.read_bytes()[100:] == before[100:]


OTHERS = {
    "a table of another program": "CREATE TABLE songs (title TEXT)",
    "a table of our name": "CREATE TABLE requests (url TEXT)",
    "a column too few": "CREATE TABLE tasks (sequence INTEGER PRIMARY KEY, id TEXT, version INT)",
    "a column of another name": "CREATE TABLE leases (sequence, id, version, body)",
    "a column too many": "CREATE TABLE pixels (sequence, id, version, document, mood)",
}


@pytest.mark.parametrize("script", OTHERS.values(), ids=OTHERS)
def test_a_file_of_another_program_is_left_as_it_is(tmp_path: Path, script: str) -> None:
    path = tmp_path / "music.db"
    with closing(sqlite3.connect(path)) as theirs:
        theirs.execute(script)
    with pytest.raises(StoreUnavailable) as told:
        SqliteStore(path)
    assert_told(told.value, path, "another program's", "name another folder")
    with closing(sqlite3.connect(path)) as theirs:
        tables = theirs.execute("SELECT name FROM sqlite_master").fetchall()
    assert len(tables) == 1


def test_a_table_that_was_taken_away_is_told(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TABLE tasks")
    with SqliteStore(path) as store, pytest.raises(StoreUnavailable) as told:
        store.find_tasks_of("r1")
    assert_told(told.value, path, "no such table")


def _commits(store: Store) -> None:
    for number in range(40):
        store.create_tasks([a_task(f"r1-o{number:03d}a")])


@contextmanager
def _full(store: SqliteStore) -> Iterator[None]:
    """Let the database have no page more than it has."""
    connection = store._database._connection  # type: ignore[attr-defined]
    connection.execute("PRAGMA max_page_count = 1")
    yield
    connection.execute("PRAGMA max_page_count = 100000")


@contextmanager
def _cut(_: SqliteStore) -> Iterator[None]:
    with files_end_at(0):
        yield


@contextmanager
def _forbidden(store: SqliteStore) -> Iterator[None]:
    connection = store._database._connection  # type: ignore[attr-defined]
    connection.execute("PRAGMA query_only = 1")
    yield
    connection.execute("PRAGMA query_only = 0")


PASSING = {
    "full": (_full, "no room is left for bytes or files", "make room"),
    "failing": (_cut, "the disk failed", "see that it has room and is well"),
    "read-only": (_forbidden, "this user may not do that", "give the right"),
}


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_is_told_and_the_store_goes_on(path: Path, name: str) -> None:
    trouble, happened, to_do = PASSING[name]
    with SqliteStore(path) as store:
        with trouble(store), pytest.raises(StoreUnavailable) as told:
            _commits(store)
        assert_told(told.value, path, happened, to_do)
        _commits(store)
        assert len(store.find_tasks_of("r1")) >= 1
    with SqliteStore(path) as store:
        assert store.get_task("r1-o039a") is not None


def test_a_file_that_another_process_locks_is_told(path: Path) -> None:
    with SqliteStore(path, deadline_s=0.1) as store, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable) as told:
            store.set_time_mark(TimeMark.OPERATIONS, NOW)
    assert_told(told.value, path, "another process keeps it locked", "wait until that ends")


PLACES: dict[str, Callable[[Path], Path]] = {
    "below a file": lambda folder: folder / "file" / "x" / "store.sqlite",
    "a folder": lambda folder: folder,
    "a long name": lambda folder: folder / ("a" * 300) / "store.sqlite",
    "a circle of links": lambda folder: folder / "loop" / "x" / "store.sqlite",
    "a device": lambda _: Path("/dev/full/x/store.sqlite"),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_place_where_no_file_can_be_is_told(
    tmp_path: Path, place: Callable[[Path], Path]
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    path = place(tmp_path)
    with pytest.raises(StoreUnavailable) as told:
        SqliteStore(path)
    words = ("name a", "move that f", "see that its folder is there")
    assert str(tmp_path) in str(told.value) or "/dev/full" in str(told.value)
    assert any(word in str(told.value) for word in words), told.value


DOCUMENTS = {
    "a list": "[]",
    "a number": "5",
    "null": "null",
    "an empty object": "{}",
    "another program's": json.dumps({"song": "Yesterday"}),
    "a state of a later version": json.dumps({"state": "PAUSED"}),
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_that_is_none_of_ours_is_told_by_its_name(path: Path, document: str) -> None:
    _store_as(path, "requests", "r1", document)
    with SqliteStore(path) as store:
        with pytest.raises(StoreError) as told:
            store.get_request("r1")
        assert str(told.value).startswith("requests/r1 in the store is no document of this version")
        assert str(told.value).endswith(": put it right, or delete it")
        assert "\n" not in str(told.value)
        assert store.find_open_requests(5) == []
        assert len(store.find_tasks_of("r1")) == 1


@pytest.mark.parametrize("document", ["{", "", "{'a': 1}", b"\xff\xfe", "[" * 100_000])
def test_a_lease_that_is_no_json_is_told(path: Path, document: str | bytes) -> None:
    with SqliteStore(path) as store:
        assert store.take_lease("poll", "me", NOW, NOW)
    _store_as(path, "leases", "poll", document)
    with SqliteStore(path) as store, pytest.raises(StoreError, match="leases/poll"):
        store.take_lease("poll", "me", NOW, NOW)


def _store_as(path: Path, table: str, name: str, document: str | bytes) -> None:
    with closing(sqlite3.connect(path)) as other, other:
        change = f"UPDATE {table} SET document = ? WHERE id = ?"  # noqa: S608 - of this file
        other.execute(change, (document, name))
