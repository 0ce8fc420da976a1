"""Regions in both stores: what is due, one commit for all of it, and who comes second."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from s1ratio.errors import Conflict
from s1ratio.ports import Store
from s1ratio.regions.history import entry
from s1ratio.regions.records import Backfill, RefreshRecord, RegionRecord
from s1ratio.regions.states import Cause, RefreshState, RegionState, Why
from tests.contract.records import NOW, a_request, later


def a_region(region_id: str = "berlin", **changes: Any) -> RegionRecord:
    record = RegionRecord(
        id=region_id,
        text='{"id": "berlin"}',
        state=RegionState.ACTIVE,
        created_at=NOW,
        since=NOW,
        watermark=NOW,
        scenes_from=NOW,
        since_day=date(2024, 5, 6),
        due_at=NOW,
    )
    return replace(record, **changes)


def a_refresh(name: str = "r-berlin-1", **changes: Any) -> RefreshRecord:
    refresh = RefreshRecord(
        id=name,
        region_id="berlin",
        cause=Cause.SCHEDULE,
        start=date(2024, 4, 1),
        end=date(2024, 5, 1),
        made_at=NOW,
        payload_digest="d" * 40,
        priority=50,
    )
    return replace(refresh, **changes)


def test_all_that_a_region_has_comes_back(store: Store) -> None:
    full = a_region(
        why="x",
        by="me",
        held=Why.BUDGET,
        known=("A1@2024-05-01", "C9016@2024-05-02"),
        run_by="you",
        backfill=Backfill(date(2024, 1, 1), date(2024, 3, 1), later(-9.5), 2, "me"),
        looked_at=later(-5),
        tries=3,
        error="y",
    )
    refresh = a_refresh(
        firing=later(-1),
        pass_name="C9016",  # noqa: S106 - no word to pass by
        revision=2,
        supersedes="r-berlin-0",
        stale_since=later(1),
        scenes="abc",
        scene_count=4,
        ended_at=later(2),
        eecu_seconds=2.5,
        due_at=later(3),
    )
    said = replace(entry("berlin", NOW, "skipped", Why.EDITED, at=later(-3)), count=4)
    store.commit_regions([full], [refresh], [said])
    assert store.get_region("berlin") == full
    assert store.get_regions(["berlin", "none"]) == {"berlin": full}
    assert store.get_refreshes(["r-berlin-1", "none"]) == {"r-berlin-1": refresh}
    assert store.find_history_of("berlin", 9) == [said]
    assert store.get_region("none") is None


def test_what_is_due_is_found_in_its_order_and_nothing_else(store: Store) -> None:
    store.commit_regions(
        [
            a_region("late", due_at=later(-1)),
            a_region("early", due_at=later(-9)),
            a_region("paused", state=RegionState.PAUSED, due_at=later(-9)),
            a_region("never", due_at=None),
            a_region("later", due_at=later(1)),
        ],
        [
            a_refresh("a", due_at=later(-1)),
            a_refresh("b", due_at=later(-2), state=RefreshState.ENDED),
            a_refresh("c", due_at=None),
            a_refresh("d", due_at=later(5), state=RefreshState.OPEN),
        ],
    )
    assert [one.id for one in store.find_due_regions(NOW, 9)] == ["early", "late"]
    assert [one.id for one in store.find_due_regions(NOW, 1)] == ["early"]
    assert [one.id for one in store.find_due_refreshes(NOW, 9)] == ["b", "a"]
    found = store.find_open_refreshes("berlin", 9)
    assert sorted(one.id for one in found) == ["a", "c", "d"]
    assert store.find_open_refreshes("vienna", 9) == []


def test_lists_are_in_order_and_paged(store: Store) -> None:
    store.commit_regions(
        [a_region(name, created_at=later(at)) for name, at in (("b", 2), ("a", 1), ("c", 3))],
        [a_refresh(f"r{n}", made_at=later(n)) for n in range(3)],
        [entry("berlin", later(n), "run") for n in range(3)],
    )
    assert [one.id for one in store.find_regions(9)] == ["a", "b", "c"]
    assert [one.id for one in store.find_regions(9, later(2))] == ["b", "c"]
    assert [one.id for one in store.find_refreshes_of("berlin", 2)] == ["r2", "r1"]
    assert [one.id for one in store.find_refreshes_of("berlin", 9, later(2))] == ["r2"]
    assert [one.at for one in store.find_history_of("berlin", 2)] == [later(2), later(1)]


def test_a_commit_is_all_or_nothing_and_the_second_loses(store: Store) -> None:
    store.commit_regions([a_region()])
    read = store.get_region("berlin")
    assert read is not None
    store.commit_regions([replace(read, watermark=later(60))], [a_refresh()])
    for regions, refreshes in (
        ([replace(read, watermark=later(90))], [a_refresh("other")]),
        ([], [a_refresh("other"), a_refresh()]),
        ([a_region("new"), a_region()], []),
    ):
        with pytest.raises(Conflict):
            store.commit_regions(regions, refreshes, [entry("berlin", NOW, "run")])
    assert store.get_refreshes(["other"]) == {}
    assert store.get_region("new") is None
    assert store.find_history_of("berlin", 9) == []
    after = store.get_region("berlin")
    assert after is not None
    assert after.watermark == later(60)


def test_an_entry_of_the_same_moment_twice_is_one(store: Store) -> None:
    for _ in range(2):
        store.commit_regions(entries=[entry("berlin", NOW, "run")])
    assert len(store.find_history_of("berlin", 9)) == 1


def test_several_requests_are_read_at_once(store: Store) -> None:
    made = [store.create_request(a_request(f"r{n}")) for n in range(3)]
    assert store.get_requests(["r0", "r2", "none"]) == {"r0": made[0], "r2": made[2]}


def test_times_and_days_are_what_they_were(store: Store) -> None:
    store.commit_regions(
        [a_region(backfill=Backfill(date(2024, 1, 1), date(2024, 3, 1), NOW, 1, ""))]
    )
    read = store.get_region("berlin")
    assert read is not None
    assert read.backfill is not None
    assert read.backfill.mark - NOW == timedelta()
    assert (type(read.since_day), read.due_at) == (date, NOW)
