"""From recorded alerts to incidents, tick by tick."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.alerts import grouping, judging
from s1ratio.alerts.incident import Incident, IncidentState, note_requested
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.records import AlertState, Kind
from s1ratio.services.alerts import judge_alerts, place_alerts
from s1ratio.services.alerts.advance_incidents import advance_due
from s1ratio.services.alerts.judge_alerts import judge_recorded
from s1ratio.services.alerts.place_alerts import place_waiting
from s1ratio.services.alerts.record import record
from s1ratio.services.alerts.tick import tick_incidents
from s1ratio.services.alerts.tick_state import Tick
from tests.support.alert_world import AlertWorld
from tests.unit.alerts import samples

MINUTES_11 = {"minutes": 11}


def flood(**changes: Any) -> bytes:
    return samples.gdacs(samples.gdacs_event(**changes))


def only(world: AlertWorld) -> Incident:
    (found,) = world.incidents
    return found


def requested(world: AlertWorld) -> Incident:
    """Do what who watches incidents does: request what is wanted."""
    (found,) = world.store.find_wanted_incidents(9)
    return world.store.save_incident(note_requested(found, world.clock.now()), found.version)


def test_an_alert_waits_for_others_and_becomes_an_incident(world: AlertWorld) -> None:
    world.record(flood(), "gdacs")
    world.tick(minutes=1)
    waiting = world.alert("gdacs", "FL/1200345")
    assert (waiting.state, waiting.hazard, waiting.rule) == (AlertState.WAITING, "flood", "flood")
    assert world.incidents == []
    world.tick(minutes=9)
    incident = only(world)
    assert (incident.state, incident.wanted) == (IncidentState.ACTIVE, True)
    found = world.alert("gdacs", "FL/1200345")
    assert (found.state, found.incident) == (AlertState.MEMBER, incident.id)


def test_who_is_revised_all_the_time_waits_no_longer_for_it(world: AlertWorld) -> None:
    for episode in range(3, 6):
        world.record(flood(episodeid=episode), "gdacs")
        world.tick(minutes=4)
    assert only(world).wanted


def test_an_earthquake_waits_for_nobody(world: AlertWorld) -> None:
    world.record(samples.usgs(samples.usgs_event()), "usgs")
    world.tick(seconds=30)
    incident = only(world)
    assert incident.wanted
    assert incident.area_km2 == pytest.approx(4_072, rel=0.03)  # 36 km around it


def test_three_feeds_tell_of_one_flood(world: AlertWorld) -> None:
    """By GDACS's id, and by place: the mapped areas stand for the middle that GDACS tells."""
    world.record(flood(), "gdacs")
    world.record(samples.cap(), "cap")
    world.record(samples.ems(), "ems")
    world.tick(**MINUTES_11)
    incident = only(world)
    assert sorted(m.feed for m in incident.members) == ["cap", "ems", "gdacs"]
    assert incident.inhibited == 1


@pytest.mark.parametrize(
    ("payload", "feed", "name", "reason"),
    [
        (flood(alertlevel="Green"), "gdacs", "FL/1200345", Reason.SEVERITY),
        (flood(eventtype="DR"), "gdacs", "DR/1200345", Reason.FILTER),
        (flood(istemporary="true"), "gdacs", "FL/1200345", Reason.STATUS),
        (flood(fromdate="2026-01-20T00:00:00"), "gdacs", "FL/1200345", Reason.TOO_OLD),
        (flood(geometry=None), "gdacs", "FL/1200345", Reason.NO_PLACE),
        (
            flood(geometry={"type": "Point", "coordinates": [35.55, -17.27]}),
            "gdacs",
            "FL/1200345",
            Reason.COUNTRY,
        ),
        (samples.cap(status="Exercise"), "cap", samples.cap_id(), Reason.STATUS),
        (
            samples.cap(area="<polygon>0,0 0,20 20,20 20,0 0,0</polygon>"),
            "cap",
            samples.cap_id(),
            Reason.AREA,
        ),
    ],
)
def test_what_leads_to_nothing_says_why(
    world: AlertWorld, payload: bytes, feed: str, name: str, reason: Reason
) -> None:
    world.record(payload, feed)
    world.tick(**MINUTES_11)
    found = world.alert(feed, name)
    assert (found.state, found.reason) == (AlertState.FILTERED, reason)
    assert found.words
    assert world.incidents == []


def test_an_age_is_judged_once_and_re_sends_never_age(world: AlertWorld) -> None:
    world.record(flood(), "gdacs")
    world.tick(minutes=1)
    world.clock.advance(timedelta(days=60))
    world.record(flood(alertlevel="Red", episodeid=9), "gdacs")
    world.tick(minutes=1)
    assert world.alert("gdacs", "FL/1200345").state is not AlertState.FILTERED


def test_the_age_is_that_of_the_first_arrival_that_passes_the_gates(world: AlertWorld) -> None:
    world.record(flood(alertlevel="Green"), "gdacs")
    world.tick(minutes=1)
    world.clock.advance(timedelta(days=31))
    for episode in (5, 6):
        world.record(flood(episodeid=episode), "gdacs")
        world.tick(minutes=1)
        found = world.alert("gdacs", "FL/1200345")
        assert (found.state, found.reason) == (AlertState.FILTERED, Reason.TOO_OLD)


def test_a_revision_upwards_over_the_gate_opens(world: AlertWorld) -> None:
    world.record(flood(alertlevel="Green"), "gdacs")
    world.tick(**MINUTES_11)
    world.record(flood(episodeid=3), "gdacs")
    world.tick(minutes=1)
    world.tick(**MINUTES_11)
    assert only(world).wanted


def test_gdacs_lowered_below_the_gate_cancels_and_raised_opens_again(world: AlertWorld) -> None:
    world.record(flood(), "gdacs")
    world.tick(**MINUTES_11)
    first = requested(world)
    world.record(flood(alertlevel="Green", episodeid=3), "gdacs")
    world.tick(minutes=1)
    assert only(world).state is IncidentState.CANCELLED
    lowered = world.alert("gdacs", "FL/1200345")
    assert (lowered.state, lowered.reason) == (AlertState.CANCELLED, Reason.DOWNGRADED)
    world.record(flood(alertlevel="Red", episodeid=4), "gdacs")
    world.tick(minutes=1)
    world.tick(**MINUTES_11)
    again = only(world)
    assert (again.id, again.state, again.wanted) == (first.id, IncidentState.ACTIVE, True)


def test_another_feed_s_severity_downwards_only_annotates(world: AlertWorld) -> None:
    world.record(samples.usgs(samples.usgs_event()), "usgs")
    world.tick(minutes=1)
    requested(world)
    world.record(samples.usgs(samples.usgs_event(mag=5.2, updated=1772609900000)), "usgs")
    world.tick(hours=7)
    incident = only(world)
    assert (incident.state, incident.wanted) == (IncidentState.ACTIVE, False)
    found = world.alert("usgs", "us6000abcd")
    assert (found.state, found.revisions) == (AlertState.MEMBER, 1)
    assert "annotates" in found.words


def test_usgs_deleted_cancels(world: AlertWorld) -> None:
    world.record(samples.usgs(samples.usgs_event()), "usgs")
    world.tick(minutes=1)
    gone = samples.usgs_event(status="deleted", updated=1772609900000)
    world.record(samples.usgs(gone), "usgs")
    world.tick(minutes=1)
    assert only(world).state is IncidentState.CANCELLED
    assert world.alert("usgs", "us6000abcd").state is AlertState.CANCELLED


def cancel(*names: str) -> bytes:
    about = " ".join(samples.cap_id(name) for name in names)
    return samples.cap("C", "Cancel", about, sent="2026-03-04T15:00:00+07:00")


@pytest.mark.parametrize("waits", [True, False])
def test_a_cap_cancel_takes_its_alert_back(world: AlertWorld, waits: bool) -> None:
    world.record(samples.cap("A"), "cap")
    world.tick(minutes=1)
    if not waits:
        world.tick(**MINUTES_11)
    world.record(cancel("A"), "cap")
    world.tick(minutes=1)
    world.tick(**MINUTES_11)
    found = world.alert("cap", samples.cap_id("A"))
    assert (found.state, found.reason) == (AlertState.CANCELLED, Reason.CANCELLED)
    assert [one.state for one in world.incidents] == ([] if waits else [IncidentState.CANCELLED])


def test_a_cap_cancel_that_comes_first_is_kept_and_applied(world: AlertWorld) -> None:
    world.record(cancel("A"), "cap")
    world.tick(**MINUTES_11)
    world.record(samples.cap("A"), "cap")
    world.tick(**MINUTES_11)
    found = world.alert("cap", samples.cap_id("A"))
    assert (found.state, found.reason) == (AlertState.CANCELLED, Reason.CANCELLED)
    assert found.item is not None
    assert world.incidents == []


def test_an_incident_lives_as_long_as_one_of_its_alerts(world: AlertWorld) -> None:
    world.record(flood(), "gdacs")
    world.record(samples.cap("A"), "cap")
    world.tick(**MINUTES_11)
    world.record(cancel("A"), "cap")
    world.tick(minutes=1)
    incident = only(world)
    assert (incident.state, len(incident.counted)) == (IncidentState.ACTIVE, 1)


def test_a_cap_update_stands_for_what_it_supersedes(world: AlertWorld) -> None:
    world.record(samples.cap("A"), "cap")
    world.tick(**MINUTES_11)
    world.record(samples.cap("B", "Update", samples.cap_id("A")), "cap")
    world.tick(minutes=1)
    world.tick(**MINUTES_11)
    incident = only(world)
    assert [(m.id.split(",")[1], m.out) for m in incident.members] == [
        ("A", Reason.SUPERSEDED),
        ("B", None),
    ]


def test_a_cap_update_of_what_was_filtered_is_judged_by_itself(world: AlertWorld) -> None:
    world.record(samples.cap("A", severity="Minor"), "cap")
    world.tick(**MINUTES_11)
    world.record(samples.cap("B", "Update", samples.cap_id("A")), "cap")
    world.tick(minutes=1)
    world.tick(**MINUTES_11)
    assert [m.id.split(",")[1] for m in only(world).members] == ["B"]


def test_three_pixels_are_a_fire(world: AlertWorld) -> None:
    rows = [samples.firms_row(lat=f"12.40{i}") for i in range(3)]
    world.record(samples.firms(*rows[:2]), "firms")
    world.tick(minutes=61)
    few = only(world)
    assert (few.state, few.reason) == (IncidentState.OPEN, Reason.TOO_FEW)
    world.record(samples.firms(rows[2]), "firms")
    world.tick(minutes=1)
    world.tick(minutes=61)
    assert only(world).wanted


def test_a_storm_is_a_handful_of_incidents(world: AlertWorld) -> None:
    """A hundred and fifty warnings in as many messages, within one river's basin."""
    ring = "{0},{1} {0},{3} {2},{3} {2},{1} {0},{1}"
    for i in range(150):
        lat, lon = 11 + (i % 15) * 0.04, 104 + (i // 15) * 0.04
        area = ring.format(lat, lon, round(lat + 0.03, 3), round(lon + 0.03, 3))
        world.record(samples.cap(f"K{i:03d}", area=f"<polygon>{area}</polygon>"), "cap")
    world.tick(**MINUTES_11)
    world.tick(**MINUTES_11)
    assert len(world.incidents) <= 3
    assert sum(len(one.members) for one in world.incidents) == 150
    before = [(one.id, one.version) for one in world.incidents]
    world.tick(minutes=1)
    assert [(one.id, one.version) for one in world.incidents] == before


def test_one_that_can_t_be_judged_is_put_off_and_the_others_go_on(
    world: AlertWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.record(
        samples.gdacs(samples.gdacs_event(eventid=1), samples.gdacs_event(eventid=2)), "gdacs"
    )
    judge = judging.judge

    def failing(item: Any, *rest: Any) -> Any:
        if item.id == "FL/1":
            raise ZeroDivisionError
        return judge(item, *rest)

    monkeypatch.setattr(judge_alerts, "judge", failing)
    report = world.tick(**MINUTES_11)
    assert (report.troubles, report.judged) == (1, 1)
    assert world.alert("gdacs", "FL/2").state is AlertState.MEMBER
    assert world.alert("gdacs", "FL/1").tries == 1
    for _ in range(12):
        world.tick(hours=2)
    broken = world.alert("gdacs", "FL/1")
    assert (broken.state, broken.reason) == (AlertState.BROKEN, Reason.UNEXPECTED)


def test_one_that_can_t_be_placed_does_not_hold_up_its_hazard(
    world: AlertWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.record(
        samples.gdacs(samples.gdacs_event(eventid=1), samples.gdacs_event(eventid=2)), "gdacs"
    )
    group = grouping.group

    def failing(waiting: Any, *rest: Any) -> Any:
        every = list(waiting)
        if any(one.member.id == "FL/1" for one in every):
            raise ZeroDivisionError
        return group(every, *rest)

    monkeypatch.setattr(place_alerts, "group", failing)
    world.tick(**MINUTES_11)
    assert [m.id for m in only(world).members] == ["FL/2"]


def test_what_a_budget_does_not_do_for_is_held_by_severity(world: AlertWorld) -> None:
    rule: dict[str, Any] = {
        "name": "few",
        "hazard": "flood",
        "feeds": [{"feed": "gdacs", "filter": "properties.eventtype == 'FL'"}],
        "open_at_once": 1,
    }
    world.apply(Kind.RULE, rule)
    far = {"type": "Point", "coordinates": [10.0, 45.0]}
    orange = samples.gdacs_event(eventid=1)
    red = samples.gdacs_event(eventid=2, alertlevel="Red", glide="", geometry=far)
    world.record(samples.gdacs(orange, red), "gdacs")
    world.tick(**MINUTES_11)
    told = {m.id: (one.state, one.reason) for one in world.incidents for m in one.members}
    assert told == {
        "FL/2": (IncidentState.ACTIVE, None),
        "FL/1": (IncidentState.OPEN, Reason.HELD),
    }


def test_a_removed_rule_ends_its_incidents_and_says_so(world: AlertWorld) -> None:
    world.record(flood(), "gdacs")
    world.tick(**MINUTES_11)
    known = world.store.get_definition(Kind.RULE, "flood")
    assert known is not None
    world.store.save_definition(replace(known, removed=True), known.version)
    world.tick(days=20)
    assert (only(world).state, only(world).reason) == (IncidentState.CLOSED, Reason.NO_RULE)


def test_only_one_tick_works_at_a_time(world: AlertWorld) -> None:
    now = world.clock.now()
    assert world.store.take_lease("incidents", "other", now, now + timedelta(minutes=5))
    assert tick_incidents(world.context()).skipped
    assert not world.tick(minutes=6).skipped


def test_an_idle_tick_writes_nothing(world: AlertWorld) -> None:
    world.record(flood(), "gdacs")
    world.tick(**MINUTES_11)
    requested(world)
    before = only(world).version
    for _ in range(3):
        assert world.tick(minutes=1).moved == 0
    assert only(world).version == before


def test_a_storm_to_three_instances_and_two_ticks_at_once_loses_nothing(world: AlertWorld) -> None:
    """Each alert in one incident, whoever recorded and placed it, and no incident twice."""
    payloads = [
        samples.gdacs(samples.gdacs_event(eventid=i, glide="", geometry=spot))
        for i in range(40)
        for spot in [{"type": "Point", "coordinates": [100 + i % 4, 12 + (i // 4) * 0.05]}]
    ]
    stores = [SqliteStore(world.folder / "store.db") for _ in range(5)]

    def work(i: int) -> None:
        context = world.context(f"w{i}", stores[i])
        for payload in payloads[i::3] + payloads[:5]:
            record(context, payload, {"feed": "gdacs"})

    def watch(i: int) -> None:
        context = world.context(f"t{i}", stores[i])
        for _ in range(6):
            # Without its lease: two ticks at once where one ended early.
            tick = Tick.begin(context)
            judge_recorded(tick)
            place_waiting(tick)
            advance_due(tick)

    world.clock.advance(timedelta(minutes=1))
    with ThreadPoolExecutor(5) as pool:
        jobs = [pool.submit(work, i) for i in range(3)] + [pool.submit(watch, i) for i in (3, 4)]
        for job in jobs:
            job.result()
    for store in stores:
        store.close()
    for _ in range(3):
        world.tick(**MINUTES_11)
    keys = [m.key for one in world.incidents for m in one.members]
    assert sorted(keys) == sorted(("gdacs", f"FL/{i}") for i in range(40))
    assert {world.alert("gdacs", f"FL/{i}").state for i in range(40)} == {AlertState.MEMBER}
    assert len(world.incidents) == 4
