"""What the JSON of a job says, for who follows one: its end, its files, what it still waits for."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

Job = Mapping[str, Any]
_DONE = frozenset({"VERIFIED", "SUCCEEDED"})
_OPEN = frozenset({"EXPANDING", "ACCEPTED", "RUNNING"})


class Outcome(StrEnum):
    """What somebody who waits for a request is told in the end."""

    VERIFIED = "verified"  # all that was asked for is there, and was looked at
    FAILED = "failed"  # some or all of it is not there, and won't be; or there is nothing
    REFUSED = "refused"  # it breaks the deployment's rules
    NOT_OVER = "not over yet"  # its period has not ended: nothing will happen for days
    TIMED_OUT = "timed out"  # whoever waits has waited for long enough


def outcome_of(job: Job) -> Outcome | None:
    """Return what a request came to, None while it is open."""
    state = job["state"]
    if state in _OPEN:
        return None
    if state == "REJECTED":
        return Outcome.REFUSED
    return Outcome.VERIFIED if state in _DONE else Outcome.FAILED


def not_before(job: Job, now: datetime) -> datetime | None:
    """Return when a request's period is over, if nothing will become of it before."""
    if job["state"] not in _OPEN or job.get("cancelling"):
        return None
    if job["state"] == "EXPANDING" and not job["error"]:
        times = [_time(job["not_before"])]
    else:
        left = [task for task in job["tasks"] if not _has_ended(task)]
        if job.get("more_tasks") or any(_is_busy(task) for task in left):
            return None
        times = [_time(task["not_before"]) for task in left]
    later = [at for at in times if at > now]
    return min(later) if later and len(later) == len(times) else None


def _is_busy(task: Mapping[str, Any]) -> bool:
    return bool(task["state"] != "PLANNED" or task["error"] or task["waits_for"])


def _has_ended(task: Mapping[str, Any]) -> bool:
    return task["state"] in {"VERIFIED", "EMPTY", "FAILED", "CANCELLED"} or bool(task["parts"])


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def changes_between(before: Job | None, after: Job) -> list[str]:
    """Return in words what became of a request and its tasks since it was seen last."""
    name = after["jobID"]
    was = before["state"] if before else None
    said = []
    if was != after["state"] or (before and before["message"] != after["message"]):
        more = f": {after['message']}" if after["message"] != after["state"] else ""
        said.append(f"{name}: {after['state']}{more}")
    known = {task["id"]: task for task in before["tasks"]} if before else {}
    for task in after["tasks"]:
        earlier = known.get(task["id"])
        if earlier and earlier["state"] != task["state"]:
            why = f": {task['error']}" if task["error"] else ""
            said.append(f"{task['id']}: {earlier['state']} -> {task['state']}{why}")
    return said
