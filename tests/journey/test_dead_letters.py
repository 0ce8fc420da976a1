"""What can't be delivered becomes a dead letter, and what is wrong never does: nothing loops."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from google.cloud import firestore
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient

from s1ratio.adapters.pubsub import PubSubDeadLetters, PubSubPublisher
from s1ratio.adapters.store.firestore import FirestoreStore
from s1ratio.cli.main import main
from tests.functions.test_dead_services import deliver
from tests.support.closable_gate import Gate, Mode, gate
from tests.support.function_process import FunctionProcess, deployed, running
from tests.support.object_stores import dead_port

pytestmark = pytest.mark.emulators

ATTEMPTS = 5  # the fewest that Pub/Sub allows
PATIENCE_S = 90.0
MESSAGE = {
    "aoi": {"bbox": [14.600, 48.000, 14.601, 48.001]},
    "start": "2023-05-01",
    "end": "2023-05-20",
    "orbits": [22],
    "direction": "DESCENDING",
}


@dataclass
class Deployment:
    """`dev`: its function, topic, dead letters and store, and the gate before the store."""

    project: str
    url: str
    before_store: Gate
    store: FirestoreStore
    log: Path

    def publish(self, data: bytes, **attributes: str) -> None:
        with closing(PubSubPublisher(self.name("topics", "requests"))) as publisher:
            publisher.publish(data, attributes)

    def name(self, kind: str, rest: str) -> str:
        return f"projects/{self.project}/{kind}/s1r-dev-{rest}"

    def dead(self) -> list[tuple[bytes, dict[str, str]]]:
        """Return the dead letters, and leave them."""
        name = self.name("subscriptions", "requests-dead")
        with closing(PubSubDeadLetters(name, wait_s=0.3)) as letters:
            pulled = letters.pull(100)
            if pulled:
                letters.release(pulled)
        return [(letter.data, dict(letter.attributes)) for letter in pulled]

    def rejections(self) -> int:
        """Return how often the function said that it rejected something."""
        return self.log.read_text().count("a message was rejected")


@pytest.fixture(scope="module")
def deployment(
    pubsub_emulator: str, firestore_emulator: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    folder, project = tmp_path_factory.mktemp("function"), f"test-{uuid4().hex[:12]}"
    with (
        pytest.MonkeyPatch.context() as environment,
        gate(firestore_emulator, Mode.THROUGH) as before_store,
    ):
        environment.setenv("PUBSUB_EMULATOR_HOST", pubsub_emulator)
        environment.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
        environment.setenv("S1RATIO_PROJECT", project)
        settings = {
            "S1RATIO_BUCKET": "local-bucket",
            "S1RATIO_EE_URL": dead_port(),
            "S1RATIO_STORE_DEADLINE_S": "5",
            "S1RATIO_POST_DEADLINE_S": "2",
            "FIRESTORE_EMULATOR_HOST": before_store.address,
        }
        process = FunctionProcess(deployed("launch_exports"), "launch_exports", settings, folder)
        with (
            running(process),
            closing(FirestoreStore(firestore.Client(project=project), "dev")) as store,
        ):
            made = Deployment(project, process.url, before_store, store, process.log)
            _subscribe(made)
            yield made


def _subscribe(deployment: Deployment) -> None:
    """Make topics and subscriptions as Terraform does, with no time between two attempts."""
    topic, dead = deployment.name("topics", "requests"), deployment.name("topics", "dead")
    with PublisherClient() as publisher, SubscriberClient() as subscriber:
        for name in (topic, dead):
            publisher.create_topic(name=name, timeout=20)
        push = {
            "name": deployment.name("subscriptions", "launch"),
            "topic": topic,
            "push_config": {"push_endpoint": f"{deployment.url}/{topic}"},
            "ack_deadline_seconds": 60,
            "dead_letter_policy": {"dead_letter_topic": dead, "max_delivery_attempts": ATTEMPTS},
        }
        keep = {
            "name": deployment.name("subscriptions", "requests-dead"),
            "topic": dead,
            "ack_deadline_seconds": 60,
        }
        for request in (push, keep):
            subscriber.create_subscription(request=request, timeout=20)


def until(done: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.2)


def test_poison_is_rejected_once_beside_what_is_done_and_none_of_it_is_a_dead_letter(
    deployment: Deployment,
) -> None:
    deployment.publish(b"", only="attributes")
    deployment.publish(b"[" * 100_000)
    deployment.publish(b"\xff\xfe", googclient_deliveryattempt="5")
    deployment.publish(json.dumps({**MESSAGE, "request_id": "beside"}).encode())
    deployment.publish(bytes(3_000_000))
    until(lambda: deployment.store.get_request("beside"))
    until(lambda: len(deployment.store.find_rejections(10)) == 4)

    codes = {found.reasons[0].code for found in deployment.store.find_rejections(10)}
    assert codes == {"not_json", "too_large"}  # attributes alone come with empty data
    time.sleep(3)  # time in which whatever loops would come again
    assert deployment.rejections() == 4
    assert deployment.dead() == []


def test_what_could_not_be_stored_is_redriven_and_done(
    deployment: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    deployment.before_store.turn(Mode.GONE)
    data = json.dumps({**MESSAGE, "request_id": "given-up"}).encode()
    deployment.publish(data, source="another system")
    until(deployment.dead)
    ((letter, attributes),) = deployment.dead()
    assert letter == data
    assert attributes["source"] == "another system"
    assert deployment.log.read_text().count("StoreUnavailable: Firestore") >= ATTEMPTS

    deployment.before_store.turn(Mode.THROUGH)
    # The function's client looks for its store again only now and then: redriven too early, and
    # without a pause between two attempts, a letter would be a dead one again.
    until(lambda: deliver(deployment.url, b"are you there?") == 200)
    assert main(["redrive"]) == 0
    assert "1 sent" in capsys.readouterr().out
    until(lambda: deployment.store.get_request("given-up"))
    assert deployment.dead() == []
