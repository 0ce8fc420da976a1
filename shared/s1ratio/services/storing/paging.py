"""Pages: all that a query finds, in the order of a time, a page at a time and each once."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

_PAGE = 100


class _Record(Protocol):
    @property
    def id(self) -> str:
        """The document's id."""


class _Created(Protocol):
    @property
    def created_at(self) -> datetime:
        """When it was created (UTC)."""


R = TypeVar("R", bound=_Record)


def fetch_pages(
    fetch: Callable[[int, datetime | None], Sequence[R]],
    when: Callable[[R], datetime],
    since: datetime | None = None,
    size: int = _PAGE,
) -> Iterator[list[R]]:
    """Yield what `fetch(limit, since)` returns, which is sorted by `when`, without repetition.

    Records may leave the query as they are drawn. Many may be of the same time, such as the tasks
    of one request: where a page does not get beyond it, the next is twice as large.
    """
    limit, seen = size, set[str]()
    while True:
        found = fetch(limit, since)
        fresh = [record for record in found if record.id not in seen]
        if fresh:
            yield fresh
        if len(found) < limit:
            return
        last = when(found[-1])
        limit = 2 * limit if last == since else size
        since, seen = last, {record.id for record in found if when(record) == last}


def created_at(record: _Created) -> datetime:
    """Return when a record was made: the order of most queries."""
    return record.created_at
