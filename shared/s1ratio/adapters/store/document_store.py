"""The store over any document database: what is kept where, and which writes belong together."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from s1ratio.adapters.store import queries
from s1ratio.adapters.store.base import EVENT, compare_and_set, record_in
from s1ratio.adapters.store.codec import Codec
from s1ratio.adapters.store.database import Create, Put
from s1ratio.adapters.store.queries import LEASES, REJECTIONS, TIME_MARKS
from s1ratio.adapters.store.requests import RequestDocuments
from s1ratio.adapters.store.tasks import TaskDocuments
from s1ratio.errors import Conflict
from s1ratio.ports import Store
from s1ratio.records import Event, Rejection, TimeMark


@dataclass(frozen=True)
class _TimeMark:
    at: datetime


@dataclass(frozen=True)
class _Lease:
    owner: str
    until: datetime
    version: Any = field(default=None, compare=False)


_REJECTION = Codec(Rejection)
_TIME_MARK = Codec(_TimeMark)
_LEASE = Codec(_Lease)


class DocumentStore(RequestDocuments, TaskDocuments, Store):
    """A Store; see there for what each call takes, gives and raises."""

    def close(self) -> None:
        """Let go of connections and files."""
        self._database.close()

    def reject(self, rejection: Rejection) -> None:
        """Store a rejection; the same one again changes nothing."""
        create = Create(REJECTIONS, rejection.id, _REJECTION.document(rejection))
        self._create_missing([create])

    def rejections(self, limit: int) -> Sequence[Rejection]:
        """Return rejections, newest first."""
        return self._readable(_REJECTION, queries.rejections(limit))

    def time_mark(self, mark: TimeMark) -> datetime | None:
        """Return the point in time that a mark stands at, or None if it was never set."""
        found = record_in(_TIME_MARK, self._database.get(TIME_MARKS, [mark]).get(mark))
        return found.at if found else None

    def set_time_mark(self, mark: TimeMark, at: datetime) -> None:
        """Set a mark to a point in time, be it past or to come."""
        self._database.commit([Put(TIME_MARKS, mark.value, _TIME_MARK.document(_TimeMark(at)))])

    def take_lease(self, name: str, owner: str, now: datetime, until: datetime) -> bool:
        """Take a lease that nobody holds, or hold it longer; tell whether it is `owner`'s now."""
        held = self._lease(name)
        if held is not None and held.owner != owner and held.until > now:
            return False
        version = held.version if held else None
        try:
            self._database.commit(
                [compare_and_set(_LEASE, LEASES, name, _Lease(owner, until), version)]
            )
        except Conflict:
            return False
        return True

    def give_back(self, name: str, owner: str) -> None:
        """End a lease, if it is `owner`'s."""
        held = self._lease(name)
        if held is None or held.owner != owner:
            return
        with suppress(Conflict):  # taken over: it was over already
            over = _Lease(owner, queries.EPOCH)  # whatever any process's clock says
            self._database.commit([compare_and_set(_LEASE, LEASES, name, over, held.version)])

    def events_of(self, request_id: str) -> Sequence[Event]:
        """Return the events of a request, in the order they were committed."""
        return self._readable(EVENT, queries.events_of(request_id))

    def _lease(self, name: str) -> _Lease | None:
        return record_in(_LEASE, self._database.get(LEASES, [name]).get(name))
