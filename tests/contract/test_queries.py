"""Every question a store asks is answered from an index, and the list of indexes is whole."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from s1ratio.adapters.store import sql
from s1ratio.adapters.store.database import Database, Home, Order, Query, Stored, Write
from s1ratio.adapters.store.document_store import DocumentStore
from s1ratio.adapters.store.indexes import composite_indexes, index_of, indexes
from s1ratio.adapters.store.schema import QUERIES
from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.alerts.incident import IncidentState
from s1ratio.alerts.records import AlertState, Kind
from s1ratio.ports.reading import IncidentFilter, RequestFilter
from s1ratio.records import RequestState
from s1ratio.regions.states import RegionState
from s1ratio.task import TaskState
from tests.contract.records import NOW


class _Recorder(Database):
    """An empty database that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Query] = []

    @property
    def home(self) -> Home:
        return Home("nowhere", ())

    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Stored]:  # noqa: ARG002
        return {}

    def commit(self, writes: Sequence[Write]) -> list[Any]:
        return [None for _ in writes]

    def find(self, query: Query) -> list[Stored]:
        self.asked.append(query)
        return []

    def count(self, query: Query) -> int:
        self.asked.append(query)
        return 1

    def total(self, query: Query, field: str) -> float:
        assert field in [order.field for order in query.order]
        self.asked.append(query)
        return 0.0

    def close(self) -> None:
        raise AssertionError("nothing to close")


def test_every_query_of_the_store_has_its_index() -> None:
    recorder = _Recorder()
    store = DocumentStore(recorder)
    store.find_expandable(NOW, 3)
    store.find_open_requests(3)
    store.find_cancelling_requests(3)
    store.find_failed_requests("refused", 3)
    store.find_cancelling_tasks(3)
    store.find_tasks_of("r")
    store.count_tasks_of("r")
    store.find_startable(NOW, 3)
    store.find_startable(NOW, 3, least_turn=0)
    store.find_first_in_line(5, NOW)
    store.find_stale_starts(NOW, 3)
    store.find_to_verify(NOW, 3)
    store.find_lost(NOW, 3)
    store.find_waiting_for("r-1", 3)
    store.find_tasks_in(TaskState.FAILED, 3)
    store.find_ended(3)
    store.find_to_catalogue(NOW, 3)
    store.find_verified_of("none", 3)
    store.count_started(NOW)
    store.count_active()
    store.count_planned()
    store.find_oldest_start()
    store.find_rejections(3)
    store.find_events_of("r")
    store.find_unsent_events(3)
    store.find_unsent_events_of("r")
    store.find_due_regions(NOW, 3)
    store.find_regions(3)
    store.find_due_refreshes(NOW, 3)
    store.find_open_refreshes("r", 3)
    store.find_refreshes_of("r", 3)
    store.find_history_of("r", 3)
    _ask_for_alerts(store)
    store.find_looking_watches(NOW, 3)
    store.find_requested_watches(NOW, 3)
    store.find_watches_of("i", 3)
    store.find_watches(3)
    store.find_watched_incidents_ended(NOW, 3)
    store.find_rechecked_watches(NOW, 3)
    store.find_commands(3)
    store.find_commands_of("request", "r", 3)
    _ask_for_pages(store)
    asked = {index for query in recorder.asked if (index := index_of(query)).fields}
    assert asked == set(indexes())


def _ask_for_alerts(store: DocumentStore) -> None:
    store.get_definitions(Kind.RULE)
    store.find_unread_messages(NOW, 3)
    store.find_due_alerts(AlertState.RECORDED, NOW, 3)
    store.find_waiting_alerts("flood", 3)
    store.find_live_incidents("flood", 3)
    store.find_due_incidents(NOW, 3)
    store.find_incidents_by(["a key"])
    store.find_wanted_incidents(3)
    store.find_incidents(3)
    for field in ("rule", "owner"):
        store.count_followed_incidents(field, "flood")
        store.find_held_incidents(field, "flood", 3)
    store.find_pending_definitions(3)
    store.find_later_incidents(NOW, 3)


def _ask_for_pages(store: DocumentStore) -> None:
    for states in ((), (RequestState.FAILED,)):
        store.list_requests(RequestFilter(states), 3)
        store.list_requests(RequestFilter(states, label="a=b"), 3)
        store.list_requests(RequestFilter(states, region="r"), 3)
        store.list_requests(RequestFilter(states, incident="i"), 3)
    store.list_tasks("r", 3)
    for state in (None, RegionState.ACTIVE):
        store.list_regions(state, 3)
    for hazard in (None, "flood"):
        for of in (None, IncidentState.OPEN):
            store.list_incidents(IncidentFilter(of, hazard), 3)
    store.list_rejections(3)


def test_firestore_is_told_of_indexes_of_several_fields_alone() -> None:
    listed = {
        (i.collection, *([f"{i.texts}[]"] if i.texts else []), *(f.field for f in i.fields))
        for i in composite_indexes()
    }
    assert listed == {
        ("requests", "state", "not_before"),
        ("requests", "state", "created_at"),
        ("requests", "state", "error_class", "created_at"),
        ("tasks", "state", "priority", "turn", "created_at", "not_before"),
        ("tasks", "state", "priority", "turn", "not_before"),
        ("tasks", "state", "not_before"),
        ("tasks", "state", "created_at"),
        ("tasks", "plan.request_id", "state"),
        ("tasks", "plan.request_id", "state", "parts"),
        ("tasks", "plan.request_id", "state", "verified"),
        ("tasks", "plan.request_id", "eecu_seconds"),
        ("tasks", "state", "lease_until"),
        ("tasks", "state", "verified", "not_before"),
        ("tasks", "state", "starting_at"),
        ("tasks", "work", "state", "ended_at"),
        ("regions", "state", "due_at"),
        ("refreshes", "region_id", "state"),
        ("refreshes", "region_id", "made_at"),
        ("history", "region_id", "at"),
        ("definitions", "kind", "removed", "name"),
        ("messages", "feed", "read_at"),
        ("alerts", "state", "due_at"),
        ("alerts", "state", "hazard", "due_at"),
        ("incidents", "hazard", "state", "due_at"),
        ("incidents", "state", "due_at"),
        ("incidents", "wanted", "severity", "opened_at"),
        ("incidents", "rule", "state"),
        ("incidents", "owner", "state"),
        ("incidents", "rule", "reason", "state", "severity", "opened_at"),
        ("incidents", "owner", "reason", "state", "severity", "opened_at"),
        ("watches", "state", "due_at"),
        ("watches", "incident", "id"),
        ("incidents", "watched", "state", "due_at"),
        ("commands", "target_kind", "target_id", "received_at"),
        ("events", "key", "unsent_since"),
        ("requests", "labels[]", "created_at"),
        ("requests", "labels[]", "state", "created_at"),
        ("requests", "region", "created_at"),
        ("requests", "region", "state", "created_at"),
        ("requests", "incident", "created_at"),
        ("requests", "incident", "state", "created_at"),
        ("tasks", "plan.request_id", "plan.id"),
        ("regions", "state", "id"),
        ("incidents", "hazard", "opened_at"),
        ("incidents", "state", "opened_at"),
        ("incidents", "hazard", "state", "opened_at"),
    }


def test_an_order_that_goes_down_has_an_index_of_its_own() -> None:
    """Firestore reads none backwards."""
    fields = {index.fields for index in composite_indexes() if index.collection == "requests"}
    for descending in (False, True):
        assert (Order("state"), Order("created_at", descending=descending)) in fields


@pytest.mark.parametrize(
    "query", QUERIES, ids=lambda query: "-".join(field.field for field in index_of(query).fields)
)
def test_sqlite_reads_no_table_from_end_to_end(query: Query, tmp_path: Path) -> None:
    SqliteStore(tmp_path / "store.db").close()
    text, values = sql.find(query)
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {text}", values)
        steps = [row[3] for row in rows]
    reading = [step for step in steps if query.collection in step.split()]
    assert reading
    assert all("USING INDEX" in step for step in reading)
    several = any(where.op == "in" for where in query.where)
    lists = any(where.op == "array_contains_any" for where in query.where)
    if query.order and not several and not lists:  # sorted by it, so a limit ends the reading
        assert len(steps) == 1


def test_sqlite_sorts_nothing_but_the_first_of_each_value(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "store.db").close()
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        for query in QUERIES:
            if query.limit is None or not query.order:
                continue
            after = (NOW, "id") if len(query.order) == 1 else None
            several = any(where.op == "in" for where in query.where)
            for asked in (query, replace(query, after=after)):
                text, values = sql.find(asked)
                rows = connection.execute(f"EXPLAIN QUERY PLAN {text}", list(map(str, values)))
                sorts = [row[3] for row in rows if "TEMP B-TREE" in row[3]]
                assert len(sorts) == several, (asked, sorts)
