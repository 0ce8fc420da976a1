"""What a document database must do for the store, and the words it is asked in.

Four calls, met by Firestore and by SQLite. A document is plain data: str keys, and values of
None, bool, int, float, str, aware datetimes at its top level, lists, dicts. No list holds a list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Document = dict[str, Any]


@dataclass(frozen=True)
class Create:
    """Write a document whose id must be new."""

    collection: str
    id: str
    document: Document


@dataclass(frozen=True)
class Replace:
    """Write a document in the place of the version `expected`."""

    collection: str
    id: str
    document: Document
    expected: Any


@dataclass(frozen=True)
class Put:
    """Write a document, whether or not there was one."""

    collection: str
    id: str
    document: Document


Write = Create | Replace | Put


@dataclass(frozen=True)
class Stored:
    """A document as read, with the version to give back as `Replace.expected`.

    `place` sorts as documents were created, within one database.
    """

    document: Document
    version: Any
    place: Any = None


@dataclass(frozen=True)
class Where:
    """A condition on a field, named by its dotted path; null meets no `<=`, `>=` or `>`.

    `array_contains_any`: a list of texts that holds one of the value's, 30 at most.
    """

    field: str
    op: Literal["==", "in", "<=", ">=", ">", "array_contains_any"]
    value: Any


@dataclass(frozen=True)
class Order:
    """A field to sort by."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class Query:
    """Documents that meet every condition, sorted.

    A field compared by `<=` or `>` is one of the fields to sort by. Ties go by id, in the
    direction of the last field; with no order at all the documents come as they were committed.
    With `after` they begin after a place in the order, which is of one field: its value there, and
    the id. With `fields` a document holds those alone: what may be null there, or missing, is
    missing.
    """

    collection: str
    where: tuple[Where, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int | None = None
    after: tuple[Any, str] | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Home:
    """Where a database lies, as far as it can tell.

    A copy lies at another `place`, or, on another machine at a place of the same name, has none
    of the `marks`.
    """

    place: str
    marks: tuple[str, ...]


class Database(Protocol):
    """Documents in collections; each call has a deadline and raises StoreUnavailable past it."""

    @property
    def home(self) -> Home:
        """Where it lies."""

    def close(self) -> None:
        """Let go of connections and files; calls after it fail."""

    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Stored]:
        """Return those documents of these ids that exist, by id."""

    def commit(self, writes: Sequence[Write]) -> list[Any]:
        """Write all or nothing; return the new versions, in the order of the writes.

        Raise AlreadyExists if an id to create is taken, Conflict if an expected version is gone.
        """

    def find(self, query: Query) -> list[Stored]:
        """Return the documents that a query asks for."""

    def count(self, query: Query) -> int:
        """Return how many documents meet the conditions of a query."""

    def total(self, query: Query, field: str) -> float:
        """Return the sum of a field over what meets the conditions of a query; null adds 0."""
