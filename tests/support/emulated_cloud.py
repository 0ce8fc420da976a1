"""What stands where the cloud would: emulators, a local Earth Engine, functions as processes."""

import contextlib
import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.cloud import firestore

from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
from local_earthengine.server import LocalEarthEngine
from s1ratio.adapters.store.firestore import FirestoreStore
from s1ratio.embedded.cloud import open_earth_engine
from tests.support.fast_clock import HurriedClock
from tests.support.function_process import FunctionProcess, deployed, running
from tests.support.push_topic import Topic, push_topic

BUCKET, DEPLOYMENT = "journey-bucket", "test"
_TICK_S = 60.0
_SPEED = 60.0
# Deadlines are real seconds, all else is the clock's: a lease is three real seconds.
_IN_A_HURRY = {
    "S1RATIO_POST_DEADLINE_S": "2.5",
    "S1RATIO_START_LEASE_S": "180",
    "S1RATIO_TICK_BUDGET_S": "300",
    "S1RATIO_LAUNCH_BUDGET_S": "1200",
}

# What stands before Earth Engine: from its URL to the URL that the functions are told.
Front = Callable[[str], AbstractContextManager[str]]


@dataclass(frozen=True)
class Hosts:
    """The emulators, `host:port` each, and the project that this test has there."""

    project: str
    pubsub: str
    firestore: str


@dataclass
class Cloud:
    """One deployment: its functions, its store, and the way in."""

    out: Path
    project: str
    topic: Topic
    launch: FunctionProcess
    poll: FunctionProcess
    store: FirestoreStore
    database: firestore.Client
    earth_engine_url: str

    def publish(self, message: dict[str, Any]) -> None:
        """Publish a message; return when Pub/Sub has it."""
        self.topic.publish(json.dumps(message).encode())

    def operations(self) -> list[dict[str, Any]]:
        """Return every operation that Earth Engine was ever asked for, as it shows them."""
        url = f"{self.earth_engine_url}/v1/projects/{self.project}/operations?pageSize=500"
        found: list[dict[str, Any]] = []
        token = ""
        while True:
            page = _json(f"{url}&pageToken={token}")
            found += page.get("operations", [])
            token = page.get("nextPageToken", "")
            if not token:
                return found

    def tick(self) -> dict[str, Any]:
        """Call the poller as the scheduler does; return its counts."""
        return _json(urllib.request.Request(self.poll.url, data=b"{}", method="POST"))


def _json(request: str | urllib.request.Request) -> dict[str, Any]:
    with urllib.request.urlopen(request, timeout=_TICK_S) as answer:
        assert answer.status == 200
        return dict(json.load(answer))


@contextmanager
def open_cloud(
    hosts: Hosts,
    folder: Path,
    front: Front = contextlib.nullcontext,
    hurried: bool = False,
    events_topic: str | None = None,
) -> Iterator[Cloud]:
    """Run a deployment until the context ends; its output, state and logs lie in `folder`.

    Events are published to the topic that is named in full.

    Hurried, its functions and Earth Engine live by a clock on which minutes pass in seconds.
    """
    out, clock = folder / "out", HurriedClock(_SPEED) if hurried else None
    with _earth_engine(out, clock) as earth_engine, front(earth_engine.url) as shown:
        environment = environment_of(hosts, earth_engine.url, shown)
        environment |= {**_IN_A_HURRY, **clock.environment()} if clock else {}
        if events_topic is not None:
            emulator = {"PUBSUB_EMULATOR_HOST": hosts.pubsub}
            environment |= {"S1RATIO_EVENTS_TOPIC": events_topic, **emulator}
        launch, poll = (
            FunctionProcess(deployed(name), name, environment, folder, hurried=clock is not None)
            for name in ("launch_exports", "poll_tasks")
        )
        with (
            running(launch, poll),
            push_topic(hosts.project, "requests", launch.url) as topic,
            contextlib.closing(
                firestore.Client(project=hosts.project, database="(default)")
            ) as database,
        ):
            store = FirestoreStore(database, DEPLOYMENT)
            url = earth_engine.url
            yield Cloud(out, hosts.project, topic, launch, poll, store, database, url)


def _earth_engine(out: Path, clock: HurriedClock | None) -> LocalEarthEngine:
    if clock is None:
        return open_earth_engine(out, None)
    return LocalEarthEngine(out, SyntheticCatalog(), clock=clock.now)


def environment_of(hosts: Hosts, storage_url: str, earth_engine_url: str) -> dict[str, str]:
    """Return the settings of a deployment on the emulators and a local Earth Engine."""
    return {
        "S1RATIO_PROJECT": hosts.project,
        "S1RATIO_DEPLOYMENT": DEPLOYMENT,
        "S1RATIO_BUCKET": BUCKET,
        "S1RATIO_EE_URL": earth_engine_url,
        "FIRESTORE_EMULATOR_HOST": hosts.firestore,
        "STORAGE_EMULATOR_HOST": storage_url,
    }
