"""The store over any document database: what is kept where, and which writes belong together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from typing_extensions import override

from s1ratio.adapters import queries
from s1ratio.adapters.database import (
    AlreadyExists,
    Create,
    Database,
    Put,
    Query,
    Replace,
    Stored,
    Write,
)
from s1ratio.adapters.documents import Codec, document_bytes
from s1ratio.adapters.queries import EVENTS, REJECTIONS, REQUESTS, TASKS, WATERMARKS
from s1ratio.errors import Conflict
from s1ratio.ports import Store
from s1ratio.records import Event, Rejection, RequestRecord
from s1ratio.task import Task


@dataclass(frozen=True)
class _Watermark:
    at: datetime


_REQUEST = Codec(RequestRecord)
_TASK = Codec(Task)
_EVENT = Codec(Event, as_text=frozenset({"data"}))
_REJECTION = Codec(Rejection)
_WATERMARK = Codec(_Watermark)

_MAX_WRITES = 500
_MAX_COMMIT_BYTES = 2 * 1024 * 1024
_CREATE_ROUNDS = 5


class DocumentStore(Store):
    """A Store; see there for what each call takes, gives and raises."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    def close(self) -> None:
        self._database.close()

    @override
    def create_request(self, record: RequestRecord) -> RequestRecord:
        document = _REQUEST.document(record)
        try:
            version = self._database.commit([Create(REQUESTS, record.id, document)])[0]
        except AlreadyExists:
            known = self.request(record.id)
            if known is None:  # deleted in between
                raise
            return known
        return _REQUEST.record(document, version)

    @override
    def request(self, request_id: str) -> RequestRecord | None:
        found = self._database.get(REQUESTS, [request_id]).get(request_id)
        return _request(found) if found else None

    @override
    def update_request(
        self, record: RequestRecord, expected: Any, events: Sequence[Event] = ()
    ) -> RequestRecord:
        document = _REQUEST.document(record)
        version = self._replace(Replace(REQUESTS, record.id, document, expected), events)
        return _REQUEST.record(document, version)

    @override
    def expandable(self, now: datetime, limit: int) -> Sequence[RequestRecord]:
        return [_request(found) for found in self._find(queries.expandable(now, limit))]

    @override
    def open_requests(self, limit: int, since: datetime | None = None) -> Sequence[RequestRecord]:
        return [_request(found) for found in self._find(queries.open_requests(limit, since))]

    @override
    def create_tasks(self, tasks: Sequence[Task]) -> None:
        creates = [Create(TASKS, task.id, _TASK.document(task)) for task in tasks]
        for chunk in _chunks(creates):
            self._create_missing(chunk)

    @override
    def task(self, task_id: str) -> Task | None:
        return self.tasks([task_id]).get(task_id)

    @override
    def tasks(self, task_ids: Iterable[str]) -> dict[str, Task]:
        return {name: _task(found) for name, found in self._database.get(TASKS, task_ids).items()}

    @override
    def tasks_of(self, request_id: str) -> Sequence[Task]:
        tasks = map(_task, self._find(queries.tasks_of(request_id)))
        return sorted(tasks, key=lambda task: task.id)

    @override
    def transition(self, task: Task, to: Task, expected: Any, events: Sequence[Event] = ()) -> Task:
        if task.id != to.id:
            raise ValueError(f"task {task.id} can't become {to.id}")
        document = _TASK.document(to)
        version = self._replace(Replace(TASKS, to.id, document, expected), events)
        return _TASK.record(document, version)

    @override
    def startable(self, now: datetime, limit: int) -> Sequence[Task]:
        return [_task(found) for found in self._find(queries.startable(now, limit))]

    @override
    def stale_starts(self, now: datetime, limit: int) -> Sequence[Task]:
        return [_task(found) for found in self._find(queries.stale_starts(now, limit))]

    @override
    def to_verify(self, now: datetime, limit: int) -> Sequence[Task]:
        return [_task(found) for found in self._find(queries.to_verify(now, limit))]

    @override
    def count_active(self) -> int:
        return self._database.count(queries.active())

    @override
    def oldest_start(self) -> datetime | None:
        return next(
            (_task(found).starting_at for found in self._find(queries.oldest_start())), None
        )

    @override
    def reject(self, rejection: Rejection) -> None:
        create = Create(REJECTIONS, rejection.id, _REJECTION.document(rejection))
        self._create_missing([create])

    @override
    def rejections(self, limit: int) -> Sequence[Rejection]:
        found = self._find(queries.rejections(limit))
        return [_REJECTION.record(stored.document) for stored in found]

    @override
    def watermark(self, name: str) -> datetime | None:
        found = self._database.get(WATERMARKS, [name]).get(name)
        return _WATERMARK.record(found.document).at if found else None

    @override
    def set_watermark(self, name: str, at: datetime) -> None:
        self._database.commit([Put(WATERMARKS, name, _WATERMARK.document(_Watermark(at)))])

    @override
    def events_of(self, request_id: str) -> Sequence[Event]:
        found = self._find(queries.events_of(request_id))
        return [_EVENT.record(stored.document) for stored in found]

    def _find(self, query: Query) -> list[Stored]:
        return self._database.find(query)

    def _replace(self, write: Replace, events: Sequence[Event]) -> Any:
        """Commit a record and its events together; return the record's version."""
        news: list[Write] = [Create(EVENTS, event.id, _EVENT.document(event)) for event in events]
        return self._database.commit([write, *news])[0]

    def _create_missing(self, creates: Sequence[Create]) -> None:
        """Create documents of one collection, passing over those that exist.

        Two launches of one request may be at it at once: each round leaves fewer to create.
        """
        for _ in range(_CREATE_ROUNDS):
            try:
                self._database.commit(creates)
            except Conflict:
                known = self._database.get(creates[0].collection, [c.id for c in creates])
                creates = [create for create in creates if create.id not in known]
            else:
                return
            if not creates:
                return
        raise Conflict(f"{len(creates)} documents could not be created: others write them, too")


def _request(stored: Stored) -> RequestRecord:
    return _REQUEST.record(stored.document, stored.version)


def _task(stored: Stored) -> Task:
    return _TASK.record(stored.document, stored.version)


def _chunks(creates: Sequence[Create]) -> Iterator[list[Create]]:
    """Yield what fits into one commit, by count and by bytes."""
    chunk: list[Create] = []
    total = 0
    for create in creates:
        size = document_bytes(create.document)
        if chunk and (len(chunk) == _MAX_WRITES or total + size > _MAX_COMMIT_BYTES):
            yield chunk
            chunk, total = [], 0
        chunk.append(create)
        total += size
    if chunk:
        yield chunk
