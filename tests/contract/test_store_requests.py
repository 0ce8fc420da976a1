"""Requests, rejections, events and time marks: the contract that every store meets."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from s1ratio.adapters.store.schema import COLLECTIONS
from s1ratio.errors import Conflict, StoreError, StoreUnavailable
from s1ratio.faults import Fault
from s1ratio.plan import OrbitPass
from s1ratio.ports import Store
from s1ratio.records import Rejection, RequestState
from s1ratio.request import Direction
from s1ratio.time_marks import TimeMark
from tests.contract.conftest import StoreOpener
from tests.contract.records import NOW, a_request, an_event, later


def test_a_request_is_kept_as_it_was_given(store: Store) -> None:
    passes = (
        OrbitPass(131, Direction.ASCENDING, 0.75, 12),
        OrbitPass(58, Direction.DESCENDING),
    )
    given = a_request(
        passes=passes,
        tallies={"PLANNED": 2, "FAILED": 1},
        reasons=(Fault("aoi", "ring", "close the ring"),),
        error="Größe: 10 µm – 雷達 🛰",
        not_before=later(3600),
    )
    stored = store.create_request(given)
    assert stored == given
    assert store.get_request(given.id) == given


def test_the_first_of_two_requests_with_one_id_stays(store: Store, open_store: StoreOpener) -> None:
    first = store.create_request(a_request())
    second = open_store().create_request(a_request(digest="e" * 64))
    assert second == first
    assert second.digest == "d" * 64
    assert store.update_request(replace(second, error="x"), second.version).error == "x"


@pytest.mark.parametrize("unknown", ["nobody", "", "a/b", ".", "__x__", "ü", "x" * 1000])
def test_what_is_unknown_is_none_whatever_its_id(store: Store, unknown: str) -> None:
    assert store.get_request(unknown) is None
    assert store.get_task(unknown) is None
    assert store.find_tasks_of(unknown) == []
    assert store.find_events_of(unknown) == []


def test_an_update_needs_the_latest_version(store: Store) -> None:
    created = store.create_request(a_request())
    accepted = replace(created, state=RequestState.ACCEPTED)
    updated = store.update_request(accepted, created.version)
    with pytest.raises(Conflict):
        store.update_request(replace(created, state=RequestState.REJECTED), created.version)
    assert store.get_request(created.id) == accepted
    running = store.update_request(replace(updated, state=RequestState.RUNNING), updated.version)
    assert store.get_request(created.id) == running


def test_an_update_of_nothing_is_a_conflict(store: Store) -> None:
    version = store.create_request(a_request()).version
    with pytest.raises(Conflict):
        store.update_request(a_request("other"), version)
    with pytest.raises(Conflict):
        store.update_request(a_request(), None)
    assert store.get_request("other") is None


def test_a_failing_commit_leaves_neither_record_nor_events(store: Store) -> None:
    created = store.create_request(a_request())
    store.update_request(created, created.version, [an_event("e1")])
    latest = store.get_request("r1")
    assert latest is not None
    changed = replace(latest, error="changed")
    with pytest.raises(Conflict):  # stale
        store.update_request(changed, created.version, [an_event("e2")])
    assert store.get_request("r1") == latest
    assert [event.id for event in store.find_events_of("r1")] == ["e1"]


def test_events_come_in_the_order_of_their_commits_with_their_data(store: Store) -> None:
    record = store.create_request(a_request())
    nested: dict[str, Any] = {
        "rings": [[[13.0, 52.5], [14.0, 52.5]], []],
        "é": {"": None},
        "big": 2**70,
    }
    names = ["z", "a", "m"]
    for number, name in enumerate(names):
        pair = [an_event(f"{name}2", at=number, **nested), an_event(f"{name}1")]
        record = store.update_request(record, record.version, pair)
    other = store.create_request(a_request("r2"))
    store.update_request(other, other.version, [an_event("b1", "r2")])
    events = store.find_events_of("r1")
    assert [event.id for event in events] == ["z2", "z1", "a2", "a1", "m2", "m1"]
    assert events[2].data == {"at": 1, **nested}
    assert events[0].at == NOW


def test_a_message_of_ten_thousand_vertices_is_kept(store: Store) -> None:
    ring = [[-179.12345678901234 + i / 1e3, 52.12345678901234 + i / 1e4] for i in range(10_000)]
    message = json.dumps({"aoi": {"type": "Polygon", "coordinates": [ring]}})
    assert len(message) > 390_000
    stored = store.create_request(a_request(message=message))
    updated = store.update_request(replace(stored, error="again"), stored.version)
    assert store.get_request("r1") == updated
    assert updated.message == message


def test_a_record_too_large_for_any_store_is_refused_at_once(store: Store) -> None:
    with pytest.raises(StoreError, match="bytes") as caught:
        store.create_request(a_request(message="x" * 1_100_000))
    assert not isinstance(caught.value, StoreUnavailable)
    assert store.get_request("r1") is None


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2024, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        datetime(2024, 7, 1, 12, 0, 0, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    ],
)
def test_times_are_kept_to_the_microsecond_in_utc(store: Store, moment: datetime) -> None:
    store.create_request(a_request(not_before=moment))
    store.set_time_mark(TimeMark.OPERATIONS, moment)
    record = store.get_request("r1")
    assert record is not None
    for kept in (record.not_before, store.get_time_mark(TimeMark.OPERATIONS)):
        assert kept == moment
        assert kept is not None
        assert kept.tzinfo is UTC
        assert type(kept) is datetime


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="zone"):
        store.set_time_mark(TimeMark.OPERATIONS, datetime(2024, 1, 1))  # noqa: DTZ001 - the point


def test_marks_and_collections_bear_the_names_that_are_in_databases_already() -> None:
    """A mark under another name is a mark lost, a collection an empty one."""
    assert {mark.name: mark.value for mark in TimeMark} == {
        "OPERATIONS": "operations",
        "RECONCILED": "reconciled",
        "LATE": "late",
        "ROUND": "round",
        "ROUND_SPLIT": "round.split",
        "ROUND_REQUESTS": "round.requests",
        "ROUND_SUBMITTED": "round.submitted",
        "ROUND_RUNNING": "round.running",
        "ROUND_PLANNED": "round.planned",
        "ROUND_STARTING": "round.starting",
        "ROUND_SUCCEEDED": "round.succeeded",
        "INCIDENTS_KEYED": "incidents.keyed",
        "ROUND_LOST": "round.lost",
        "STARTS_QUEUE": "starts-queue",
        "STARTS_QUOTA": "starts-quota",
        "STARTS_OUTAGE": "starts-outage",
        "STARTS_REFUSED": "starts-refused",
        "IDLE_CLOCK": "idle-clock",
        "LINE_CLOCK": "line-clock",
        "IDLE_LOOKED": "idle-looked",
        "STARTS_FULL": "starts-full",
        "BUCKET_SILENT": "bucket-silent",
    }
    assert COLLECTIONS == (
        "requests",
        "tasks",
        "events",
        "rejections",
        "watermarks",
        "leases",
        "pixels",
        "identity",
        "regions",
        "refreshes",
        "history",
        "definitions",
        "messages",
        "alerts",
        "incidents",
        "fetches",
        "watches",
        "commands",
    )


def test_a_time_mark_is_replaced_and_has_a_name(store: Store, open_store: StoreOpener) -> None:
    assert all(store.get_time_mark(mark) is None for mark in TimeMark)
    store.set_time_mark(TimeMark.OPERATIONS, later(5))
    store.set_time_mark(TimeMark.OPERATIONS, later(2))
    store.set_time_mark(TimeMark.LATE, NOW)
    assert open_store().get_time_mark(TimeMark.OPERATIONS) == later(2)


def test_time_marks_are_read_together(store: Store) -> None:
    assert store.get_time_marks(TimeMark) == {}
    store.set_time_mark(TimeMark.OPERATIONS, later(5))
    store.set_time_mark(TimeMark.LATE, NOW)
    known = {TimeMark.OPERATIONS: later(5), TimeMark.LATE: NOW}
    assert store.get_time_marks(TimeMark) == known
    assert store.get_time_marks([TimeMark.LATE, TimeMark.RECONCILED]) == {TimeMark.LATE: NOW}
    assert store.get_time_marks([]) == {}


def test_a_rejection_is_stored_once(store: Store) -> None:
    reasons = (Fault("aoi", "ring", "close the ring"), Fault("", "json", "no JSON"))
    rejection = Rejection("m1", NOW, reasons, '{"aoi": "\u0000 ü"}', "17")
    store.reject(rejection)
    store.reject(rejection)
    store.reject(replace(rejection, at=later(9), payload="other"))
    assert store.find_rejections(10) == [rejection]


def test_rejections_come_newest_first(store: Store) -> None:
    for number in (2, 0, 3, 1):
        store.reject(Rejection(f"m{number}", later(number), (), ""))
    assert [rejection.id for rejection in store.find_rejections(3)] == ["m3", "m2", "m1"]
    newer = store.find_rejections(9)[0]
    assert store.get_rejection("m2") == store.find_rejections(2)[1]
    assert store.get_rejection("none") is None
    assert list(store.find_rejections(9, newer.at)) == [newer]


def test_text_that_utf8_cannot_hold_is_rejected_all_the_same(store: Store) -> None:
    store.reject(Rejection("m1", NOW, (Fault("\ud800", "field", "unknown \udfff"),), "\ud83d"))
    [kept] = store.find_rejections(1)
    assert kept.reasons == (Fault("?", "field", "unknown ?"),)


def test_expandable_requests_are_the_expanding_ones_that_are_due(store: Store) -> None:
    store.create_request(a_request("late", not_before=later(1)))
    store.create_request(a_request("due", not_before=later(-5)))
    store.create_request(a_request("now", not_before=NOW))
    store.create_request(a_request("done", state=RequestState.ACCEPTED))
    store.create_request(a_request("first", not_before=later(-9), created_at=later(5)))
    assert [found.id for found in store.find_expandable(NOW, 10)] == ["first", "due", "now"]
    assert [found.id for found in store.find_expandable(NOW, 2)] == ["first", "due"]
    [due] = store.find_expandable(later(-9), 1)
    accepted = replace(due, state=RequestState.ACCEPTED)
    assert store.update_request(accepted, due.version) == accepted


def test_open_requests_are_the_ones_at_work_oldest_first(store: Store) -> None:
    states = list(RequestState)
    for number, state in enumerate(states):
        store.create_request(a_request(f"r{number}", state=state, created_at=later(-number)))
    found = store.find_open_requests(10)
    assert [record.state for record in found] == [RequestState.RUNNING, RequestState.ACCEPTED]
    assert len(store.find_open_requests(1)) == 1
