"""The moves of a start: claimed, posted, taken, or given back."""

from dataclasses import replace
from datetime import datetime, timedelta

from s1ratio.errors import ErrorClass
from s1ratio.task.model import Task
from s1ratio.task.names import ee_request_id
from s1ratio.task.origin import Maker
from s1ratio.task.states import TaskState


def starting(
    task: Task, owner: str, now: datetime, lease: timedelta, deployment: str, *, identity: str
) -> Task:
    """Return the task claimed by `owner` for one POST, under its next Earth Engine request id.

    Who is to make its files is told by `made_by`, lest the record come after the fact.

    `identity` is the store's, and goes into the operation's names. From STARTING it is the claim of
    somebody else's broken start: the same id and identity go on, and `starting_at` stays, since an
    operation may have been made since then. Should it have to start once more, it goes first: it
    has had its turn.
    """
    if task.state is TaskState.STARTING:
        claim = task.claim
    else:
        claim = replace(task.claim, starting_at=now, refused_at=None, identity=identity)
    number = claim.start_number
    return task.to(
        TaskState.STARTING,
        place=replace(task.place, turn=0),
        claim=replace(
            claim,
            owner=owner,
            lease_until=now + lease,
            ee_request_id=ee_request_id(
                deployment, task.id, task.run.attempt, number, claim.identity
            ),
        ),
        run=replace(task.run, operation=None),
        pixels=task.pixels.unawaited(),
    )


def made_by(task: Task, maker: Maker, alone: bool = True) -> Task:
    """Return the claim as one whose POST is that of `maker`.

    `alone`: no POST of the attempt came before it that may have been taken.
    """
    origin = task.origin.by(maker) if alone else task.origin.also_by(maker)
    return replace(task, origin=origin)


def next_start(task: Task, deployment: str) -> Task:
    """Return the same claim under a fresh Earth Engine request id: the last one is burned."""
    number = task.claim.start_number + 1
    identity = task.claim.identity
    fresh = ee_request_id(deployment, task.id, task.run.attempt, number, identity)
    claim = replace(
        task.claim, start_number=number, ee_request_id=fresh, id_used_at=None, missed_at=None
    )
    return task.to(TaskState.STARTING, claim=claim)


def id_used(task: Task, told_at: datetime, look_again: datetime) -> Task:
    """Return the claim whose request id was refused as used: touch it no sooner than `look_again`.

    `told_at` is by Earth Engine's clock. The operation that used it may reach the list late.
    """
    since = task.claim.id_used_at or told_at
    claim = replace(task.claim, id_used_at=since, lease_until=look_again)
    return task.to(TaskState.STARTING, claim=claim)


def refused(
    task: Task, told_at: datetime, look_again: datetime, error_class: ErrorClass, error: str
) -> Task:
    """Return the claim whose start was refused for good: touch it no sooner than `look_again`.

    `told_at` is by Earth Engine's clock. Only for one of whose POSTs an earlier one may have been
    taken: its operation may reach the list late.
    """
    claim = replace(task.claim, refused_at=told_at, lease_until=look_again)
    return task.to(
        TaskState.STARTING, claim=claim, trouble=task.trouble.because(error_class, error)
    )


def missed(task: Task, drawn_at: datetime, look_again: datetime) -> Task:
    """Return the claim whose operation a list did not show: touch it no sooner than `look_again`.

    `drawn_at` is when Earth Engine told that list, by its own clock.
    """
    claim = replace(task.claim, missed_at=drawn_at, lease_until=look_again)
    return task.to(TaskState.STARTING, claim=claim)


def twinned(task: Task) -> Task:
    """Return the task as one whose files another store's operation writes as well."""
    return replace(task, claim=replace(task.claim, has_twin=True))


def put_off(task: Task, look_again: datetime) -> Task:
    """Return the claim of a start that is left as it is until then."""
    return task.to(TaskState.STARTING, claim=replace(task.claim, lease_until=look_again))


def deferred(task: Task, until: datetime, error_class: ErrorClass, error: str) -> Task:
    """Return the claim of a broken start that found no room: touch it no sooner than `until`.

    It is not put back: its first POST may have been taken all the same.
    """
    return task.to(
        TaskState.STARTING,
        claim=replace(task.claim, lease_until=until),
        trouble=task.trouble.because(error_class, error),
    )


def postponed(task: Task, until: datetime, error_class: ErrorClass, error: str) -> Task:
    """Return the task after one more try that came to nothing: to be touched again at `until`.

    Of a start nothing is known then: its lease lasts as long as it did, if not longer.
    """
    trouble = task.trouble.counted(error_class, error)
    if task.state is TaskState.STARTING:
        lease_until = max(until, task.claim.lease_until or until)
        return task.to(
            task.state, claim=replace(task.claim, lease_until=lease_until), trouble=trouble
        )
    return task.to(task.state, place=task.place.until(until), trouble=trouble)


def submitted(
    task: Task, operation: str, made_at: datetime | None = None, maker: Maker | None = None
) -> Task:
    """Return the task with the operation that Earth Engine made for it, and when by its clock.

    `maker` is whose POST was answered with it; None where it was found, and any of them made it.
    """
    return task.to(
        TaskState.SUBMITTED,
        claim=dated(task, made_at).claim.released(),
        run=replace(task.run, operation=operation),
        trouble=task.trouble.cleared(),
        origin=task.origin if maker is None else task.origin.by(maker),
    )


def dated(task: Task, made_at: datetime | None) -> Task:
    """Return the task as started when Earth Engine says that its operation was made.

    With that, and not with a time of ours, the files and the list are compared.
    """
    if made_at is None:
        return task
    return replace(task, claim=replace(task.claim, starting_at=made_at))


def requeued(task: Task, not_before: datetime, error_class: ErrorClass, error: str) -> Task:
    """Return a start that found no room to the planned ones; it cost no attempt.

    Only for one whose every POST was refused: else an operation might be forgotten.
    """
    number = task.claim.start_number + 1
    return task.to(
        TaskState.PLANNED,
        place=task.place.until(not_before),
        claim=replace(task.claim.released(), start_number=number, starting_at=None),
        trouble=task.trouble.because(error_class, error),
        origin=task.origin.unmade(),
    )


def waiting(task: Task, leader: str, until: datetime) -> Task:
    """Return the planned task as waiting for `leader`, which exports the same pixels.

    It is looked at again when that one ends, and at `until` in any case.
    """
    return task.to(
        TaskState.PLANNED,
        place=task.place.until(until),
        pixels=replace(task.pixels, waits_for=leader),
    )


def released_to_start(task: Task, now: datetime) -> Task:
    """Return a waiting task as due for its own start, and first in line: it has waited."""
    return task.to(
        TaskState.PLANNED,
        place=replace(task.place, not_before=now, turn=0),
        pixels=task.pixels.unawaited(),
    )
