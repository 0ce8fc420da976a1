"""Queries as Firestore's own messages: what its client makes of them, without its wrapping."""

from typing import Any

from google.cloud.firestore_v1.types import StructuredAggregationQuery, StructuredQuery

from s1ratio.adapters.store.database import Query, Where
from s1ratio.adapters.store.firestore_writes import value_message

_QUERY, _AGGREGATIONS = StructuredQuery.pb(), StructuredAggregationQuery.pb()
_EQUAL = StructuredQuery.FieldFilter.Operator.EQUAL
_OPERATORS = {
    "==": _EQUAL,
    "in": StructuredQuery.FieldFilter.Operator.IN,
    "<=": StructuredQuery.FieldFilter.Operator.LESS_THAN_OR_EQUAL,
    ">=": StructuredQuery.FieldFilter.Operator.GREATER_THAN_OR_EQUAL,
    ">": StructuredQuery.FieldFilter.Operator.GREATER_THAN,
}
_DIRECTIONS = {
    False: StructuredQuery.Direction.ASCENDING,
    True: StructuredQuery.Direction.DESCENDING,
}


def query_message(query: Query, collection: str) -> Any:
    """Return the message that asks a query of a collection, which Firestore calls so."""
    message = conditions_message(query, collection)
    for order in query.order:
        term = message.order_by.add(direction=_DIRECTIONS[order.descending])
        term.field.field_path = order.field
    if query.limit is not None:
        message.limit.value = query.limit
    return message


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
