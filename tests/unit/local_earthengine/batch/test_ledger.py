"""The operations' file: full disks, damaged files and rows are told, and nothing is thrown away."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local_earthengine.batch.export_request import ExportRequest, parse_export
from local_earthengine.batch.ledger import FolderInUse, Ledger, LedgerUnusable
from local_earthengine.batch.operation import State
from local_earthengine.batch.operation_queue import OperationQueue
from local_earthengine.batch.workers import Workers
from local_earthengine.errors import EarthEngineError
from tests.support.full_disk import files_end_at

DEADLINE = 60.0


def export(description: str = "") -> ExportRequest:
    place = {"bucket": "my-bucket", "filenamePrefix": "name"}
    options = {"fileFormat": "GEO_TIFF", "cloudStorageDestination": place}
    return parse_export(
        {"expression": {}, "fileExportOptions": options, "description": description}
    )


def queue_of(ledger: Ledger) -> OperationQueue:
    return OperationQueue(ledger, lambda: datetime.now(UTC))


def file_of(folder: Path) -> Path:
    return folder / "operations.sqlite3"


def states(queue: OperationQueue) -> list[str]:
    return [one.state.value for one in queue.page("p", None, 100)]


def filled(folder: Path) -> None:
    """Leave three operations in a folder."""
    with closing(Ledger(folder)) as ledger:
        queue = queue_of(ledger)
        for name in "abc":
            queue.start("p", export(name))


def damage(folder: Path, change: Callable[[sqlite3.Connection], object]) -> None:
    with closing(sqlite3.connect(file_of(folder))) as database, database:
        change(database)


FILES: dict[str, Callable[[Path], object]] = {
    "noise": lambda path: path.write_bytes(bytes(range(256)) * 80),
    "words": lambda path: path.write_text("this is a diary, not a database. " * 100),
    "cut to a page": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "cut to its first bytes": lambda path: path.write_bytes(path.read_bytes()[:100]),
    "noise in its middle": lambda path: path.write_bytes(path.read_bytes()[:4096] + b"\xa5" * 9999),
    "a folder": lambda path: path.rename(path.with_name("kept")).with_name(path.name).mkdir(),
}
TABLES: dict[str, str] = {
    "no table": "DROP TABLE operations; CREATE TABLE operations (name TEXT)",
    "another column": "ALTER TABLE operations RENAME COLUMN operation TO job",
    "a view": "DROP TABLE operations; CREATE VIEW operations AS SELECT 1 AS a",
}


@pytest.mark.parametrize("broken", FILES.values(), ids=FILES)
def test_a_file_that_is_none_is_told_and_left(
    tmp_path: Path, broken: Callable[[Path], object]
) -> None:
    filled(tmp_path)
    broken(file_of(tmp_path))
    with pytest.raises(LedgerUnusable) as told:
        queue_of(Ledger(tmp_path))
    words = str(told.value)
    assert words.startswith(f"{file_of(tmp_path)}: it ")
    assert "\n" not in words
    assert ": put a copy of it back" in words or ": see that its folder" in words
    assert file_of(tmp_path).exists()


@pytest.mark.parametrize("script", TABLES.values(), ids=TABLES)
def test_a_file_of_another_program_is_told(tmp_path: Path, script: str) -> None:
    filled(tmp_path)
    damage(tmp_path, lambda database: database.executescript(script))
    with closing(Ledger(tmp_path)) as ledger, pytest.raises(LedgerUnusable, match="another"):
        queue_of(ledger)


ROWS: dict[str, Callable[[dict[str, Any]], object]] = {
    "no JSON": lambda _: "{'number': 2",
    "half": lambda row: json.dumps(row)[:60],
    "nothing": lambda _: "",
    "bytes": lambda _: b"\xff\xfe\x00",
    "a list": lambda _: "[]",
    "a state of a later version": lambda row: json.dumps(row | {"state": "PAUSED"}),
    "a field of another type": lambda row: json.dumps(row | {"priority": {"of": "later"}}),
    "a field too few": lambda row: json.dumps({k: v for k, v in row.items() if k != "id"}),
    "another's number": lambda row: json.dumps(row | {"number": 1}),
}


@pytest.mark.parametrize("broken", ROWS.values(), ids=ROWS)
def test_an_operation_that_cannot_be_read_is_told_and_the_others_go_on(
    tmp_path: Path,
    broken: Callable[[dict[str, Any]], object],
    caplog: pytest.LogCaptureFixture,
) -> None:
    filled(tmp_path)

    def change(database: sqlite3.Connection) -> None:
        (text,) = database.execute("SELECT operation FROM operations WHERE number = 2").fetchone()
        row = broken(json.loads(text))
        database.execute("UPDATE operations SET operation = ? WHERE number = 2", (row,))

    damage(tmp_path, change)
    with closing(Ledger(tmp_path)) as ledger:
        queue = queue_of(ledger)
        queue.start("p", export("d"))
        assert [one.description for one in queue.page("p", None, 9)] == ["d", "c", "a"]
        assert [one.number for one in queue.page("p", None, 9)] == [4, 3, 1]
    (line,) = caplog.messages
    assert line.startswith(f"{file_of(tmp_path)}: operation 2 is damaged or of another version")
    with closing(sqlite3.connect(file_of(tmp_path))) as database:
        assert database.execute("SELECT count(*) FROM operations").fetchone() == (4,)


def test_a_field_of_a_later_version_is_passed_over(tmp_path: Path) -> None:
    filled(tmp_path)
    change = "UPDATE operations SET operation = json_set(operation, '$.mood', 'good')"
    damage(tmp_path, lambda database: database.execute(change))
    with closing(Ledger(tmp_path)) as ledger:
        assert states(queue_of(ledger)) == ["PENDING"] * 3


def test_a_full_disk_holds_up_what_begins_and_not_what_runs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Ledger(tmp_path)) as ledger:
        queue = queue_of(ledger)
        names = [queue.start("p", export(name)).id for name in "abc"]
        with files_end_at(0):
            operation = queue.take()
            assert operation is not None
            queue.finish(operation.id, State.SUCCEEDED, progress=1.0)
            queue.cancel("p", names[1])
            with pytest.raises(LedgerUnusable, match=r"operations\.sqlite3: "):
                queue.start("p", export("d"))
            assert "see that it has room" in (ledger.trouble or "")
        assert states(queue) == ["PENDING", "CANCELLED", "SUCCEEDED"]
        queue.start("p", export("e"))
        queue.cancel("p", names[2])
        assert ledger.trouble is None
    assert len(caplog.messages) == 1, "said once"
    with closing(Ledger(tmp_path)) as ledger:
        assert states(queue_of(ledger)) == ["PENDING", "CANCELLED", "CANCELLED", "SUCCEEDED"]


def test_a_locked_file_is_written_when_it_is_free(tmp_path: Path) -> None:
    with closing(Ledger(tmp_path)) as ledger:
        queue = queue_of(ledger)
        name = queue.start("p", export()).id
        ledger._database.execute("PRAGMA busy_timeout = 0")
        with closing(sqlite3.connect(file_of(tmp_path))) as other:
            other.execute("BEGIN IMMEDIATE")
            queue.cancel("p", name)
            assert "another process keeps it locked" in (ledger.trouble or "")
            other.rollback()
    with closing(Ledger(tmp_path)) as ledger:
        assert states(queue_of(ledger)) == ["CANCELLED"]


FAULTS = [
    OSError(28, "No space left on device", "out/.partial/x.tif"),
    OSError(5, "it is not what was written to it", "out/.partial/x.tif"),
    OSError(122, "Disk quota exceeded"),
    PermissionError(13, "Permission denied", "out/.partial"),
    OSError(24, "Too many open files"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.strerror)
def test_an_export_that_the_disk_fails_is_an_internal_error_and_its_worker_goes_on(
    fault: OSError, caplog: pytest.LogCaptureFixture
) -> None:
    def runner(request: ExportRequest, _: Callable[[float], None]) -> None:
        if request.description == "full":
            raise fault

    with closing(Ledger(None)) as ledger:
        queue = queue_of(ledger)
        queue.start("p", export("full"))
        workers = Workers(queue, runner, 1)
        workers.start()
        assert queue.wait_idle(DEADLINE)
        troubles = [workers.trouble]
        queue.start("p", export("fits"))
        assert queue.wait_idle(DEADLINE)
        workers.stop()
        troubles.append(workers.trouble)
        last, first = queue.page("p", None, 2)
    assert [trouble is None for trouble in troubles] == [False, True]
    assert last.state is State.SUCCEEDED
    assert first.to_json()["error"] == {"code": 13, "message": "Internal error."}
    (record,) = caplog.records
    assert (record.levelno, record.exc_info) == (logging.ERROR, None)
    assert ": " in record.getMessage().partition("failed: ")[2]


def test_a_folder_that_was_refused_can_be_used_after_it_was_mended(tmp_path: Path) -> None:
    filled(tmp_path)
    kept = file_of(tmp_path).read_bytes()
    file_of(tmp_path).write_text("junk " * 100)
    with pytest.raises(LedgerUnusable):
        Ledger(tmp_path)
    file_of(tmp_path).write_bytes(kept)
    with closing(Ledger(tmp_path)) as ledger, pytest.raises(FolderInUse):
        Ledger(tmp_path)
    with closing(Ledger(tmp_path)) as ledger:
        assert states(queue_of(ledger)) == ["PENDING"] * 3


def test_a_request_that_cannot_be_read_fails_its_operation_alone(tmp_path: Path) -> None:
    filled(tmp_path)
    change = "UPDATE operations SET request = '{' WHERE number = 2"
    damage(tmp_path, lambda database: database.execute(change))
    with closing(Ledger(tmp_path)) as ledger:
        queue = queue_of(ledger)
        workers = Workers(queue, lambda *_: None, 1)
        workers.start()
        assert queue.wait_idle(DEADLINE)
        workers.stop()
        assert states(queue) == ["SUCCEEDED", "FAILED", "SUCCEEDED"]


def test_what_is_no_operation_is_a_refusal_of_its_name(tmp_path: Path) -> None:
    filled(tmp_path)
    damage(tmp_path, lambda database: database.execute("UPDATE operations SET operation = '1'"))
    with closing(Ledger(tmp_path)) as ledger, pytest.raises(EarthEngineError, match="not found"):
        queue_of(ledger).get("p", "A" * 24)
