"""Events in a store: committed with a change, unsent until somebody published them."""

from dataclasses import replace
from typing import Any

import pytest

from s1ratio.adapters.store.base import EVENT
from s1ratio.adapters.store.database import Create
from s1ratio.adapters.store.document_store import DocumentStore
from s1ratio.errors import Conflict
from s1ratio.ports import Store
from s1ratio.records import Event, Rejection
from tests.contract.conftest import StoreOpener
from tests.contract.records import NOW, a_request, an_event, later
from tests.contract.test_store_alerts import incident
from tests.contract.test_store_regions import a_region
from tests.contract.test_store_watches import watch


def unsent(event_id: str, key: str = "r1", **changes: Any) -> Event:
    """Return an event that is to be published."""
    event = an_event(event_id, key, some="data")
    return replace(event, key=key, **{"unsent_since": NOW, "sequence": 1, **changes})


def commit(store: Store, *events: Event) -> None:
    """Commit events with a change of some request."""
    record = store.create_request(a_request("other"))
    store.update_request(record, record.version, events)


def test_an_event_is_unsent_until_it_is_marked(store: Store) -> None:
    event = unsent("e1", attributes={"state": "VERIFIED", "label-täm": "füßè"})
    commit(store, event, replace(unsent("e2"), unsent_since=None))
    assert store.find_unsent_events(10) == [event]
    assert store.find_unsent_events_of("r1") == [event]

    store.mark_sent([event])
    assert store.find_unsent_events(10) == []
    assert store.find_unsent_events_of("r1") == []
    told = store.find_events_of("r1")
    assert [one.id for one in told] == ["e1", "e2"], "where it was"
    assert told[0] == replace(event, unsent_since=None), "and as it was"


def test_to_mark_it_again_changes_nothing(store: Store) -> None:
    event = unsent("e1")
    commit(store, event)
    for _ in range(2):
        store.mark_sent([event])
    assert store.find_events_of("r1") == [replace(event, unsent_since=None)]
    store.mark_sent([])


def test_the_oldest_is_found_first_and_from_a_time_on(store: Store) -> None:
    """Those of an earlier version have no such field at all: nobody looks for them."""
    ages = {"e1": 3, "e2": 1, "e3": 2, "e4": 2}
    for name, seconds in ages.items():
        commit(store, unsent(name, unsent_since=later(seconds)))
    assert [one.id for one in store.find_unsent_events(3)] == ["e2", "e3", "e4"]
    assert [one.id for one in store.find_unsent_events(9, later(2))] == ["e3", "e4", "e1"]


def test_those_of_a_key_come_as_they_were_committed_whatever_the_clocks_said(
    store: Store, open_store: StoreOpener
) -> None:
    """Two processes, of which one has a clock that is ahead."""
    commit(store, unsent("z", unsent_since=later(60)))
    commit(open_store(), unsent("m", unsent_since=later(30)), unsent("b", unsent_since=later(30)))
    commit(store, unsent("a", unsent_since=later(-60)), unsent("other", key="r2"))
    assert [one.id for one in store.find_unsent_events_of("r1")] == ["z", "m", "b", "a"]
    by_commit = sorted(store.find_unsent_events(10), key=lambda one: one.version)
    assert [one.id for one in by_commit] == ["z", "m", "b", "a", "other"]


def test_what_an_earlier_version_committed_is_read_and_never_unsent(store: Store) -> None:
    assert isinstance(store, DocumentStore)
    document = EVENT.document(an_event("e0"))
    old = {name: document[name] for name in ("id", "kind", "request_id", "at", "data")}
    store._database.commit([Create("events", "e0", {**old, "expire_at": None})])
    assert [one.id for one in store.find_events_of("r1")] == ["e0"]
    assert store.find_unsent_events(10) == []


@pytest.mark.parametrize("what", ["incident", "watch", "region", "rejection"])
def test_an_event_goes_with_its_change_or_not_at_all(store: Store, what: str) -> None:
    def save(name: str, expected: Any = None) -> Any:
        """Save a record with an event of it."""
        events = [unsent(name)]
        if what == "incident":
            return store.save_incident(incident(), expected, events).version
        if what == "watch":
            return store.save_watch(watch(), expected, events).version
        if what == "region":
            return store.commit_regions([a_region()], events=events)
        return store.reject(Rejection("m", NOW, (), ""), events)

    first = save("e1")
    assert [one.id for one in store.find_unsent_events_of("r1")] == ["e1"]
    if what == "rejection":
        assert first is True
        assert save("e2") is False, "it is known: nothing is told"
    else:
        with pytest.raises(Conflict):
            save("e2")
    assert [one.id for one in store.find_unsent_events_of("r1")] == ["e1"]


def test_many_are_marked_in_several_commits(store: Store) -> None:
    events = [unsent(f"e{number:04d}") for number in range(1_100)]
    for start in range(0, 1_100, 400):
        commit(store, *events[start : start + 400])
    store.mark_sent(store.find_unsent_events(1_050))
    assert len(store.find_unsent_events(2_000)) == 50
