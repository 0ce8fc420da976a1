"""A store's identity: made once, kept, and another one for a copy."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from s1ratio.adapters.store.database import Home
from s1ratio.adapters.store.document_store import DocumentStore
from s1ratio.adapters.store.firestore import home_of
from s1ratio.adapters.store.sqlite import SqliteDatabase, SqliteStore
from s1ratio.errors import Conflict, StoreUnavailable
from s1ratio.ports import Store
from tests.contract.conftest import StoreOpener
from tests.contract.records import NOW, later
from tests.support.billed_database import MeteredDatabase

ONE, TWO = "k3f7q2zb", "a2345672"


def test_it_is_made_once_and_kept(store: Store, open_store: StoreOpener) -> None:
    assert store.identify(ONE, NOW) == ONE
    assert store.identify(TWO, later(60)) == ONE
    assert open_store().identify(TWO, later(60)) == ONE


def test_it_costs_one_document(tmp_path: Path) -> None:
    database = MeteredDatabase(SqliteDatabase(tmp_path / "store.db", 20.0))
    store = DocumentStore(database)
    store.identify(ONE, NOW)
    assert (database.meter.reads, database.meter.writes) == (1, 1)
    database.reset()
    store.identify(TWO, NOW)
    assert (database.meter.reads, database.meter.writes) == (1, 0)
    store.close()


class Elsewhere(MeteredDatabase):
    """A database that says that it lies where it is told."""

    where = Home("/data/store.db", ("on laptop", "file 7"))
    racing: Callable[[], None] = staticmethod(lambda: None)

    @property
    def home(self) -> Home:
        return self.where

    def commit(self, writes: Any) -> list[Any]:
        race, self.racing = self.racing, lambda: None
        race()
        return super().commit(writes)


@pytest.fixture
def database(tmp_path: Path) -> Elsewhere:
    return Elsewhere(SqliteDatabase(tmp_path / "store.db", 20.0))


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({}, True),
        ({"marks": ("on other-network", "file 7")}, True),
        ({"marks": ("on laptop", "file 8")}, True),  # restored in its place
        ({"marks": ("file 7", "and a later version's mark")}, True),
        ({"marks": ("on new-laptop", "file 8")}, False),  # a copy at a place of the same name
        ({"place": "/data/copy.db"}, False),
        ({"place": "/data/copy.db", "marks": ("on laptop", "file 8")}, False),
        ({"place": "/Data/store.db"}, False),
    ],
)
def test_a_store_that_lies_elsewhere_has_another_one(
    database: Elsewhere, change: dict[str, Any], kept: bool, caplog: pytest.LogCaptureFixture
) -> None:
    store = DocumentStore(database)
    store.identify(ONE, NOW)
    database.where = replace(database.where, **change)
    assert store.identify(TWO, NOW) == (ONE if kept else TWO)
    assert store.identify("c2345672", NOW) == (ONE if kept else TWO), "and keeps that one"
    assert ("copied or moved from /data/store.db to" in caplog.text) is not kept
    assert (f"it was {ONE}, and is {TWO} here" in caplog.text) is not kept


def test_two_processes_that_find_none_have_the_same(database: Elsewhere) -> None:
    store = DocumentStore(database)

    def other_process() -> None:
        assert store.identify(TWO, NOW) == TWO

    database.racing = other_process
    assert store.identify(ONE, NOW) == TWO


def test_a_store_that_never_lets_it_be_made_is_unavailable(database: Elsewhere) -> None:
    def lose() -> None:
        database.racing = lose
        raise Conflict("lost")

    database.racing = lose
    with pytest.raises(StoreUnavailable, match="others change the store's identity"):
        DocumentStore(database).identify(ONE, NOW)


def test_a_sqlite_file_that_is_gone_is_unavailable(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "store.db") as store:
        (tmp_path / "store.db").unlink()
        with pytest.raises(StoreUnavailable):
            store.identify(ONE, NOW)


def _identity_of(path: Path, fresh: str) -> str:
    with SqliteStore(path) as store:
        return store.identify(fresh, NOW)


def test_a_sqlite_file_and_its_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, copy = tmp_path / "store.db", tmp_path / "copy.db"
    assert _identity_of(path, ONE) == ONE
    shutil.copy(path, copy)
    assert _identity_of(copy, TWO) == TWO
    assert _identity_of(path, TWO) == ONE, "the copy leaves the original as it was"
    monkeypatch.chdir(tmp_path)
    assert _identity_of(Path("store.db"), TWO) == ONE, "however it is named"


@pytest.mark.parametrize(
    ("database", "emulator", "is_same"),
    [
        ("projects/p/databases/s1ratio-dev", None, True),
        ("projects/p/databases/s1ratio-dev", "localhost:8080", False),
        ("projects/p/databases/restored", None, False),
        ("projects/q/databases/s1ratio-dev", None, False),
    ],
)
def test_a_firestore_database_an_emulator_of_it_and_others(
    database: str, emulator: str | None, is_same: bool
) -> None:
    def home(name: str, host: str | None) -> Home:
        client: Any = SimpleNamespace(_database_string=name, _emulator_host=host)
        return home_of(client)

    assert (home(database, emulator) == home("projects/p/databases/s1ratio-dev", None)) is is_same
