"""What Firestore is asked, and how its answers are read, is what its own client makes of them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud.firestore import Client
from google.cloud.firestore_v1._helpers import decode_dict
from google.cloud.firestore_v1.base_query import FieldFilter
from google.cloud.firestore_v1.types import Document, Value

from s1ratio.adapters.store import alert_queries, queries, region_queries, watch_queries
from s1ratio.adapters.store.database import Order, Query, Where
from s1ratio.adapters.store.firestore_queries import count_message, query_message, total_message
from s1ratio.adapters.store.firestore_reads import plain_document, stored_document
from s1ratio.adapters.store.firestore_writes import value_message
from s1ratio.task import TaskState
from tests.unit.adapters.test_firestore_writes import DOCUMENTS, NOW

QUERIES = {
    "all": Query("tasks"),
    "one condition": queries.tasks_of("r1"),
    "several": queries.startable(NOW, 20, least_turn=0),
    "null": queries.to_verify(NOW, 5),
    "one of": queries.active(),
    "a page": queries.tasks_in(TaskState.RUNNING, 7),
    "open requests": queries.open_requests(3),
    "regions": region_queries.due_regions(NOW, 9),
    "alerts": alert_queries.unread_messages(NOW, 4),
    "watches": watch_queries.watches_of("i-1", 8),
    "down": Query("tasks", (Where("a", ">", 1.5),), (Order("a", True), Order("b"))),
    "true": Query("tasks", (Where("a", "==", True),), (), 1),
}


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(project="p", credentials=AnonymousCredentials())


def _theirs(client: Client, query: Query) -> Any:
    asked: Any = client.collection(f"dev-{query.collection}")._query()
    for where in query.where:
        asked = asked.where(filter=FieldFilter(where.field, where.op, where.value))
    for order in query.order:
        asked = asked.order_by(
            order.field, direction="DESCENDING" if order.descending else "ASCENDING"
        )
    return asked if query.limit is None else asked.limit(query.limit)


def _bytes(message: Any) -> bytes:
    return message.SerializeToString(deterministic=True)


@pytest.mark.parametrize("query", QUERIES.values(), ids=list(QUERIES))
def test_a_query_is_the_client_s(query: Query, client: Client) -> None:
    ours = query_message(query, f"dev-{query.collection}")
    assert _bytes(ours) == _bytes(_theirs(client, query)._to_protobuf()._pb)


@pytest.mark.parametrize("query", QUERIES.values(), ids=list(QUERIES))
def test_an_aggregation_is_the_client_s(query: Query, client: Client) -> None:
    bare, name = Query(query.collection, query.where), f"dev-{query.collection}"
    theirs = _theirs(client, bare)
    counted, summed = theirs.count()._to_protobuf(), theirs.sum("eecu")._to_protobuf()
    assert _bytes(count_message(query, name)) == _bytes(counted._pb)
    assert _bytes(total_message(query, name, "eecu")) == _bytes(summed._pb)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_read_as_the_client_reads_it(name: str, client: Client) -> None:
    fields = {key: value_message(value) for key, value in DOCUMENTS[name].items()}
    message = Document.pb()(fields=fields)
    theirs = decode_dict(Document.wrap(message).fields, client)
    assert repr(plain_document(message)) == repr(_plain(theirs))  # nan is unlike itself


def test_the_version_of_a_document_is_the_time_of_its_update_to_the_nanosecond() -> None:
    message = Document.pb()()
    message.update_time.FromNanoseconds(1_767_323_045_123_456_789)
    version = stored_document(message).version
    assert version.timestamp_pb() == message.update_time


def test_what_we_never_write_is_passed_on() -> None:
    place = Value.pb()(geo_point_value={"latitude": 1.0, "longitude": 2.0})
    found = plain_document(Document.pb()(fields={"place": place}))
    assert found["place"] == place


def _plain(value: Any) -> Any:
    """Return what their client gives with its times as plain ones."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return datetime.combine(value.date(), value.time(), UTC)
    return value
