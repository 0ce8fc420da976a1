"""A local run that was killed in the middle of a tick leaves nothing for the next to wait for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from s1ratio.embedded.cloud import embedded_cloud
from s1ratio.services.polling.poll import LEASE


def test_the_lease_of_a_killed_run_holds_up_no_tick_of_the_next(tmp_path: Path) -> None:
    with embedded_cloud(tmp_path, None) as cloud:
        now = datetime.now(UTC)
        assert cloud.store.take_lease(LEASE, "killed", now, now + timedelta(minutes=5))
        assert cloud.tick()["skipped"] is True
    with embedded_cloud(tmp_path, None) as cloud:
        assert cloud.tick()["skipped"] is False
