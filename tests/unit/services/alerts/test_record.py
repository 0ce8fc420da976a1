"""A message is recorded, each alert once; what can't be read is kept, and the others go on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.recording import message_id
from s1ratio.alerts.records import AlertState, Kind
from s1ratio.errors import StoreUnavailable
from s1ratio.services.alerts.record import record
from s1ratio.services.alerts.tick import tick_incidents
from tests.support.alert_world import AlertWorld
from tests.unit.alerts import samples
from tests.unit.alerts.samples import dumped, event


def states(world: AlertWorld, feed: str, *names: str) -> list[str]:
    return [world.alert(feed, name).state.value for name in names]


def test_a_message_and_its_alerts_are_kept(world: AlertWorld) -> None:
    payload = samples.gdacs(samples.gdacs_event(), samples.gdacs_event(eventid=2))
    done = world.record(payload, "gdacs")
    assert (done.feed, done.new, done.broken) == ("gdacs", 2, 0)
    kept = world.store.get_message(done.message)
    assert kept is not None
    assert (kept.payload, kept.alerts) == (payload.decode(), 2)
    assert states(world, "gdacs", "FL/1200345", "FL/2") == ["RECORDED", "RECORDED"]


def test_the_same_message_again_changes_nothing(world: AlertWorld) -> None:
    first = world.record(samples.gdacs(samples.gdacs_event()), "gdacs")
    before = world.alert("gdacs", "FL/1200345")
    world.clock.advance(timedelta(minutes=5))
    again = world.record(samples.gdacs(samples.gdacs_event()), "gdacs")
    assert (again.message, again.new, again.known) == (first.message, 0, 1)
    assert world.alert("gdacs", "FL/1200345") == before


def test_a_re_send_keeps_a_record_alive_and_is_written_once_a_day(world: AlertWorld) -> None:
    world.record(samples.gdacs(samples.gdacs_event()), "gdacs")
    world.clock.advance(timedelta(days=100))
    world.record(samples.gdacs(samples.gdacs_event()), "gdacs")
    found = world.alert("gdacs", "FL/1200345")
    assert found.expire_at == world.clock.now() + timedelta(days=200)
    assert found.arrived_at < found.seen_at


def test_a_revision_is_recorded_as_one(world: AlertWorld) -> None:
    world.record(samples.gdacs(samples.gdacs_event()), "gdacs")
    done = world.record(samples.gdacs(samples.gdacs_event(alertlevel="Red", episodeid=3)), "gdacs")
    found = world.alert("gdacs", "FL/1200345")
    assert (done.revised, found.revisions, found.state) == (1, 1, AlertState.RECORDED)
    assert found.item is not None
    assert found.item.severity == 4


@pytest.mark.parametrize("later", [1, 9])
def test_an_older_revision_only_annotates(world: AlertWorld, later: int) -> None:
    world.record(samples.gdacs(samples.gdacs_event(episodeid=10)), "gdacs")
    world.record(samples.gdacs(samples.gdacs_event(episodeid=later, alertlevel="Red")), "gdacs")
    found = world.alert("gdacs", "FL/1200345")
    assert found.item is not None
    assert (found.item.severity, found.revisions) == (3, 0)
    assert found.notes[0].startswith("older_revision")


def test_a_broken_item_is_recorded_and_the_others_go_on(world: AlertWorld) -> None:
    payload = samples.gdacs(
        samples.gdacs_event(eventid=1, fromdate="soon"),
        samples.gdacs_event(eventid=2),
        samples.gdacs_event(eventtype=None),
    )
    done = world.record(payload, "gdacs")
    assert (done.new, done.broken) == (1, 2)
    broken = world.alert("gdacs", "FL/1")
    assert (broken.state, broken.reason) == (AlertState.BROKEN, Reason.BROKEN_TIME)
    assert "soon" in broken.raw
    kept = world.store.get_message(done.message)
    assert kept is not None
    assert len(kept.faults) == 2


def test_a_broken_one_that_is_mended_is_read(world: AlertWorld) -> None:
    world.record(samples.gdacs(samples.gdacs_event(fromdate="soon")), "gdacs")
    world.record(samples.gdacs(samples.gdacs_event()), "gdacs")
    assert states(world, "gdacs", "FL/1200345") == ["RECORDED"]


def test_a_broken_revision_does_not_take_a_good_one_s_place(world: AlertWorld) -> None:
    world.record(samples.gdacs(samples.gdacs_event()), "gdacs")
    world.record(samples.gdacs(samples.gdacs_event(fromdate="soon")), "gdacs")
    found = world.alert("gdacs", "FL/1200345")
    assert found.item is not None
    assert "broken revision" in found.notes[0]


@pytest.mark.parametrize(
    ("payload", "attributes", "reason"),
    [
        (b"{}", {}, Reason.UNKNOWN_FEED),
        (b"{}", {"feed": "nobody"}, Reason.UNKNOWN_FEED),
        (dumped(event(kind="other.type")), {}, Reason.UNKNOWN_FEED),
        (b"\xff\xfe\x00", {}, Reason.UNREADABLE),
        (b"[" * 100_000, {"feed": "usgs"}, Reason.UNREADABLE),
        (b"", {"feed": "usgs"}, Reason.UNREADABLE),
        (b"Invalid MAP_KEY.", {"feed": "firms"}, Reason.UNREADABLE),
    ],
)
def test_what_no_feed_reads_is_kept(
    world: AlertWorld, payload: bytes, attributes: dict[str, str], reason: Reason
) -> None:
    done = record(world.context(), payload, attributes)
    kept = world.store.get_message(done.message)
    assert kept is not None
    assert (kept.reason, kept.size) == (reason, len(payload))
    if kept.feed == "unknown":
        assert kept.expire_at == world.clock.now() + timedelta(days=30)


def own_feed(**changes: Any) -> dict[str, Any]:
    return {
        "name": "mine",
        "match": [{"type": "my.alert"}],
        "items": "[data]",
        "id": "id",
        "time": {"form": "iso", "at": "properties.detected_at"},
        "place": [{"form": "geojson", "at": "geometry"}],
        "severity": {"at": "properties.severity", "words": {"high": 3}},
    } | changes


def test_what_was_unknown_is_read_when_a_feed_is_added(world: AlertWorld) -> None:
    done = world.record(dumped(event(kind="my.alert")))
    other = world.record(dumped(event(kind="your.alert")))
    assert world.tick(days=1).reread == 0
    world.apply(Kind.FEED, own_feed())
    assert world.tick(days=1).reread == 1
    assert world.alert("mine", "OWN-77").state is AlertState.FILTERED  # no rule names the feed
    kept = world.store.get_message(done.message)
    assert kept is not None
    assert kept.feed == "mine"
    again = world.store.get_message(other.message)
    assert again is not None
    assert again.feed == "unknown"
    assert world.tick(days=1).reread == 0


def test_a_large_payload_lies_in_the_bucket(world: AlertWorld) -> None:
    payload = samples.gdacs(samples.gdacs_event()) + b" " * 1_000_000
    done = world.record(payload, "gdacs")
    kept = world.store.get_message(done.message)
    assert kept is not None
    assert kept.stored_as is not None
    assert world.payloads.objects[kept.stored_as] == payload
    assert (kept.payload, done.new) == ("", 1)


def test_a_large_unknown_one_is_read_from_the_bucket(world: AlertWorld) -> None:
    world.record(dumped(event(kind="my.alert")) + b" " * 1_000_000)
    world.clock.advance(timedelta(hours=1))
    world.apply(Kind.FEED, own_feed())
    assert world.tick(minutes=1).reread == 1


def test_a_payload_whose_escapes_take_more_room_lies_there_too(world: AlertWorld) -> None:
    payload = b'{"x": "' + "\u20ac".encode() * 290_000 + b'"}'
    assert len(payload) < 900_000
    done = world.record(payload + b"\x01" * 20_000)
    assert world.store.get_message(done.message) is not None


def test_eight_deliveries_at_once_record_each_alert_once(world: AlertWorld) -> None:
    payload = samples.gdacs(*(samples.gdacs_event(eventid=i) for i in range(10)))
    stores = [SqliteStore(world.folder / "store.db") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        jobs = [
            pool.submit(record, world.context(f"w{i}", stores[i % 4]), payload, {"feed": "gdacs"})
            for i in range(8)
        ]
        done = [job.result() for job in jobs]
    for store in stores:
        store.close()
    assert sum(one.new for one in done) == 10
    assert len(world.store.find_due_alerts(AlertState.RECORDED, world.clock.now(), 99)) == 10


def test_revisions_that_race_leave_the_latest(world: AlertWorld) -> None:
    payloads = [samples.gdacs(samples.gdacs_event(episodeid=i)) for i in range(6)]
    stores = [SqliteStore(world.folder / "store.db") for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        jobs = [
            pool.submit(record, world.context(f"w{i}", stores[i % 3]), one, {"feed": "gdacs"})
            for i, one in enumerate(payloads)
        ]
        for job in jobs:
            job.result()
    for store in stores:
        store.close()
    found = world.alert("gdacs", "FL/1200345")
    assert found.item is not None
    assert found.item.revision == '[5, "2026-03-06T07:10:02"]'


class Dying:
    """A store whose process is killed before its n-th write."""

    def __init__(self, store: SqliteStore, writes: int) -> None:
        self._store, self._left = store, writes

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._store, name)
        if not name.startswith(("create_", "update_", "save_")):
            return call

        def counted(*args: Any, **kwargs: Any) -> Any:
            if self._left == 0:
                raise StoreUnavailable("killed")
            self._left -= 1
            return call(*args, **kwargs)

        return counted


@pytest.mark.parametrize("writes", range(5))
def test_killed_anywhere_the_same_message_again_makes_it_good(
    world: AlertWorld, writes: int
) -> None:
    payload = samples.gdacs(*(samples.gdacs_event(eventid=i) for i in range(3)))
    dying: Any = Dying(world.store, writes)
    if writes < 4:
        with pytest.raises(StoreUnavailable):
            record(world.context(store=dying), payload, {"feed": "gdacs"})
    record(world.context(), payload, {"feed": "gdacs"})
    assert states(world, "gdacs", "FL/0", "FL/1", "FL/2") == ["RECORDED"] * 3
    assert world.store.get_message(message_id(payload, {"feed": "gdacs"})) is not None


@pytest.mark.parametrize("writes", range(12))
def test_a_tick_that_is_killed_anywhere_is_made_good_by_the_next(
    world: AlertWorld, writes: int
) -> None:
    world.record(samples.gdacs(samples.gdacs_event(), samples.gdacs_event(eventid=2)), "gdacs")
    world.clock.advance(timedelta(minutes=11))

    dying: Any = Dying(world.store, writes)
    try:
        tick_incidents(world.context("dead", dying))
    except StoreUnavailable:
        world.clock.advance(timedelta(minutes=30))  # its lease is over
    for _ in range(3):
        world.tick(minutes=11)
    (incident,) = world.incidents
    assert sorted(m.id for m in incident.members) == ["FL/1200345", "FL/2"]
    assert states(world, "gdacs", "FL/1200345", "FL/2") == ["MEMBER", "MEMBER"]
    assert incident.wanted
