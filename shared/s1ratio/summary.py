"""A request and its tasks as the JSON that people and programs read."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from s1ratio.orbits import FLEET, fleet_notes
from s1ratio.records import RequestRecord, RequestState
from s1ratio.request import GcsDestination
from s1ratio.request.moments import days_around, read_moment
from s1ratio.request.resolved import filled_in
from s1ratio.task import Task, TaskState


def summarize(
    record: RequestRecord, tasks: Iterable[Task], bucket: str, *, synthetic: bool = False
) -> dict[str, Any]:
    """Return `{"request_id", "state", "tasks"}`; files are named below `bucket`, if given.

    `values` are the pixels × bands of its exports, `output_bytes` their bytes before compression.
    `synthetic` says whether its scenes are invented.
    Of a task that was split `parts` are the tasks that it consists of, and its files are theirs.
    """
    tasks, message = list(tasks), filled_in(json.loads(record.message), record.resolved)
    planned = [task.plan for task in tasks if not task.family.parts]
    passes = {(p.orbit, p.direction): p for p in record.passes or ()}
    summary: dict[str, Any] = {
        "request_id": record.id,
        "state": record.state.value,
        "labels": message.get("labels", {}),
        "not_before": record.not_before.isoformat(timespec="seconds"),
        "reasons": [
            {"path": fault.path, "code": fault.code, "message": fault.message}
            for fault in record.reasons
        ],
        "error": record.error,
        "cancelling": record.cancelling,
        "eecu_seconds": record.eecu_seconds,
        "priority": record.priority,
        "created_at": record.created_at.isoformat(timespec="seconds"),
        "destination": _destination(message),
        "synthetic": synthetic,
        "notes": [*record.notes, *_notes(message, record.priority)],
        "values": sum(plan.values for plan in planned),
        "output_bytes": sum(plan.output_bytes for plan in planned),
        "tasks": [],
    }
    for task in tasks:
        found = passes.get((task.plan.orbit, task.plan.direction))
        summary["tasks"].append(_task(task, found.share if found else None, bucket))
    return summary


def waits_until(record: RequestRecord, tasks: Sequence[Task], now: datetime) -> str | None:
    """Return the day until which nothing of a request may be done, if its period is not over."""
    if record.state is RequestState.EXPANDING and record.passes is None and not record.error:
        times = [record.not_before]
    else:
        left = [task for task in tasks if not task.ended]
        if any(
            task.state is not TaskState.PLANNED or task.trouble.error or task.pixels.waits_for
            for task in left
        ):
            return None
        times = [task.place.not_before for task in left]
    later = [at for at in times if at > now]
    return f"{min(later):%Y-%m-%d}" if later and len(later) == len(times) else None


def _destination(message: dict[str, Any]) -> dict[str, Any]:
    found = message.get("destination")
    return found if isinstance(found, dict) else GcsDestination(kind="gcs").model_dump()


def _notes(sent: dict[str, Any], priority: int | None) -> list[str]:
    notes = priority_notes(sent.get("priority"), priority)
    try:
        days = days_around(read_moment(sent["start"]), read_moment(sent["end"]))
        return notes + fleet_notes(sent.get("platforms", tuple(FLEET)), *days)
    except (KeyError, ValueError):  # a message of other rules than today's
        return notes


def priority_notes(asked: int | None, taken: int | None) -> list[str]:
    """Return a note if a message asks for a higher priority than its request has, or nothing."""
    if asked is None or taken is None or asked <= taken:
        return []
    return [f"priority {asked} was asked for and is taken as {taken}: an operator may raise it"]


def _task(task: Task, share: float | None, bucket: str) -> dict[str, Any]:
    grid = task.plan.grid
    files = [f"{bucket}/{name}" if bucket else name for name in task.result.files]
    is_empty, item = task.state is TaskState.EMPTY, task.catalogue.item
    return {
        "id": task.id,
        "orbit": task.plan.orbit,
        "direction": task.plan.direction.value,
        "state": task.state.value,
        "verified": task.result.verified,
        "cancelling": task.end.cancelling,
        "parent": task.family.parent,
        "parts": list(task.children),
        "attempt": task.run.attempt,
        "eecu_seconds": task.run.eecu_seconds,
        "progress": task.run.progress,
        "not_before": task.place.not_before.isoformat(timespec="seconds"),
        "footprint_share": share,
        "valid_share": task.result.valid_share,
        "two_pass_share": task.result.two_pass_share,
        "counted_share": task.result.counted_share,
        "files": [] if is_empty else files,
        "item": f"{bucket}/{item}" if bucket and item else item,
        "made_by": [asdict(maker) for maker in task.origin.made_by],
        "empty_files": files if is_empty else [],
        "bands": list(task.plan.bands),
        "crs": grid.crs,
        "transform": list(grid.transform),
        "shape": [grid.height, grid.width],
        "error": task.trouble.error,
        "waits_for": task.pixels.waits_for,
        "same_as": task.result.same_as,
        "notes": list(task.result.notes),
    }
