"""Requests and tasks for the tests of graphs, made as a publisher's message makes them."""

import json
from datetime import UTC, datetime
from typing import Any

from s1ratio.plan import ExportTask, OrbitPass, PlanLimits, make_plan
from s1ratio.request import CompositeRequest, Limits, read_message

NAMIBIA = {"bbox": [14, -20, 17, -17]}
EQUATOR = {"bbox": [36.7, 0.7, 36.9, 1.0]}
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def request_of(**fields: Any) -> CompositeRequest:
    """Return the request of a message: the notebook's area and period, and `fields`."""
    message = {"aoi": NAMIBIA, "start": "2018-10-01", "end": "2022-03-26", **fields}
    return read_message(json.dumps(message), Limits(allow_drive=True)).request


def task_of(
    request: CompositeRequest, orbit: int = 58, limits: PlanLimits | None = None
) -> ExportTask:
    """Return the first export task of a request on one orbit, in its first direction."""
    flown = OrbitPass(orbit, request.direction.passes[0])
    return make_plan("req-1", request, (flown,), limits or PlanLimits(), _NOW).tasks[0]
