"""From an incident to the pair before and after, pass by pass, in simulated time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from s1ratio.alerts.incident import IncidentState
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.records import Kind
from s1ratio.alerts.watch import WatchReason, WatchState
from s1ratio.alerts.watches import looked_at
from s1ratio.records import RequestState
from s1ratio.services.alerts.tick import LEASE
from s1ratio.services.alerts.why import explain
from tests.support.sample import one_of, sample
from tests.support.simulated.crash import Breaker, Crashed
from tests.support.simulated.operation import Outcome
from tests.unit.alerts import samples
from tests.unit.alerts.samples import T0
from tests.unit.services.alerts.watch_world import (
    HALF,
    TRACK,
    WatchWorld,
    opened_world,
    passes,
    scene_at,
)

START = T0 + timedelta(hours=1)
A_DAY = timedelta(days=1)
NEXT = passes(T0, T0 + timedelta(days=13))  # the two to come after the flood
FIRST = NEXT[0][2]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[WatchWorld]:
    with opened_world(tmp_path, START) as made:
        made.see_passes(T0 - 40 * A_DAY, T0)
        yield made


def flood(**changes: Any) -> bytes:
    return samples.gdacs(samples.gdacs_event(**changes))


def begin(world: WatchWorld) -> None:
    """Let the flood be told and watched."""
    world.say(flood())
    world.watch()
    world.clock.sleep(660)
    world.watch()


def come(world: WatchWorld, index: int = 0, listed: datetime | None = None, **changes: Any) -> None:
    """Let the next pass be listed, or a later one."""
    platform, orbit, at = NEXT[index]
    world.see(at, listed, platform=platform, orbit=orbit, **changes)


def test_an_incident_gets_a_watch_for_each_track_that_was_acquired(world: WatchWorld) -> None:
    begin(world)
    watch = world.only
    assert watch.id == f"w-{world.incident.id[2:]}-{TRACK}d"
    assert (watch.state, watch.track[0]) == (WatchState.EXPECTED, TRACK)
    assert watch.expected_at is not None
    assert abs(watch.expected_at - FIRST) < timedelta(minutes=3)
    assert watch.expected_platform == NEXT[0][0]
    assert (world.incident.wanted, world.incident.watched) == (False, True)
    assert world.published == []  # a prediction starts nothing


def test_tracks_without_a_scene_are_recorded(world: WatchWorld) -> None:
    begin(world)
    every = world.store.find_watches_of(world.incident.id, 350)
    others = [one for one in every if one.id != world.only.id]
    assert others
    assert {one.reason for one in others} == {WatchReason.NOT_ACQUIRED}


def test_a_pass_is_requested_and_delivered(world: WatchWorld) -> None:
    begin(world)
    come(world)
    world.go_to(FIRST + timedelta(hours=2))
    world.watch()
    assert world.is_at(WatchState.EXPECTED)
    assert world.published == []
    world.hours(3, polled=False)
    watch = world.only
    assert watch.state is WatchState.REQUESTED
    before, after = world.published
    stamp = f"{FIRST:%y%m%d%H%M}"
    assert before["request_id"] == f"{watch.id}-{stamp}-b"
    assert after["request_id"] == f"{watch.id}-{stamp}-a"
    for message in (before, after):
        assert (message["orbits"], message["direction"]) == ([TRACK], "DESCENDING")
        assert message["priority"] == 100
        assert message["labels"]["watch"] == watch.id
        assert message["labels"]["pair"] == before["request_id"]
    margin = timedelta(seconds=60)
    assert datetime.fromisoformat(after["start"]) == FIRST - margin
    assert datetime.fromisoformat(after["end"]) == FIRST + timedelta(seconds=25) + margin
    assert datetime.fromisoformat(before["start"]) == T0 - 36 * A_DAY
    assert datetime.fromisoformat(before["end"]) == T0 - A_DAY
    world.hours(6)
    assert (world.only.state, world.only.delivered) == (WatchState.DELIVERED, 1)
    world.hours(24, every=4)
    assert len(world.published) == 2


def test_a_pair_is_delivered_once_both_are_verified_at_one_time(world: WatchWorld) -> None:
    """A person may have one of them made again while the other is still on its way."""
    begin(world)
    come(world)
    world.go_to(FIRST + timedelta(hours=5))
    world.hours(1, polled=False)
    before, after = (one["request_id"] for one in world.published)
    steps = (
        (before, RequestState.VERIFIED, WatchState.REQUESTED),
        (before, RequestState.RUNNING, WatchState.REQUESTED),
        (after, RequestState.VERIFIED, WatchState.REQUESTED),
        (before, RequestState.VERIFIED, WatchState.DELIVERED),
    )
    for name, state, comes_to in steps:
        record = world.request(name)
        world.store.update_request(replace(record, state=state), record.version)
        world.hours(2, polled=False)
        assert world.only.state is comes_to, f"{name} is {state}"


def test_a_pass_that_flew_before_the_alert_came_is_taken_at_once(tmp_path: Path) -> None:
    with opened_world(tmp_path, FIRST + timedelta(hours=5)) as world:
        world.see_passes(T0 - 40 * A_DAY, FIRST + A_DAY)
        begin(world)
        assert world.is_at(WatchState.REQUESTED)
        assert len(world.published) == 2


def test_a_pass_that_comes_in_part_waits_six_hours_for_the_rest(world: WatchWorld) -> None:
    begin(world)
    come(world, box=HALF)
    world.go_to(FIRST + timedelta(hours=4))
    world.watch()
    watch = world.only
    assert watch.state is WatchState.ARRIVED
    assert watch.taken is not None
    assert 0.3 < watch.taken.coverage < 0.7
    world.hours(5, polled=False)
    assert world.published == []
    world.hours(2, polled=False)
    assert (world.only.state, world.only.reason) == (WatchState.REQUESTED, WatchReason.PARTIAL)


def test_the_rest_of_a_pass_makes_it_whole(world: WatchWorld) -> None:
    begin(world)
    come(world, box=HALF)
    platform, orbit, at = NEXT[0]
    rest = at + timedelta(seconds=25)
    world.see(rest, at + timedelta(hours=6), platform=platform, orbit=orbit)
    world.go_to(FIRST + timedelta(hours=4))
    world.watch()
    assert world.is_at(WatchState.ARRIVED)
    world.hours(4, polled=False)
    assert world.is_at(WatchState.REQUESTED)
    assert world.only.reason is None
    after = world.published[1]
    assert datetime.fromisoformat(after["end"]) == at + timedelta(seconds=50 + 60)


def test_a_pass_that_never_comes_is_missed_with_its_reason(world: WatchWorld) -> None:
    begin(world)
    world.go_to(FIRST + timedelta(hours=71))
    world.watch()
    assert world.is_at(WatchState.EXPECTED)
    world.hours(4, polled=False)
    watch = world.only
    assert (watch.state, watch.reason) == (WatchState.MISSED, WatchReason.NO_SCENE)
    assert f"{FIRST:%Y-%m-%d}" in watch.words
    assert watch.expected_at is not None
    assert abs(watch.expected_at - NEXT[1][2]) < timedelta(minutes=3)
    assert world.published == []


def test_a_pass_after_the_window_is_not_missed_it_is_not_waited_for(tmp_path: Path) -> None:
    """An alert that comes late leaves an incident that outlives its window."""
    late = T0 + 13.5 * A_DAY
    after = next(at for _, _, at in passes(late, late + 9 * A_DAY) if at > T0 + 14 * A_DAY)
    with opened_world(tmp_path, late) as world:
        world.see_passes(T0 - 40 * A_DAY, T0)
        begin(world)
        world.see(after)
        while world.clock.now() < after + timedelta(hours=80):
            world.hours(12, every=6, polled=False)
        assert world.incident.state.live
        watch = world.only
        assert f"{T0 + 14 * A_DAY:%Y-%m-%d}" in watch.words, "until when it would have counted"
        assert watch.missed == len(list(filter(_in_window, NEXT)))
        assert world.published == []


def _in_window(each: tuple[str, int, datetime]) -> bool:
    return each[2] <= T0 + 14 * A_DAY


def test_a_pass_that_comes_late_reopens_what_was_missed(world: WatchWorld) -> None:
    begin(world)
    come(world, listed=FIRST + timedelta(hours=90))
    world.go_to(FIRST + timedelta(hours=75))
    world.watch()
    assert world.is_at(WatchState.MISSED)
    world.hours(40, every=2)
    watch = world.only
    assert (watch.state, watch.missed) == (WatchState.DELIVERED, 1)
    assert world.published[1]["request_id"].endswith(f"{FIRST:%y%m%d%H%M}-a")


@pytest.mark.parametrize(("follow", "pairs"), [("first", 1), (2, 2), ("all", 2)])
def test_it_follows_as_many_passes_as_its_rule_says(tmp_path, follow, pairs) -> None:
    with opened_world(tmp_path, START) as world:
        world.see_passes(T0 - 40 * A_DAY, T0)
        rule = world.store.get_definition(Kind.RULE, "flood")
        assert rule is not None
        world.define(Kind.RULE, {**rule.document, "follow": follow})
        begin(world)
        come(world)
        come(world, 1)
        for _, _, at in NEXT:
            world.go_to(at + timedelta(hours=4))
            world.hours(8, every=1)
        assert world.only.delivered == pairs
        names = [message["request_id"] for message in world.published]
        assert [name[-1] for name in names] == ["b", *"a" * pairs]
        labels = {message["labels"]["pair"] for message in world.published}
        assert labels == {names[0]}


def test_it_ends_with_its_incident(world: WatchWorld) -> None:
    begin(world)
    world.go_to(T0 + 15 * A_DAY)
    world.hours(1)
    assert world.incident.state is IncidentState.CLOSED
    every = world.store.find_watches_of(world.incident.id, 350)
    assert {one.state for one in every} == {WatchState.ENDED}
    assert {one.reason for one in every} == {WatchReason.INCIDENT_ENDED}
    assert not world.incident.watched


LOWERED = flood(alertscore=0.5, alertlevel="Green", datemodified="2026-03-08T07:10:02")


@pytest.mark.parametrize(
    ("capacity", "request_state", "watch_state"),
    [
        (0, RequestState.CANCELLED, WatchState.ENDED),  # nothing could be started yet
        (3000, RequestState.VERIFIED, WatchState.DELIVERED),  # running work finishes
    ],
)
def test_a_cancelled_incident_cancels_what_has_not_started(
    world: WatchWorld, capacity: int, request_state: RequestState, watch_state: WatchState
) -> None:
    begin(world)
    come(world)
    world.ee.capacity = capacity
    world.go_to(FIRST + timedelta(hours=4))
    world.watch()
    assert world.is_at(WatchState.REQUESTED)
    world.say(LOWERED)
    world.hours(2)
    world.ee.capacity = 3000
    world.hours(4)
    assert world.incident.state is IncidentState.CANCELLED
    requests = [message["request_id"] for message in world.published]
    found = world.store.get_requests(requests)
    assert {one.state for one in found.values()} == {request_state}
    assert world.only.state is watch_state
    assert "CANCELLED" in world.only.words


def test_what_was_delivered_stays_when_its_incident_is_cancelled(world: WatchWorld) -> None:
    begin(world)
    come(world)
    world.go_to(FIRST + timedelta(hours=4))
    world.hours(8, every=1)
    world.say(LOWERED)
    world.hours(1)
    assert world.is_at(WatchState.DELIVERED)
    assert "CANCELLED" in world.only.words


def test_an_area_that_has_grown_is_requested_anew(world: WatchWorld) -> None:
    begin(world)
    come(world)
    world.go_to(FIRST + timedelta(hours=4))
    world.hours(8, every=1)
    known = {message["request_id"] for message in world.published}
    moved = {"type": "Point", "coordinates": [105.1, 11.6]}
    world.say(flood(geometry=moved, datemodified="2026-03-07T07:10:02"))
    world.hours(12, every=1)
    fresh = [m["request_id"] for m in world.published if m["request_id"] not in known]
    assert sorted(fresh) == sorted(f"{name}-r2" for name in known)
    assert (world.only.state, world.only.delivered) == (WatchState.DELIVERED, 1)


def test_why_tells_the_chain_to_the_requests_and_of_tracks_without_any(world: WatchWorld) -> None:
    begin(world)
    come(world)
    world.go_to(FIRST + timedelta(hours=4))
    world.watch()
    links = explain(world.store, world.incident.id)
    told = [(link.what.split()[0], link.state) for link in links]
    assert ("watch", "REQUESTED") in told
    assert [what for what, _ in told].count("request") == 2
    assert ("tracks", "NOT_ACQUIRED") in told
    assert explain(world.store, world.only.id)[0].what == f"watch {world.only.id}"
    alert = explain(world.store, "gdacs:FL/1200345")
    assert any(link.what == f"watch {world.only.id}" for link in alert)


def test_a_request_that_is_refused_is_told(world: WatchWorld) -> None:
    begin(world)
    come(world)
    world.go_to(FIRST + timedelta(hours=4))
    tighter = replace(world.settings, max_task_pixels=10_000, max_tasks=1)  # of who launches
    world.settings = tighter
    world.hours(1)
    watch = world.only
    assert (watch.state, watch.reason) == (WatchState.MISSED, WatchReason.REFUSED)
    assert watch.baseline is None  # the next pass asks for it once more


@pytest.mark.parametrize("trouble", ["an area that is too large", "a product of yesterday"])
def test_what_would_be_refused_is_told_at_the_incident_and_never_published(
    world: WatchWorld, trouble: str
) -> None:
    rule = world.store.get_definition(Kind.RULE, "flood")
    assert rule is not None
    if trouble == "an area that is too large":
        world.settings = replace(world.settings, max_area_km2=300.0)
    else:  # stored by an earlier version, whose products were others
        bad = replace(rule, document={**rule.document, "request": {"products": ["none_such"]}})
        world.store.save_definition(bad, rule.version)
    begin(world)
    incident = world.incident
    assert (incident.reason, incident.wanted) == (Reason.REFUSED, False)
    assert ("300 km²" if "area" in trouble else "none_such") in incident.words
    assert "would be refused" in " ".join(link.words for link in explain(world.store, incident.id))
    come(world)
    world.go_to(FIRST + timedelta(hours=4))
    world.hours(2)
    assert world.published == []
    assert world.store.find_watches_of(incident.id, 9) == []
    world.settings = replace(world.settings, max_area_km2=250_000.0)
    world.define(Kind.RULE, {**rule.document, "note": "mended"})
    world.hours(2)
    assert len(world.published) == 2


def test_an_area_that_has_grown_too_large_leaves_its_watches_the_old_one(world: WatchWorld) -> None:
    begin(world)
    world.settings = replace(world.settings, max_area_km2=300.0)
    moved = {"type": "Point", "coordinates": [105.1, 11.6]}
    world.say(flood(geometry=moved, datemodified="2026-03-07T07:10:02"))
    world.hours(8, every=2)
    assert world.incident.reason is Reason.REFUSED
    area = world.only.area
    assert area == world.incident.requested != world.incident.area


def test_a_baseline_without_scenes_is_no_pair(world: WatchWorld) -> None:
    begin(world)
    come(world)
    world.ee.outcomes.append(Outcome(has_data=False))
    world.go_to(FIRST + timedelta(hours=4))
    world.hours(4)
    assert (world.only.state, world.only.reason) == (WatchState.MISSED, WatchReason.NOT_VERIFIED)
    assert "is EMPTY" in world.only.words


def test_what_is_foretold_is_looked_for_when_it_is_there(tmp_path: Path) -> None:
    with opened_world(tmp_path, T0 - A_DAY) as world:
        world.see_passes(T0 - 40 * A_DAY, T0)
        begin(world)  # a flood of tomorrow
        assert world.is_at(WatchState.EXPECTED)
        come(world)
        world.go_to(FIRST + timedelta(hours=5))
        world.watch()
        assert world.is_at(WatchState.REQUESTED)


def test_a_silence_holds_what_has_not_been_requested(world: WatchWorld) -> None:
    begin(world)
    come(world)
    ends_at = FIRST + timedelta(hours=30)
    silence = {"name": "quiet", "reason": "a drill", "ends_at": f"{ends_at:%Y-%m-%dT%H:%M:%SZ}"}
    world.define(Kind.SILENCE, {**silence, "hazard": "flood"})
    world.store.save_incident(replace(world.incident, due_at=START), world.incident.version)
    world.go_to(FIRST + timedelta(hours=5))
    world.hours(4, polled=False)
    assert world.published == []
    world.hours(30, every=1, polled=False)
    assert world.is_at(WatchState.REQUESTED)


def test_one_call_asks_for_all_and_none_if_nothing_is_due(world: WatchWorld) -> None:
    world.say(flood())
    world.say(flood(eventid=7, geometry={"type": "Point", "coordinates": [110.0, 15.0]}))
    world.watch()
    world.clock.sleep(660)
    counts = world.watch()["watches"]
    assert (counts["calls"], counts["asked"]) == (1, 2)
    world.clock.sleep(60)
    assert world.watch()["watches"]["calls"] == 0


def test_a_tick_reads_and_writes_by_what_is_due_alone(world: WatchWorld) -> None:
    begin(world)
    few = Breaker()
    world.clock.sleep(60)
    world.watch(few)
    for number in range(300):
        other = replace(world.only, id=f"w-{number:010x}-9a", incident=f"i-{number:010x}")
        world.store.save_watch(other, None)
    world.clock.sleep(60)
    many = Breaker()
    world.watch(many)
    assert many.log == few.log


def test_an_earth_engine_that_does_not_answer_changes_nothing(world: WatchWorld) -> None:
    begin(world)
    come(world)
    world.go_to(FIRST + timedelta(hours=100))
    world.ee.down = True
    counts = world.watch()["watches"]
    assert counts["troubles"] == 1
    assert world.is_at(WatchState.EXPECTED)  # nobody looked, so nothing is missed
    world.ee.down = False
    world.watch()
    assert world.is_at(WatchState.REQUESTED)


def test_messages_that_were_not_published_are_published_later(world: WatchWorld) -> None:
    begin(world)
    come(world)
    world.go_to(FIRST + timedelta(hours=4))
    world.topic.down = True
    world.watch()
    assert world.is_at(WatchState.REQUESTED)
    world.topic.down = False
    world.hours(8, every=1)
    assert world.is_at(WatchState.DELIVERED)


def test_the_trouble_of_one_watch_is_its_own(world: WatchWorld, monkeypatch) -> None:
    other = TRACK + 52
    for at in (T0 - 10 * A_DAY, T0 - 22 * A_DAY):
        world.ee.scenes.append((at, scene_at(at, "A", 60000, relative_orbit=other)))
    begin(world)
    come(world)
    real = looked_at

    def fails(watch: Any, *rest: Any) -> Any:
        if watch.relative_orbit == other:
            raise ValueError("it broke")
        return real(watch, *rest)

    monkeypatch.setattr("s1ratio.services.alerts.look_for_passes.looked_at", fails)
    world.go_to(FIRST + timedelta(hours=4))
    world.watch()
    states = {one.relative_orbit: one for one in world.watches}
    assert states[TRACK].state is WatchState.REQUESTED
    assert states[other].tries == 1


@one_of(3)
def test_wherever_a_tick_dies_nothing_is_requested_twice_or_lost(tmp_path: Path, step: int) -> None:
    for name, points in _crash_points(tmp_path).items():
        assert points
        for at, after in sample(points, step):
            folder = tmp_path / f"{name}-{at}-{after}"
            folder.mkdir()
            with opened_world(folder, START) as world:
                _prepare(world, name)
                with pytest.raises(Crashed):
                    world.watch(Breaker(at, after))
                world.deliver()
                world.clock.sleep(400)
                world.hours(8, every=1)
                names = {message["request_id"] for message in world.published}
                stamp = f"{world.only.id}-{FIRST:%y%m%d%H%M}"
                assert names == {f"{stamp}-a", f"{stamp}-b"}, (name, at, after)
                assert len({world.topic.messages[i][0] for i in range(world.launched)}) == 2
                assert world.is_at(WatchState.DELIVERED)
                assert world.only.delivered == 1
                assert world.only.sequence == 2  # arrived, and delivered
                world.assert_told()


def _prepare(world: WatchWorld, name: str) -> None:
    """Bring a world to the tick that is killed: the one that plans, or the one that requests."""
    world.see_passes(T0 - 40 * A_DAY, T0)
    come(world)
    if name == "plan":
        world.say(flood())
        world.watch()
        world.go_to(FIRST + timedelta(hours=4))
        return
    begin(world)
    world.go_to(FIRST + timedelta(hours=4))


def _crash_points(tmp_path: Path) -> dict[str, list[tuple[int, bool]]]:
    found = {}
    for name in ("plan", "request"):
        folder = tmp_path / name
        folder.mkdir()
        with opened_world(folder, START) as world:
            _prepare(world, name)
            breaker = Breaker()
            world.watch(breaker)
            found[name] = breaker.effects()
    return found


def test_an_idle_call_writes_one_lease_for_both_of_its_ticks(world: WatchWorld) -> None:
    begin(world)
    world.clock.sleep(60)
    idle = Breaker()
    world.watch(idle)
    written = [name for name in idle.log if name.split(".")[-1] in {"take_lease", "give_back"}]
    assert len(written) == 2
    now = world.clock.now()
    assert world.store.take_lease(LEASE, "other", now, now + timedelta(minutes=5))
    counts = world.watch()
    assert (counts["incidents"]["skipped"], counts["watches"]["skipped"]) == (True, True)
