"""The statements that the store's SQLite file is made, written and asked with: text, no call.

A collection is a table of JSON documents; what the queries look at is indexed by expression, so
no column can disagree with its document. Table and field names come from `queries`, never from
outside; values are always bound.
"""
# ruff: noqa: S608 - see above: nothing from outside is ever part of a statement

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from s1ratio.adapters.store.codec import time_text
from s1ratio.adapters.store.database import Order, Query, Where
from s1ratio.adapters.store.indexes import Index, indexes
from s1ratio.adapters.store.schema import COLLECTIONS
from s1ratio.adapters.store.sql_lists import holds_any, make_lists

COLUMNS = {"sequence", "id", "version", "document"}
_COLUMNS = """
    sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL, document TEXT NOT NULL
"""
_SEVERAL = ("in", "array_contains_any")
_OPERATORS = {"==": "IS", "<=": "<=", ">=": ">=", ">": ">"}


def schema() -> list[str]:
    """Return the statements that make whatever tables and indexes are missing."""
    tables = [f"CREATE TABLE IF NOT EXISTS {table} ({_COLUMNS})" for table in COLLECTIONS]
    return [*tables, *(_index(one) for one in indexes() if one.texts is None), *make_lists()]


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
    """Return the selection of (document, version, sequence) that a query asks for, and its values.

    Where one of several values will do, and only the first rows are wanted, these are found for
    each value by itself: an index sorts the rows of one value, and not those of several.
    """
    columns = f"{_document(query.fields)}, version, sequence"
    several = next((one for one in query.where if one.op == "in"), None)
    if several is None or not query.order or query.limit is None:
        return _select(columns, query)
    parts: list[str] = []
    values: list[Any] = []
    for value in several.value:
        equal = Where(several.field, "==", value)
        where = tuple(equal if one is several else one for one in query.where)
        text, own = _select("*", dataclasses.replace(query, where=where))
        parts.append(f"SELECT * FROM ({text})")
        values += own
    rows = f"({' UNION ALL '.join(parts)})"
    return f"SELECT {columns} FROM {rows} {_sorted(query)} LIMIT ?", [*values, query.limit]


def _select(columns: str, query: Query) -> tuple[str, list[Any]]:
    conditions, values = _conditions(query)
    text = f"SELECT {columns} FROM {query.collection} {conditions} {_sorted(query)} LIMIT ?"
    return text, [*values, -1 if query.limit is None else query.limit]


def _sorted(query: Query) -> str:
    if query.order:
        return f"ORDER BY {_terms(query.order)}"
    # A plus: sorted by it all the same, but found by the index of the list.
    by_list = any(where.op == "array_contains_any" for where in query.where)
    return f"ORDER BY {'+' * by_list}sequence"


def _document(names: Sequence[str]) -> str:
    """Return what selects a document, or some of its fields as one, null where they are missing."""
    pairs = ", ".join(f"'{name}', {_expression(name)}" for name in names)
    return f"json_object({pairs})" if pairs else "document"


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
        # A plus keeps SQLite from another query's index, which would leave this one to be sorted.
        later = _is_range(condition) and condition.field != query.order[0].field
        parts.append(f"{'+' if later else ''}{_test(condition, query)}")
        values += condition.value if condition.op in _SEVERAL else [condition.value]
    if query.after is not None:
        value, name = query.after
        field, comes = _expression(query.order[0].field), "<" if query.order[0].descending else ">"
        parts.append(f"{field} {comes}= ? AND ({field} {comes} ? OR id {comes} ?)")
        values += [value, value, name]
    plain = [time_text(value) if isinstance(value, datetime) else value for value in values]
    return (f"WHERE {' AND '.join(parts)}" if parts else ""), plain


def _test(condition: Where, query: Query) -> str:
    """Return a condition on a row, a mark in the place of each of its values."""
    if condition.op == "array_contains_any":
        return holds_any(query, condition.field, _marks(len(condition.value)))
    if condition.op == "in":
        return f"{_expression(condition.field)} IN ({_marks(len(condition.value))})"
    return f"{_expression(condition.field)} {_OPERATORS[condition.op]} ?"


def _is_range(condition: Where) -> bool:
    return condition.op in ("<=", ">=", ">")


def _marks(count: int) -> str:
    return ",".join("?" * count)


def _expression(field: str) -> str:
    return f"json_extract(document, '$.{field}')"


def _terms(fields: Sequence[Order]) -> str:
    """Return what to sort or index by; the id goes last, in the last field's direction."""
    terms = [(_expression(field.field), field.descending) for field in fields]
    every = [*terms, ("id", fields[-1].descending)]
    return ", ".join(f"{name} {'DESC' if descending else 'ASC'}" for name, descending in every)
