"""Events: what is told to the world of a record's new state, to be committed with it."""

from typing import Any

from s1ratio.commands.records import CommandRecord, CommandState
from s1ratio.records import Event, RequestRecord
from s1ratio.services.context import Context
from s1ratio.task import Task, TaskState


def task_event(context: Context, task: Task) -> Event:
    """Return the event that tells of a task's new state."""
    name = f"{task.id}.{task.state.value.lower()}.a{task.run.attempt}"
    data: dict[str, Any] = {"task": task.id, "state": task.state.value, "attempt": task.run.attempt}
    if task.result.files and task.state is not TaskState.EMPTY:
        data["files"] = list(task.result.files)
    return _event(context, name, f"task.{task.state.value.lower()}", task.plan.request_id, data)


def request_event(context: Context, record: RequestRecord) -> Event:
    """Return the event that tells of a request's new state."""
    name = f"{record.id}.{record.state.value.lower()}.r{record.round}"
    data: dict[str, Any] = {"state": record.state.value, "tallies": dict(record.tallies)}
    if record.missing:
        data["missing"] = list(record.missing)
    return _event(context, name, f"request.{record.state.value.lower()}", record.id, data)


def command_event(context: Context, record: CommandRecord) -> Event:
    """Return the event that tells what became of a command."""
    applied = record.state is CommandState.APPLIED
    data: dict[str, Any] = {
        "command": record.command,
        "state": record.state.value,
        "target": {record.target_kind: record.target_id},
    }
    if record.reasons:
        data["reasons"] = [str(reason) for reason in record.reasons]
    name = f"{record.id}.{record.state.value.lower()}"
    request = record.target_id if record.target_kind == "request" else ""
    kind = "command.applied" if applied else "command.refused"
    return _event(context, name, kind, request, data)


def _event(context: Context, name: str, kind: str, request_id: str, data: dict[str, Any]) -> Event:
    now = context.clock.now()
    return Event(name, kind, request_id, now, data, expire_at=now + context.retention)
