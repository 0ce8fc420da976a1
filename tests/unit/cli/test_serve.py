"""`s1ratio serve`: a run's store is read over HTTP while it is written, and by nobody else."""

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from s1ratio.adapters.http.serving import is_loopback
from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.cli.main import main
from s1ratio.errors import StoreUnavailable
from s1ratio.records import RequestState
from s1ratio.task import TaskState
from tests.contract.records import a_request, a_task
from tests.support.reading_world import ITEM, fill


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return the folder of a run."""
    with SqliteStore(tmp_path / "out" / ".s1ratio" / "store.sqlite") as store:
        fill(store)
    return tmp_path / "out"


@contextmanager
def serving(*options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve by the command, as a person would; yield the URL that it prints."""
    command = [sys.executable, "-m", "s1ratio.cli.main", "serve", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line.startswith("serving http://127.0.0.1:"), line
            yield line.split()[1].rstrip("/"), process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0


def call(url: str, method: str = "GET") -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=30) as got:
            return got.status, json.load(got)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def test_a_run_is_read_while_it_is_written(out: Path) -> None:
    (out / "local-bucket" / "stac").mkdir(parents=True)
    (out / "local-bucket" / "stac" / "item.json").write_text(json.dumps(ITEM))
    with (
        serving("--out", str(out)) as (url, _),
        SqliteStore(out / ".s1ratio" / "store.sqlite") as run,
    ):
        assert call(f"{url}/jobs/fresh")[0] == 404
        run.create_request(a_request("fresh", state=RequestState.ACCEPTED))
        run.create_tasks([a_task("fresh-1")])
        status, job = call(f"{url}/jobs/fresh")
        assert (status, job["status"], len(job["tasks"])) == (200, "accepted", 1)
        assert call(f"{url}/stac/item.json") == (200, ITEM)
        file = call(f"{url}/jobs/r1/results")[1]["composites"][1]
        assert file == f"{(out / 'local-bucket').as_uri()}/two.tif"
        status, job = call(f"{url}/jobs/fresh?reason=enough", "DELETE")
        assert (status, job["status"]) == (200, "dismissed")
        task = run.get_task("fresh-1")
        assert task is not None
        assert task.state is TaskState.CANCELLED


def test_who_is_exposed_can_be_read_and_not_changed(out: Path) -> None:
    with serving("--out", str(out), "--expose") as (url, _):
        assert call(f"{url}/jobs/every")[0] == 200
        assert call(f"{url}/jobs/every", "DELETE")[0] == 403


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.com", ""])  # noqa: S104
def test_a_host_that_others_reach_must_be_meant(
    out: Path, host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--out", str(out), "--host", host]) == 2
    assert "--expose" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.1.2.3", "LOCALHOST"])
def test_this_machine_is_known_by_its_names(host: str) -> None:
    assert is_loopback(host)


def test_a_port_that_is_taken_is_told(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--out", str(out), "--port", port]) == 1
    told = capsys.readouterr().err
    assert "try another --port" in told
    assert "Traceback" not in told


def test_without_a_run_there_is_nothing_to_serve(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--out", str(tmp_path)]) == 2
    assert "no local run" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["-1", "65536", "http", "1.5"])
def test_what_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["serve", "--port", port])
    assert refused.value.code == 2


def test_a_store_that_is_opened_to_be_read_takes_no_write(out: Path) -> None:
    path = out / ".s1ratio" / "store.sqlite"
    with SqliteStore(path, read_only=True) as store:
        assert store.get_request("r1") is not None
        with pytest.raises(StoreUnavailable):
            store.create_request(a_request("another"))
