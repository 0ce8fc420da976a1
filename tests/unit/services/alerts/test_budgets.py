"""Budgets of rules and owners: what is over is held, and the worst of it goes first."""

from dataclasses import replace
from typing import Any

import pytest

from s1ratio.alerts.incident import Incident, IncidentState
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.records import Kind
from tests.support.alert_world import AlertWorld
from tests.unit.alerts import samples

MINUTES_11 = {"minutes": 11}
ACTIVE, OPEN = IncidentState.ACTIVE, IncidentState.OPEN


def rule(name: str = "few", hazard: str = "flood", **changes: Any) -> dict[str, Any]:
    kinds = {"flood": "FL", "fire": "WF"}
    filtered = f"properties.eventtype == '{kinds[hazard]}'"
    feeds = [{"feed": "gdacs", "filter": filtered, "severity": 0}]
    return {"name": name, "hazard": hazard, "feeds": feeds, "members": 1, **changes}


def happen(world: AlertWorld, *levels: str, kind: str = "FL", first: int = 1) -> None:
    """Let happenings far from each other be told, of these levels."""
    for number, level in enumerate(levels, first):
        place = {"type": "Point", "coordinates": [5.0 + 5 * number, 45.0]}
        event = samples.gdacs_event(
            eventid=number, alertlevel=level, glide="", geometry=place, eventtype=kind
        )
        world.record(samples.gdacs(event), "gdacs")


def told(world: AlertWorld) -> dict[str, tuple[IncidentState, Reason | None]]:
    return {m.id: (one.state, one.reason) for one in world.incidents for m in one.members}


def end(world: AlertWorld, name: str) -> None:
    (one,) = (each for each in world.incidents if each.members[0].id == name)
    closed = replace(one, state=IncidentState.CLOSED, ended_at=world.clock.now())
    world.store.save_incident(closed, one.version)


def of(world: AlertWorld, name: str) -> Incident:
    return next(one for one in world.incidents if one.members[0].id == name)


@pytest.fixture
def bare(world: AlertWorld) -> AlertWorld:
    for name in ("flood", "fire", "earthquake", "deforestation"):
        known = world.store.get_definition(Kind.RULE, name)
        if known is not None:
            world.store.save_definition(replace(known, removed=True), known.version)
    return world


def test_an_owners_rules_share_its_budget_and_others_have_their_own(bare: AlertWorld) -> None:
    shared: dict[str, Any] = {"owner": "civil", "owner_open_at_once": 2}
    bare.apply(
        Kind.RULE, rule("a", **shared), rule("b", "fire", **shared, grouping={"wait_min": 0})
    )
    happen(bare, "Orange", "Orange")
    bare.tick(**MINUTES_11)
    happen(bare, "Red", kind="WF", first=11)
    bare.tick(**MINUTES_11)
    assert told(bare)["WF/11"] == (OPEN, Reason.HELD)
    assert "owner civil has 2 incidents" in of(bare, "WF/11").words
    bare.apply(Kind.RULE, rule("b", "fire", owner="other", owner_open_at_once=1))
    bare.tick(minutes=1)
    assert told(bare)["WF/11"] == (ACTIVE, None)


def test_rules_without_an_owner_share_nothing(bare: AlertWorld) -> None:
    bare.apply(Kind.RULE, rule("a", owner_open_at_once=1), rule("b", "fire", owner_open_at_once=1))
    happen(bare, "Orange", "Orange")
    bare.tick(**MINUTES_11)
    assert {state for state, _ in told(bare).values()} == {ACTIVE}


@pytest.mark.parametrize("whose", [{"open_at_once": 1}, {"owner": "x", "owner_open_at_once": 1}])
def test_the_worst_that_is_held_goes_first_whoever_is_looked_at_first(
    bare: AlertWorld, whose: dict[str, Any]
) -> None:
    bare.apply(Kind.RULE, rule(**whose))
    happen(bare, "Red")
    bare.tick(**MINUTES_11)
    happen(bare, "Orange", "Red", first=2)
    bare.tick(**MINUTES_11)
    assert told(bare)["FL/3"] == told(bare)["FL/2"] == (OPEN, Reason.HELD)
    end(bare, "FL/1")
    happen(bare, "Orange", first=4)  # comes when there is room, while others wait
    bare.tick(minutes=10, seconds=30)
    bare.tick(minutes=1)
    states = {name: state for name, (state, _) in told(bare).items() if name != "FL/1"}
    assert states == {"FL/2": OPEN, "FL/3": ACTIVE, "FL/4": OPEN}
    end(bare, "FL/3")
    bare.tick(hours=1, minutes=1)
    bare.tick(minutes=1)
    states = {name: state for name, (state, _) in told(bare).items()}
    assert (states["FL/2"], states["FL/4"]) == (ACTIVE, OPEN)  # of two alike the older


def test_one_that_its_own_rule_holds_keeps_no_other_of_its_owner(bare: AlertWorld) -> None:
    shared: dict[str, Any] = {"owner": "civil", "owner_open_at_once": 2}
    bare.apply(Kind.RULE, rule("a", open_at_once=1, **shared), rule("b", "fire", **shared))
    happen(bare, "Red", "Red")
    bare.tick(**MINUTES_11)
    assert sorted(state for state, _ in told(bare).values()) == [ACTIVE, OPEN]
    happen(bare, "Orange", kind="WF", first=11)
    bare.tick(minutes=61)
    bare.tick(minutes=1)
    assert told(bare)["WF/11"] == (ACTIVE, None)
