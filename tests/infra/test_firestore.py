"""Firestore is told of an index for every query, and of what not to index and what to delete."""

import dataclasses
from typing import Any

import pytest

from infra.tools import write_indexes
from s1ratio.adapters.store.database import Query
from s1ratio.adapters.store.firestore import collection_name
from s1ratio.adapters.store.schema import COLLECTIONS, EXPIRING, QUERIES, UNINDEXED
from s1ratio.records import Event, PixelClaim, Rejection, RequestRecord
from s1ratio.regions.records import HistoryEntry, RefreshRecord
from s1ratio.task import End
from tests.support import terraform

_RANGES = {"<", "<=", ">", ">=", "!=", "not-in"}
Fields = tuple[tuple[str, str], ...]


def test_the_list_of_indexes_is_current() -> None:
    written = write_indexes.PATH.read_text(encoding="utf-8")
    assert written == write_indexes.text(), "the store's queries changed: make indexes"


def sorted_part(query: Query) -> Fields:
    """Return what an index must end with: the order, then the ranges that it leaves out.

    Firestore sorts by what a range is on even where it was not asked to.
    """
    order = [(o.field, "DESCENDING" if o.descending else "ASCENDING") for o in query.order]
    named = {field for field, _ in order}
    last = order[-1][1] if order else "ASCENDING"
    ranges = sorted({w.field for w in query.where if w.op in _RANGES} - named)
    return (*order, *((field, last) for field in ranges))


def serves(index: Fields, query: Query) -> bool:
    """Whether a composite index serves a query: its equalities in any order, then its sorted part.

    No index is read backwards; the direction of an equality doesn't matter. What a list is to
    contain stands in the index as such.
    """
    tail = sorted_part(query)
    equal = {w.field for w in query.where if w.op not in _RANGES} - {field for field, _ in tail}
    head, rest = index[: len(equal)], index[len(equal) :]
    lists = {field for field, direction in head if direction == "CONTAINS"}
    asked = {w.field for w in query.where if w.op == "array_contains_any"}
    return {field for field, _ in head} == equal and rest == tail and lists == asked


def needs_composite(query: Query) -> bool:
    """Whether Firestore's own indexes, of one field each and merged for equalities, don't do."""
    fields = {w.field for w in query.where} | {o.field for o in query.order}
    return bool(sorted_part(query)) and len(fields) > 1


def planned() -> dict[str, list[Fields]]:
    found: dict[str, list[Fields]] = {name: [] for name in COLLECTIONS}
    names = {collection_name("dev", name): name for name in COLLECTIONS}
    for index in terraform.dev().resources("google_firestore_index"):
        fields = tuple(
            (f["field_path"], f["order"] or f["array_config"]) for f in index.values["fields"]
        )
        found[names[index.values["collection"]]].append(fields)
    return found


def words(query: Query) -> str:
    asked = [f"{w.field}{w.op}" for w in query.where] + [o.field for o in query.order]
    return "-".join([query.collection, *asked])


@pytest.mark.parametrize("query", QUERIES, ids=words)
def test_every_query_finds_its_index(query: Query) -> None:
    if not needs_composite(query):
        exempt = {path for collection, path in UNINDEXED if collection == query.collection}
        assert not exempt & {w.field for w in query.where}
        return
    assert [index for index in planned()[query.collection] if serves(index, query)]


def test_no_index_is_for_nothing() -> None:
    """Each costs storage, and time at every write."""
    for collection, indexes in planned().items():
        for index in indexes:
            asked = [query for query in QUERIES if query.collection == collection]
            assert any(serves(index, query) for query in asked), index


def fields() -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (r.values["collection"], r.values["field"]): r.values
        for r in terraform.dev().resources("google_firestore_field")
    }


def test_just_the_collections_that_expire_have_a_time_to_live() -> None:
    expiring = {name for name, field in fields().items() if field["ttl_config"]}
    assert expiring == {(f"dev-{name}", "expire_at") for name in EXPIRING}
    records = (RequestRecord, End, Event, Rejection, PixelClaim, RefreshRecord, HistoryEntry)
    assert all("expire_at" in {f.name for f in dataclasses.fields(r)} for r in records)


def test_long_texts_and_times_of_expiry_are_not_indexed() -> None:
    bare = {name for name, f in fields().items() if f["index_config"] == [{"indexes": []}]}
    assert bare == set(fields())
    assert {(f"dev-{collection}", path) for collection, path in UNINDEXED} <= bare


def test_the_database_is_guarded_where_it_matters() -> None:
    for name, plan, guarded in (("dev", terraform.dev(), False), ("prod", terraform.full(), True)):
        database = plan.one("google_firestore_database.this")
        assert database["name"] == f"s1ratio-{name}"
        assert database["type"] == "FIRESTORE_NATIVE"
        assert database["delete_protection_state"].endswith("_ENABLED") is guarded
        assert database["deletion_policy"] == ("ABANDON" if guarded else "DELETE")
        assert database["point_in_time_recovery_enablement"].endswith("_ENABLED") is guarded


def test_a_copy_is_made_every_day_where_it_matters() -> None:
    (daily,) = terraform.full().resources("google_firestore_backup_schedule")
    assert daily.values["database"] == "s1ratio-prod"
    assert daily.values["retention"] == f"{14 * 86_400}s"
    assert daily.values["daily_recurrence"]
    assert not daily.values["weekly_recurrence"]
    assert terraform.dev().resources("google_firestore_backup_schedule") == []


def test_what_was_deleted_is_kept_as_long_as_was_said() -> None:
    for plan, days in ((terraform.dev(), 0), (terraform.full(), 7)):
        for bucket in plan.resources("google_storage_bucket"):
            (policy,) = bucket.values["soft_delete_policy"]
            assert policy["retention_duration_seconds"] == days * 86_400
