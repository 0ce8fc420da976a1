"""Tasks in any state, made by hand."""

from datetime import UTC, datetime
from typing import Any

from s1ratio.grid import PixelGrid
from s1ratio.plan import ExportTask
from s1ratio.request import Direction
from s1ratio.task import Task, TaskState, planned
from tests.support.task_fields import with_fields

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
GRID = PixelGrid("EPSG:32633", 10.0, 50_000, 555_000, 100, 80)
PLAN = ExportTask("req-o131a", "req", 131, Direction.ASCENDING, GRID, ("vv_db_median",), "c/req")


def task(state: TaskState = TaskState.PLANNED, **changes: Any) -> Task:
    return with_fields(planned(PLAN, NOW, 100, NOW), state=state, **changes)
