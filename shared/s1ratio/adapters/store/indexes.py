"""The indexes that the store's queries need.

SQLite makes them when it opens a file; of a list it has a table beside instead, see `sql_lists`.
Firestore's composite ones are `composite_indexes()`, for whoever deploys.
"""

from dataclasses import dataclass

from s1ratio.adapters.store.database import Order, Query
from s1ratio.adapters.store.schema import QUERIES


@dataclass(frozen=True)
class Index:
    """An index of a collection over fields in this order; first each text of the list `texts`."""

    collection: str
    fields: tuple[Order, ...]
    texts: str | None = None


def index_of(query: Query) -> Index:
    """Return the index that serves a query: its equalities, then its order."""
    equal = [Order(where.field) for where in query.where if where.op in ("==", "in")]
    texts = next((where.field for where in query.where if where.op == "array_contains_any"), None)
    return Index(query.collection, (*equal, *query.order), texts)


def indexes() -> tuple[Index, ...]:
    """Return the indexes that the queries need, each once.

    What a list holds is found by itself, unless it is to be sorted: see `sql_lists` of SQLite.
    """
    return tuple(index for index in dict.fromkeys(map(index_of, QUERIES)) if index.fields)


def composite_indexes() -> tuple[Index, ...]:
    """Return the indexes that Firestore must be given: it makes those of one field itself."""
    return tuple(index for index in indexes() if len(index.fields) > 1 or index.texts)
