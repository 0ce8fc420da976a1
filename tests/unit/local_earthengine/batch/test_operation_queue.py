"""Operations as Earth Engine keeps them: ids, the queue's room, order, states, and restarts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from local_earthengine.batch.export_request import ExportRequest, parse_export
from local_earthengine.batch.ledger import Ledger
from local_earthengine.batch.operation import State
from local_earthengine.batch.operation_queue import OperationQueue
from local_earthengine.batch.workers import Workers
from local_earthengine.errors import EarthEngineError

DEADLINE = 60.0
NOON = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)


def export(request_id: str = "", **over: Any) -> ExportRequest:
    options = {
        "fileFormat": "GEO_TIFF",
        "cloudStorageDestination": {"bucket": "my-bucket", "filenamePrefix": "folder/name"},
    }
    return parse_export(
        {"expression": {}, "fileExportOptions": options, "requestId": request_id, **over}
    )


class Clock:
    """A clock that goes on a second each time it is looked at."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    one = Ledger(None)
    yield one
    one.close()


def queue_of(ledger: Ledger, **options: Any) -> OperationQueue:
    return OperationQueue(ledger, Clock(), **options)


def metadata(queue: OperationQueue, operation_id: str) -> dict[str, Any]:
    return queue.get("p", operation_id).to_json()["metadata"]  # type: ignore[no-any-return]


def run(queue: OperationQueue, runner: Callable[..., None], count: int = 1) -> None:
    workers = Workers(queue, runner, count)
    workers.start()
    assert queue.wait_idle(DEADLINE)
    workers.stop()


def test_a_new_operation_is_pending(ledger: Ledger) -> None:
    shown = queue_of(ledger).start("p", export(description="d", priority=9)).to_json()
    assert re.fullmatch(r"projects/p/operations/[A-Z0-9]{24}", shown["name"])
    assert "done" not in shown
    assert shown["metadata"] == {
        "@type": "type.googleapis.com/google.earthengine.v1.OperationMetadata",
        "state": "PENDING",
        "description": "d",
        "priority": 9,
        "createTime": "2026-03-01T12:00:01.250000Z",
        "updateTime": "2026-03-01T12:00:01.250000Z",
        "startTime": "1970-01-01T00:00:00Z",
        "type": "EXPORT_IMAGE",
        "scriptUri": "https://code.earthengine.google.com/",
    }


def test_an_export_runs_to_success(ledger: Ledger) -> None:
    queue = queue_of(ledger)
    name = queue.start("p", export()).id
    seen: list[dict[str, Any]] = []

    def runner(request: ExportRequest, progress: Callable[[float], None]) -> None:
        assert request.destination.prefix == "folder/name"
        progress(0.25)
        seen.append(metadata(queue, name))

    run(queue, runner)
    assert (seen[0]["state"], seen[0]["progress"], seen[0]["attempt"]) == ("RUNNING", 0.25, 1)
    shown = queue.get("p", name).to_json()
    assert shown["done"] is True
    assert shown["response"]["@type"].endswith("ExportImageResponse")
    assert shown["metadata"]["state"] == "SUCCEEDED"
    assert shown["metadata"]["progress"] == 1.0
    assert shown["metadata"]["destinationUris"] == [
        "https://console.developers.google.com/storage/browser/my-bucket/folder/"
    ]
    times = [shown["metadata"][k] for k in ("createTime", "startTime", "endTime")]
    assert times == sorted(set(times))
    assert shown["metadata"]["updateTime"] == times[-1]


def test_a_refused_export_fails_with_the_message(ledger: Ledger) -> None:
    queue = queue_of(ledger)
    name = queue.start("p", export()).id

    def runner(*_: Any) -> None:
        raise EarthEngineError("Image.select: no such band.")

    run(queue, runner)
    shown = queue.get("p", name).to_json()
    assert shown["metadata"]["state"] == "FAILED"
    assert shown["error"] == {"code": 3, "message": "Image.select: no such band."}
    assert shown["done"] is True
    assert "destinationUris" not in shown["metadata"]


def test_a_fault_of_ours_is_an_internal_error_and_the_worker_lives_on(ledger: Ledger) -> None:
    queue = queue_of(ledger)
    first, second = queue.start("p", export()).id, queue.start("p", export()).id
    faults = [ZeroDivisionError("x")]

    def runner(*_: Any) -> None:
        if faults:
            raise faults.pop()

    run(queue, runner)
    assert queue.get("p", first).to_json()["error"] == {"code": 13, "message": "Internal error."}
    assert metadata(queue, second)["state"] == "SUCCEEDED"


def test_a_request_id_starts_one_operation_ever(ledger: Ledger) -> None:
    queue = queue_of(ledger)
    queue.start("p", export("same"))
    for request in (export("same"), export("same", description="other")):
        with pytest.raises(EarthEngineError) as refusal:
            queue.start("p", request)
        assert refusal.value.status == 400
        assert refusal.value.message == (
            "A different Operation was already started with the given request_id."
        )
    queue.start("p", export())
    queue.start("p", export())
    assert len(queue.page("p", None, 10)) == 3, "without an id every request is a new one"


def test_a_full_queue_refuses_and_burns_the_id(ledger: Ledger) -> None:
    queue = queue_of(ledger, capacity=2)
    first = queue.start("p", export("a")).id
    queue.start("p", export("b"))
    with pytest.raises(
        EarthEngineError, match=r"Too many tasks already in the queue \(2\)"
    ) as full:
        queue.start("p", export("c"))
    assert (full.value.status, full.value.code) == (429, "RESOURCE_EXHAUSTED")
    queue.cancel("p", first)
    with pytest.raises(EarthEngineError, match="already started with the given request_id"):
        queue.start("p", export("c"))
    queue.start("p", export("d"))


def test_the_most_urgent_runs_first_then_the_oldest(ledger: Ledger) -> None:
    queue = queue_of(ledger)
    wanted = {"old": 100, "urgent": 500, "idle": 0, "young": 100}
    for description, priority in wanted.items():
        queue.start("p", export(description=description, priority=priority))
    order: list[str] = []
    run(queue, lambda request, _: order.append(request.description))
    assert order == ["urgent", "old", "young", "idle"]


def test_a_pending_operation_is_cancelled_at_once(ledger: Ledger) -> None:
    queue = queue_of(ledger)
    name = queue.start("p", export()).id
    queue.cancel("p", name)
    shown = queue.get("p", name).to_json()
    assert shown["metadata"]["state"] == "CANCELLED"
    assert shown["metadata"]["startTime"] == "1970-01-01T00:00:00Z"
    assert shown["error"] == {"code": 1, "message": "Cancelled."}
    queue.cancel("p", name)  # once more: nothing happens
    assert queue.get("p", name).to_json() == shown


def test_a_running_operation_is_cancelled_at_its_next_tile(ledger: Ledger) -> None:
    queue = queue_of(ledger)
    name = queue.start("p", export()).id
    going, told = Event(), Event()

    def runner(_: ExportRequest, progress: Callable[[float], None]) -> None:
        going.set()
        assert told.wait(DEADLINE)
        progress(0.5)
        pytest.fail("a cancelled export went on")

    workers = Workers(queue, runner, 1)
    workers.start()
    assert going.wait(DEADLINE)
    queue.cancel("p", name)
    assert metadata(queue, name)["state"] == "CANCELLING"
    told.set()
    assert queue.wait_idle(DEADLINE)
    workers.stop()
    assert metadata(queue, name)["state"] == "CANCELLED"


def test_operations_are_of_one_project(ledger: Ledger) -> None:
    queue = queue_of(ledger)
    name = queue.start("p", export()).id
    assert queue.page("other", None, 10) == []
    for ask in (queue.get, queue.cancel):
        with pytest.raises(EarthEngineError, match="not found") as refusal:
            ask("other", name)
        assert refusal.value.status == 404


def test_pages_go_from_the_newest_to_the_oldest(ledger: Ledger) -> None:
    queue = queue_of(ledger)
    started = [queue.start("p", export()).id for _ in range(5)]
    first = queue.page("p", None, 2)
    rest = queue.page("p", first[-1].number, 10)
    assert [one.id for one in first + rest] == started[::-1]


def test_ids_repeat_with_a_seed_but_never_collide(tmp_path: Path) -> None:
    def start_two(folder: Path) -> list[str]:
        ledger = Ledger(folder)
        queue = queue_of(ledger, seed=1)
        ids = [queue.start("p", export()).id for _ in range(2)]
        ledger.close()
        return ids

    first = start_two(tmp_path / "a")
    assert start_two(tmp_path / "b") == first
    assert not set(start_two(tmp_path / "a")) & set(first), "the same seed over the same folder"


def test_yesterdays_operations_are_there_and_what_ran_runs_again(tmp_path: Path) -> None:
    before = Ledger(tmp_path)
    queue = queue_of(before)
    done, running, waiting = (queue.start("p", export(name)).id for name in ("a", "b", "c"))
    queue.take()
    queue.finish(done, State.SUCCEEDED, progress=1.0)
    queue.take()
    before.close()  # the process dies here

    after = Ledger(tmp_path)
    queue = queue_of(after)
    assert metadata(queue, done)["state"] == "SUCCEEDED"
    assert metadata(queue, running)["state"] == "PENDING"
    with pytest.raises(EarthEngineError, match="already started"):
        queue.start("p", export("b"))
    ran: list[str] = []
    run(queue, lambda request, _: ran.append(request.request_id))
    assert ran == ["b", "c"]
    assert metadata(queue, running)["attempt"] == 2
    assert metadata(queue, waiting)["attempt"] == 1
    after.close()


def test_a_server_that_stops_leaves_what_runs_pending(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    queue = queue_of(ledger)
    name = queue.start("p", export()).id
    going = Event()

    def runner(_: ExportRequest, progress: Callable[[float], None]) -> None:
        while True:
            progress(0.1)
            going.set()

    workers = Workers(queue, runner, 1)
    workers.start()
    assert going.wait(DEADLINE)
    workers.stop()
    assert metadata(queue, name)["state"] == "PENDING"
    ledger.close()


def test_two_servers_never_share_a_folder(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    with pytest.raises(RuntimeError, match="another local Earth Engine"):
        Ledger(tmp_path)
    ledger.close()
    Ledger(tmp_path).close()
