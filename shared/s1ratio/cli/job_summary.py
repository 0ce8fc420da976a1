"""A job's JSON as the summary that `status` shows of a request, wherever it was read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from s1ratio.cli.results import shown_url
from s1ratio.progress import Waiting

_FIELDS = (
    *("state", "labels", "not_before", "reasons", "error", "cancelling", "eecu_seconds"),
    *("priority", "destination", "synthetic", "notes", "values", "output_bytes"),
)


def summary_of(job: Mapping[str, Any]) -> dict[str, Any]:
    """Return the summary of a request; its files are where they are read."""
    summary = {name: job[name] for name in _FIELDS}
    tasks = [_task(task) for task in job["tasks"]]
    named = {"request_id": job["jobID"], "created_at": job["created"]}
    return {**named, **summary, "tasks": tasks}


def _task(task: Mapping[str, Any]) -> dict[str, Any]:
    files = {kind: [shown_url(one) for one in task[kind]] for kind in ("files", "empty_files")}
    return {**task, **files}


def waiting_of(job: Mapping[str, Any]) -> list[Waiting]:
    """Return what of a request waits, and for what."""
    return [
        Waiting(
            one["id"],
            one["state"],
            one["waits_for"],
            datetime.fromisoformat(one["since"]),
            datetime.fromisoformat(one["until"]) if one["until"] else None,
            one["progress"],
        )
        for one in job["waiting"]
    ]
