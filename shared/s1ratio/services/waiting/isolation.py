"""Isolation: one item's unexpected error is its own; it is told, and the others get their turn.

What can't be worked on is put off for longer each time, so that it never stands at the head of
its queue for good, and ends as FAILED where trying again has been no use.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from s1ratio import task as tasks
from s1ratio.errors import (
    Conflict,
    EarthEngineFault,
    ErrorClass,
    ObjectStoreUnavailable,
    StoreUnavailable,
)
from s1ratio.logevents import TROUBLE, UNEXPECTED, about, tell
from s1ratio.services.context import Context
from s1ratio.services.storing.tasks import commit_task
from s1ratio.services.waiting.backoff import pause
from s1ratio.task import Task, TaskState

_LOG = logging.getLogger(__name__)

MAX_UNEXPECTED = 10  # about four hours

# Not an item's own: the next item would meet the same.
EVERYBODYS = (StoreUnavailable, EarthEngineFault, ObjectStoreUnavailable)
_WAITING = frozenset({TaskState.PLANNED, TaskState.STARTING, TaskState.SUCCEEDED, TaskState.LOST})


def describe(error: Exception) -> str:
    """Return an error in words that name its class."""
    return f"{type(error).__name__}: {error}"


@contextmanager
def log_unexpected(what: str, troubles: list[str]) -> Iterator[None]:
    """Do what may go wrong on its own account: an unexpected error is logged and counted."""
    try:
        yield
    except EVERYBODYS:
        raise
    except Exception as error:
        _count_unexpected(what, error, troubles)


@contextmanager
def isolate_task(context: Context, task: Task, troubles: list[str]) -> Iterator[None]:
    """Work on one task; an unexpected error puts it off and is counted."""
    with about(request=task.plan.request_id, task=task.id, attempt=task.run.attempt):
        try:
            yield
        except EVERYBODYS:
            raise
        except Exception as error:
            _count_unexpected(f"task {task.id}", error, troubles)
            with log_unexpected(f"putting off task {task.id}", troubles):
                _put_off(context, task.id, describe(error))


class FaultStreak:
    """With Earth Engine's faults over single items: several in a row are everybody's."""

    _MAX_IN_A_ROW = 3

    def __init__(self, troubles: list[str]) -> None:
        self._troubles, self._in_a_row = troubles, 0

    @contextmanager
    def tolerate(self, what: str) -> Iterator[None]:
        """Ask about one item; a fault is logged, and raised if it is one too many in a row."""
        try:
            yield
        except EarthEngineFault as fault:
            self._in_a_row += 1
            if self._in_a_row >= self._MAX_IN_A_ROW:
                raise
            self._troubles.append(f"{what}: {fault}")
            tell(_LOG, TROUBLE, what=self._troubles[-1], error_class=fault.error_class)
        else:
            self._in_a_row = 0


def _count_unexpected(what: str, error: Exception, troubles: list[str]) -> None:
    tell(_LOG, UNEXPECTED, error, what=what)
    troubles.append(f"{what}: {describe(error)}")


def _put_off(context: Context, task_id: str, words: str) -> None:
    """Store the error with the task, and when it is due again; a broken start ends in `recover`."""
    task, now = context.store.get_task(task_id), context.clock.now()
    if task is None or task.state not in _WAITING or _is_anothers(context, task):
        return
    if task.trouble.tries + 1 >= MAX_UNEXPECTED and task.state is not TaskState.STARTING:
        after = tasks.failed(task, ErrorClass.UNEXPECTED, words)
    else:
        later = now + pause(task.trouble.tries + 1, task.id)
        after = tasks.postponed(task, later, ErrorClass.UNEXPECTED, words)
    with suppress(Conflict):  # another worker has it, and fares better or tells of it
        commit_task(context, task, after)


def _is_anothers(context: Context, task: Task) -> bool:
    """Tell whether another worker holds a claim on the task that is not over."""
    if task.state is not TaskState.STARTING or task.claim.owner == context.owner:
        return False
    return task.claim.lease_until is not None and task.claim.lease_until > context.clock.now()
