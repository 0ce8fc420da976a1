"""Alerts in both stores: kept once, compared and set, found again as they were."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.alerts.finding import keys_of
from s1ratio.alerts.grouping import group
from s1ratio.alerts.incident import Incident, IncidentState
from s1ratio.alerts.items import Item, Status
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.records import (
    AlertRecord,
    AlertState,
    Definition,
    FetchRecord,
    Kind,
    MessageRecord,
)
from s1ratio.errors import Conflict
from s1ratio.ports import Store
from tests.contract.conftest import StoreOpener
from tests.contract.records import NOW
from tests.unit.alerts.test_grouping import waiting

LATER = NOW + timedelta(hours=1)


def alert(name: str = "1", **changes: Any) -> AlertRecord:
    item = Item(
        "mine",
        name,
        Status.ALERT,
        NOW,
        "POINT (1 2)",
        3,
        aliases=("a", "ü\ud800"),
        magnitude=6.5,
        revision="[1]",
        raw='{"a": 1}',
    )
    made = AlertRecord(
        f"mine:{name}", "mine", name, AlertState.RECORDED, NOW, NOW, NOW, "m", item, due_at=NOW
    )
    return replace(made, **changes)


def message(name: str = "m", **changes: Any) -> MessageRecord:
    made = MessageRecord(name, "unknown", NOW, NOW, {"feed": "x", "ce-id": "1"}, '{"a": [[1]]}')
    return replace(made, **changes)


def incident(*names: str, **changes: Any) -> Incident:
    every = [waiting(name, magnitude=7.0) for name in names or ("a",)]
    (found,) = group(every, [], NOW).changed
    return replace(found, **changes)


def test_an_alert_comes_back_as_it_was(store: Store) -> None:
    stored, new = store.create_alert(alert(reason=Reason.SEVERITY, passed_at=NOW))
    assert new
    assert store.get_alert("mine:1") == stored
    assert stored.item is not None
    assert stored.item.aliases[0] == "a"
    assert stored.item.time == NOW
    assert store.get_alerts(["mine:1", "mine:2"]) == {"mine:1": stored}


def test_an_alert_is_created_once(store: Store) -> None:
    first, _ = store.create_alert(alert())
    again, new = store.create_alert(alert(state=AlertState.BROKEN))
    assert not new
    assert again == first


@pytest.mark.parametrize("name", ["with/slash", "ü", "a b,c\n", "x" * 300, "."])
def test_any_id_of_a_source_is_kept(store: Store, name: str) -> None:
    store.create_alert(alert(name))
    found = store.get_alert(f"mine:{name}")
    assert found is not None
    assert found.alert_id == name


def test_many_at_once_create_one(open_store: StoreOpener) -> None:
    stores = [open_store() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda one: one.create_alert(alert()), stores))
    assert sorted(new for _, new in results) == [False, False, False, True]


def test_a_change_that_is_late_is_refused(store: Store) -> None:
    stored, _ = store.create_alert(alert())
    store.update_alert(replace(stored, revisions=1), stored.version)
    with pytest.raises(Conflict):
        store.update_alert(replace(stored, revisions=9), stored.version)


def test_alerts_are_found_by_what_is_due(store: Store) -> None:
    for i, state in enumerate((AlertState.RECORDED, AlertState.WAITING, AlertState.FILTERED)):
        store.create_alert(alert(f"{i}", state=state, hazard="flood", due_at=NOW))
    store.create_alert(alert("later", due_at=LATER))
    store.create_alert(alert("never", due_at=None))
    found = store.find_due_alerts(AlertState.RECORDED, NOW, 9)
    assert [one.alert_id for one in found] == ["0"]
    assert len(store.find_due_alerts(AlertState.RECORDED, LATER, 9)) == 2
    assert [one.alert_id for one in store.find_waiting_alerts("flood", 9)] == ["1"]
    assert store.find_waiting_alerts("fire", 9) == []


def test_a_message_comes_back_and_is_found_until_it_was_read(store: Store) -> None:
    stored, new = store.create_message(message())
    assert new
    assert store.get_message("m") == stored
    assert store.create_message(message(payload="other"))[1] is False
    assert [one.id for one in store.find_unread_messages(NOW, 5)] == ["m"]
    store.update_message(replace(stored, read_at=LATER), stored.version)
    assert store.find_unread_messages(NOW, 5) == []


def test_definitions_are_found_by_kind_until_they_are_removed(store: Store) -> None:
    one = store.save_definition(Definition(Kind.FEED, "b", {"x": [[1]]}, NOW), None)
    store.save_definition(Definition(Kind.FEED, "a", {}, NOW), None)
    store.save_definition(Definition(Kind.RULE, "b", {}, NOW), None)
    assert [each.name for each in store.get_definitions(Kind.FEED)] == ["a", "b"]
    assert store.get_definition(Kind.FEED, "b") == one
    store.save_definition(replace(one, removed=True), one.version)
    assert [each.name for each in store.get_definitions(Kind.FEED)] == ["a"]
    with pytest.raises(Conflict):
        store.save_definition(Definition(Kind.RULE, "b", {}, NOW), None)


def test_an_incident_comes_back_as_it_was(store: Store) -> None:
    made = incident("a", "b", area="POLYGON ((0 0, 1 1, 1 0, 0 0))", reason=Reason.TOO_FEW)
    stored = store.save_incident(made, None)
    assert store.get_incident(made.id) == stored
    assert [m.time for m in stored.members] == [m.time for m in made.members]
    assert stored.members == made.members
    with pytest.raises(Conflict):
        store.save_incident(made, None)


def test_incidents_are_found_by_what_they_wait_for(store: Store) -> None:
    for i, state in enumerate(IncidentState):
        one = incident(f"{i}", state=state, due_at=NOW, wanted=state is IncidentState.ACTIVE)
        store.save_incident(replace(one, severity=i), None)
    live = {IncidentState.OPEN, IncidentState.ACTIVE, IncidentState.QUIET}
    assert {one.state for one in store.find_live_incidents("flood", 9)} == live
    assert {one.state for one in store.find_due_incidents(NOW, 9)} == live
    assert store.find_due_incidents(NOW - timedelta(seconds=1), 9) == []
    assert [one.state for one in store.find_wanted_incidents(9)] == [IncidentState.ACTIVE]
    assert store.count_followed_incidents("rule", "flood") == 2
    assert len(store.find_incidents(9)) == 5


def test_how_far_a_feed_is_fetched(store: Store) -> None:
    assert store.get_fetches(["usgs"]) == {}
    stored = store.save_fetch(FetchRecord("usgs", NOW, etag='"x"', details={"E": "1"}), None)
    assert store.get_fetches(["usgs", "gdacs"]) == {"usgs": stored}
    assert stored.details == {"E": "1"}


def test_what_changed_and_whom_it_may_be_about_is_found(store: Store) -> None:
    changed = Definition(Kind.RULE, "b", {}, NOW, removed=True, pending=True)
    stored = store.save_definition(changed, None)
    store.save_definition(Definition(Kind.SILENCE, "a", {}, NOW), None)
    assert list(store.find_pending_definitions(9)) == [stored]
    hour = timedelta(hours=1)
    for name, due, state in [
        ("a", NOW + hour, IncidentState.ACTIVE),
        ("b", NOW, IncidentState.OPEN),
        ("c", NOW - hour, IncidentState.OPEN),
        ("d", NOW + hour, IncidentState.CLOSED),
    ]:
        store.save_incident(incident(name, due_at=due, state=state), None)
    found = [one.members[0].id for one in store.find_later_incidents(NOW, 9)]
    assert found == ["b", "a"]


def test_incidents_are_found_by_their_keys_until_they_end(store: Store) -> None:
    near, far = incident("a"), incident("b", hazard="fire")
    saved = store.save_incident(near, None)
    store.save_incident(far, None)
    keys = keys_of(near)
    assert keys
    padded = [*(f"none-{n}" for n in range(70)), *keys]  # Firestore compares thirty at once
    assert [one.id for one in store.find_incidents_by(padded)] == [near.id]
    assert store.find_incidents_by(["none"]) == []
    assert store.find_incidents_by([]) == []
    store.save_incident(replace(near, state=IncidentState.CLOSED), saved.version)
    assert store.find_incidents_by(padded) == []
