"""A store in which there is much: requests, regions, incidents, alerts; what a page costs of it."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from s1ratio.adapters.store.alert_queries import ALERTS, INCIDENTS
from s1ratio.adapters.store.alerts import INCIDENT
from s1ratio.adapters.store.codec import Codec
from s1ratio.adapters.store.database import Create
from s1ratio.adapters.store.document_store import DocumentStore
from s1ratio.adapters.store.queries import REQUESTS, TASKS
from s1ratio.adapters.store.region_queries import REGIONS
from s1ratio.adapters.store.sqlite import SqliteDatabase
from s1ratio.adapters.store.tasks import TASK
from s1ratio.alerts.records import AlertRecord, AlertState
from s1ratio.records import RequestRecord, RequestState
from s1ratio.task import TaskState
from tests.contract.records import NOW, a_request, in_state
from tests.support.billed_database import MeteredDatabase
from tests.support.reading_world import ReadingWorld, open_world

_REQUEST, _ALERT = Codec(RequestRecord), Codec(AlertRecord)
_CHUNK = 500
_STATES = tuple(RequestState)
# What is asked for of each kind: the first page, one deep in the list, each filter.
PATHS = (
    "/jobs",
    "/jobs?limit=100",
    "/jobs?region=region-7",
    "/jobs?label=n=7",
    "/jobs?incident=i-7",
    "/jobs?status=successful",
    "/jobs?status=failed&region=region-7",
    "/jobs?state=CANCELLED&label=n=7",
    "/jobs?datetime=2024-04-01/2024-04-02",
    "/jobs/c-7",
    "/jobs/c-7/tasks",
    "/jobs/c-7/results",
    "/regions",
    "/regions?state=ACTIVE&limit=100",
    "/regions/alps",
    "/incidents",
    "/incidents?hazard=flood&state=ACTIVE",
    "/feeds",
    "/rejections",
    "/queue",
)


@dataclass(frozen=True)
class Page:
    """What a page cost: documents read, index entries counted (to a read each), CPU in seconds."""

    reads: int
    counts: int
    cpu_s: float


@dataclass
class ReadingCrowd:
    """A world with much in it, and its database, which is metered."""

    world: ReadingWorld
    database: MeteredDatabase

    def cost(self, path: str) -> Page:
        """Return what a page costs, the second time: what is loaded once is not counted."""
        client: FlaskClient = self.world.app.test_client()
        assert client.get(path).status_code == 200, path
        self.database.reset()
        began = time.process_time()
        assert client.get(path).status_code == 200, path
        meter = self.database.meter
        return Page(meter.reads, meter.counts, time.process_time() - began)


def open_crowd(folder: Path, requests: int, regions: int, alerts: int) -> ReadingCrowd:
    """Return a world with so many requests, regions and alerts, and incidents as regions."""
    world = open_world(folder)
    world.store.close()
    database = MeteredDatabase(SqliteDatabase(folder / "store.sqlite", 20))
    for collection, documents in (
        (REQUESTS, _requests(requests, regions)),
        (TASKS, _tasks(requests)),
        (REGIONS, _copies(database, REGIONS, "alps", "region", regions)),
        (INCIDENTS, _incidents(database, regions)),
        (ALERTS, _alerts(alerts)),
    ):
        _store(database, collection, documents)
    return ReadingCrowd(replace(world, store=DocumentStore(database)), database)


def _store(database: MeteredDatabase, collection: str, documents: Iterator[dict[str, Any]]) -> None:
    named: Callable[[dict[str, Any]], str] = lambda one: one.get("id") or one["plan"]["id"]  # noqa: E731
    while chunk := list(islice(documents, _CHUNK)):
        database.commit([Create(collection, named(one), one) for one in chunk])


def _requests(count: int, regions: int) -> Iterator[dict[str, Any]]:
    """Yield requests with areas of some 20 kB, one each minute."""
    ring = [[13 + n / 1e4, 52.123456] for n in range(1000)]
    message = json.dumps({"aoi": {"type": "Polygon", "coordinates": [ring]}, "start": "2024-01-01"})
    for n in range(count):
        record = a_request(
            f"c-{n}",
            message=message,
            state=RequestState.VERIFIED if n == 7 else _STATES[n % len(_STATES)],
            created_at=NOW - timedelta(minutes=n + 5),
            labels=(f"n={n % regions}", "of=all"),
            region=f"region-{n % regions}",
            incident=f"i-{n % regions}",
            tallies={"VERIFIED": 3},
        )
        yield _REQUEST.document(record)


def _tasks(requests: int) -> Iterator[dict[str, Any]]:
    document = TASK.document(in_state("c", TaskState.VERIFIED, files=("a.tif",), verified=True))
    for n in range(requests):
        for orbit in range(3):
            plan = {**document["plan"], "id": f"c-{n}-o{orbit}", "request_id": f"c-{n}"}
            yield {**document, "plan": plan}


def _copies(
    database: MeteredDatabase, collection: str, of: str, name: str, count: int
) -> Iterator[dict[str, Any]]:
    document = database.get(collection, [of])[of].document
    return ({**document, "id": f"{name}-{n}"} for n in range(count))


def _incidents(database: MeteredDatabase, count: int) -> Iterator[dict[str, Any]]:
    """Yield incidents of 500 alerts each."""
    (document,) = [one.document for one in database.get(INCIDENTS, ["i-0123456789"]).values()]
    incident = INCIDENT.record(document)
    many = INCIDENT.document(replace(incident, members=incident.members * 500))
    for n in range(count):
        yield {**many, "id": f"i-{n}", "opened_at": NOW - timedelta(minutes=n)}


def _alerts(count: int) -> Iterator[dict[str, Any]]:
    state = AlertState.FILTERED
    document = _ALERT.document(AlertRecord("gdacs:x", "gdacs", "x", state, NOW, NOW, NOW, "m"))
    return ({**document, "id": f"gdacs:{n}", "alert_id": f"{n}"} for n in range(count))
