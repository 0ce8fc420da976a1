"""The whole way of a message, through the genuine emulators and the functions as processes."""

import json
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import rasterio
from google.cloud import firestore
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient

from s1ratio.adapters.firestore import FirestoreStore
from s1ratio.local.earthengine.server import LocalEarthEngine
from s1ratio.local.embedded import open_earth_engine
from s1ratio.records import RequestState
from s1ratio.task import TaskState
from tests.support.function_process import function

pytestmark = [pytest.mark.emulators, pytest.mark.xdist_group("journey")]

BUCKET, DEPLOYMENT = "journey-bucket", "test"
DEADLINE_S = 90.0
MESSAGE = {
    "request_id": "journey",
    "aoi": {"bbox": [14.60, 48.00, 14.615, 48.01]},
    "start": "2023-05-01",
    "end": "2023-06-01",
    "angle": "none",
    "grid": {"crs": "utm", "scale": 20},
}


@dataclass
class Cloud:
    """What stands where the cloud would."""

    out: Path
    project: str
    topic: str
    publisher: PublisherClient
    earth_engine: LocalEarthEngine
    store: FirestoreStore
    poll_url: str

    def publish(self, message: dict[str, Any]) -> None:
        self.publisher.publish(self.topic, json.dumps(message).encode()).result(timeout=20)

    def operations(self) -> list[str]:
        """Return the description of every operation that Earth Engine was ever asked for."""
        url = f"{self.earth_engine.url}/v1/projects/{self.project}/operations?pageSize=500"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return [item["metadata"]["description"] for item in json.load(answer)["operations"]]

    def tick(self) -> dict[str, Any]:
        request = urllib.request.Request(self.poll_url, data=b"{}", method="POST")
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 200
            return dict(json.load(answer))


@pytest.fixture
def cloud(
    pubsub_emulator: str,
    firestore_emulator: str,
    project: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Cloud]:
    out = tmp_path / "out"
    with open_earth_engine(out, None) as earth_engine:
        environment = {
            "S1RATIO_PROJECT": project,
            "S1RATIO_DEPLOYMENT": DEPLOYMENT,
            "S1RATIO_BUCKET": BUCKET,
            "S1RATIO_EE_URL": earth_engine.url,
            "FIRESTORE_EMULATOR_HOST": firestore_emulator,
            "STORAGE_EMULATOR_HOST": earth_engine.url,
        }
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub_emulator)
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
        with (
            function("launch_exports", environment, tmp_path) as launch_url,
            function("poll_tasks", environment, tmp_path) as poll_url,
        ):
            publisher, topic = _push_topic(project, launch_url)
            client = firestore.Client(project=project, database="(default)")
            store = FirestoreStore(client, DEPLOYMENT)
            yield Cloud(out, project, topic, publisher, earth_engine, store, poll_url)
            client.close()
            publisher.stop()


def _push_topic(project: str, url: str) -> tuple[PublisherClient, str]:
    """Make the topic and its push subscription as Terraform would; return publisher and topic."""
    topic = f"projects/{project}/topics/requests"
    publisher = PublisherClient()
    publisher.create_topic(name=topic, timeout=20)
    with SubscriberClient() as subscriber:
        subscriber.create_subscription(
            request={
                "name": f"projects/{project}/subscriptions/launch",
                "topic": topic,
                "push_config": {"push_endpoint": f"{url}/{topic}"},
                "ack_deadline_seconds": 60,
            },
            timeout=20,
        )
    return publisher, topic


def _until_ended(cloud: Cloud) -> None:
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        cloud.tick()
        record = cloud.store.request("journey")
        if record is not None and record.state.terminal:
            return
        time.sleep(0.3)
    raise AssertionError(f"not ended in {DEADLINE_S} s: {cloud.store.tasks_of('journey')}")


def test_a_message_published_twice_becomes_one_verified_operation_for_each_task(
    cloud: Cloud,
) -> None:
    cloud.publish(MESSAGE)
    cloud.publish(MESSAGE)
    _until_ended(cloud)
    cloud.publish(MESSAGE)
    time.sleep(1)
    cloud.tick()

    record = cloud.store.request("journey")
    assert record is not None
    assert record.state is RequestState.VERIFIED
    tasks = cloud.store.tasks_of("journey")
    assert len(tasks) >= 2, "the area is seen from two orbits at least"
    assert {task.state for task in tasks} == {TaskState.VERIFIED}
    operations = cloud.operations()
    assert sorted(operations) == sorted(f"s1r-{DEPLOYMENT}-{task.id}-a1" for task in tasks)


def test_what_comes_out_is_a_cog_of_the_planned_pixels(cloud: Cloud) -> None:
    cloud.publish(MESSAGE)
    _until_ended(cloud)
    for task in cloud.store.tasks_of("journey"):
        assert task.files == (f"composites/journey/{task.id}.tif",)
        with rasterio.open(cloud.out / BUCKET / task.files[0]) as file:
            assert file.descriptions == ("vvvh_db_median", "vvvh_db_stdDev", "vvvh_db_count")
            assert file.crs.to_epsg() == 32633
            assert file.shape == (task.plan.grid.height, task.plan.grid.width)
            assert tuple(file.transform)[:6] == task.plan.grid.transform
            assert set(file.dtypes) == {"float32"}
            assert file.nodata == -9999
            assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"


def test_a_bad_message_is_recorded_with_its_reasons_and_not_delivered_again(cloud: Cloud) -> None:
    cloud.publish({**MESSAGE, "orbits": [0], "colour": "blue"})
    end = time.monotonic() + 20
    while not cloud.store.rejections(10) and time.monotonic() < end:
        time.sleep(0.1)
    (rejection,) = cloud.store.rejections(10)
    assert [fault.path for fault in rejection.reasons] == ["orbits[0]", "colour"]
    assert cloud.store.request("journey") is None
