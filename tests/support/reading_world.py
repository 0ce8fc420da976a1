"""A store with a record of each kind, and all that is served of it, called without a socket."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from s1ratio.adapters.catalogue_folder import FolderCatalogue
from s1ratio.adapters.http.app import Served, make_app
from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.alerts.incident import Incident, IncidentState, Member
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.records import Definition, FetchRecord, Kind
from s1ratio.alerts.watch import ArrivedPass, Watch, WatchRequest, WatchState
from s1ratio.commands.records import CommandRecord, CommandState
from s1ratio.faults import Fault
from s1ratio.plan import OrbitPass
from s1ratio.ports import Store
from s1ratio.ports.dismissing import Dismissal
from s1ratio.records import Rejection, RequestRecord, RequestState
from s1ratio.regions.reader import read_regions
from s1ratio.regions.records import Backfill, HistoryEntry, RefreshRecord, RegionRecord
from s1ratio.regions.states import Cause, RegionState
from s1ratio.request import Direction
from s1ratio.request.checks import NO_LIMITS
from s1ratio.services.reading.context import ReadingContext
from s1ratio.settings import Settings
from s1ratio.task import TaskState
from s1ratio.time_marks import TimeMark
from tests.contract.records import NOW, a_request, a_task, in_state, later

MESSAGE = json.dumps(
    {
        "request_id": "r1",
        "aoi": {"bbox": [13.0, 52.0, 13.1, 52.1]},
        "start": "2024-01-01",
        "end": "2024-03-01",
        "labels": {"owner": "ops", "a=b": "c"},
    }
)
ITEM = {"type": "Feature", "stac_version": "1.1.0", "id": "r1-o131a"}


class StoppedClock:
    """It is always the same time."""

    def now(self) -> datetime:
        """Return that time."""
        return NOW


@dataclass
class Dismissals:
    """Whoever takes wishes, and remembers them; as `command` they are told."""

    command: str | None = None
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def dismiss(self, request_id: str, by: str, reason: str, now: datetime) -> Dismissal:
        """Take a wish."""
        assert now == NOW
        self.asked.append((request_id, by, reason))
        return Dismissal(self.command)


@dataclass
class ReadingWorld:
    """A context over a store, and the app that serves it."""

    store: Store
    folder: Path
    dismissals: Dismissals | None = field(default_factory=Dismissals)
    served: Served = field(default_factory=Served)
    files_url: str = "https://files.test/bucket/"

    @property
    def context(self) -> ReadingContext:
        """What reading works with."""
        return ReadingContext(
            settings=Settings("demo-project", "demo-bucket", deployment="test"),
            store=self.store,
            clock=StoppedClock(),
            catalogue=FolderCatalogue(self.folder),
            files_url=self.files_url,
            dismisser=self.dismissals,
        )

    @property
    def app(self) -> Flask:
        """The app."""
        return make_app(lambda: self.context, self.served)

    @property
    def client(self) -> FlaskClient:
        """A client of the app."""
        return self.app.test_client()

    def get(self, path: str) -> Any:
        """Return the JSON that is answered to a GET of what is there."""
        response = self.client.get(path)
        assert response.status_code == 200, response.text
        return response.get_json()


def open_world(folder: Path) -> ReadingWorld:
    """Return a world with a record of each kind."""
    store = SqliteStore(folder / "store.sqlite")
    fill(store)
    files = folder / "files" / "stac" / "product-vvvh" / "2024"
    files.mkdir(parents=True)
    (files / "r1-o131a.json").write_text(json.dumps(ITEM))
    (files.parents[1] / "catalog.json").write_text('{"type": "Catalog"}')
    (files / "r1.png").write_bytes(b"\x89PNG")
    return ReadingWorld(store, folder / "files")


def fill(store: Store) -> None:
    """Store a record of each kind."""
    for record in some_requests():
        store.create_request(record)
    store.create_tasks(
        [
            in_state(
                "r1-o131a", TaskState.VERIFIED, verified=True, files=("a b/ü#?.tif", "two.tif")
            ),
            in_state(
                *("r1-o131a-q0", TaskState.VERIFIED),
                parent="r1-o131a",
                verified=True,
                item="stac/product-vvvh/2024/r1-o131a.json",
            ),
            in_state("r1-o022d", TaskState.EMPTY, files=("empty.tif",)),
            *(in_state(f"every-{state.lower()}", state) for state in TaskState),
            a_task("waiting-1", not_before=later(60), error="Internal error."),
        ]
    )
    _fill_regions(store)
    _fill_alerts(store)
    store.reject(Rejection("x1", NOW, (Fault("aoi", "missing", "is required"),), "{}", "m-1"))
    store.set_time_mark(TimeMark.STARTS_QUEUE, later(300))
    store.create_command(
        CommandRecord(
            *("c-1", "d" * 64, '{"command": "cancel"}', "cancel", "request", "r1"),
            *(CommandState.REFUSED, NOW, later(9)),
            reasons=(Fault("target", "unknown", "no request r1 is known"),),
        )
    )


def some_requests() -> Sequence[RequestRecord]:
    """Return a request in each state, and one with all that one may have."""
    whole = a_request(
        "r1",
        message=MESSAGE,
        state=RequestState.VERIFIED,
        passes=(OrbitPass(131, Direction.ASCENDING, 0.75, 3),),
        tallies={"VERIFIED": 2, "EMPTY": 1},
        labels=("a%3Db=c", "owner=ops"),
        region="alps",
        size=3,
        ended_at=later(60),
        created_at=later(-1),
        reasons=(Fault("", "note", "a word"),),
    )
    return [
        whole,
        *(
            a_request(f"in-{state.lower()}", state=state, message=MESSAGE, created_at=later(-2 - n))
            for n, state in enumerate(RequestState)
        ),
        a_request("every", state=RequestState.RUNNING, message=MESSAGE, created_at=later(-99)),
    ]


def _fill_regions(store: Store) -> None:
    entry = {
        "id": "alps",
        "aoi": {"bbox": [13.0, 52.0, 13.1, 52.1]},
        "schedule": {"cron": "0 3 1 * *"},
        "period": {"kind": "last_days", "n": 12},
    }
    (region,) = read_regions({"regions": [entry]}, NO_LIMITS)
    record = RegionRecord(
        *("alps", region.text, RegionState.ACTIVE, NOW, NOW, NOW, NOW, NOW.date(), later(60)),
        backfill=Backfill(date(2024, 1, 1), date(2024, 2, 1), NOW, 2, "me"),
    )
    refresh = RefreshRecord(
        "r1", "alps", Cause.SCHEDULE, date(2024, 1, 1), date(2024, 3, 1), NOW, "d" * 40, 50
    )
    entries = [HistoryEntry("h1", "alps", NOW, "created", "me")]
    store.commit_regions([record, replace(record, id="andes")], [refresh], entries)


def _fill_alerts(store: Store) -> None:
    member = Member("gdacs", "FL/1", NOW, "POINT (1 1)", 2, NOW, out=Reason.CANCELLED)
    incident = Incident(
        id="i-0123456789",
        hazard="flood",
        rule="rivers",
        owner="ops",
        state=IncidentState.ACTIVE,
        opened_at=NOW,
        members=(member,),
        first_at=NOW,
        last_member_at=NOW,
        due_at=NOW + timedelta(days=9),
        area="POLYGON ((0 0, 1 0, 1 1, 0 0))",
        reason=Reason.SILENCED,
    )
    store.save_incident(incident, None)
    store.save_incident(replace(incident, id="i-bare", area=None, members=(), reason=None), None)
    watch = Watch(
        id="w-0123456789-22a",
        incident=incident.id,
        rule="rivers",
        relative_orbit=22,
        direction=Direction.ASCENDING,
        state=WatchState.REQUESTED,
        created_at=NOW,
        changed_at=NOW,
        due_at=later(60),
        since=NOW,
        area=str(incident.area),
        baseline_start=NOW,
        baseline_end=NOW,
        taken=ArrivedPass("A", 51484, NOW, later(20), 0.9, 2),
        requests=(WatchRequest("r1", NOW, later(20)),),
    )
    store.save_watch(watch, None)
    for name in ("gdacs", "usgs"):
        store.save_definition(Definition(Kind.FEED, name, {"name": name}, NOW), None)
    store.save_fetch(FetchRecord("gdacs", later(60), NOW, error="503", details={"a": "b"}), None)
