"""The store over any document database: what is kept where, and which writes belong together."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from typing_extensions import override

from s1ratio.adapters.store import queries
from s1ratio.adapters.store.alerts import AlertDocuments
from s1ratio.adapters.store.base import compare_and_set, record_in
from s1ratio.adapters.store.codec import Codec
from s1ratio.adapters.store.commands import CommandDocuments
from s1ratio.adapters.store.database import Create, Put
from s1ratio.adapters.store.events import EventDocuments
from s1ratio.adapters.store.identity import IdentityDocument
from s1ratio.adapters.store.queries import LEASES, REJECTIONS, TIME_MARKS
from s1ratio.adapters.store.reading import PagedDocuments
from s1ratio.adapters.store.regions import RegionDocuments
from s1ratio.adapters.store.requests import RequestDocuments
from s1ratio.adapters.store.tasks import TaskDocuments
from s1ratio.adapters.store.watches import WatchDocuments
from s1ratio.errors import AlreadyExists, Conflict
from s1ratio.ports import Store
from s1ratio.records import Event, Rejection
from s1ratio.time_marks import TimeMark

# A lease that ends so much later than one that is taken now was taken by a clock that is ahead, or
# was before it was put right: nobody waits for it.
_LONGEST_MORE = timedelta(minutes=15)


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


class DocumentStore(
    RequestDocuments,
    TaskDocuments,
    RegionDocuments,
    AlertDocuments,
    WatchDocuments,
    PagedDocuments,
    CommandDocuments,
    EventDocuments,
    IdentityDocument,
    Store,
):
    """A Store; see there for what each call takes, gives and raises."""

    @override
    def close(self) -> None:
        self._database.close()

    @override
    def reject(self, rejection: Rejection, events: Sequence[Event] = ()) -> bool:
        create = Create(REJECTIONS, rejection.id, _REJECTION.document(rejection))
        try:
            self._commit(create, events)
        except AlreadyExists:
            return False
        return True

    @override
    def find_rejections(self, limit: int, since: datetime | None = None) -> Sequence[Rejection]:
        return self._readable(_REJECTION, queries.rejections(limit, since))

    @override
    def get_rejection(self, rejection_id: str) -> Rejection | None:
        found = self._database.get(REJECTIONS, [rejection_id])
        return record_in(_REJECTION, REJECTIONS, rejection_id, found)

    @override
    def get_time_mark(self, mark: TimeMark) -> datetime | None:
        return self.get_time_marks([mark]).get(mark)

    @override
    def get_time_marks(self, marks: Iterable[TimeMark]) -> dict[TimeMark, datetime]:
        names = {mark.value: mark for mark in marks}
        found = self._database.get(TIME_MARKS, names)
        known = {name: record_in(_TIME_MARK, TIME_MARKS, name, found) for name in found}
        return {names[name]: each.at for name, each in known.items() if each is not None}

    @override
    def set_time_mark(self, mark: TimeMark, at: datetime) -> None:
        self._database.commit([Put(TIME_MARKS, mark.value, _TIME_MARK.document(_TimeMark(at)))])

    @override
    def take_lease(self, name: str, owner: str, now: datetime, until: datetime) -> bool:
        held = self._lease(name)
        if held is not None and held.owner != owner and now < held.until <= until + _LONGEST_MORE:
            return False
        version = held.version if held else None
        try:
            self._database.commit(
                [compare_and_set(_LEASE, LEASES, name, _Lease(owner, until), version)]
            )
        except Conflict:
            return False
        return True

    @override
    def give_back(self, name: str, owner: str) -> None:
        held = self._lease(name)
        if held is None or held.owner != owner:
            return
        with suppress(Conflict):  # taken over: it was over already
            over = _Lease(owner, queries.EPOCH)  # whatever any process's clock says
            self._database.commit([compare_and_set(_LEASE, LEASES, name, over, held.version)])

    def _lease(self, name: str) -> _Lease | None:
        return record_in(_LEASE, LEASES, name, self._database.get(LEASES, [name]))
