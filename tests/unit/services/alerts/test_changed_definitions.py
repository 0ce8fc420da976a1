"""Rules and silences that change: incidents that they are about are due with the next tick."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.alerts.incident import Incident, IncidentState, note_requested
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.records import Kind
from s1ratio.services.alerts import heed_changes
from s1ratio.services.alerts.definitions import apply, propose, remove
from tests.support.alert_world import AlertWorld
from tests.unit.alerts import samples

FAR = {"type": "Point", "coordinates": [110.0, 15.0]}


def flood(**changes: Any) -> bytes:
    return samples.gdacs(samples.gdacs_event(**changes))


def followed(world: AlertWorld) -> list[Incident]:
    """Let two floods be followed, whose next time is days away."""
    world.record(flood(), "gdacs")
    world.record(flood(eventid=7, geometry=FAR), "gdacs")
    world.tick(minutes=11)
    for one in world.incidents:
        world.store.save_incident(note_requested(one, world.clock.now()), one.version)
    world.tick(minutes=1)
    found = list(world.incidents)
    assert len(found) == 2
    assert all(one.due_at > world.clock.now() + timedelta(days=1) for one in found)
    return found


def define(world: AlertWorld, kind: Kind, document: dict[str, Any]) -> None:
    apply(world.store, propose(world.store, kind, [document], world.clock.now()))


def silence(world: AlertWorld, **matcher: Any) -> None:
    end = world.clock.now() + timedelta(days=3)
    document = {"name": "drill", "reason": "a drill", "ends_at": end.isoformat(), **matcher}
    define(world, Kind.SILENCE, document)


def test_incidents_of_a_rule_that_was_removed_close_with_the_next_tick(world: AlertWorld) -> None:
    followed(world)
    remove(world.store, Kind.RULE, "flood", world.clock.now())
    world.tick(minutes=1)
    assert {one.state for one in world.incidents} == {IncidentState.CLOSED}
    assert {one.reason for one in world.incidents} == {Reason.NO_RULE}


def test_a_rule_that_is_edited_is_heeded_and_others_incidents_are_left_alone(
    world: AlertWorld,
) -> None:
    followed(world)
    world.record(samples.usgs(samples.usgs_event()), "usgs")
    world.tick(minutes=1)
    (quake,) = (one for one in world.incidents if one.hazard == "earthquake")
    rule = world.store.get_definition(Kind.RULE, "flood")
    assert rule is not None
    soon = {**rule.document, "grouping": {"close_days": 0, "quiet_days": 0}}
    define(world, Kind.RULE, soon)
    world.tick(minutes=1)
    assert {one.state for one in world.incidents if one.hazard == "flood"} == {IncidentState.CLOSED}
    assert world.store.get_incident(quake.id) == quake


@pytest.mark.parametrize("matcher", [{"hazard": "flood"}, {"rule": "flood"}, {"feed": "gdacs"}])
def test_a_silence_holds_at_once_and_one_that_is_removed_no_more(
    world: AlertWorld, matcher: dict[str, str]
) -> None:
    followed(world)
    silence(world, **matcher)
    world.tick(minutes=1)
    assert {one.reason for one in world.incidents} == {Reason.SILENCED}
    remove(world.store, Kind.SILENCE, "drill", world.clock.now())
    world.tick(minutes=1)
    assert {one.reason for one in world.incidents} == {None}


def test_a_silence_of_one_incident_is_of_that_one(world: AlertWorld) -> None:
    first, second = followed(world)
    silence(world, incident=first.id)
    world.tick(minutes=1)
    found = {one.id: one.reason for one in world.incidents}
    assert found == {first.id: Reason.SILENCED, second.id: None}


def test_many_incidents_take_as_many_reads_and_a_change_is_heeded_once(
    world: AlertWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heed_changes, "_AT_ONCE", 2)
    first, _ = followed(world)
    for number in range(5):
        world.store.save_incident(replace(first, id=f"i-{number:010x}"), None)
    remove(world.store, Kind.RULE, "flood", world.clock.now())
    world.tick(minutes=1)
    assert {one.state for one in world.incidents} == {IncidentState.CLOSED}
    assert not world.store.find_pending_definitions(9)
    late = replace(first, id="i-00000000ff")
    world.store.save_incident(late, None)
    world.tick(minutes=1)  # what was heeded is not looked for again
    assert world.store.get_incident(late.id) == late
