"""Refusals: a start that may not be made is its task's own fault only if others may.

A right that is missing, a limit on calls, an abort: Earth Engine's words don't tell whom they mean.
So the task goes back in line, and the run looks for a witness: the next start, of another request
if there is one, or else the list. Are they refused as well, all starts are held and nothing is
counted; are they not, it is counted, and the task fails when it was refused time after time.
"""

from dataclasses import replace

from s1ratio import task as tasks
from s1ratio.errors import ErrorClass
from s1ratio.services.context import Context
from s1ratio.services.storing.tasks import commit_or_reload
from s1ratio.services.waiting.admission import hold_all, probe_outage
from s1ratio.services.waiting.backoff import pause
from s1ratio.task import Task, TaskState

MAX_REFUSALS = 8  # about two hours
_EVERYBODYS = 2  # in a row


def is_refused(task: Task) -> bool:
    """Tell whether a start was refused, and given back."""
    planned = task.state is TaskState.PLANNED and task.pixels.waits_for is None
    return planned and task.trouble.error_class == ErrorClass.REFUSED


class Refusals:
    """The refused starts of one run: since the last that was taken, and before it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._open: list[Task] = []
        self._own: list[Task] = []
        self._requests: set[str] = set()

    @property
    def lacks_witness(self) -> bool:
        """Whether one start was refused and none was made since."""
        return len(self._open) == 1

    def meets(self, task: Task) -> bool:
        """Tell whether a start of the same request was refused: others make better witnesses."""
        return task.plan.request_id in self._requests

    def note(self, after: Task) -> bool:
        """Note what a start came to; tell whether everybody is refused."""
        if is_refused(after):
            self._open.append(after)
            self._requests.add(after.plan.request_id)
        elif after.state is TaskState.SUBMITTED:
            self._own += self._open
            self._open = []
        return len(self._open) >= _EVERYBODYS

    def conclude(self) -> list[Task]:
        """Hold all starts, or count the refusals that are the tasks' own; return what failed."""
        if len(self._open) >= _EVERYBODYS:
            words = self._open[-1].trouble.error or "starts are refused"
            hold_all(self._context, ErrorClass.REFUSED, words)
        elif self._open and not probe_outage(self._context):
            self._own += self._open
        counted = [commit_or_reload(self._context, task, self._count(task)) for task in self._own]
        return [task for task in counted if task.ended]

    def _count(self, task: Task) -> Task:
        refusals = task.claim.refusals + 1
        if refusals >= MAX_REFUSALS:
            words = f"refused {refusals} times while others were not: {task.trouble.error}"
            return tasks.failed(task, ErrorClass.REFUSED, words)
        later = self._context.clock.now() + pause(refusals, task.id)
        claim = replace(task.claim, refusals=refusals)
        return task.to(TaskState.PLANNED, claim=claim, place=task.place.until(later))
