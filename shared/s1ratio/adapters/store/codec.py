"""Records as plain documents and back: what both databases hold of a record.

A document is flat where its record is grouped: a record's groups are for those who read the code,
and what is stored, asked for and indexed goes by the fields' own names.

Times stay times (UTC, to the microsecond). Text that UTF-8 can't hold, such as half of a
surrogate pair in somebody's message, is stored with `?` in its place: no message may be one that
can't even be rejected.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from pydantic import TypeAdapter

from s1ratio.adapters.store.database import Document
from s1ratio.adapters.store.document_size import MAX_BYTES, document_bytes
from s1ratio.errors import RecordRefused

RecordT = TypeVar("RecordT")
_AS_THEY_ARE = frozenset({type(None), bool, int, float})


class Codec(Generic[RecordT]):
    """Turns records of one dataclass into documents and back.

    `as_text` names fields of free JSON data: they are kept as one text, since Firestore refuses
    lists in lists. `groups` names fields that are dataclasses whose own fields lie in the document
    side by side, without the group's name. A record's `version` is the database's and never part
    of its document.
    """

    def __init__(
        self,
        kind: type[RecordT],
        as_text: frozenset[str] = frozenset(),
        groups: frozenset[str] = frozenset(),
    ) -> None:
        self._kind = kind
        hints = get_type_hints(kind)
        self._groups = {group: [item.name for item in fields(hints[group])] for group in groups}
        self._times = _times_of(kind)
        self._times_in_groups = {group: _times_of(hints[group]) for group in groups}
        self._adapter = TypeAdapter(kind)
        self._as_text = as_text
        names = {field.name for field in fields(kind)} if is_dataclass(kind) else set[str]()
        self._versioned = "version" in names

    def document(self, record: RecordT) -> Document:
        """Return a record's document; raise RecordRefused if it is too large to be stored.

        A naive time is a ValueError.
        """
        raw = self._adapter.dump_python(record, exclude={"version"})
        document = {
            name: _as_text(value) if name in self._as_text else _plain(value)
            for name, value in (self._flat(raw) if self._groups else raw).items()
        }
        size = document_bytes(document)
        if size > MAX_BYTES:
            name = self._kind.__name__
            raise RecordRefused(f"this {name} takes {size} bytes; {MAX_BYTES} can be stored")
        return document

    def record(self, document: Mapping[str, Any], version: Any = None) -> RecordT:
        """Return the record of a document; fields that it does not know are passed over.

        Raise ValueError for a document that is none of this kind.
        """
        raw = {
            name: _of_text(value) if name in self._as_text else value
            for name, value in document.items()
        }
        record = self._adapter.validate_python(self._grouped(raw))
        # It was made here, and nobody has seen it yet: a copy for each change would cost the most.
        _put_in_utc(record, self._times)
        for group, times in self._times_in_groups.items():
            _put_in_utc(getattr(record, group), times)
        if self._versioned:
            object.__setattr__(record, "version", version)
        return record

    def _flat(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return a record's fields with those of its groups among them."""
        flat: dict[str, Any] = {}
        for name, value in raw.items():
            flat |= value if name in self._groups else {name: value}
        return flat

    def _grouped(self, flat: Mapping[str, Any]) -> dict[str, Any]:
        """Return a record's fields, those of a group together; what is missing has its default."""
        raw = dict(flat)
        for group, names in self._groups.items():
            raw[group] = {name: flat[name] for name in names if name in flat}
        return raw


def dumped(document: Document) -> str:
    """Return a document as JSON; its times have fixed width, so that they sort as text."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=time_text)


def time_text(value: datetime) -> str:
    """Return a UTC time as text that sorts as times do."""
    return value.isoformat(timespec="microseconds")


def _times_of(kind: type) -> list[str]:
    """Return the names of a dataclass's fields that are times, or None."""
    hints = get_type_hints(kind)
    return [name for name, hint in hints.items() if datetime in (hint, *get_args(hint))]


def _put_in_utc(record: Any, times: Iterable[str]) -> None:
    """Put those fields of a dataclass that are times in UTC, where they lie."""
    for name in times:
        value = getattr(record, name)
        if value is not None:
            object.__setattr__(record, name, _utc(value))


def _plain(value: Any) -> Any:
    """Return a value as stores take it. What is frequent, or quickly told, is asked first."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, str):
        return _plain_text(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict | Mapping):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return _utc(value)
    return value.isoformat() if isinstance(value, date) else value


def _plain_text(value: str) -> str:
    text = str(value)  # also an enum's value
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _as_text(value: Any) -> str:
    plain = _plain(value)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), default=time_text)


def _of_text(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError(f"{str(value)[:40]!r} is no text")  # noqa: TRY004 - a document's fault
    return json.loads(value)


def _utc(value: datetime) -> datetime:
    """Return a time as a plain datetime in UTC, whatever class and zone it came in."""
    if value.tzinfo is UTC and type(value) is datetime:
        return value
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    there = value.astimezone(UTC)
    return datetime.combine(there.date(), there.time(), UTC)
