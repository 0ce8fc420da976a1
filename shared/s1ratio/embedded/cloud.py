"""The cloud in a folder: a local Earth Engine, SQLite for Firestore, the real functions.

What is swapped is the wire alone: Earth Engine's and Cloud Storage's addresses, and the store.
"""

import base64
import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import functions_framework
from flask import Flask
from flask.testing import FlaskClient

from local_earthengine.batch.ledger import FolderInUse
from local_earthengine.scenes.stac.fields import StacError
from local_earthengine.server import LocalEarthEngine, open_server
from s1ratio import bootstrap
from s1ratio.adapters.push import push_body
from s1ratio.embedded.delivering import DeliveringTopic
from s1ratio.embedded.earthengine import STATE, state_folder
from s1ratio.embedded.log_file import log_to
from s1ratio.embedded.scenes import claim_scenes, refuse_scenes
from s1ratio.errors import FunctionFailed
from s1ratio.ports import Clock, Store
from s1ratio.services.alerts.tick import LEASE as INCIDENTS_LEASE
from s1ratio.services.polling.poll import LEASE
from s1ratio.services.regions.tick import LEASE as REGIONS_LEASE
from s1ratio.settings import PREFIX, read_settings

# What is wrong with a folder that was named: it is taken, or its items are no STAC.
UNFIT_FOLDER = (FolderInUse, StacError)
PROJECT, BUCKET = "local-project", "local-bucket"
# In a checkout a link to theirs; a wheel has them there.
FUNCTIONS = Path(__file__).with_name("functions")
_NAMES = (
    *("launch_exports", "poll_tasks", "refresh_regions"),
    *("record_alerts", "fetch_alerts", "watch_incidents"),
)


def open_earth_engine(
    out: Path, catalog: Path | None, host: str = "127.0.0.1", port: int = 0
) -> LocalEarthEngine:
    """Return a local Earth Engine, to be entered, whose exports and operations lie in `out`.

    It serves the STAC items in the folder `catalog`, or else synthetic scenes.
    """
    try:
        return open_server(out, catalog, state_folder(out), host, port)
    except FolderInUse as error:
        words = (
            f"{out} is in use by another run, or by a local Earth Engine (`s1ratio earthengine`)"
        )
        raise FolderInUse(
            f"{words}: wait until it ends, or name another folder by --out"
        ) from error


def faults_of(error: Exception) -> Sequence[str]:
    """Return what is wrong with a folder that was named, each fault for itself."""
    return error.faults if isinstance(error, StacError) else [str(error)]


class EmbeddedCloud:
    """The deployed functions, called over their HTTP front, and the store behind them."""

    def __init__(
        self, store: Store, clients: Mapping[str, FlaskClient], server: LocalEarthEngine
    ) -> None:
        self.store = store
        self._clients, self._server = clients, server

    def publish(self, payload: bytes) -> None:
        """Deliver one message to launch_exports as a push subscription does."""
        topic = f"projects/{PROJECT}/topics/requests"
        self._post("launch_exports", f"/{topic}", push_body(payload, {}))

    def refresh(self) -> dict[str, Any]:
        """Call refresh_regions as the scheduler does; return its counts."""
        counts: dict[str, Any] = json.loads(self._post("refresh_regions", "/", b"{}"))
        return counts

    def publish_alert(self, payload: bytes, attributes: Mapping[str, str]) -> None:
        """Deliver one alert to record_alerts as a push subscription does."""
        message = {"data": base64.b64encode(payload).decode(), "messageId": "1"}
        topic = f"projects/{PROJECT}/topics/alerts"
        body = {
            "message": message | {"attributes": dict(attributes)},
            "subscription": f"projects/{PROJECT}/subscriptions/alerts",
        }
        self._post("record_alerts", f"/{topic}", json.dumps(body).encode())

    def fetch_alerts(self) -> dict[str, Any]:
        """Call fetch_alerts as the scheduler does; return its counts."""
        counts: dict[str, Any] = json.loads(self._post("fetch_alerts", "/", b"{}"))
        return counts

    def watch(self) -> dict[str, Any]:
        """Call watch_incidents as the scheduler does; return its counts."""
        counts: dict[str, Any] = json.loads(self._post("watch_incidents", "/", b"{}"))
        return counts

    def tick(self) -> dict[str, Any]:
        """Call poll_tasks as the scheduler does; return its counts.

        Raises OSError, in words, if the local Earth Engine's disk fails it.
        """
        self._check_disk()
        counts: dict[str, Any] = json.loads(self._post("poll_tasks", "/", b"{}"))
        return counts

    def _check_disk(self) -> None:
        """Raise OSError where exports fail for want of room.

        They fail as Earth Engine's own do, and would be tried again for hours; here somebody
        waits who can make room.
        """
        if words := self._server.trouble:
            raise OSError(words)

    def _post(self, function: str, path: str, body: bytes) -> bytes:
        reply = self._clients[function].post(path, data=body, content_type="application/json")
        if reply.status_code >= 300:
            words = reply.get_data(as_text=True)[:500]
            raise FunctionFailed(f"{function} answered {reply.status_code}: {words}")
        return bytes(reply.data)


@contextmanager
def embedded_cloud(
    out: Path, catalog: Path | None, clock: Clock | None = None
) -> Iterator[EmbeddedCloud]:
    """Run the whole system over the folder `out` until the context ends, by a clock of its own."""
    state = out / STATE
    state.mkdir(parents=True, exist_ok=True)
    synthetic = catalog is None
    if words := refuse_scenes(out, state, synthetic=synthetic):
        raise FolderInUse(words)
    server = open_earth_engine(out, catalog)  # what it complains of is for the terminal
    topic = DeliveringTopic()
    with (
        log_to(state / "log.jsonl"),
        server,
        _environment(_settings(server.url, state / "store.sqlite", synthetic)),
    ):
        claim_scenes(state, synthetic=synthetic)
        bootstrap.stand_in(bootstrap.StandIns(clock, topic))
        store = bootstrap.make_store(read_settings(os.environ))
        with contextlib.closing(store):
            _end_leases(store)
            clients = {name: _client(name) for name in _NAMES}
            cloud = EmbeddedCloud(store, clients, server)
            topic.deliver = cloud.publish
            yield cloud


def _end_leases(store: Store) -> None:
    """End the leases of ticks that were killed: nobody else works on this folder now."""
    now = datetime.now(UTC)
    for lease in (LEASE, REGIONS_LEASE, INCIDENTS_LEASE):
        store.take_lease(lease, "run", now + timedelta(days=1), now)


def _settings(url: str, store: Path, synthetic: bool) -> dict[str, str]:
    return {
        "S1RATIO_PROJECT": PROJECT,
        "S1RATIO_BUCKET": BUCKET,
        "S1RATIO_DEPLOYMENT": "local",
        "S1RATIO_EE_URL": url,
        "S1RATIO_STORE": f"sqlite:{store}",
        "S1RATIO_ALLOW_DRIVE": "1",
        "S1RATIO_SYNTHETIC": str(int(synthetic)),
        # A local server answers at once: what a killed run left is taken up again soon.
        "S1RATIO_POST_DEADLINE_S": "10",
        "S1RATIO_START_LEASE_S": "12",
        "S1RATIO_LIST_GRACE_S": "1",
        "STORAGE_EMULATOR_HOST": url,
        # Loopback is nobody's proxy's business, whatever the caller's shell says.
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def _client(name: str) -> FlaskClient:
    app: Flask = functions_framework.create_app(name, str(FUNCTIONS / name / "main.py"))  # type: ignore[no-untyped-call]
    # What a function raises is raised here, too: the platform would log it and answer 500.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app.test_client()


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables for the functions, which read them once, and put them back.

    The caller's own settings are of another deployment: none of them counts here.
    """
    theirs = {name for name in os.environ if name.startswith(PREFIX)}
    before = {name: os.environ.pop(name, None) for name in theirs | variables.keys()}
    os.environ.update(variables)
    bootstrap.forget()
    try:
        yield
    finally:
        bootstrap.forget()
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
