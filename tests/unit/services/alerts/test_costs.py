"""What alerts cost: documents read and written follow what is new, not what is stored."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from s1ratio.adapters.store.document_store import DocumentStore
from s1ratio.adapters.store.sqlite import SqliteDatabase
from s1ratio.services.alerts.record import record
from s1ratio.services.alerts.tick import tick_incidents
from s1ratio.time_marks import TimeMark
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


def test_placing_reads_what_is_near_and_not_all_that_lives(billed: Billed) -> None:
    """Three hundred floods all over the world: one more reads none of those far away."""
    world = billed.world
    far = [
        samples.gdacs_event(
            eventid=5_000 + n,
            alertlevel="Red",
            glide="",
            geometry={"type": "Point", "coordinates": [-170 + n % 30 * 11.0, -50 + n // 30 * 9.0]},
        )
        for n in range(300)
    ]
    world.record(samples.gdacs(*far), "gdacs")
    world.tick(minutes=11)
    assert len(world.store.find_live_incidents("flood", 999)) > 290
    world.record(samples.gdacs(samples.gdacs_event()), "gdacs")
    billed.tick(1)
    placed = billed.tick(10)
    assert placed.reads <= 2 * DEFINITIONS


def test_incidents_of_an_earlier_version_are_joined_all_the_same(billed: Billed) -> None:
    world = billed.world
    world.record(samples.gdacs(samples.gdacs_event()), "gdacs")
    world.tick(minutes=11)
    stored, mark = world.incidents[0], TimeMark.INCIDENTS_KEYED
    with sqlite3.connect(world.folder / "store.db") as file:
        file.execute("UPDATE incidents SET document = json_remove(document, '$.found_by')")
        file.execute("DELETE FROM watermarks WHERE id = ?", (mark.value,))
    assert world.store.get_time_mark(mark) is None
    world.record(samples.gdacs(samples.gdacs_event(eventid=7, glide="")), "gdacs")
    world.tick(minutes=11)
    (joined,) = world.incidents
    assert (joined.id, len(joined.members)) == (stored.id, 2)
    assert world.store.get_time_mark(mark) is not None
