"""Verification: what `judge_outputs` finds of a succeeded task becomes the task's end."""

from dataclasses import replace
from datetime import timedelta

from s1ratio.errors import ErrorClass, ObjectStoreUnavailable
from s1ratio.request import CompositeRequest, DriveDestination
from s1ratio.services.context import PollContext
from s1ratio.services.storing.tasks import commit_or_reload
from s1ratio.services.verifying import verdict
from s1ratio.services.verifying.description import describe_files
from s1ratio.services.verifying.emptiness import explain_empty
from s1ratio.services.verifying.valid_share import with_shares
from s1ratio.services.verifying.verdict import Verdict
from s1ratio.services.waiting.backoff import pause
from s1ratio.task import Task, TaskState, Trouble, failed, postponed

MAX_LOOKS = 10  # about ten minutes
_BETWEEN_LOOKS = timedelta(minutes=1)


def verify_task(
    context: PollContext, request: CompositeRequest, task: Task, share: float | None = None
) -> Task:
    """Open a SUCCEEDED task's files and store the verdict; return the task as it then stands.

    `share` is the part of the request's area that the task's passes cover at least, if it is known.
    What went to a Drive can't be read back here: it stays SUCCEEDED, `verified` false. Raises
    ObjectStoreUnavailable; the task then says so and waits, longer each time, so that it does not
    keep others from their turn.
    """
    if isinstance(request.destination, DriveDestination):
        after = task.to(TaskState.SUCCEEDED, result=replace(task.result, verified=False))
        return commit_or_reload(context, task, after)
    try:
        found = verdict.judge_outputs(task, request, context.objects, context.rasters, share)
    except ObjectStoreUnavailable as error:
        later = context.clock.now() + pause(task.trouble.tries + 1, task.id)
        commit_or_reload(context, task, postponed(task, later, ErrorClass.BUCKET, str(error)))
        raise
    again = _look_again(context, task, found)
    if again is None and found.state is TaskState.EMPTY:
        pixels = found.seen.pixels if found.seen is not None else None
        why = explain_empty(context, request, task, pixels)
        found = replace(found, notes=(why, *found.notes))
    if again is None:
        found = describe_files(context, request, task.plan, found)
    return commit_or_reload(context, task, again or _judged(task, found))


def _look_again(context: PollContext, task: Task, found: Verdict) -> Task | None:
    """Return the task as waiting for files that the bucket may list late; None if it need not.

    Or for files that are being written, such as another store's. The looks are counted: they are a
    minute apart, for a tick comes once a minute, whatever the clocks of those say that make them.
    """
    if not (found.lacks_files or found.rewritten):
        return None
    waited = task.trouble.error_class == ErrorClass.VERIFICATION
    looks = task.trouble.tries + 1 if waited else 1
    if looks > MAX_LOOKS:
        return None
    why = "one was written meanwhile" if found.rewritten else "they may be listed late"
    words = f"{found.error}; {why}: looked for again"
    return task.to(
        task.state,
        place=task.place.until(context.clock.now() + _BETWEEN_LOOKS),
        trouble=Trouble(ErrorClass.VERIFICATION, words, looks),
    )


def _judged(task: Task, found: Verdict) -> Task:
    if found.state is TaskState.FAILED:
        return failed(task, ErrorClass.VERIFICATION, found.error or "the files are not as planned")
    return task.to(
        found.state,
        trouble=task.trouble.cleared(),
        result=with_shares(
            replace(task.result, verified=True, files=found.files, notes=found.notes), found.seen
        ),
    )
