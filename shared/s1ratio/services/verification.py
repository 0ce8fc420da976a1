"""Verification: what `verify` finds of a succeeded task becomes the task's end."""

from s1ratio.errors import Conflict
from s1ratio.request import CompositeRequest, DriveDestination
from s1ratio.services import verify
from s1ratio.services.context import PollContext
from s1ratio.services.verify import Verdict
from s1ratio.task import Task, TaskState, failed


def verify_task(context: PollContext, request: CompositeRequest, task: Task) -> Task:
    """Open a SUCCEEDED task's files and store the verdict; return the task as it then stands.

    What went to a Drive can't be read back here: it stays SUCCEEDED, `verified` false.
    """
    if isinstance(request.destination, DriveDestination):
        after = task.to(TaskState.SUCCEEDED, verified=False)
    else:
        found = verify.verify(task, request.aoi, request.clip, context.objects, context.rasters)
        after = _judged(task, found)
    try:
        return context.store.transition(task, after, task.version, [context.task_event(after)])
    except Conflict:
        return context.store.task(task.id) or task


def _judged(task: Task, found: Verdict) -> Task:
    if found.state is TaskState.FAILED:
        return failed(task, verify.ERROR_CLASS, found.error or "the files are not as planned")
    return task.to(found.state, verified=True, files=found.files, notes=found.notes)
