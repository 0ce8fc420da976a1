"""Whatever is delivered ends as done or as a recorded rejection, soon, and in little memory."""

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore

from s1ratio.adapters.logs import MAX_LINE
from s1ratio.adapters.store.firestore import FirestoreStore
from s1ratio.adapters.store.queries import EPOCH
from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.errors import StoreUnavailable
from s1ratio.ports import Store
from s1ratio.records import MAX_REJECTED_COPY
from tests.functions.hostile.bombs import makers
from tests.functions.hostile.corpus import NOT_HTTP, corpus, pushed
from tests.functions.hostile.encodings import Delivery
from tests.functions.hostile.payloads import text
from tests.support.function_process import FunctionProcess, deployed, running
from tests.support.object_stores import dead_port
from tests.support.process_usage import Usage
from tests.support.sample import one_of, sample

MAX_SECONDS, MAX_MB = 2.0, 300.0
MAX_MB_EACH, MAX_MB_OF_EIGHT = 60.0, 400.0


@dataclass(frozen=True)
class Deployment:
    """The function as a process, its store, and the log it writes."""

    url: str
    store: Store
    log: Path

    def send(self, delivery: Delivery) -> int:
        """Deliver; return the status."""
        host = self.url.removeprefix("http://")
        with closing(http.client.HTTPConnection(host, timeout=60)) as connection:
            headers = {name: text.encode("latin-1") for name, text in delivery.headers.items()}
            connection.request("POST", delivery.path, delivery.body, headers)
            return connection.getresponse().status

    def send_raw(self, data: bytes) -> bytes:
        """Send bytes; return the first line of what comes back, if anything does."""
        host, _, port = self.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            try:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
                return connection.recv(4_096).partition(b"\r\n")[0]
            except OSError:
                return b""

    def logged(self, name: str) -> list[dict[str, Any]]:
        """Return the log lines that have a field."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        every = [json.loads(line) for line in lines if line.startswith("{")]
        return [line for line in every if name in line]


@pytest.fixture
def in_sqlite(tmp_path: Path) -> Iterator[tuple[Store, dict[str, str]]]:
    path = tmp_path / "store.sqlite"
    with SqliteStore(path) as store:
        yield store, {"S1RATIO_STORE": f"sqlite:{path}"}


@pytest.fixture
def in_firestore(
    firestore_emulator: str, project: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Store, dict[str, str]]]:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    with closing(FirestoreStore(firestore.Client(project=project), "dev")) as store:
        _wait_until_it_writes(store)
        yield store, {"S1RATIO_PROJECT": project, "FIRESTORE_EMULATOR_HOST": firestore_emulator}


def _wait_until_it_writes(store: Store) -> None:
    """Wait for the emulator's first write, which may take longer than a delivery has."""
    for _ in range(5):
        with suppress(StoreUnavailable):
            store.take_lease("first", "test", EPOCH, EPOCH)
            return
    pytest.fail("Firestore's emulator takes no write")


@pytest.fixture(params=["in_sqlite", pytest.param("in_firestore", marks=pytest.mark.emulators)])
def deployment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Deployment]:
    """A deployment whose Earth Engine is gone: nothing may depend on it."""
    store, environment = request.getfixturevalue(request.param)
    settings = {
        "S1RATIO_PROJECT": "local-project",
        "S1RATIO_BUCKET": "local-bucket",
        "S1RATIO_EE_URL": dead_port(),
        "S1RATIO_POST_DEADLINE_S": "2",
        **environment,
    }
    process = FunctionProcess(deployed("launch_exports"), "launch_exports", settings, tmp_path)
    with running(process):
        yield Deployment(process.url, store, process.log)


class Tally:
    """What became of the deliveries, and what each took."""

    def __init__(self, deployment: Deployment) -> None:
        self.statuses: dict[str, int] = {}
        self.wanted: list[str] = []  # a request's id for each delivery of which one comes
        self._deployment = deployment
        self._usage = Usage(deployment.url)
        self._cpu_s: dict[str, float] = {}
        self._seconds: list[float] = []

    def send(self, delivery: Delivery) -> None:
        began, before = time.monotonic(), self._usage.cpu_s()
        self.statuses[delivery.name] = self._deployment.send(delivery)
        self._seconds.append(time.monotonic() - began)
        self._cpu_s[delivery.name] = self._usage.cpu_s() - before
        if delivery.request_id is not None:
            self.wanted.append(delivery.request_id)

    def assert_cheap(self) -> str:
        """Fail if an answer or the process was too expensive; return the figures."""
        slowest = max(self._cpu_s, key=self._cpu_s.__getitem__)
        figures = (
            f"{len(self.statuses)} deliveries, {len(set(self.wanted))} requests of "
            f"{len(self.wanted)} of them; the dearest took {self._cpu_s[slowest]:.2f} s of CPU "
            f"({slowest}), the slowest {max(self._seconds):.2f} s; {self._usage.peak_mb():.0f} MB"
        )
        # A busy machine makes an answer late, but not dear.
        assert self._cpu_s[slowest] < MAX_SECONDS, figures
        assert self._usage.peak_mb() < MAX_MB, figures
        return figures


@one_of(8)
def test_every_hostile_delivery_ends_as_a_request_or_a_recorded_rejection(
    deployment: Deployment, step: int, record_property: Callable[[str, object], None]
) -> None:
    tally = Tally(deployment)
    for delivery in sample(deliveries(deployment.store, step), step):
        tally.send(delivery)
    refused = {name: status for name, status in tally.statuses.items() if status != 200}
    assert refused == {}, deployment.log.read_text(encoding="utf-8", errors="replace")[-5_000:]

    rejected = [line["rejection"] for line in deployment.logged("rejection")]
    assert len(rejected) == len(tally.statuses) - len(tally.wanted), "each said why, once"
    assert max(map(len, deployment.log.read_bytes().splitlines())) <= MAX_LINE
    recorded = {found.id: found for found in deployment.store.find_rejections(10_000)}
    assert set(rejected) == set(recorded)
    assert all(one.reasons and len(one.payload) <= MAX_REJECTED_COPY for one in recorded.values())
    assert all(deployment.store.get_request(name) for name in tally.wanted)
    kind = type(deployment.store).__name__
    record_property("figures", f"hostile corpus, {kind}: {tally.assert_cheap()}")


def deliveries(store: Store, step: int) -> list[Delivery]:
    """Return all of the corpus; of a sample for Firestore what may differ there: what is kept."""
    every = list(corpus())
    assert len(every) >= 500
    if isinstance(store, SqliteStore) or step == 1:
        return every
    return [each for each in every if each.name.startswith("push: ") and len(each.body) < 500_000]


in_one_store = pytest.mark.parametrize("deployment", ["in_sqlite"], indirect=True)


@in_one_store
def test_what_the_server_refuses_itself_never_reaches_our_code(
    deployment: Deployment, record_property: Callable[[str, object], None]
) -> None:
    first_lines = {name: deployment.send_raw(data) for name, data in NOT_HTTP.items()}
    refused = {
        name: line for name, line in first_lines.items() if not line.startswith(b"HTTP/1.1 2")
    }
    assert set(refused) == set(NOT_HTTP), first_lines
    assert deployment.logged("rejection") == []
    assert "launch_exports/main.py" not in deployment.log.read_text(), "no traceback of ours"
    record_property("figures", f"hostile corpus: {len(refused)} refused before our code")

    assert deployment.send(pushed("plain", text())) == 200, "it is alive"


@pytest.mark.parametrize(
    ("deployment", "step"),
    [
        pytest.param("in_sqlite", 4, id="in_sqlite-one of 4"),
        pytest.param("in_sqlite", 1, marks=pytest.mark.soak, id="in_sqlite-whole"),
        pytest.param(
            "in_firestore",
            1,
            marks=[pytest.mark.soak, pytest.mark.emulators],
            id="in_firestore-whole",
        ),
    ],
    indirect=["deployment"],
)
def test_small_bombs_need_little_memory_one_by_one_and_eight_at_once(
    step: int, deployment: Deployment, record_property: Callable[[str, object], None]
) -> None:
    usage, taken = Usage(deployment.url), {}
    assert deployment.send(pushed("plain", text())) == 200, "what it needs anyway is loaded"
    deliveries = [pushed(name, make()) for name, make in sample([*makers().items()], step)]
    before = usage.forget_peak()
    for delivery in deliveries:
        usage.forget_peak()
        assert deployment.send(delivery) == 200
        taken[delivery.name] = usage.peak_mb() - before
    dearest = max(taken, key=taken.__getitem__)
    assert taken[dearest] < MAX_MB_EACH, taken

    with ThreadPoolExecutor(8) as pool:
        for delivery in deliveries:
            assert set(pool.map(deployment.send, [delivery] * 8)) == {200}
        assert set(pool.map(deployment.send, deliveries)) == {200}
    recorded = {found.id for found in deployment.store.find_rejections(10_000)}
    rejected = {line["rejection"] for line in deployment.logged("rejection")}
    assert rejected == recorded != set()
    kind = type(deployment.store).__name__
    record_property(
        "figures",
        f"bombs, {kind}: {len(deliveries)} alone and eight at once; "
        f"the dearest took {taken[dearest]:.0f} MB ({dearest}), "
        f"eight at once {usage.peak_mb():.0f} MB in all",
    )
    assert usage.peak_mb() < MAX_MB_OF_EIGHT


@in_one_store
def test_only_a_post_is_a_delivery(deployment: Deployment) -> None:
    assert deployment.send_raw(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").split()[1] == b"405"
    assert deployment.logged("rejection") == []
