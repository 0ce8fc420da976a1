"""The moves of a start: claimed, posted, taken, or given back."""

from datetime import datetime, timedelta

from s1ratio.task.model import Task
from s1ratio.task.names import ee_request_id
from s1ratio.task.states import TaskState


def starting(task: Task, owner: str, now: datetime, lease: timedelta, deployment: str) -> Task:
    """Return the task claimed by `owner` for one POST, under its next Earth Engine request id.

    From STARTING it is the claim of somebody else's broken start: the same id goes on, and
    `starting_at` stays, since an operation may have been made since then. Should it have to start
    once more, it goes first: it has had its turn.
    """
    again = task.state is TaskState.STARTING
    return task.to(
        TaskState.STARTING,
        turn=0,
        owner=owner,
        lease_until=now + lease,
        starting_at=task.starting_at if again else now,
        ee_request_id=ee_request_id(deployment, task.id, task.attempt, task.start_number),
        operation=None,
        waits_for=None,
    )


def next_start(task: Task, deployment: str) -> Task:
    """Return the same claim under a fresh Earth Engine request id: the last one is burned."""
    number = task.start_number + 1
    fresh = ee_request_id(deployment, task.id, task.attempt, number)
    return task.to(TaskState.STARTING, start_number=number, ee_request_id=fresh, id_used_at=None)


def id_used(task: Task, now: datetime, look_again: datetime) -> Task:
    """Return the claim whose request id was refused as used: touch it no sooner than `look_again`.

    The operation that used it may reach the list late.
    """
    return task.to(TaskState.STARTING, id_used_at=task.id_used_at or now, lease_until=look_again)


def deferred(task: Task, until: datetime, error_class: str, error: str) -> Task:
    """Return the claim of a broken start that found no room: touch it no sooner than `until`.

    It is not put back: its first POST may have been taken all the same.
    """
    told = {"error_class": error_class, "error": error}
    return task.to(TaskState.STARTING, lease_until=until, **told)


def postponed(task: Task, until: datetime, error_class: str, error: str) -> Task:
    """Return the task after one more try that came to nothing: to be touched again at `until`.

    Of a start nothing is known then: its lease lasts as long as it did, if not longer.
    """
    told = {"tries": task.tries + 1, "error_class": error_class, "error": error}
    if task.state is TaskState.STARTING:
        return task.to(task.state, lease_until=max(until, task.lease_until or until), **told)
    return task.to(task.state, not_before=until, **told)


def submitted(task: Task, operation: str) -> Task:
    """Return the task with the operation that Earth Engine made for it."""
    taken = task.to(TaskState.SUBMITTED, operation=operation, error=None, error_class=None)
    return taken.released()


def requeued(task: Task, not_before: datetime, error_class: str, error: str) -> Task:
    """Return a start that found no room to the planned ones; it cost no attempt.

    Only for one whose every POST was refused: else an operation might be forgotten.
    """
    back = task.to(
        TaskState.PLANNED,
        start_number=task.start_number + 1,
        not_before=not_before,
        starting_at=None,
        error_class=error_class,
        error=error,
    )
    return back.released()


def waiting(task: Task, leader: str, until: datetime) -> Task:
    """Return the planned task as waiting for `leader`, which exports the same pixels.

    It is looked at again when that one ends, and at `until` in any case.
    """
    return task.to(TaskState.PLANNED, waits_for=leader, not_before=until)


def released_to_start(task: Task, now: datetime) -> Task:
    """Return a waiting task as due for its own start, and first in line: it has waited."""
    return task.to(TaskState.PLANNED, waits_for=None, not_before=now, turn=0)
