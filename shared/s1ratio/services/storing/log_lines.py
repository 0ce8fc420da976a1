"""Log lines: those of what was committed, each move's once, whoever brought it about."""

import logging
from datetime import datetime
from typing import Any

from s1ratio.logevents import REQUEST_ENDED, TASK_ENDED, TASK_LOST, TASK_RETRIED, TASK_SPLIT, tell
from s1ratio.records import RequestRecord
from s1ratio.task import Task, TaskState

_LOG = logging.getLogger(__name__)


def tell_move(before: Task, after: Task, now: datetime) -> None:
    """Log a task's move if it ended the task, an attempt of it, or split it.

    The lines of a task name what each attempt spent, so that their sum is what the task spent.
    """
    if before.ended:
        return
    if after.ended:
        fields = {"state": after.state.value, "age_s": _age(after.created_at, now)}
        spent = (after.run.eecu_seconds or 0.0) - after.run.eecu_earlier
        tell(_LOG, TASK_ENDED, **_named(after), **_why(after), **fields, eecu_seconds=spent)
    elif after.state is TaskState.SPLIT is not before.state:
        tell(_LOG, TASK_SPLIT, **_named(after), **_why(after))
    elif after.state is TaskState.LOST is not before.state:
        tell(_LOG, TASK_LOST, **_named(after), **_why(after))
    elif after.run.attempt > before.run.attempt:
        spent = after.run.eecu_earlier - before.run.eecu_earlier
        tell(_LOG, TASK_RETRIED, **_named(before), **_why(after), eecu_seconds=spent)


def tell_request_end(record: RequestRecord, now: datetime) -> None:
    """Log the end of a request."""
    tell(
        _LOG,
        REQUEST_ENDED,
        request=record.id,
        state=record.state.value,
        tasks=sum(record.tallies.values()),
        age_s=_age(record.created_at, now),
        error=record.error,
        reasons=[str(reason) for reason in record.reasons] or None,
    )


def _named(task: Task) -> dict[str, Any]:
    return {"request": task.plan.request_id, "task": task.id, "attempt": task.run.attempt}


def _why(task: Task) -> dict[str, Any]:
    return {"error_class": task.trouble.error_class, "error": task.trouble.error}


def _age(since: datetime, now: datetime) -> float:
    return round((now - since).total_seconds(), 1)
