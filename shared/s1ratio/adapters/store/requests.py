"""Requests as documents."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from typing_extensions import override

from s1ratio.adapters.store import queries
from s1ratio.adapters.store.base import EVENT, Documents, record_in
from s1ratio.adapters.store.codec import Codec
from s1ratio.adapters.store.database import Create, Replace
from s1ratio.adapters.store.document_size import MAX_BYTES, document_bytes
from s1ratio.adapters.store.queries import EVENTS, REQUESTS
from s1ratio.adapters.store.tasks import task_creation
from s1ratio.errors import AlreadyExists
from s1ratio.growth import PINS, fully_grown
from s1ratio.ports import RequestStore
from s1ratio.records import Event, RequestRecord, RequestState
from s1ratio.task import Task

_REQUEST = Codec(RequestRecord)


@cache
def _most_growth(pins: bool) -> int:
    """Return bytes that no record, of these pins, grows by more: one of which all was added.

    To let each one grow, in order to see, is a tenth of what a launch costs.
    """
    day = queries.EPOCH
    message = PINS if pins else ""
    least = RequestRecord("r" * 40, "", message, RequestState.EXPANDING, day, day)
    return document_bytes(_REQUEST.document(fully_grown(least)))


class RequestDocuments(Documents, RequestStore):
    """The part of a Store that keeps requests; see there."""

    @override
    def create_request(self, record: RequestRecord) -> RequestRecord:
        try:
            version = self._database.commit([self._creation(record)])[0]
        except AlreadyExists:
            known = self.get_request(record.id)
            if known is None:  # deleted in between
                raise
            return known
        return replace(record, version=version)

    @override
    def create_accepted(
        self, record: RequestRecord, tasks: Sequence[Task], events: Sequence[Event] = ()
    ) -> tuple[RequestRecord, Sequence[Task]]:
        told = [Create(EVENTS, event.id, EVENT.document(event)) for event in events]
        writes = [self._creation(record), *map(task_creation, tasks), *told]
        version, *others = self._database.commit(writes)
        stored = [replace(task, version=own) for task, own in zip(tasks, others, strict=False)]
        return replace(record, version=version), stored

    def _creation(self, record: RequestRecord) -> Create:
        """Return the write of a new request; raise RecordRefused without room for its growth."""
        document = _REQUEST.document(record)
        if document_bytes(document) + _most_growth(PINS in record.message) > MAX_BYTES:
            _REQUEST.document(fully_grown(record))  # raises without room for what will be added
        return Create(REQUESTS, record.id, document)

    @override
    def get_request(self, request_id: str) -> RequestRecord | None:
        found = self._database.get(REQUESTS, [request_id])
        return record_in(_REQUEST, REQUESTS, request_id, found)

    @override
    def get_requests(self, request_ids: Iterable[str]) -> dict[str, RequestRecord]:
        found = self._database.get(REQUESTS, request_ids)
        read = {name: self._read(_REQUEST, REQUESTS, item) for name, item in found.items()}
        return {name: record for name, record in read.items() if record is not None}

    @override
    def update_request(
        self, record: RequestRecord, expected: Any, events: Sequence[Event] = ()
    ) -> RequestRecord:
        document = _REQUEST.document(record)
        version = self._commit(Replace(REQUESTS, record.id, document, expected), events)
        return replace(record, version=version)

    @override
    def find_expandable(self, now: datetime, limit: int) -> Sequence[RequestRecord]:
        return self._readable(_REQUEST, queries.expandable(now, limit))

    @override
    def find_open_requests(
        self, limit: int, since: datetime | None = None
    ) -> Sequence[RequestRecord]:
        return self._readable(_REQUEST, queries.open_requests(limit, since))

    @override
    def find_failed_requests(
        self, error_class: str, limit: int, since: datetime | None = None
    ) -> Sequence[RequestRecord]:
        return self._readable(_REQUEST, queries.failed_requests(error_class, limit, since))

    @override
    def find_cancelling_requests(self, limit: int) -> Sequence[RequestRecord]:
        return self._readable(_REQUEST, queries.cancelling_requests(limit))
