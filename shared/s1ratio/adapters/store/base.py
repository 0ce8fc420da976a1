"""What the parts of the document store have in common: reading with care, writing together."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any, TypeVar

from pydantic import ValidationError

from s1ratio.adapters.store.codec import Codec
from s1ratio.adapters.store.database import Create, Database, Put, Query, Replace, Stored, Write
from s1ratio.adapters.store.document_size import document_bytes
from s1ratio.adapters.store.leftovers import Beside, find_missing, tell_beside
from s1ratio.adapters.store.queries import EVENTS
from s1ratio.errors import AlreadyExists, Conflict, StoreError
from s1ratio.logevents import TROUBLE, UNEXPECTED, tell
from s1ratio.records import Event

_LOG = logging.getLogger(__name__)
RecordT = TypeVar("RecordT")
WriteT = TypeVar("WriteT", Create, Put)

EVENT = Codec(Event, as_text=frozenset({"data", "attributes"}))

_MAX_WRITES = 500
_MAX_COMMIT_BYTES = 2 * 1024 * 1024
_MAX_CREATE_ROUNDS = 5


class Documents:
    """A database, and the ways in which records are kept in it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def _readable(
        self,
        codec: Codec[RecordT],
        query: Query,
        version_of: Callable[[Stored], Any] = attrgetter("version"),
    ) -> list[RecordT]:
        """Return what a query finds, without what can't be read: one must not block all others.

        Others come in its place: fewer records than the query's limit are all that there are.
        """
        asked = query
        while True:
            found = self._database.find(asked)
            read = [
                self._read(codec, query.collection, replace(item, version=version_of(item)))
                for item in found
            ]
            records = [record for record in read if record is not None]
            if query.limit is None or asked.limit is None or len(found) < asked.limit:
                return records
            if len(records) >= query.limit:
                return records[: query.limit]
            asked = replace(query, limit=asked.limit + query.limit - len(records))

    def _read(self, codec: Codec[RecordT], collection: str, item: Stored) -> RecordT | None:
        """Return the record of a document; None, and an error in the log, if it can't be read."""
        try:
            return codec.record(item.document, item.version)
        except ValueError as error:
            tell(_LOG, UNEXPECTED, error, what=f"reading a document of {collection}")
            return None

    def _commit(
        self, write: Write, events: Sequence[Event], *more: Write, parts: Sequence[Create] = ()
    ) -> Any:
        """Write a record, its events, parts and more in one commit; return the record's version.

        Events and parts that are there already hold it up only if the record has changed, too:
        that is a race lost. See `leftovers`.
        """
        news = Beside(tuple(Create(EVENTS, event.id, EVENT.document(event)) for event in events))
        told: tuple[str, ...] = ()
        for _ in range(_MAX_CREATE_ROUNDS):
            try:
                version = self._database.commit([write, *news.creates, *parts, *more])[0]
            except AlreadyExists:
                left, left_parts = self._find(news.creates), self._find(parts)
                if not (left or left_parts):
                    raise
                news, parts = tell_beside(news.creates, left), find_missing(parts, left_parts)
                told += news.told
            else:
                for words in told:
                    tell(_LOG, TROUBLE, what=words)
                return version
        raise Conflict(f"{write.collection}/{write.id}: what goes with it is there already")

    def _find(self, creates: Sequence[Create]) -> dict[str, Stored]:
        """Return which documents of one collection that are to be created are there already."""
        names = [create.id for create in creates]
        return self._database.get(creates[0].collection, names) if creates else {}

    def _create_missing(self, creates: Sequence[Create]) -> None:
        """Create documents of one collection, passing over those that exist.

        Two launches of one request may be at it at once: each round leaves fewer to create.
        """
        for _ in range(_MAX_CREATE_ROUNDS):
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


def compare_and_set(
    codec: Codec[RecordT], collection: str, name: str, record: RecordT, expected: Any
) -> Create | Replace:
    """Return the write of a record in the place of version `expected`, None being nothing."""
    document = codec.document(record)
    if expected is None:
        return Create(collection, name, document)
    return Replace(collection, name, document, expected)


def record_in(
    codec: Codec[RecordT], collection: str, name: str, found: Mapping[str, Stored]
) -> RecordT | None:
    """Return the record of the document of this name, or None without one.

    Raise StoreError for a document that is none of ours.
    """
    stored = found.get(name)
    return record_of(codec, f"{collection}/{name}", stored) if stored else None


def record_of(codec: Codec[RecordT], name: str, stored: Stored) -> RecordT:
    """Return the record of a document; raise StoreError, by its name, if it is none."""
    try:
        return codec.record(stored.document, stored.version)
    except ValueError as error:
        words = f"{name} in the store is no document of this version, or is damaged: {_why(error)}"
        raise StoreError(f"{words}: put it right, or delete it") from error


def _why(error: ValueError) -> str:
    """Return what is wrong with a document in one line, the first of it where it is several."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_context=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def chunks(writes: Iterable[WriteT]) -> Iterator[list[WriteT]]:
    """Yield what fits into one commit, by count and by bytes."""
    chunk: list[WriteT] = []
    total = 0
    for write in writes:
        size = document_bytes(write.document)
        if chunk and (len(chunk) == _MAX_WRITES or total + size > _MAX_COMMIT_BYTES):
            yield chunk
            chunk, total = [], 0
        chunk.append(write)
        total += size
    if chunk:
        yield chunk
