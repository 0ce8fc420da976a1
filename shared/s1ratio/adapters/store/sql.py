"""The statements that the store's SQLite file is made, written and asked with: text, no call.

A collection is a table of JSON documents; what the queries look at is indexed by expression, so
no column can disagree with its document. Table and field names come from `queries`, never from
outside; values are always bound.
"""
# ruff: noqa: S608 - see above: nothing from outside is ever part of a statement

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from s1ratio.adapters.store.codec import time_text
from s1ratio.adapters.store.database import Order, Query, Where
from s1ratio.adapters.store.indexes import Index, indexes
from s1ratio.adapters.store.schema import COLLECTIONS

COLUMNS = {"sequence", "id", "version", "document"}
_COLUMNS = """
    sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL, document TEXT NOT NULL
"""
_OPERATORS = {"==": "IS", "<=": "<=", ">=": ">=", ">": ">"}


def schema() -> list[str]:
    """Return the statements that make whatever tables and indexes are missing."""
    tables = [f"CREATE TABLE IF NOT EXISTS {table} ({_COLUMNS})" for table in COLLECTIONS]
    return tables + [_index(index) for index in indexes()]


def create(table: str) -> str:
    """Return the insertion of (id, document) at version 1."""
    return f"INSERT INTO {table} (id, document, version) VALUES (?, ?, 1)"


def put(table: str) -> str:
    """Return the insertion or replacement of (id, document); it yields the version."""
    changes = "document = excluded.document, version = version + 1"
    return f"{create(table)} ON CONFLICT (id) DO UPDATE SET {changes} RETURNING version"


def replace(table: str) -> str:
    """Return the compare-and-set of (document, id, expected version)."""
    changes = "document = ?, version = version + 1"
    return f"UPDATE {table} SET {changes} WHERE id = ? AND version = ?"


def get(table: str, count: int) -> str:
    """Return the selection of (id, document, version, sequence) by that many ids."""
    return f"SELECT id, document, version, sequence FROM {table} WHERE id IN ({_marks(count)})"


def find(query: Query) -> tuple[str, list[Any]]:
    """Return the selection of what a query asks for, three columns, and its values."""
    conditions, values = _conditions(query)
    order = _terms(query.order) if query.order else "sequence"
    limit = -1 if query.limit is None else query.limit
    text = f"SELECT document, version, sequence FROM {query.collection} {conditions}"
    return f"{text} ORDER BY {order} LIMIT ?", [*values, limit]


def count(query: Query) -> tuple[str, list[Any]]:
    """Return the count of what meets a query's conditions, and its values."""
    conditions, values = _conditions(query)
    return f"SELECT count(*) FROM {query.collection} {conditions}", values


def total(query: Query, field: str) -> tuple[str, list[Any]]:
    """Return the sum of a field over what meets a query's conditions, and its values."""
    conditions, values = _conditions(query)
    text = f"SELECT coalesce(sum({_expression(field)}), 0) FROM {query.collection} {conditions}"
    return text, values


def _index(index: Index) -> str:
    words = [order.field.replace(".", "_") for order in index.fields]
    name = "_".join([index.collection, "by", *words])
    return f"CREATE INDEX IF NOT EXISTS {name} ON {index.collection} ({_terms(index.fields)})"


def _conditions(query: Query) -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    for condition in query.where:
        several = condition.op == "in"
        wanted = list(condition.value) if several else [condition.value]
        test = f"IN ({_marks(len(wanted))})" if several else f"{_OPERATORS[condition.op]} ?"
        # A plus keeps SQLite from another query's index, which would leave this one to be sorted.
        later = _is_range(condition) and condition.field != query.order[0].field
        parts.append(f"{'+' if later else ''}{_expression(condition.field)} {test}")
        values += [time_text(v) if isinstance(v, datetime) else v for v in wanted]
    return (f"WHERE {' AND '.join(parts)}" if parts else ""), values


def _is_range(condition: Where) -> bool:
    return condition.op not in ("==", "in")


def _marks(count: int) -> str:
    return ",".join("?" * count)


def _expression(field: str) -> str:
    return f"json_extract(document, '$.{field}')"


def _terms(fields: Sequence[Order]) -> str:
    """Return what to sort or index by; the id goes last, in the last field's direction."""
    terms = [(_expression(field.field), field.descending) for field in fields]
    every = [*terms, ("id", fields[-1].descending)]
    return ", ".join(f"{name} {'DESC' if descending else 'ASC'}" for name, descending in every)
