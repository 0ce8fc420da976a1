"""Regions over three months, through the emulators and the functions as processes, by a set clock.

A tick is missed, one is doubled, one is killed, a region is edited; clocks go forward in New York
on 2025-03-09 and back in Sydney on 2025-04-06, both at the hour at which the regions fire.
"""

import contextlib
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore

from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
from local_earthengine.server import LocalEarthEngine
from s1ratio.adapters.clock import SystemClock
from s1ratio.adapters.store.firestore import FirestoreStore
from s1ratio.records import RequestState
from s1ratio.regions.reader import read_regions
from s1ratio.regions.records import RefreshRecord
from s1ratio.regions.states import RegionState, Why
from s1ratio.request import Limits
from s1ratio.services.event_world import StoreWorld
from s1ratio.services.regions.commands import apply, propose
from s1ratio.settings import Settings
from tests.support.emulated_cloud import DEPLOYMENT, Hosts, environment_of
from tests.support.function_process import SET, FunctionProcess, deployed, running
from tests.support.push_topic import push_topic
from tests.support.set_clock import SetClock

pytestmark = pytest.mark.emulators

BEGIN = datetime(2025, 2, 20, 12, tzinfo=UTC)
SUNDAYS = [datetime(2025, 2, 23, 20, tzinfo=UTC) + timedelta(weeks=n) for n in range(13)]
MISSED, DOUBLED, KILLED, EDITED = 3, 5, 8, 10
DEADLINE_S = 300.0
NAMES = ("launch_exports", "poll_tasks", "refresh_regions")


def entry(name: str, zone: str, **changes: Any) -> dict[str, Any]:
    """Return a region that fires on Sundays at half past two, when clocks change."""
    return {
        "id": name,
        "aoi": {"bbox": [14.600, 48.000, 14.606, 48.004]},
        "request": {"orbits": [22], "direction": "DESCENDING", "angle": "none"}
        | {"grid": {"crs": "utm", "scale": 50}, "statistics": ["median"]},
        "schedule": {"cron": "30 2 * * 0", "zone": zone},
        "period": {"kind": "last_days", "n": 14},
        "overlap": "allow",
        **changes,
    }


@dataclass
class Deployment:
    """The functions as processes, their store, and the clock that all of them live by."""

    clock: SetClock
    store: FirestoreStore
    launch: FunctionProcess
    poll: FunctionProcess
    refresh: FunctionProcess

    def apply(self, *entries: dict[str, Any]) -> None:
        found = read_regions({"regions": list(entries)}, Limits(today=self.clock.now().date()))
        settings = Settings(project="p", bucket="b")
        world = StoreWorld(settings, self.store, SystemClock())
        apply(world, propose(self.store, found, self.clock.now(), "me"))

    def made(self, region_id: str) -> list[RefreshRecord]:
        found = self.store.find_refreshes_of(region_id, 100)
        return sorted(found, key=lambda one: one.end)

    def settle(self) -> None:
        """Poll until all that was asked for has ended."""
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            call(self.poll)
            names = [one.id for name in ("newyork", "sydney") for one in self.made(name)]
            found = self.store.get_requests(names)
            if set(found) == set(names) and all(r.state.terminal for r in found.values()):
                return
            time.sleep(0.3)
        raise AssertionError(f"not ended in {DEADLINE_S} s: {found}")


def call(function: FunctionProcess) -> dict[str, Any]:
    request = urllib.request.Request(function.url, data=b"{}", method="POST")
    with urllib.request.urlopen(request, timeout=120) as answer:
        return dict(json.load(answer))


@pytest.fixture
def cloud(hosts: Hosts, tmp_path: Path) -> Iterator[Deployment]:
    clock = SetClock(tmp_path / "clock")
    clock.set(BEGIN)
    engine = LocalEarthEngine(tmp_path / "out", SyntheticCatalog(), clock=clock.now)
    with engine, contextlib.closing(firestore.Client(project=hosts.project)) as database:
        environment = {
            **environment_of(hosts, engine.url, engine.url),
            "PUBSUB_EMULATOR_HOST": hosts.pubsub,
            **clock.environment(),
        }
        launch, poll, refresh = (
            FunctionProcess(deployed(name), name, environment, tmp_path, module=SET)
            for name in NAMES
        )
        topic = f"s1r-{DEPLOYMENT}-requests"
        with running(launch, poll, refresh), push_topic(hosts.project, topic, launch.url):
            store = FirestoreStore(database, DEPLOYMENT)
            yield Deployment(clock, store, launch, poll, refresh)


def kill_in_the_midst(cloud: Deployment) -> None:
    """Kill a tick as soon as it has stored something, and call it again."""
    before = len(cloud.made("newyork")) + len(cloud.made("sydney"))

    def tick() -> None:
        with contextlib.suppress(OSError, urllib.error.URLError, ValueError):
            call(cloud.refresh)

    thread = threading.Thread(target=tick)
    thread.start()
    end = time.monotonic() + 60
    while len(cloud.made("newyork")) + len(cloud.made("sydney")) == before:
        assert time.monotonic() < end, "the tick stores nothing"
    cloud.refresh.kill()
    thread.join()
    cloud.refresh.start()
    # Its lease is over, and what it had not published is looked at, ten minutes later.
    cloud.clock.set(cloud.clock.now() + timedelta(minutes=10))
    call(cloud.refresh)


def doubled(cloud: Deployment) -> None:
    """Call two ticks at once."""
    threads = [threading.Thread(target=call, args=(cloud.refresh,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def live(cloud: Deployment) -> None:
    cloud.apply(entry("newyork", "America/New_York"), entry("sydney", "Australia/Sydney"))
    for number, sunday in enumerate(SUNDAYS):
        cloud.clock.set(sunday)
        if number == MISSED:
            continue
        if number == EDITED:
            cloud.apply(entry("sydney", "Australia/Sydney", priority=40))
        elif number == KILLED:
            kill_in_the_midst(cloud)
        elif number == DOUBLED:
            doubled(cloud)
        call(cloud.refresh)
        cloud.settle()


def test_three_months_of_two_regions(
    cloud: Deployment, record_property: Callable[[str, object], None]
) -> None:
    live(cloud)

    days = [sunday.date() for sunday in SUNDAYS]
    york, sydney = cloud.made("newyork"), cloud.made("sydney")
    # New York fires on Sunday at 07:30 or 06:30 UTC, also on the day that skips 02:30.
    kept = [day for number, day in enumerate(days) if number != MISSED]
    assert [one.end for one in york] == kept
    # Sydney fires on Saturday at 15:30 UTC, once, too, on the day that has 02:30 twice.
    edited = [day for number, day in enumerate(days) if number not in {MISSED, EDITED}]
    assert [one.end for one in sydney] == [day - timedelta(days=1) for day in edited]
    fired = {one.end: one.firing for one in (*york, *sydney)}
    assert fired[date(2025, 3, 9)] == datetime(2025, 3, 9, 7, tzinfo=UTC)
    assert fired[date(2025, 4, 5)] == datetime(2025, 4, 5, 15, 30, tzinfo=UTC)

    history = cloud.store.find_history_of("sydney", 100)
    skipped = {(one.why, one.count) for one in history if one.kind == "skipped"}
    assert skipped == {(Why.NEWER_WINDOW, 1), (Why.EDITED, 1)}
    every = [*york, *sydney]
    requests = cloud.store.get_requests([one.id for one in every])
    assert len(requests) == len(every) == len({one.id for one in every})
    assert {one.state for one in requests.values()} <= {RequestState.VERIFIED, RequestState.EMPTY}
    assert any(one.state is RequestState.VERIFIED for one in requests.values())
    assert cloud.store.find_rejections(10) == []
    for name in ("newyork", "sydney"):
        record = cloud.store.get_region(name)
        assert record is not None
        assert (record.state, record.error) == (RegionState.ACTIVE, None)
    states = [one.state.value for one in requests.values()]
    record_property(
        "figures",
        f"{len(every)} requests in 13 weeks, {states.count('VERIFIED')} of them VERIFIED",
    )
