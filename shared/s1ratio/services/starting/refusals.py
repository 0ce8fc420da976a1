"""Refusals: a start that may not be made is its task's own fault only if others may.

A right that is missing, a limit on calls, an abort: Earth Engine's words don't tell whom they mean.
So the task goes back in line, and the run looks for a witness: a start of another request if there
is one, of that whose last refusal is the longest ago, or else the list. Are they refused as well,
all starts are held and nothing is counted; are they not, it is counted, and the task fails when it
was refused time after time.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from s1ratio import task as tasks
from s1ratio.errors import ErrorClass
from s1ratio.services.context import Context
from s1ratio.services.storing.tasks import commit_or_reload
from s1ratio.services.waiting.admission import hold_all, probe_outage
from s1ratio.services.waiting.backoff import pause
from s1ratio.task import Task, TaskState

MAX_REFUSALS = 8  # about two hours
_EVERYBODYS = 2  # in a row
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def is_refused(task: Task) -> bool:
    """Tell whether a start was refused, and given back."""
    planned = task.state is TaskState.PLANNED and task.pixels.waits_for is None
    return planned and task.trouble.error_class == ErrorClass.REFUSED


class Refusals:
    """The refused starts of one run: since the last that was taken, and before it.

    `line` are the tasks that are due. Unless they are the `whole_line` of a deployment, nothing is
    held: there may be better witnesses.
    """

    def __init__(self, context: Context, line: Iterable[Task], whole_line: bool = True) -> None:
        self._context, self._whole_line = context, whole_line
        self._open: list[Task] = []
        self._own: list[Task] = []
        self._requests: set[str] = set()
        self._refused_at = _find_last_refusals(line)

    @property
    def _lacks_witness(self) -> bool:
        """Whether one start was refused and none was made since."""
        return len(self._open) == 1

    def take_next(self, line: list[Task]) -> Task | None:
        """Take the task out of a line that is to be started next; None: no more are.

        A request that is refused lets the others go first.
        """
        if self._lacks_witness:
            best = min(line, key=self._unlikeliness, default=None)
        else:
            best = next((one for one in line if not self._is_refused(one)), None)
        if best is not None:
            line.remove(best)
        return best

    def note(self, after: Task) -> bool:
        """Note what a start came to; tell whether everybody is refused."""
        if is_refused(after):
            self._open.append(after)
            self._requests.add(after.plan.request_id)
        elif after.state is TaskState.SUBMITTED:
            self._own += self._open
            self._open = []
            self._requests.discard(after.plan.request_id)
        return len(self._open) >= _EVERYBODYS

    def conclude(self) -> list[Task]:
        """Hold all starts, or count the refusals that are the tasks' own; return what failed."""
        if len(self._open) >= _EVERYBODYS:
            self._hold()
        elif self._open and not probe_outage(self._context):
            self._own += self._open
        counted = [commit_or_reload(self._context, task, self._count(task)) for task in self._own]
        return [task for task in counted if task.ended]

    def _hold(self) -> None:
        if self._whole_line:
            words = self._open[-1].trouble.error or "starts are refused"
            hold_all(self._context, ErrorClass.REFUSED, words)

    def _is_refused(self, task: Task) -> bool:
        return task.plan.request_id in self._requests

    def _unlikeliness(self, task: Task) -> tuple[bool, datetime]:
        """Return what sorts tasks by how likely their starts are to be taken, the likeliest first.

        By what befell their requests: the one refused last would be refused again.
        """
        return self._is_refused(task), self._refused_at.get(task.plan.request_id, _NEVER)

    def _count(self, task: Task) -> Task:
        refusals = task.claim.refusals + 1
        if refusals >= MAX_REFUSALS:
            words = f"refused {refusals} times while others were not: {task.trouble.error}"
            return tasks.failed(task, ErrorClass.REFUSED, words)
        later = self._context.clock.now() + pause(refusals, task.id)
        claim = replace(task.claim, refusals=refusals)
        return task.to(TaskState.PLANNED, claim=claim, place=task.place.until(later))


def _find_last_refusals(line: Iterable[Task]) -> dict[str, datetime]:
    """Return when a start was refused last, by request."""
    found: dict[str, datetime] = {}
    for task in line:
        at, name = task.claim.refused_at, task.plan.request_id
        if at is not None:
            found[name] = max(at, found.get(name, at))
    return found
