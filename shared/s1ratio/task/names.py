"""The names that lead from a task to its operation and back."""

import hashlib
import re

from s1ratio.task.model import Task


def ee_request_id(deployment: str, task_id: str, attempt: int, start_number: int) -> str:
    """Return the deterministic request id of one start: `s1-` and 40 hex (60 are allowed)."""
    text = f"{deployment}|{task_id}|{attempt}|{start_number}"
    return f"s1-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def description(deployment: str, task: Task) -> str:
    """Return the description of an attempt's operation, the way back from it to the task."""
    return f"s1r-{deployment}-{task.id}-a{task.run.attempt}"


def task_of(deployment: str, text: str) -> tuple[str, int] | None:
    """Return (task id, attempt) of a description of this deployment, matched whole, or None."""
    found = re.fullmatch(rf"s1r-{re.escape(deployment)}-(.+)-a([1-9][0-9]{{0,5}})", text)
    return (found[1], int(found[2])) if found else None
