"""The stores that the contract holds for, each on data of its own for a test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from google.cloud import firestore

from s1ratio.adapters.store.firestore import FirestoreStore
from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.ports import Store

StoreOpener = Callable[[], Store]


@pytest.fixture(params=["sqlite", pytest.param("firestore", marks=pytest.mark.emulators)])
def open_store(request: pytest.FixtureRequest) -> StoreOpener:
    """Return what opens the test's store, once more at each call."""
    opener: StoreOpener = request.getfixturevalue(f"open_{request.param}")
    return opener


@pytest.fixture
def store(open_store: StoreOpener) -> Store:
    """Return an empty store."""
    return open_store()


@pytest.fixture
def open_sqlite(tmp_path: Path) -> Iterator[StoreOpener]:
    """Return what opens one file."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(SqliteStore(tmp_path / "store.db"))


@pytest.fixture
def open_firestore(firestore_client: Callable[[], firestore.Client]) -> StoreOpener:
    """Return what opens one deployment in the emulator."""
    return lambda: FirestoreStore(firestore_client(), "test")


@pytest.fixture
def firestore_client(
    firestore_emulator: str, project: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], firestore.Client]]:
    """Return what makes clients of the emulator."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    with ExitStack() as stack:

        def make() -> firestore.Client:
            client = firestore.Client(project=project)
            stack.callback(client.close)
            return client

        yield make
