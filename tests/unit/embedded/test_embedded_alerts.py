"""Alerts on one machine: the deployed functions over one folder."""

from datetime import UTC, datetime
from pathlib import Path

from s1ratio.alerts.incident import IncidentState
from s1ratio.alerts.records import Kind
from s1ratio.alerts.watch import WatchState
from s1ratio.embedded.cloud import embedded_cloud
from s1ratio.services.alerts.definitions import apply, propose
from tests.support.alert_world import documents
from tests.unit.alerts import samples


def test_an_alert_becomes_an_incident_and_watches(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    quake = samples.usgs_event(time=int(now.timestamp() * 1000))
    with embedded_cloud(tmp_path, None) as cloud:
        for kind in (Kind.FEED, Kind.RULE):
            given = documents(f"{kind.value}s")
            for one in given:
                one.pop("fetch", None)  # no test asks the world
            apply(cloud.store, propose(cloud.store, kind, given, now))
        for _ in range(2):
            cloud.publish_alert(samples.usgs(quake), {"feed": "usgs"})
        assert cloud.fetch_alerts()["asked"] == 0
        counts = cloud.watch()["incidents"]
        assert (counts["judged"], counts["placed"], counts["wanted"]) == (1, 1, 1)
        (incident,) = cloud.store.find_incidents(5)
        watches = cloud.store.find_watches_of(incident.id, 350)
    assert (incident.state, incident.wanted) == (IncidentState.ACTIVE, False)
    assert WatchState.EXPECTED in {one.state for one in watches}  # the simulated fleet flies there
