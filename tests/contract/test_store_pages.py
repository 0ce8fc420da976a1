"""Lists that are read page by page: the same of every store, each record once, whatever ties."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from s1ratio.adapters.store.database import Create
from s1ratio.adapters.store.document_store import DocumentStore
from s1ratio.adapters.store.queries import REQUESTS
from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.alerts.incident import Incident, IncidentState, Member
from s1ratio.faults import Fault
from s1ratio.ports import Store
from s1ratio.ports.reading import IncidentFilter, Place, RequestFilter, RequestOverview
from s1ratio.records import Rejection, RequestState
from s1ratio.regions.records import RegionRecord
from s1ratio.regions.states import RegionState
from tests.contract.records import NOW, a_request, a_task, later
from tests.support.billed_database import MeteredDatabase

FoundT = TypeVar("FoundT")
EVERYTHING = RequestFilter()


def pages(fetch: Callable[[Any], Sequence[FoundT]], place: Callable[[FoundT], Any]) -> list[FoundT]:
    """Return what all pages have, each fetched after the last record of the one before."""
    found: list[FoundT] = []
    after = None
    while page := fetch(after):
        found += page
        after = place(page[-1])
    return found


def made(one: Any) -> Place:
    return Place(one.created_at, one.id)


def test_requests_come_newest_first_and_each_once(store: Store) -> None:
    for n in range(7):  # of the same time they go by id, as the time goes
        store.create_request(a_request(f"r{n}", created_at=later(n // 3)))
    found = pages(lambda after: store.list_requests(EVERYTHING, 2, after), made)
    assert [one.id for one in found] == ["r6", "r5", "r4", "r3", "r2", "r1", "r0"]
    whole = store.list_requests(EVERYTHING, 100)
    assert [one.id for one in whole] == [one.id for one in found]


def test_a_page_shows_requests_as_they_are_stored(store: Store) -> None:
    record = a_request(
        "r1",
        state=RequestState.RUNNING,
        size=3,
        tallies={"RUNNING": 2, "VERIFIED": 1},
        eecu_seconds=1.5,
        error="a word",
        cancelling="no more",
        priority=7,
        labels=("owner=ops", "region=alps"),
        region="alps",
        ended_at=later(9),
    )
    store.create_request(record)
    store.create_request(a_request("r0", created_at=later(-1)))
    full, bare = store.list_requests(EVERYTHING, 9)
    assert vars(full) == {name: vars(record)[name] for name in vars(full)}
    assert vars(bare) == {
        name: vars(a_request("r0", created_at=later(-1)))[name] for name in vars(bare)
    }


def test_what_no_list_shows_is_not_read(store: DocumentStore) -> None:
    store.create_request(a_request("r1"))
    seen: list[dict[str, Any]] = []
    find = store._database.find

    def watched(query: Any) -> Any:
        found = find(query)
        seen.extend(one.document for one in found)
        return found

    store._database.find = watched  # type: ignore[method-assign]
    store.list_requests(EVERYTHING, 9)
    assert [set(each) & {"message", "resolved", "passes"} for each in seen] == [set()]


def a_crowd(store: Store) -> None:
    """Store requests of two regions, an incident and an owner, in three states."""
    states = (RequestState.VERIFIED, RequestState.FAILED, RequestState.RUNNING)
    for n in range(12):
        store.create_request(
            a_request(
                f"r{n:02d}",
                created_at=later(n),
                state=states[n % 3],
                region="alps" if n % 2 else None,
                incident="i-1" if n % 4 == 0 else None,
                labels=("a=b", f"n={n % 2}") if n % 2 else ("n=0",),
            )
        )


def _fetch(
    store: Store, wanted: RequestFilter, limit: int, after: Place | None
) -> Sequence[RequestOverview]:
    return store.list_requests(wanted, limit, after)


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (RequestFilter(region="alps"), [11, 9, 7, 5, 3, 1]),
        (RequestFilter(region="andes"), []),
        (RequestFilter(incident="i-1"), [8, 4, 0]),
        (RequestFilter(label="a=b"), [11, 9, 7, 5, 3, 1]),
        (RequestFilter(label="n=0"), [10, 8, 6, 4, 2, 0]),
        (RequestFilter(label="a"), []),
        (RequestFilter(states=(RequestState.FAILED,)), [10, 7, 4, 1]),
        (
            RequestFilter(states=(RequestState.FAILED, RequestState.VERIFIED)),
            [10, 9, 7, 6, 4, 3, 1, 0],
        ),
        (RequestFilter(states=(RequestState.FAILED,), region="alps"), [7, 1]),
        (
            RequestFilter(states=(RequestState.FAILED, RequestState.RUNNING), label="a=b"),
            [11, 7, 5, 1],
        ),
        (RequestFilter(states=(RequestState.FAILED,), incident="i-1"), [4]),
        (RequestFilter(region="alps", label="a=b"), [11, 9, 7, 5, 3, 1]),
        (RequestFilter(region="alps", incident="i-1"), []),
        (RequestFilter(since=later(9)), [11, 10, 9]),
        (RequestFilter(until=later(2)), [2, 1, 0]),
        (RequestFilter(since=later(3), until=later(5)), [5, 4, 3]),
        (RequestFilter(since=later(5), region="alps", until=later(9)), [9, 7, 5]),
        (RequestFilter(since=later(5), until=later(4)), []),
    ],
    ids=str,
)
def test_a_filter_narrows_the_list(store: Store, wanted: RequestFilter, numbers: list[int]) -> None:
    a_crowd(store)
    for limit in (2, 5, 100):
        found = pages(partial(_fetch, store, wanted, limit), made)
        assert [one.id for one in found] == [f"r{n:02d}" for n in numbers]


def test_a_page_reads_what_it_shows(store: DocumentStore) -> None:
    """Whatever is asked for: of 12 and more documents, no more than the page has."""
    a_crowd(store)
    metered = MeteredDatabase(store._database)
    paged = DocumentStore(metered)
    for wanted in (
        EVERYTHING,
        RequestFilter(label="n=0"),
        RequestFilter(region="alps"),
        RequestFilter(incident="i-1"),
        RequestFilter(states=(RequestState.FAILED, RequestState.RUNNING)),
        RequestFilter(states=(RequestState.FAILED,), region="alps", label="a=b"),
    ):
        metered.reset()
        found = paged.list_requests(wanted, 3)
        assert (metered.meter.reads, metered.meter.calls) == (max(1, len(found)), 1)
        assert metered.meter.reads <= 3


def test_a_request_that_cannot_be_read_is_passed_over(
    store: DocumentStore, caplog: pytest.LogCaptureFixture
) -> None:
    store.create_request(a_request("r1"))
    store.create_request(a_request("r3", created_at=later(3)))
    odd = {"id": "r2", "state": "OF ANOTHER RELEASE", "created_at": later(2), "not_before": NOW}
    store._database.commit([Create(REQUESTS, "r2", odd)])
    assert [one.id for one in store.list_requests(EVERYTHING, 2)] == ["r3", "r1"]
    assert "a document of requests" in caplog.text


def test_requests_of_before_they_had_labels_are_listed(store: DocumentStore) -> None:
    store.create_request(a_request("r1"))
    (stored,) = store._database.get(REQUESTS, ["r1"]).values()
    old = {k: v for k, v in stored.document.items() if k not in {"labels", "region", "incident"}}
    store._database.commit([Create(REQUESTS, "r0", {**old, "id": "r0"})])
    found = {one.id: one for one in store.list_requests(EVERYTHING, 9)}
    assert (found["r0"].labels, found["r0"].region) == ((), None)
    assert store.get_request("r0") == replace(a_request("r1"), id="r0")
    assert store.list_requests(RequestFilter(label="a=b"), 9) == []


def test_labels_are_found_as_they_are_now(store: Store) -> None:
    record = store.create_request(a_request("r1", labels=("a=b", "a=c")))
    store.update_request(replace(record, labels=("a=c", "a=d")), record.version)
    found = {
        label: [one.id for one in store.list_requests(RequestFilter(label=label), 9)]
        for label in ("a=b", "a=c", "a=d")
    }
    assert found == {"a=b": [], "a=c": ["r1"], "a=d": ["r1"]}


def test_labels_are_found_in_a_file_that_kept_no_list_of_them(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with SqliteStore(path) as store:
        store.create_request(a_request("r1", labels=("a=b",)))
    with closing(sqlite3.connect(path)) as file, file:
        for trigger in ("added", "changed", "gone"):
            file.execute(f"DROP TRIGGER requests_labels_{trigger}")
        file.execute("DROP TABLE requests_labels")
        file.execute("PRAGMA user_version = 1")
    with SqliteStore(path) as store:
        assert [one.id for one in store.list_requests(RequestFilter(label="a=b"), 9)] == ["r1"]


def test_tasks_of_a_request_come_by_id(store: Store) -> None:
    store.create_tasks([a_task(f"r1-{n}") for n in (3, 1, 2, 5, 4)])
    store.create_tasks([a_task("r2-1")])
    found = pages(lambda after: store.list_tasks("r1", 2, after), lambda one: one.id)
    assert found == [a_task(f"r1-{n}") for n in range(1, 6)]
    assert store.list_tasks("r3", 2) == []


def a_region(name: str, state: RegionState = RegionState.ACTIVE) -> RegionRecord:
    return RegionRecord(name, "{}", state, NOW, NOW, NOW, NOW, NOW.date(), None, by="me")


def test_regions_come_by_id(store: Store) -> None:
    paused = RegionState.PAUSED
    records = [a_region("b"), a_region("a"), a_region("d", paused), a_region("c")]
    store.commit_regions(records)
    found = pages(lambda after: store.list_regions(None, 3, after), lambda one: one.id)
    assert [one.id for one in found] == ["a", "b", "c", "d"]
    assert vars(found[0]) == {name: vars(records[1])[name] for name in vars(found[0])}
    assert [one.id for one in store.list_regions(paused, 9)] == ["d"]
    assert [one.id for one in store.list_regions(RegionState.ACTIVE, 9, "a")] == ["b", "c"]


def an_incident(number: int, **changes: Any) -> Incident:
    member = Member("gdacs", f"FL/{number}", NOW, "POINT (1 1)", 2, NOW)
    incident = Incident(
        id=f"i-{number}",
        hazard="flood",
        rule="rivers",
        owner="ops",
        state=IncidentState.ACTIVE,
        opened_at=later(number),
        members=(member,),
        first_at=NOW,
        last_member_at=NOW,
        due_at=NOW + timedelta(days=9),
        area="POLYGON ((0 0, 1 0, 1 1, 0 0))",
    )
    return replace(incident, **changes)


def test_incidents_come_newest_first(store: Store) -> None:
    closed = IncidentState.CLOSED
    records = [an_incident(n, hazard="fire" if n == 2 else "flood") for n in range(4)]
    records += [an_incident(4, state=closed), an_incident(5, state=closed, hazard="fire")]
    for one in records:
        store.save_incident(one, None)

    def listed(**wanted: Any) -> list[str]:
        fetch = lambda after: store.list_incidents(IncidentFilter(**wanted), 2, after)  # noqa: E731
        return [one.id for one in pages(fetch, lambda one: Place(one.opened_at, one.id))]

    assert listed() == ["i-5", "i-4", "i-3", "i-2", "i-1", "i-0"]
    assert listed(state=closed) == ["i-5", "i-4"]
    assert listed(hazard="fire") == ["i-5", "i-2"]
    assert listed(hazard="fire", state=closed) == ["i-5"]
    (first,) = store.list_incidents(IncidentFilter(), 1)
    assert vars(first) == {name: vars(records[5])[name] for name in vars(first)}


def test_rejections_come_newest_first_without_their_copies(store: Store) -> None:
    faults = (Fault("aoi", "missing", "is required"), Fault("", "more", "and more"))
    for n in range(5):
        store.reject(Rejection(f"x{n}", later(n), faults, "{}", "m-1"))
    found = pages(lambda after: store.list_rejections(2, after), lambda one: Place(one.at, one.id))
    assert [one.id for one in found] == ["x4", "x3", "x2", "x1", "x0"]
    assert (found[0].reasons, found[0].message_id) == (faults, "m-1")
