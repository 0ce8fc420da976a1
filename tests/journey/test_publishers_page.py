"""What the publishers' page shows runs as it stands there, against the genuine Pub/Sub emulator."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient

from s1ratio.commands import CommandMessage, read_command
from s1ratio.request import Limits, Message, read_message
from tests.conventions.source import PACKAGE, ROOT
from tests.support.page_blocks import blocks_of
from tests.support.required_tools import require

pytestmark = pytest.mark.emulators

_PATH = PACKAGE / "client" / "README.md"
_PAGE, _BLOCKS = _PATH.read_text(encoding="utf-8"), blocks_of(_PATH)
_NODE = ROOT / ".node"
_CALL_S = 60.0
_WITHIN_S = 300.0


class Inbox:
    """A deployment's topics on the emulator, and what comes in there."""

    def __init__(self, host: str, project: str, folder: Path) -> None:
        self.folder, self._project = folder, project
        self._environment = {
            **{name: text for name, text in os.environ.items() if not name.startswith("S1RATIO_")},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PUBSUB_EMULATOR_HOST": host,
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB": f"http://{host}/",
            "CLOUDSDK_AUTH_DISABLE_CREDENTIALS": "true",
            "CLOUDSDK_CONFIG": str(folder / "gcloud"),
        }
        self._subscriptions = f"projects/{project}/subscriptions"

    def run(self, *command: str | Path) -> str:
        """Run a program as whoever publishes; return what it prints."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=_WITHIN_S,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def write(self, name: str) -> Path:
        """Write a block of the page as the file that it is, for the project of this test."""
        path = self.folder / name
        path.write_text(_BLOCKS[name].replace("my-project", self._project), encoding="utf-8")
        return path

    def messages(self, count: int) -> list[Message]:
        """Return the requests that came in, as they are read; fail if they are not so many."""
        return [read_message(data, Limits()) for data in self._pull("requests", count)]

    def commands(self, count: int) -> list[CommandMessage]:
        """Return the commands that came in, as they are read; fail if they are not so many."""
        return [read_command(data) for data in self._pull("commands", count)]

    def _pull(self, topic: str, count: int) -> list[bytes]:
        path, found = f"{self._subscriptions}/{topic}", list[bytes]()
        with SubscriberClient() as client:
            while len(found) < count:
                asked = {"subscription": path, "max_messages": 100}
                pulled = client.pull(request=asked, timeout=_CALL_S).received_messages
                found += [each.message.data for each in pulled]
                ids = [each.ack_id for each in pulled]
                client.acknowledge(subscription=path, ack_ids=ids, timeout=_CALL_S)
        assert len(found) == count
        return found


@pytest.fixture
def inbox(
    pubsub_emulator: str, project: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Inbox:
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub_emulator)
    with PublisherClient() as publisher, SubscriberClient() as subscriber:
        for each in ("requests", "commands"):
            topic = f"projects/{project}/topics/s1r-dev-{each}"
            publisher.create_topic(name=topic, timeout=_CALL_S)
            name = f"projects/{project}/subscriptions/{each}"
            subscriber.create_subscription(name=name, topic=topic, timeout=_CALL_S)
    return Inbox(pubsub_emulator, project, tmp_path)


def test_every_block_of_the_page_is_run() -> None:
    assert _PAGE.count("```") == 2 * len(_BLOCKS)
    ran = {"publish.sh", "publish.py", "message.json", "gcloud.sh", "publish.mjs"}
    assert set(_BLOCKS) == ran | {"commands.py", "commands.sh"}


def test_the_command_publishes(inbox: Inbox) -> None:
    squares = [
        {"type": "Polygon", "coordinates": [[[x, 48], [x + 1, 48], [x, 48.5], [x, 48]]]}
        for x in (15, 17)
    ]
    features = [{"type": "Feature", "properties": {}, "geometry": each} for each in squares]
    collection = json.dumps({"type": "FeatureCollection", "features": features})
    (inbox.folder / "fields.geojson").write_text(collection, encoding="utf-8")
    told = inbox.run("sh", "-e", inbox.write("publish.sh"))
    found = inbox.messages(3)
    assert all(message.request_id in told for message in found)
    assert sum(message.request_id.startswith("fields-") for message in found) == 2


def test_python_publishes(inbox: Inbox) -> None:
    told = inbox.run(sys.executable, inbox.write("publish.py"))
    [message] = inbox.messages(1)
    assert told.splitlines()[-1] == message.request_id
    assert "'tasks': 1" in told


def test_gcloud_publishes_what_was_written_by_hand(inbox: Inbox) -> None:
    require(shutil.which("gcloud"), "the Cloud SDK's gcloud is missing: no `gcloud` on the PATH")
    inbox.write("message.json")
    inbox.run("sh", "-e", inbox.write("gcloud.sh"))
    [message] = inbox.messages(1)
    assert message.request_id == read_message(_BLOCKS["message.json"], Limits()).request_id


def test_python_commands(inbox: Inbox) -> None:
    told = inbox.run(sys.executable, inbox.write("commands.py"))
    found = inbox.commands(3)
    assert sorted(one.command.command for one in found) == ["cancel", "pause", "raise"]
    assert told.strip() in {one.id for one in found}


def test_gcloud_commands(inbox: Inbox) -> None:
    require(shutil.which("gcloud"), "the Cloud SDK's gcloud is missing: no `gcloud` on the PATH")
    inbox.run("sh", "-e", inbox.write("commands.sh"))
    [command] = inbox.commands(1)
    assert (command.id, command.command.command) == ("po-flood-1", "pause")


def test_node_publishes(inbox: Inbox) -> None:
    modules = _NODE / "node_modules"
    if shutil.which("npm") is None:
        pytest.skip("Node is missing: no `npm` on the PATH")
    there = (modules / "@google-cloud").is_dir()
    require(there, "Node's Pub/Sub client is missing: `make node` installs it, pinned")
    (inbox.folder / "node_modules").symlink_to(modules)
    told = inbox.run("node", inbox.write("publish.mjs"))
    assert told.strip()
    [message] = inbox.messages(1)
    assert message.request.aoi.area_km2 == pytest.approx(19.86, abs=0.1)
