"""A database that counts what Firestore would bill: documents read and written, counts made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from s1ratio.adapters.store.database import Database, Home, Query, Stored, Write

_ENTRIES_A_READ = 1000  # index entries of an aggregation, to one read


@dataclass
class Meter:
    """What was read and written; a query that finds nothing is one read. `largest`: one answer."""

    reads: int = 0
    counts: int = 0
    writes: int = 0
    calls: int = 0
    largest: int = 0
    written: list[str] = field(default_factory=list)


class MeteredDatabase(Database):
    """Passes all on to another database, and counts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.meter = Meter()

    def reset(self) -> None:
        """Begin at nothing."""
        self.meter = Meter()

    @property
    def home(self) -> Home:
        """Where the other one lies."""
        return self._database.home

    def close(self) -> None:
        """Close the other one."""
        self._database.close()

    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Stored]:
        """Return documents by id: each one asked for is read."""
        wanted = list(ids)
        self._read(len(wanted))
        return self._database.get(collection, wanted)

    def commit(self, writes: Sequence[Write]) -> list[Any]:
        """Write documents."""
        self.meter.calls += 1
        self.meter.writes += len(writes)
        self.meter.written += [write.collection for write in writes]
        return self._database.commit(writes)

    def find(self, query: Query) -> list[Stored]:
        """Return what a query finds."""
        found = self._database.find(query)
        self._read(max(1, len(found)))
        return found

    def count(self, query: Query) -> int:
        """Count documents."""
        number = self._database.count(query)
        self._aggregate(number)
        return number

    def total(self, query: Query, field: str) -> float:
        """Sum a field."""
        self._aggregate(self._database.count(query))
        return self._database.total(query, field)

    def _read(self, documents: int) -> None:
        self.meter.calls += 1
        self.meter.reads += documents
        self.meter.largest = max(self.meter.largest, documents)

    def _aggregate(self, entries: int) -> None:
        self.meter.calls += 1
        self.meter.counts += max(1, ceil(entries / _ENTRIES_A_READ))
