"""What alerts cost: documents read and written follow what is new, not what is stored."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from s1ratio.adapters.store.document_store import DocumentStore
from s1ratio.adapters.store.sqlite import SqliteDatabase
from s1ratio.services.alerts.record import record
from s1ratio.services.alerts.tick import tick_incidents
from tests.support.alert_world import AlertWorld
from tests.support.billed_database import Meter, MeteredDatabase
from tests.unit.alerts import samples

DEFINITIONS = 20  # feeds, rules and silences, read anew by each message or tick


class Billed:
    """A world with a second way into its store, which is metered."""

    def __init__(self, world: AlertWorld, folder: Path) -> None:
        self.world = world
        self._database = MeteredDatabase(SqliteDatabase(folder / "store.db", 20))
        self._store = DocumentStore(self._database)

    def tick(self, minutes: float) -> Meter:
        """Return what a tick costs after a while."""
        self.world.clock.advance(timedelta(minutes=minutes))
        self._database.reset()
        tick_incidents(self.world.context(store=self._store))
        return self._database.meter

    def record(self, payload: bytes, feed: str) -> Meter:
        """Return what a message costs."""
        self._database.reset()
        record(self.world.context(store=self._store), payload, {"feed": feed})
        return self._database.meter

    def close(self) -> None:
        """Close the second way."""
        self._store.close()


@pytest.fixture
def billed(world: AlertWorld, tmp_path: Path) -> Iterator[Billed]:
    made = Billed(world, tmp_path)
    yield made
    made.close()


def greens(count: int, first: int = 0) -> bytes:
    return samples.gdacs(
        *(samples.gdacs_event(eventid=first + i, alertlevel="Green") for i in range(count))
    )


def test_an_idle_tick_reads_no_alert_however_many_there_are(billed: Billed) -> None:
    few = billed.tick(2)
    billed.world.record(greens(300), "gdacs")
    billed.world.tick(minutes=1)
    many = billed.tick(2)
    assert (many.reads, many.writes) == (few.reads, few.writes)
    assert many.reads <= DEFINITIONS
    assert many.writes == 2  # its lease


def test_what_is_sent_again_is_read_once_and_never_written(billed: Billed) -> None:
    first = billed.record(greens(50), "gdacs")
    again = billed.record(greens(50) + b" ", "gdacs")
    assert first.writes == 51
    assert again.writes == 1  # the message itself
    assert again.reads <= 50 + DEFINITIONS
