"""The zip of status_page alone, from the plan: jobs are read, the catalogue, and nothing else."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore

from s1ratio.adapters.store.firestore import FirestoreStore
from s1ratio.commands import Cancel, read_command
from s1ratio.settings import read_settings
from tests.infra.test_bundle import Cloud, hosts, topic_to_pull
from tests.support import terraform
from tests.support.reading_world import ITEM, fill
from tests.support.storage_server import Server

pytestmark = pytest.mark.emulators
__all__ = ["hosts"]  # a fixture


def call(url: str, method: str = "GET") -> tuple[int, Any]:
    headers = {"X-Forwarded-Proto": "https"}
    request = urllib.request.Request(url, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Return the folder of the exports' bucket, and the URL of the storage that serves it."""
    server = Server(tmp_path / "buckets")
    name = terraform.dev().one("google_storage_bucket.exports")["name"]
    folder = tmp_path / "buckets" / name
    (folder / "stac").mkdir(parents=True)
    with server.running() as url:
        yield folder, url


def test_the_zip_that_is_read_from(
    tmp_path: Path,
    hosts: tuple[str, str],
    project: str,
    bucket: tuple[Path, str],
    record_property: Callable[[str, object], None],
) -> None:
    folder, storage = bucket
    (folder / "stac" / "item.json").write_text(json.dumps(ITEM))
    (folder / "secret.json").write_text("{}")
    topic = f"projects/{project}/topics/s1r-dev-commands"
    world = {
        "S1RATIO_PROJECT": project,
        "S1RATIO_COMMANDS_TOPIC": topic,
        "FIRESTORE_EMULATOR_HOST": hosts[0],
        "PUBSUB_EMULATOR_HOST": hosts[1],
        "STORAGE_EMULATOR_HOST": storage,
    }
    cloud = Cloud(tmp_path, world, installed=False)
    settings = read_settings({**cloud.functions["status_page"].environment, **world})
    with (
        closing(firestore.Client(project=project, database=settings.database)) as client,
        topic_to_pull(topic) as pull,
        cloud.running("status_page") as (function, told_figures),
    ):
        fill(FirestoreStore(client, settings.deployment))
        status, jobs = call(f"{function.url}/jobs?limit=2&region=alps")
        assert (status, [job["jobID"] for job in jobs["jobs"]]) == (200, ["r1"])
        assert jobs["links"][0]["href"].startswith(function.url.replace("http:", "https:"))
        status, results = call(f"{function.url}/jobs/r1/results")
        start = f"https://storage.googleapis.com/{settings.bucket}/"
        assert (status, results["composites"][1]) == (200, f"{start}two.tif")
        assert call(f"{function.url}/stac/item.json") == (200, ITEM)
        for path in ("stac/%2e%2e/secret.json", "stac/../secret.json", "secret.json"):
            assert call(f"{function.url}/{path}")[0] == 404
        assert call(f"{function.url}/jobs?limit=0")[1]["parameter"] == "limit"
        assert call(f"{function.url}/jobs", "POST")[0] == 405
        assert pull() == []
        status, told = call(f"{function.url}/jobs/every", "DELETE")
        assert (status, told["jobID"]) == (202, "every")
        (message,) = pull()
        record_property("figures", told_figures())
    command = read_command(message)
    assert command.id == told["command"]
    assert isinstance(command.command, Cancel)
    assert command.command.target.request == "every"
