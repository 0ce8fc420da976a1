"""Watches in both stores: compared and set, found again as they were, by what is due."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.alerts.incident import IncidentState
from s1ratio.alerts.watch import ArrivedPass, Watch, WatchReason, WatchRequest, WatchState
from s1ratio.errors import Conflict
from s1ratio.ports import Store
from s1ratio.request import Direction
from tests.contract.records import NOW
from tests.contract.test_store_alerts import incident

LATER = NOW + timedelta(hours=1)


def watch(name: str = "w-0123456789-18d", **changes: Any) -> Watch:
    made = Watch(
        id=name,
        incident="i-0123456789",
        rule="flood",
        relative_orbit=18,
        direction=Direction.DESCENDING,
        state=WatchState.EXPECTED,
        created_at=NOW,
        changed_at=NOW,
        due_at=NOW,
        since=NOW,
        area="POLYGON ((0 0, 1 0, 1 1, 0 0))",
        baseline_start=NOW - timedelta(days=36),
        baseline_end=NOW - timedelta(days=1),
    )
    return replace(made, **changes)


def test_a_watch_is_stored_as_it_is_and_once(store: Store) -> None:
    whole = watch(
        state=WatchState.REQUESTED,
        taken=ArrivedPass("C", 9016, NOW, LATER, 0.97, 2),
        requests=(WatchRequest("a", NOW, LATER), WatchRequest("b", NOW, LATER, "VERIFIED")),
        stale=("old",),
        reason=WatchReason.PARTIAL,
        seen_at=NOW,
    )
    stored = store.save_watch(whole, None)
    assert store.get_watch(whole.id) == stored == whole
    with pytest.raises(Conflict):
        store.save_watch(whole, None)
    after = store.save_watch(replace(whole, delivered=1), stored.version)
    with pytest.raises(Conflict):
        store.save_watch(replace(whole, delivered=2), stored.version)
    assert store.get_watch(whole.id) == after
    assert store.get_watch("none") is None


def test_watches_are_found_by_what_is_due_of_them(store: Store) -> None:
    due = {
        "expected": watch("w-1", state=WatchState.EXPECTED),
        "missed": watch("w-2", state=WatchState.MISSED, due_at=NOW - timedelta(hours=1)),
        "requested": watch("w-3", state=WatchState.REQUESTED),
        "later": watch("w-4", due_at=LATER),
        "never": watch("w-5", state=WatchState.ENDED, due_at=None),
        "other": watch("w-6", incident="i-other", state=WatchState.NOT_ACQUIRED, due_at=LATER),
    }
    for one in due.values():
        store.save_watch(one, None)
    assert [one.id for one in store.find_looking_watches(NOW, 9)] == ["w-2", "w-1"]
    assert [one.id for one in store.find_looking_watches(NOW, 1)] == ["w-2"]
    assert [one.id for one in store.find_requested_watches(NOW, 9)] == ["w-3"]
    assert [one.id for one in store.find_watches_of("i-0123456789", 9)] == [
        f"w-{number}" for number in range(1, 6)
    ]


def test_incidents_that_ended_are_found_while_their_watches_may_be_open(store: Store) -> None:
    ended = [
        incident("a", watched=True, state=IncidentState.CLOSED, ended_at=LATER),
        incident("b", watched=True, state=IncidentState.CANCELLED, ended_at=NOW),
        incident("c", watched=True, state=IncidentState.ACTIVE),
        incident("d", watched=False, state=IncidentState.CLOSED, ended_at=NOW),
        incident("e", watched=True, state=IncidentState.CLOSED, ended_at=NOW, due_at=LATER),
    ]
    ended[0] = replace(ended[0], due_at=NOW)
    ended[1] = replace(ended[1], due_at=NOW - timedelta(hours=1))
    for one in ended:
        store.save_incident(one, None)
    found = [one.id for one in store.find_watched_incidents_ended(NOW, 9)]
    assert found == [ended[1].id, ended[0].id]


def test_watches_whose_pass_is_listed_again_are_found_whatever_their_state(store: Store) -> None:
    asked = ArrivedPass("C", 9016, NOW, LATER, 0.5, 1)
    before = (WatchRequest("a", NOW, LATER, "VERIFIED"),)
    soon, now = NOW - timedelta(hours=1), NOW
    states = {"w-1": (WatchState.DELIVERED, now), "w-2": (WatchState.EXPECTED, soon)}
    for name, (state, at) in states.items():
        one = watch(name, state=state, recheck_at=at, asked=asked, revised_from=before)
        store.save_watch(one, None)
        assert store.get_watch(name) == one
    store.save_watch(watch("w-3", recheck_at=LATER), None)
    store.save_watch(watch("w-4"), None)
    assert [one.id for one in store.find_rechecked_watches(NOW, 9)] == ["w-2", "w-1"]
    assert [one.id for one in store.find_rechecked_watches(NOW, 1)] == ["w-2"]
