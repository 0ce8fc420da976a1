"""Records as plain documents and back: what both databases hold of a record.

Times stay times (UTC, to the microsecond). Text that UTF-8 can't hold, such as half of a
surrogate pair in somebody's message, is stored with `?` in its place: no message may be one that
can't even be rejected.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from s1ratio.adapters.store.database import Document
from s1ratio.errors import StoreError

RecordT = TypeVar("RecordT")

MAX_BYTES = 1_000_000  # Firestore's 1 MiB, less room for its own counting


class Codec(Generic[RecordT]):
    """Turns records of one dataclass into documents and back.

    `as_text` names fields of free JSON data: they are kept as one text, since Firestore refuses
    lists in lists. A record's `version` is the database's and never part of its document.
    """

    def __init__(self, kind: type[RecordT], as_text: frozenset[str] = frozenset()) -> None:
        self._kind = kind
        self._adapter = TypeAdapter(kind)
        self._as_text = as_text
        names = {field.name for field in fields(kind)} if is_dataclass(kind) else set[str]()
        self._versioned = "version" in names

    def document(self, record: RecordT) -> Document:
        """Return a record's document; raise StoreError if it is too large to be stored.

        A naive time is a ValueError.
        """
        raw = self._adapter.dump_python(record, exclude={"version"})
        document = {
            name: _as_text(value) if name in self._as_text else _plain(value)
            for name, value in raw.items()
        }
        size = document_bytes(document)
        if size > MAX_BYTES:
            name = self._kind.__name__
            raise StoreError(f"this {name} takes {size} bytes; {MAX_BYTES} can be stored")
        return document

    def record(self, document: Mapping[str, Any], version: Any = None) -> RecordT:
        """Return the record of a document; fields that it does not know are passed over."""
        raw = {
            name: json.loads(value) if name in self._as_text else value
            for name, value in document.items()
        }
        record = self._adapter.validate_python(raw)
        changes = {
            field.name: _utc(value)
            for field in fields(record)  # type: ignore[arg-type]
            if isinstance(value := getattr(record, field.name), datetime)
        }
        if self._versioned:
            changes["version"] = version
        return replace(record, **changes)  # type: ignore[type-var]


def dumped(document: Document) -> str:
    """Return a document as JSON; its times have fixed width, so that they sort as text."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=time_text)


def document_bytes(document: Document) -> int:
    """Return about how many bytes a document takes."""
    return len(dumped(document).encode())


def time_text(value: datetime) -> str:
    """Return a UTC time as text that sorts as times do."""
    return value.isoformat(timespec="microseconds")


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return str(value).encode("utf-8", "replace").decode()  # also an enum's value
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, Mapping):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _as_text(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def _utc(value: datetime) -> datetime:
    """Return a time as a plain datetime in UTC, whatever class and zone it came in."""
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    there = value.astimezone(UTC)
    return datetime.combine(there.date(), there.time(), UTC)
