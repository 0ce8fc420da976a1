"""What ticks of incidents and watches read and write, beside what is due: 100,000 alerts stored."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import shapely

from s1ratio.adapters.store.alert_queries import ALERTS
from s1ratio.adapters.store.database import Create
from s1ratio.adapters.store.document_store import DocumentStore
from s1ratio.adapters.store.sqlite import SqliteDatabase
from s1ratio.alerts.incident import Incident, IncidentState
from s1ratio.alerts.records import AlertState, Kind
from s1ratio.services.alerts.tick import tick_incidents
from s1ratio.services.alerts.watch import tick_watches
from tests.support.alert_world import documents
from tests.support.billed_database import Meter, MeteredDatabase
from tests.unit.alerts import samples
from tests.unit.alerts.samples import T0
from tests.unit.services.alerts.watch_world import WatchWorld

pytestmark = pytest.mark.bench

ALERTS_STORED = 100_000
DEFINITIONS = 25  # feeds, rules, silences, leases
_CHUNK = 500


def crowded(folder: Path, alerts: int) -> tuple[WatchWorld, MeteredDatabase]:
    """Return a world with so many alerts that led to nothing; the first is the pattern of all."""
    folder.mkdir()
    world = WatchWorld(folder, T0 + timedelta(hours=1))
    world.store.close()  # type: ignore[attr-defined]
    database = MeteredDatabase(SqliteDatabase(folder / "crowd.db", 20))
    world.store = DocumentStore(database)
    world.define(Kind.FEED, *documents("feeds"))
    world.define(Kind.RULE, *documents("rules"))
    world.say(samples.gdacs(samples.gdacs_event(eventid=0, alertlevel="Green")))
    tick_incidents(world.watch_context().alerts)
    (first,) = world.store.get_alerts(["gdacs:FL/0"]).values()
    assert (first.state, first.due_at) == (AlertState.FILTERED, None)
    document = database.get(ALERTS, [first.id])[first.id].document
    for begin in range(1, alerts, _CHUNK):
        names = [f"FL/{number}" for number in range(begin, min(begin + _CHUNK, alerts))]
        database.commit(
            [
                Create(ALERTS, f"gdacs:{n}", document | {"id": f"gdacs:{n}", "alert_id": n})
                for n in names
            ]
        )
    world.clock.sleep(3600)
    return world, database


def storm(world: WatchWorld, database: MeteredDatabase, due: int) -> Meter:
    """Let so many alerts of one storm come, and be due; return what their tick costs."""
    west = [104.9 + 0.4 * (number % 20) / 20 for number in range(due)]
    events = [
        samples.gdacs_event(
            eventid=10**6 + number, geometry={"type": "Point", "coordinates": [lon, 11.6]}
        )
        for number, lon in enumerate(west)
    ]
    world.say(samples.gdacs(*events))
    world.clock.sleep(11 * 60)
    database.reset()
    report = tick_incidents(world.watch_context().alerts)
    assert (report.judged, report.placed, report.troubles) == (due, due, 0)
    return database.meter


def wanted(world: WatchWorld, database: MeteredDatabase, due: int) -> tuple[Meter, int]:
    """Let so many incidents be wanted; return what their tick of watches costs, and its calls."""
    now = world.clock.now()
    world.see_passes(now - timedelta(days=48), now)
    for incident in world.store.find_wanted_incidents(100):
        world.store.save_incident(replace(incident, wanted=False), incident.version)
    for number in range(due):
        world.store.save_incident(_incident(number, now), None)
    database.reset()
    report = tick_watches(world.watch_context())
    assert (report.asked, report.troubles) == (due, 0)
    return database.meter, report.calls


def _incident(number: int, now: datetime) -> Incident:
    west = 104.0 + number / 100
    return Incident(
        id=f"i-{number:010x}",
        hazard="flood",
        rule="flood",
        owner="",
        state=IncidentState.ACTIVE,
        opened_at=now,
        members=(),
        first_at=now,
        last_member_at=now,
        due_at=now + timedelta(days=9),
        area=shapely.box(west, 11.5, west + 0.05, 11.55).wkt,
        wanted=True,
    )


@pytest.mark.parametrize("due", [5, 20])
def test_what_ticks_of_alerts_cost_follows_what_is_due(
    due: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    found = []
    for count in (ALERTS_STORED // 10, ALERTS_STORED):
        world, database = crowded(tmp_path / str(count), count)
        one = storm(world, database, due)
        other, calls = wanted(world, database, due)
        found.append((one.reads, one.writes, other.reads, other.writes, calls))
        world.store.close()  # type: ignore[attr-defined]
    assert found[0] == found[1], "alerts that are not due cost nothing"
    reads, writes, watch_reads, watch_writes, calls = found[1]
    assert reads <= 5 * due + DEFINITIONS
    assert writes <= 3 * due + 10
    # Of each incident's tracks, half a dozen of them, one document.
    assert watch_reads <= 3 * due + DEFINITIONS
    assert watch_writes <= 8 * due + 10
    assert calls == 1
    record_property(
        "figures",
        f"{ALERTS_STORED} alerts, {due} due: {reads} documents read, {writes} written; "
        f"{due} incidents wanted: {watch_reads} read, {watch_writes} written, "
        f"{calls} list of scenes",
    )
