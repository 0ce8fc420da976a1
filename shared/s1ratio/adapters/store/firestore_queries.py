"""Queries as Firestore's own messages: what its client makes of them, without its wrapping."""

from typing import Any

from google.cloud.firestore_v1.types import StructuredAggregationQuery, StructuredQuery

from s1ratio.adapters.store.database import Query, Where
from s1ratio.adapters.store.firestore_writes import value_message

_QUERY, _AGGREGATIONS = StructuredQuery.pb(), StructuredAggregationQuery.pb()
_NAME = "__name__"
_EQUAL = StructuredQuery.FieldFilter.Operator.EQUAL
_OPERATORS = {
    "==": _EQUAL,
    "in": StructuredQuery.FieldFilter.Operator.IN,
    "<=": StructuredQuery.FieldFilter.Operator.LESS_THAN_OR_EQUAL,
    ">=": StructuredQuery.FieldFilter.Operator.GREATER_THAN_OR_EQUAL,
    ">": StructuredQuery.FieldFilter.Operator.GREATER_THAN,
    "array_contains_any": StructuredQuery.FieldFilter.Operator.ARRAY_CONTAINS_ANY,
}
_DIRECTIONS = {
    False: StructuredQuery.Direction.ASCENDING,
    True: StructuredQuery.Direction.DESCENDING,
}


def query_message(query: Query, collection: str, after: str | None = None) -> Any:
    """Return the message that asks a query of a collection, which Firestore calls so.

    `after` is the full name of the document after which the answer begins, if the query has one.
    """
    message = conditions_message(query, collection)
    for order in query.order:
        _sort(message, order.field, descending=order.descending)
    if query.after is not None and after is not None:
        # Ties go by the document's name in any case: told, a place can be named with it.
        _sort(message, _NAME, descending=query.order[-1].descending)
        message.start_at.values.add().CopyFrom(value_message(query.after[0]))
        message.start_at.values.add().reference_value = after
    for field in query.fields:
        message.select.fields.add().field_path = field
    if query.limit is not None:
        message.limit.value = query.limit
    return message


def _sort(message: Any, field: str, *, descending: bool) -> None:
    message.order_by.add(direction=_DIRECTIONS[descending]).field.field_path = field


def conditions_message(query: Query, collection: str) -> Any:
    """Return the message that asks for whatever meets a query's conditions."""
    message = _QUERY()
    message.from_.add(collection_id=collection)
    if len(query.where) == 1:
        _fill(message.where, query.where[0])
    elif query.where:
        together = message.where.composite_filter
        together.op = StructuredQuery.CompositeFilter.Operator.AND
        for where in query.where:
            _fill(together.filters.add(), where)
    return message


def count_message(query: Query, collection: str) -> Any:
    """Return the message that asks how many documents meet a query's conditions."""
    message = _aggregated(query, collection)
    message.aggregations.add().count.SetInParent()
    return message


def total_message(query: Query, collection: str, field: str) -> Any:
    """Return the message that asks for the sum of a field over what meets the conditions."""
    message = _aggregated(query, collection)
    message.aggregations.add().sum.field.field_path = field
    return message


def _aggregated(query: Query, collection: str) -> Any:
    return _AGGREGATIONS(structured_query=conditions_message(query, collection))


def _fill(message: Any, where: Where) -> None:
    if where.value is None:  # only equality is asked of null
        message.unary_filter.op = StructuredQuery.UnaryFilter.Operator.IS_NULL
        message.unary_filter.field.field_path = where.field
        return
    message.field_filter.field.field_path = where.field
    message.field_filter.op = _OPERATORS[where.op]
    message.field_filter.value.CopyFrom(value_message(where.value))
