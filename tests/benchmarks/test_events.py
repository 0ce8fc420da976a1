"""Events a second: committed ones swept out of the store, beside a bare publisher of the same."""

import time
from collections.abc import Callable
from concurrent.futures import wait

import pytest
from google.cloud import firestore
from google.cloud.pubsub_v1 import PublisherClient
from google.cloud.pubsub_v1.types import PublisherOptions

from s1ratio.adapters.pubsub_events import PubSubEvents
from s1ratio.adapters.store.firestore import FirestoreStore
from s1ratio.events.cloud_event import attributes_of, data_of
from s1ratio.records import Event, RequestState
from s1ratio.services.event_world import StoreWorld
from s1ratio.services.outbox import Outbox
from s1ratio.services.publishing.sweep import sweep_unsent
from s1ratio.settings import Settings
from tests.contract.records import a_request
from tests.support.simulated.clock import SimulatedClock

pytestmark = [pytest.mark.bench, pytest.mark.emulators]

KEYS, OF_A_KEY = 100, 8
# As on two free cores: each event is read, published, and written once more.
AT_MOST = 12.0


def events(world: StoreWorld) -> list[Event]:
    """Return the events of a request of two tasks, and of many such."""
    now = world.clock.now()
    data = {"task": "r-o131a", "state": "VERIFIED", "files": ["composites/r/r-o131a.tif"]}
    return [
        Event(
            f"task:r{key}-o131a.{number}",
            "s1ratio.task.ended",
            f"r{key}",
            now,
            data,
            subject=f"r{key}-o131a",
            sequence=number,
            key=f"r{key}",
            attributes={"state": "VERIFIED", "request": f"r{key}"},
            unsent_since=now,
        )
        for number in range(1, OF_A_KEY + 1)
        for key in range(KEYS)
    ]


def commit(world: StoreWorld, made: list[Event]) -> None:
    record = world.store.create_request(a_request("r", state=RequestState.EMPTY))
    for start in range(0, len(made), 100):
        record = world.store.update_request(record, record.version, made[start : start + 100])


def publish_bare(topic: str, made: list[Event]) -> float:
    """Publish the same by the client alone, which batches by key; return seconds."""
    options = PublisherOptions(enable_message_ordering=True)
    with PublisherClient(publisher_options=options) as client:
        began = time.perf_counter()
        wait(
            [
                client.publish(
                    topic, data_of(one), ordering_key=one.key, **attributes_of(one, "bench")
                )
                for one in made
            ]
        )
        return time.perf_counter() - began


def test_events_a_second_beside_a_bare_publisher(
    pubsub_emulator: str,
    firestore_emulator: str,
    project: str,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub_emulator)
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    topic = f"projects/{project}/topics/events"
    with PublisherClient() as publisher:
        publisher.create_topic(name=topic, timeout=20)
    store = FirestoreStore(firestore.Client(project=project), "bench")
    clock = SimulatedClock()
    settings = Settings(project=project, bucket="b")
    world = StoreWorld(settings, store, clock, Outbox(PubSubEvents(topic)))
    made = events(world)
    commit(world, made)
    bare = min(publish_bare(topic, made) for _ in range(3))

    until = clock.now().replace(year=2100)
    began = time.perf_counter()
    assert sweep_unsent(world, until) == len(made)
    swept = time.perf_counter() - began
    record_property(
        "figures",
        f"{len(made)} events of {KEYS} keys: swept at {len(made) / swept:.0f}/s, a bare publisher "
        f"{len(made) / bare:.0f}/s: {swept / bare:.1f} times as long",
    )
    assert swept < AT_MOST * bare
