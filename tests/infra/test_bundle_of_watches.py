"""The zip of watch_incidents alone, from the plan: an incident becomes the pairs of its passes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely

from s1ratio.alerts.incident import Incident, IncidentState
from s1ratio.alerts.records import Kind
from s1ratio.alerts.watch import WatchState
from s1ratio.embedded.alert_demo import EXAMPLES
from s1ratio.services.alerts.definitions import apply, propose
from tests.infra.test_bundle import hosts, open_zipped, post, told

pytestmark = pytest.mark.emulators
__all__ = ["hosts"]  # a fixture


def flooded(now: datetime) -> Incident:
    """Return an incident of 13 days ago, which nobody has looked at yet."""
    return Incident(
        id="i-0123456789",
        hazard="flood",
        rule="rivers",
        owner="",
        state=IncidentState.ACTIVE,
        opened_at=now,
        members=(),
        first_at=now - timedelta(days=13),
        last_member_at=now,
        due_at=now + timedelta(days=9),
        severity=3,
        area=shapely.box(16.33, 48.16, 16.36, 48.18).wkt,
        wanted=True,
    )


def test_the_zip_of_watches_alone_publishes_pairs(
    tmp_path: Path,
    hosts: tuple[str, str],
    project: str,
    record_property: Callable[[str, object], None],
) -> None:
    now = datetime.now(UTC)
    with open_zipped(tmp_path, hosts, project, "watch_incidents") as (cloud, store, pull):
        rule = json.loads((EXAMPLES / "rule.json").read_text())
        apply(store, propose(store, Kind.RULE, [rule], now))
        store.save_incident(flooded(now), None)
        with cloud.running("watch_incidents") as (function, told_figures):
            status, body = post(function.url, {})
            record_property("figures", told_figures())
        counts = json.loads(body)["watches"]
        assert (status, counts["calls"], counts["troubles"]) == (200, 1, 0)
        watches = store.find_watches_of("i-0123456789", 350)
        asked = [one for one in watches if one.state is WatchState.REQUESTED]
        assert asked, "of three tracks one has had a pass that counts in 13 days"
        wanted = {each.id for one in asked for each in one.requests}
        assert {json.loads(data)["request_id"] for data in pull()} <= wanted
        assert told(function, "watches.tick")["requested"] == len(asked)
