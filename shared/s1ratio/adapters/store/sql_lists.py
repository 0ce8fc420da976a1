"""What finds documents by a text that a list in them holds: SQLite has no index of such texts.

Where they are to be sorted, there is a table beside the collection with each text of the list,
which triggers keep: no document is looked into that does not fit. Else only those are looked into
whose list is not empty. Names are ours, never from outside.
"""
# ruff: noqa: S608 - see above

from s1ratio.adapters.store.database import Query
from s1ratio.adapters.store.schema import QUERIES

_COLUMNS = "(text TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (text, id)) WITHOUT ROWID"


def make_lists() -> list[str]:
    """Return the statements that make what the queries of lists need, as far as it is missing."""
    asked = {
        (query.collection, where.field, bool(query.order))
        for query in QUERIES
        for where in query.where
        if where.op == "array_contains_any"
    }
    return [
        statement
        for collection, field, is_sorted in sorted(asked)
        for statement in (_table if is_sorted else _index)(collection, field)
    ]


def holds_any(query: Query, field: str, marks: str) -> str:
    """Return the test whether a list in the document holds one of several texts."""
    table = query.collection
    if query.order:
        texts = f"{table}_{field}"
        return f"EXISTS (SELECT 1 FROM {texts} WHERE text IN ({marks}) AND {texts}.id = {table}.id)"
    each = f"json_each({table}.document, '$.{field}')"
    return f"{_length(field)} > 0 AND EXISTS (SELECT 1 FROM {each} WHERE value IN ({marks}))"


def _index(collection: str, field: str) -> list[str]:
    name = f"{collection}_by_some_{field}"
    return [f"CREATE INDEX IF NOT EXISTS {name} ON {collection} ({_length(field)})"]


def _length(field: str) -> str:
    return f"json_array_length(document, '$.{field}')"


def _table(collection: str, field: str) -> list[str]:
    """Return the statements that make the table of a field, fill it with what is, and keep it."""
    name = f"{collection}_{field}"
    texts = f"json_each({{}}.document, '$.{field}')"
    add = f"INSERT OR IGNORE INTO {name} SELECT value, {{}}.id FROM"
    fresh = f"{add.format('NEW')} {texts.format('NEW')}"
    gone = f"DELETE FROM {name} WHERE id = OLD.id"
    return [
        f"CREATE TABLE IF NOT EXISTS {name} {_COLUMNS}",
        f"CREATE INDEX IF NOT EXISTS {name}_by_id ON {name} (id)",
        _trigger(f"{name}_added", f"INSERT ON {collection}", fresh),
        _trigger(f"{name}_changed", f"UPDATE OF document ON {collection}", f"{gone}; {fresh}"),
        _trigger(f"{name}_gone", f"DELETE ON {collection}", gone),
        f"{add.format(collection)} {collection}, {texts.format(collection)}",
    ]


def _trigger(name: str, event: str, statements: str) -> str:
    return f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} BEGIN {statements}; END"
