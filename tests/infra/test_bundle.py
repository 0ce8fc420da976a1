"""The zip is what runs: the archives that a plan wrote, in an environment of nothing else."""

import base64
import json
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient

from s1ratio.adapters.store.firestore import FirestoreStore
from s1ratio.embedded.cloud import open_earth_engine
from s1ratio.records import RequestState
from s1ratio.regions.moves import created, run_wanted
from s1ratio.regions.reader import read_regions
from s1ratio.regions.records import RegionRecord
from s1ratio.request.checks import NO_LIMITS
from s1ratio.settings import read_settings
from s1ratio.task import TaskState
from tests.support import terraform
from tests.support.deployed_zip import (
    Deployed,
    Environment,
    Linked,
    UnpackedFunction,
    deployed,
    unpack,
)
from tests.support.process_usage import Usage

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
MESSAGE = {
    "request_id": "zipped",
    "aoi": {"bbox": [14.60, 48.00, 14.61, 48.01]},
    "start": "2023-05-01",
    "end": "2023-06-01",
    "grid": {"crs": "utm", "scale": 50},
}
PACKAGE = terraform.ROOT / "shared" / "s1ratio"
TICKS = 60
_TICKED = ("poll_tasks", "refresh_regions", "watch_incidents")


def names(archive: Path) -> set[str]:
    with zipfile.ZipFile(archive) as opened:
        return set(opened.namelist())


@pytest.mark.parametrize(
    "function",
    [
        *("launch_exports", "poll_tasks", "refresh_regions"),
        *("record_alerts", "fetch_alerts", "watch_incidents", "apply_commands", "status_page"),
    ],
)
def test_a_bundle_holds_the_function_and_the_package_and_nothing_else(function: str) -> None:
    found = names(terraform.dev().zip(function))
    own = {path.name for path in (terraform.ROOT / "functions" / function).glob("*.*")}
    own.remove("requirements.in")
    package = {
        f"s1ratio/{path.relative_to(PACKAGE)}"
        for path in [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.json"), PACKAGE / "py.typed"]
        if path.relative_to(PACKAGE).parts[0] not in {"embedded", "cli"}
    }
    assert own == {"main.py", "requirements.txt"}
    assert found == own | package
    assert not any("test" in name for name in found)


class Cloud:
    """The zips of a plan, one environment for them in turn, and what they talk to."""

    def __init__(self, folder: Path, environment: dict[str, str], installed: bool) -> None:
        self.folder = folder
        self.environment = environment
        self.functions = {
            name: deployed(terraform.dev(), name)
            for name in (*_TICKED, "launch_exports", "apply_commands", "status_page")
        }
        version = self.functions["launch_exports"].python
        where = folder / "venv"
        self.python = Environment(where, version) if installed else Linked(where)

    @contextmanager
    def running(self, name: str) -> Iterator[tuple[UnpackedFunction, Callable[[], str]]]:
        """Install a function's requirements and run it; with it what tells its figures."""
        function = self.functions[name]
        source = unpack(function.zip, self.folder / name)
        self.python.install(source / "requirements.txt")
        assert not self.python.knows("s1ratio"), "only the zip brings it"
        environment = {**function.environment, **self.environment}
        process = UnpackedFunction(source, function.entry_point, self.python.python, environment)
        began = time.monotonic()
        try:
            process.start()
            listening = time.monotonic() - began
            yield process, lambda: figures(name, function, process, listening)
        finally:
            process.stop()


def figures(name: str, function: Deployed, process: UnpackedFunction, listening: float) -> str:
    """Return a function's figures in words; it must fit into the memory that it is given."""
    usage = Usage(process.url)
    assert usage.peak_mb() * 1e6 < 0.8 * function.memory_bytes
    size, count = function.zip.stat().st_size, len(names(function.zip))
    return (
        f"{name}: zip {size / 1000:.0f} kB, {count} files; listening after {listening:.2f} s; "
        f"RSS {usage.peak_mb():.0f} MB of {function.memory_bytes / 1e6:.0f} MB "
        f"(to run on Python {function.python})"
    )


def push(url: str) -> int:
    topic = "projects/demo-project/topics/s1r-dev-requests"
    data = base64.b64encode(json.dumps(MESSAGE).encode()).decode()
    body = {
        "message": {"data": data, "messageId": "17"},
        "subscription": "projects/p/subscriptions/s",
    }
    return post(f"{url}/{topic}", body)[0]


def post(url: str, body: Any) -> tuple[int, bytes]:
    headers = {"content-type": "application/json", "traceparent": f"00-{TRACE}-{SPAN}-01"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return answer.status, answer.read()


def told(process: UnpackedFunction, event: str) -> dict[str, Any]:
    """Return the last line of an event in a function's log."""
    lines = process.log.read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines if line.startswith("{")]
    return [line for line in found if line.get("event") == event][-1]


@pytest.mark.emulators
@pytest.mark.parametrize(
    "installed",
    [pytest.param(False, id="linked"), pytest.param(True, marks=pytest.mark.soak, id="by pip")],
)
def test_the_zips_alone_turn_a_message_into_verified_files(
    tmp_path: Path,
    *,
    installed: bool,
    firestore_emulator: str,
    project: str,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    with open_earth_engine(tmp_path / "out", None) as earth_engine:
        world = {
            "S1RATIO_PROJECT": project,
            "S1RATIO_EE_URL": earth_engine.url,
            "FIRESTORE_EMULATOR_HOST": firestore_emulator,
            "STORAGE_EMULATOR_HOST": earth_engine.url,
        }
        cloud = Cloud(tmp_path, world, installed)
        settings = cloud.functions["launch_exports"].environment
        database, deployment = settings["S1RATIO_DATABASE"], settings["S1RATIO_DEPLOYMENT"]
        with closing(firestore.Client(project=project, database=database)) as client:
            store = FirestoreStore(client, deployment)

            with cloud.running("launch_exports") as (launch, told_figures):
                assert push(launch.url) == 200
                record_property("figures", told_figures())
            tasks = store.find_tasks_of("zipped")
            assert tasks
            assert {task.state for task in tasks} == {TaskState.SUBMITTED}
            line = told(launch, "request.launched")
            assert (line["severity"], line["request"], line["started"]) == (
                "INFO",
                "zipped",
                len(tasks),
            )
            assert line["logging.googleapis.com/trace"] == f"projects/{project}/traces/{TRACE}"

            with cloud.running("poll_tasks") as (poll, told_figures):
                state = until_ended(store, poll)
                record_property("figures", told_figures())
            assert state is RequestState.VERIFIED
            assert told(poll, "request.ended")["state"] == "VERIFIED"
            catalogued = {task.catalogue.item for task in store.find_tasks_of("zipped")}
            bucket = tmp_path / "out" / settings["S1RATIO_BUCKET"]
            assert (
                {str(path.relative_to(bucket)) for path in bucket.glob("stac/*/*/zipped-*.json")}
                == {name for name in catalogued if name}
                != set()
            )
            assert list(bucket.glob("stac/*/*/zipped-*-thumbnail.png"))
            assert told(poll, "tick")["logging.googleapis.com/trace"].endswith(TRACE)


def until_ended(store: FirestoreStore, poll: UnpackedFunction) -> RequestState:
    for _ in range(TICKS):
        status, _body = post(poll.url, {})
        assert status == 200
        record = store.get_request("zipped")
        assert record is not None
        if record.state.terminal:
            return record.state
        time.sleep(0.5)
    raise AssertionError(f"not ended after {TICKS} ticks: {store.find_tasks_of('zipped')}")


@pytest.mark.emulators
def test_the_zip_of_regions_alone_publishes_what_is_due(
    tmp_path: Path,
    hosts: tuple[str, str],
    project: str,
    record_property: Callable[[str, object], None],
) -> None:
    with open_zipped(tmp_path, hosts, project, "refresh_regions") as (cloud, store, pull):
        store.commit_regions([due_region()])
        with cloud.running("refresh_regions") as (function, told_figures):
            status, body = post(function.url, {})
            record_property("figures", told_figures())
        assert (status, json.loads(body)["requested"]) == (200, 1)
        (made,) = store.find_refreshes_of("zipped", 5)
        assert made.scene_count is not None, "Earth Engine was asked for its scenes"
        assert [json.loads(data)["request_id"] for data in pull()] == [made.id]
        assert told(function, "regions.tick")["requested"] == 1


@contextmanager
def open_zipped(
    folder: Path, hosts: tuple[str, str], project: str, name: str
) -> Iterator[tuple[Cloud, FirestoreStore, Callable[[], list[bytes]]]]:
    """Open what the zip of a function works on: a cloud, its store, what it has published."""
    firestore_host, pubsub_host = hosts
    with open_earth_engine(folder / "out", None) as earth_engine:
        world = {
            "S1RATIO_PROJECT": project,
            "S1RATIO_EE_URL": earth_engine.url,
            "FIRESTORE_EMULATOR_HOST": firestore_host,
            "PUBSUB_EMULATOR_HOST": pubsub_host,
        }
        cloud = Cloud(folder, world, installed=False)
        settings = read_settings({**cloud.functions[name].environment, "S1RATIO_PROJECT": project})
        with (
            closing(firestore.Client(project=project, database=settings.database)) as client,
            topic_to_pull(settings.requests_topic) as pull,
        ):
            yield cloud, FirestoreStore(client, settings.deployment), pull


def due_region() -> RegionRecord:
    """Return a region that is to make a request now."""
    entry = {
        "id": "zipped",
        "aoi": MESSAGE["aoi"],
        "schedule": {"cron": "0 3 1 * *"},
        "period": {"kind": "last_days", "n": 12},
    }
    (region,) = read_regions({"regions": [entry]}, NO_LIMITS)
    begun = datetime(2024, 6, 1, tzinfo=UTC)
    record = run_wanted(created(region, begun, "me").after, begun, "me").after
    return replace(record, watermark=datetime.now(UTC))


@contextmanager
def topic_to_pull(name: str) -> Iterator[Callable[[], list[bytes]]]:
    """Make a topic with a subscription; yield what returns the messages that are there."""
    with PublisherClient() as publisher, SubscriberClient() as subscriber:
        publisher.create_topic(name=name, timeout=20)
        own = name.replace("/topics/", "/subscriptions/")
        subscriber.create_subscription(name=own, topic=name, timeout=20)

        def pull() -> list[bytes]:
            asked = {"subscription": own, "max_messages": 10}
            found = subscriber.pull(request=asked, retry=None, timeout=20)
            return [bytes(each.message.data) for each in found.received_messages]

        yield pull


@pytest.fixture
def hosts(
    firestore_emulator: str, pubsub_emulator: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, str]:
    """Return where the emulators are; this process's clients are told as well."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub_emulator)
    return firestore_emulator, pubsub_emulator
