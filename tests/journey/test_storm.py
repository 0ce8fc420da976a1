"""A storm of alerts through the emulators: a handful of incidents, and no request twice.

Three instances of record_alerts take the messages in at once, some of them twice; ticks of
watch_incidents are killed in the midst of placing alerts, and of requesting.
"""

import base64
import contextlib
import itertools
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore

from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
from local_earthengine.server import LocalEarthEngine
from s1ratio.adapters.store.firestore import FirestoreStore
from s1ratio.alerts.incident import Incident
from s1ratio.alerts.records import AlertState, Kind
from s1ratio.alerts.watch import Watch
from s1ratio.embedded.alert_demo import EXAMPLES
from s1ratio.services.alerts.definitions import apply, propose
from tests.journey.test_regions import call
from tests.support.emulated_cloud import DEPLOYMENT, Hosts, environment_of
from tests.support.function_process import SET, FunctionProcess, deployed, running
from tests.support.intercepting_servers import Answer, Recorder, Sent, passing_on, serving
from tests.support.push_topic import Topic, push_topic
from tests.support.set_clock import SetClock

pytestmark = pytest.mark.emulators

BEGIN = datetime(2026, 9, 10, 6, tzinfo=UTC)
FEED = "river-watch"
# Over 150 km apart; what is told of each lies within 15 km of it: four happenings.
CENTRES = ((16.3, 48.2), (14.3, 48.3), (19.0, 47.5), (16.6, 49.9))
INSTANCES = 3
DEADLINE_S = 120.0


@dataclass
class Storm:
    """The functions as processes, their store, and what was published of requests."""

    clock: SetClock
    store: FirestoreStore
    topic: Topic
    watching: FunctionProcess
    requests: Recorder
    killed: int = 0
    names: list[str] = field(default_factory=list)

    def tell(self, count: int, places: int, chance: random.Random) -> None:
        """Publish so many alerts of some places, a message each; every tenth comes twice."""
        payloads = []
        for number in range(count):
            lon, lat = CENTRES[number % places]
            at = [lon + chance.uniform(-0.1, 0.1), lat + chance.uniform(-0.1, 0.1)]
            payloads.append(_alert(number, at))
        self.names = [f"{FEED}:s{number}" for number in range(count)]
        sent = [*payloads, *payloads[::10]]
        chance.shuffle(sent)
        for each in [self.topic.publisher.publish(self.topic.path, p, feed=FEED) for p in sent]:
            each.result(timeout=20)
        _until(lambda: len(self.store.get_alerts(self.names)) == count, "alerts are not recorded")

    def go_on(self, **after: float) -> dict[str, Any]:
        """Let time pass, and tick."""
        self.clock.set(self.clock.now() + timedelta(**after))
        return call(self.watching)

    def kill_once(self, done: Callable[[], object]) -> None:
        """Kill a tick as soon as something is done, and let its lease end."""
        thread = threading.Thread(target=_quietly, args=(self.watching,))
        thread.start()
        with contextlib.suppress(AssertionError):  # a tick that has nothing of it ends by itself
            _until(lambda: done() or not thread.is_alive(), "a tick does not end")
        self.killed += thread.is_alive()
        self.watching.kill()
        thread.join()
        self.watching.start()
        self.go_on(minutes=10)

    @property
    def incidents(self) -> list[Incident]:
        return list(self.store.find_incidents(1_000))

    @property
    def watches(self) -> list[Watch]:
        every = [self.store.find_watches_of(one.id, 350) for one in self.incidents]
        return [watch for of_it in every for watch in of_it]

    @property
    def published(self) -> list[tuple[str, bytes]]:
        """What was published of requests, by id, every copy of it."""
        found = [json.loads(one.body)["message"]["data"] for one in list(self.requests.requests)]
        payloads = [base64.b64decode(data) for data in found]
        return [(json.loads(payload)["request_id"], payload) for payload in payloads]


def _alert(number: int, at: list[float]) -> bytes:
    time_ = BEGIN - timedelta(minutes=20) + timedelta(seconds=number)
    feature = json.loads((EXAMPLES / "flood.json").read_text())
    feature |= {"id": f"s{number}", "geometry": {"type": "Point", "coordinates": at}}
    feature["properties"]["detected_at"] = time_.isoformat()
    return json.dumps(feature).encode()


def _until(done: Callable[[], object], words: str) -> None:
    end = time.monotonic() + DEADLINE_S
    while not done():
        assert time.monotonic() < end, words
        time.sleep(0.05)


def _quietly(function: FunctionProcess) -> None:
    with contextlib.suppress(OSError, ValueError):
        call(function)


@contextmanager
def shared_out(functions: list[FunctionProcess]) -> Iterator[str]:
    """Serve what hands requests to functions in turn, as instances of one have them."""
    turns = itertools.cycle([passing_on(one.url) for one in functions])
    lock = threading.Lock()

    def answer(sent: Sent) -> Answer:
        with lock:
            turn = next(turns)
        return turn(sent)

    with serving(answer) as recorder:
        yield recorder.url


@pytest.fixture
def storm(hosts: Hosts, tmp_path: Path) -> Iterator[Storm]:
    clock = SetClock(tmp_path / "clock")
    clock.set(BEGIN)
    engine = LocalEarthEngine(tmp_path / "out", SyntheticCatalog(), clock=clock.now)
    with engine, contextlib.closing(firestore.Client(project=hosts.project)) as database:
        environment = {
            **environment_of(hosts, engine.url, engine.url),
            "PUBSUB_EMULATOR_HOST": hosts.pubsub,
            **clock.environment(),
        }
        *recording, watching = (
            FunctionProcess(deployed(name), name, environment, tmp_path, module=SET)
            for name in [*["record_alerts"] * INSTANCES, "watch_incidents"]
        )
        store = FirestoreStore(database, DEPLOYMENT)
        for kind, file in ((Kind.FEED, "feed.json"), (Kind.RULE, "rule.json")):
            document = json.loads((EXAMPLES / file).read_text())
            apply(store, propose(store, kind, [document], BEGIN))
        requests = f"s1r-{DEPLOYMENT}-requests"
        with (
            running(*recording, watching),
            shared_out(recording) as url,
            push_topic(hosts.project, "alerts", url) as topic,
            serving(lambda _: (200, b"{}")) as sink,
            push_topic(hosts.project, requests, sink.url),
        ):
            yield Storm(clock, store, topic, watching, sink)


@pytest.mark.parametrize(
    ("count", "places"), [(24, 2), pytest.param(500, len(CENTRES), marks=pytest.mark.soak)]
)
def test_a_storm_becomes_a_handful_of_incidents_and_no_request_twice(
    count: int,
    places: int,
    storm: Storm,
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    storm.tell(count, places, random.Random(seed))  # noqa: S311 - a replay, no secret
    storm.clock.set(BEGIN + timedelta(minutes=12))
    if count > 100:  # the short one has its kill later
        storm.kill_once(lambda: storm.incidents)
    _until(lambda: _all_placed(storm), "alerts are not placed")
    storm.clock.set(BEGIN + timedelta(days=5))  # passes have been listed by then
    storm.kill_once(lambda: any(watch.requests for watch in storm.watches))
    if count > 100:
        for _ in range(3):
            storm.go_on(days=1)

    incidents, watches = storm.incidents, storm.watches
    assert len(incidents) == places
    members = [f"{m.feed}:{m.id}" for one in incidents for m in one.members]
    assert sorted(members) == sorted(storm.names), "each alert is in one incident"
    alerts = storm.store.get_alerts(storm.names).values()
    assert {one.state for one in alerts} == {AlertState.MEMBER}
    wanted = {each.id for watch in watches for each in watch.requests}
    _until(lambda: {name for name, _ in storm.published} >= wanted, "requests are not published")
    _assert_nothing_twice(storm, wanted)
    assert storm.topic.dead() == []
    assert storm.killed, "no tick was killed in its midst"
    record_property(
        "figures",
        f"{count} alerts in {count + -(-count // 10)} messages to {INSTANCES} instances: "
        f"{len(incidents)} incidents, {len(wanted)} requests, {len(storm.published)} messages of "
        f"them; {storm.killed} ticks killed; seed {seed}",
    )


def _all_placed(storm: Storm) -> bool:
    storm.go_on(minutes=1)
    alerts = storm.store.get_alerts(storm.names).values()
    return all(one.state is AlertState.MEMBER for one in alerts)


def _assert_nothing_twice(storm: Storm, wanted: set[str]) -> None:
    """Each request is one message, however often that is published; a watch has one pair."""
    published = storm.published
    assert wanted
    assert {name for name, _ in published} == wanted
    assert len(set(published)) == len(wanted), "the same bytes each time"
    pairs = [json.loads(payload) for _, payload in set(published)]
    roles = [(one["labels"]["watch"], one["labels"]["role"]) for one in pairs]
    assert len(roles) == len(set(roles))
