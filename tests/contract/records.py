"""Records for the contract's tests, each argument left out being of no interest."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from s1ratio.grid import PixelGrid
from s1ratio.plan import ExportTask
from s1ratio.records import Event, RequestRecord, RequestState
from s1ratio.request import Direction
from s1ratio.task import Task, TaskState, planned
from tests.support.task_fields import with_fields

NOW = datetime(2024, 5, 6, 7, 8, 9, 123457, tzinfo=UTC)


def later(seconds: float) -> datetime:
    """Return a time so many seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def a_task(task_id: str = "r1-o131a", **changes: Any) -> Task:
    """Return a planned task; its request is what stands before the first hyphen."""
    grid = PixelGrid("EPSG:32633", 10.0, 41_234, 512_345, 3_000, 2_000)
    bands = ("vvvh_db_median", "vvvh_db_stdDev", "vvvh_db_count")
    request_id = task_id.partition("-")[0]
    folder = f"composites/{request_id}"
    plan = ExportTask(task_id, request_id, 131, Direction.ASCENDING, grid, bands, folder)
    return with_fields(planned(plan, NOW, 100, NOW), **changes)


def in_state(task_id: str, state: TaskState, **changes: Any) -> Task:
    """Return a task in a state, however it came there."""
    return a_task(task_id, state=state, **changes)


def a_request(request_id: str = "r1", **changes: Any) -> RequestRecord:
    """Return a request as it is stored first."""
    message = '{"aoi": {"bbox": [13.0, 52.0, 13.1, 52.1]}}'
    record = RequestRecord(request_id, "d" * 64, message, RequestState.EXPANDING, NOW, NOW)
    return replace(record, **changes)


def an_event(event_id: str, request_id: str = "r1", **data: Any) -> Event:
    """Return an event with some data."""
    return Event(event_id, "task", request_id, NOW, data)
