"""What anybody may send: it is recorded, it stops nobody, and the others go on."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.alerts.incident import MAX_MEMBERS_BYTES
from s1ratio.alerts.records import AlertState, Kind
from s1ratio.errors import RecordRefused
from s1ratio.services.alerts import record, reread
from tests.support.alert_world import AlertWorld, documents
from tests.unit.alerts import samples


@pytest.mark.parametrize(
    "changes",
    [
        {"eventid": "\ud800"},
        {"eventid": "a\udfffb"},
        {"name": "\udbff\x1b[31m"},
        {"glide": "\ud83d"},
        {"datemodified": "\udc00"},
        {"\ud800": "a name of a field"},
        {"name": ["\ud800", {"\udc00": "\ud800"}]},
    ],
)
def test_halves_of_characters_in_a_message_are_recorded(
    world: AlertWorld, changes: dict[str, Any]
) -> None:
    done = world.record(samples.gdacs(samples.gdacs_event(**changes)), "gdacs")
    assert done.new + done.broken == 1
    world.tick(minutes=1)
    assert world.tick(minutes=11).troubles == 0


def test_a_whole_pair_stays_what_it_is(world: AlertWorld) -> None:
    payload = samples.gdacs(samples.gdacs_event(name="\U0001f30a", eventid="x"))
    assert b"\\ud83c\\udf0a" in payload
    world.record(payload, "gdacs")
    item = world.alert("gdacs", "FL/x").item
    assert item is not None
    assert json.loads(item.raw)["properties"]["name"] == "\U0001f30a"


@pytest.mark.parametrize("count", [50, 20])
def test_alerts_that_name_many_others_fill_an_incident_and_no_hazard_is_held_up(
    world: AlertWorld, count: int
) -> None:
    """Each message of a CAP source may reference all that it sent before."""
    sent = "2026-03-04T13:00:00+07:00"
    for number in range(300):
        others = (f"water@met.example.kh,{'x' * 60}{number}-{k},{sent}" for k in range(count))
        world.record(samples.cap(f"KH-{number}", references=" ".join(others)), "cap")
    world.tick(minutes=1)
    report = world.tick(minutes=11)
    assert (report.troubles, report.placed) == (0, 300)
    assert sum(len(one.members) for one in world.incidents) == 300
    for one in world.incidents:
        assert sum(member.size for member in one.members) <= MAX_MEMBERS_BYTES
    name = samples.cap_id("KH-299")
    assert world.alert("cap", name).state is AlertState.MEMBER


@pytest.mark.parametrize("name", ["__x__", "__name__", "____", "", "__a\n__", "a" * 400])
def test_names_of_attributes_that_firestore_refuses_are_left_out(
    world: AlertWorld, name: str
) -> None:
    done = world.record(samples.gdacs(samples.gdacs_event()), "gdacs", **{name: "x"})
    message = world.store.get_message(done.message)
    assert message is not None
    assert not [one for one in message.attributes if not one or re.fullmatch("(?s)__.*__", one)]


def test_one_unknown_message_that_cannot_be_read_again_ends_no_tick(
    world: AlertWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [world.record(json.dumps({"n": n}).encode()).message for n in range(3)]
    known = record.read

    def failing(payload: bytes, *rest: Any) -> Any:
        if b"1" in payload:
            raise KeyError("nobody foresaw it")
        return known(payload, *rest)

    monkeypatch.setattr(reread, "read", failing)
    world.clock.advance(timedelta(minutes=1))
    # Feeds change, so that what is unknown is tried.
    rss = {**documents("feeds")[0], "note": "changed"}
    world.apply(Kind.FEED, rss)
    world.record(samples.gdacs(samples.gdacs_event()), "gdacs")
    report = world.tick(minutes=1)
    assert (report.troubles, report.judged) == (1, 1)
    read_at = {world.store.get_message(name).read_at for name in names}  # type: ignore[union-attr]
    assert read_at == {world.clock.now()}
    assert world.tick(minutes=1).troubles == 0


def test_an_incident_that_no_store_takes_holds_up_no_other(
    world: AlertWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = {"type": "Point", "coordinates": [114.9, 21.6]}
    first = samples.gdacs_event(eventid=1, glide="")
    world.record(
        samples.gdacs(first, samples.gdacs_event(eventid=2, geometry=far, glide="")), "gdacs"
    )
    save = world.store.save_incident

    def refusing(incident: Any, expected: Any, events: Any = ()) -> Any:
        if incident.member(("gdacs", "FL/1")):
            raise RecordRefused("too large")
        return save(incident, expected, events)

    monkeypatch.setattr(world.store, "save_incident", refusing)
    world.tick(minutes=11)
    assert [one.members[0].id for one in world.incidents] == ["FL/2"]
    assert world.alert("gdacs", "FL/1").tries == 1
