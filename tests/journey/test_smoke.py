"""The smoke test that a pipeline runs after it deployed, here against the emulators."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.emulated_cloud import BUCKET, DEPLOYMENT, Cloud, Hosts, open_cloud

pytestmark = pytest.mark.emulators

TIME_S = 120.0


@pytest.fixture
def cloud(hosts: Hosts, tmp_path: Path) -> Iterator[Cloud]:
    with open_cloud(hosts, tmp_path) as opened:
        yield opened


@contextmanager
def scheduler(cloud: Cloud) -> Iterator[None]:
    """Call the poller again and again, as Cloud Scheduler does."""
    over = threading.Event()

    def run() -> None:
        while not over.wait(0.3):
            cloud.tick()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def smoke(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, *options: str
) -> subprocess.CompletedProcess[str]:
    for name, value in {
        "PROJECT": cloud.project,
        "BUCKET": BUCKET,
        "DEPLOYMENT": DEPLOYMENT,
    }.items():
        monkeypatch.setenv(f"S1RATIO_{name}", value)
    command = [sys.executable, "-m", "s1ratio.cli.main", "smoke", "--every=0.2"]
    return subprocess.run(
        [*command, f"--topic={cloud.topic.path}", *options],
        capture_output=True,
        text=True,
        timeout=TIME_S,
        check=False,
    )


def test_a_deployment_that_works_passes(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    with scheduler(cloud):
        done = smoke(cloud, monkeypatch, "--deadline=90", "--request-id=smoke-1", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["state"] == "VERIFIED"
    assert list((cloud.out / BUCKET / "smoke" / "smoke-1").glob("*.tif"))


@pytest.mark.soak
def test_one_whose_poller_is_dead_fails_and_says_where_to_look(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = smoke(cloud, monkeypatch, "--deadline=2")
    assert done.returncode == 1
    assert "see the " in done.stderr
    assert done.stdout == ""
