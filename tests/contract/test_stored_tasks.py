"""Task documents of an earlier release are read, and written again, as they were.

`samples/` holds documents as the store of commit ff4f9a5 wrote them, when a task's fields were not
grouped yet: for each state what its moves make of a task, `every-field` with nothing left at its
default, and `sparse` with nothing but what has no default. Never write them anew: they stand for
what lies in the stores out there.
"""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore

from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.grid import PixelGrid
from s1ratio.plan import ExportTask
from s1ratio.ports import Store
from s1ratio.request import Direction
from s1ratio.task import (
    Claim,
    End,
    Family,
    Origin,
    Pixels,
    Place,
    Result,
    Run,
    Task,
    TaskState,
    Trouble,
    planned,
)
from tests.contract.conftest import StoreOpener

_SAMPLES = Path(__file__).with_name("samples")
_NOW = datetime(2026, 11, 23, 3, 24, 15, 123456, tzinfo=UTC)
# Fields that came later: a document that is written again has them, too.
_NEW: dict[str, Any] = {
    "refused_at": None,
    "missed_at": None,
    "refusals": 0,
    "identity": None,
    "has_twin": False,
    "succeeded_at": None,
    "at_least": None,
    "area_px": None,
    "valid_share": None,
    "two_pass_share": None,
    "counted_share": None,
    "request_digest": None,
    "made_by": [],
    "commands": [],
    "sequence": 0,
    "labels": "{}",
    "work": None,
    "passes": None,
    "item": None,
    "catalogue_due": None,
    "catalogue_tries": 0,
    "catalogued_at": None,
}
_NEW_IN_PLAN: dict[str, Any] = {"joined": None, "scenes": None}
_REWRITTEN = "sparse-rewritten"  # what became of `sparse` when it was written again

Documents = dict[str, dict[str, Any]]


def _samples(form: str) -> Documents:
    """Return documents by task id, as a database of this form gives them."""
    text = (_SAMPLES / f"tasks.{form}.json").read_text(encoding="utf-8")
    samples: Documents = json.loads(text, object_hook=_with_times)
    return samples


def _with_times(value: dict[str, Any]) -> Any:
    return datetime.fromisoformat(value["time"]) if value.keys() == {"time"} else value


def _written_again(store: Store, names: set[str]) -> None:
    tasks = store.get_tasks(names)
    assert tasks.keys() == names
    for task in tasks.values():
        store.transition(task, task, task.version)


def _given_and_expected(form: str) -> tuple[Documents, Documents]:
    given = _samples(form)
    rewritten = given.pop(_REWRITTEN)
    expected = {**given, "sparse": rewritten}
    return given, {name: _with_new(document) for name, document in expected.items()}


def _with_new(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, **_NEW, "plan": {**document["plan"], **_NEW_IN_PLAN}}


def test_there_is_a_sample_of_every_state() -> None:
    for form in ("sqlite", "firestore"):
        assert {item["state"] for item in _samples(form).values()} == set(TaskState)


def test_documents_of_a_sqlite_file_are_written_again_as_they_were(
    tmp_path: Path, open_sqlite: StoreOpener
) -> None:
    given, expected = _given_and_expected("sqlite")
    store = open_sqlite()
    with closing(sqlite3.connect(tmp_path / "store.db")) as file, file:
        rows = [(name, json.dumps(document)) for name, document in given.items()]
        file.executemany("INSERT INTO tasks (id, document, version) VALUES (?, ?, 1)", rows)

    _written_again(store, set(given))

    with closing(sqlite3.connect(tmp_path / "store.db")) as file:
        found = dict(file.execute("SELECT id, document FROM tasks WHERE version = 2"))
    assert {name: json.loads(text) for name, text in found.items()} == expected


@pytest.mark.emulators
def test_documents_of_firestore_are_written_again_as_they_were(
    firestore_client: Callable[[], firestore.Client], open_firestore: StoreOpener
) -> None:
    given, expected = _given_and_expected("firestore")
    tasks = firestore_client().collection("test-tasks")
    for name, document in given.items():
        tasks.document(name).set({**document, "write_mark": "old"})

    _written_again(open_firestore(), set(given))

    found = {item.id: item.to_dict() or {} for item in tasks.stream()}
    marks = [document.pop("write_mark") for document in found.values()]
    assert found == expected
    assert "old" not in marks


def _read(tmp_path: Path, name: str) -> Task | None:
    with SqliteStore(tmp_path / "store.db") as store:
        with closing(sqlite3.connect(tmp_path / "store.db")) as file, file:
            row = (name, json.dumps(_samples("sqlite")[name]))
            file.execute("INSERT INTO tasks (id, document, version) VALUES (?, ?, 1)", row)
        return store.get_task(name)


def _plan(name: str) -> ExportTask:
    grid = PixelGrid("EPSG:32633", 10.0, 41_234, 512_345, 3_000, 2_000)
    bands = ("vvvh_db_median", "vvvh_db_count")
    return ExportTask(name, "r1", 131, Direction.ASCENDING, grid, bands, "composites/r1")


def test_every_field_is_found_in_its_group(tmp_path: Path) -> None:
    def at(**passed: float) -> datetime:
        return _NOW + timedelta(**passed)

    assert _read(tmp_path, "every-field") == Task(
        _plan("every-field"),
        TaskState.SUCCEEDED,
        _NOW,
        Place(priority=7, not_before=at(hours=1), turn=-5),
        Claim(
            owner="poller-ü",
            lease_until=at(minutes=3),
            starting_at=at(minutes=1),
            ee_request_id="s1-" + "0" * 40,
            start_number=3,
            id_used_at=at(minutes=2),
        ),
        Run(
            attempt=4,
            retries=2,
            operation="projects/p/operations/A",
            progress=0.25,
            eecu_seconds=12.5,
            eecu_earlier=7.25,
        ),
        Trouble("transient", "Internal error. ☂", tries=6),
        Result(False, ("composites/r1/a.tif", "composites/r1/b.tif"), ("odd",), "another"),
        Pixels(digest="e" * 64, waits_for="other"),
        Family(parent="whole", depth=2, parts=4),
        Origin(),
        End("enough", ended_at=at(hours=2), expire_at=at(days=90)),
    )


def test_what_a_document_lacks_has_its_default(tmp_path: Path) -> None:
    expected = planned(_plan("sparse"), _NOW, 100, _NOW + timedelta(seconds=1))
    assert _read(tmp_path, "sparse") == expected
