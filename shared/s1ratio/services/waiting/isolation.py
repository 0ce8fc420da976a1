"""Isolation: one record's unexpected error is its own; it is told, and the others get their turn.

A request or a task that can't be worked on is put off for longer each time, so that it never
stands at the head of its queue for good, and ends as FAILED where trying again has been no use: at
once if the store refuses what becomes of it. A request's open tasks are cancelled then. It is
counted no more often than its pauses say, whatever looks at it in between.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from s1ratio import task as tasks
from s1ratio.errors import (
    Conflict,
    EarthEngineFault,
    ErrorClass,
    ObjectStoreUnavailable,
    RecordRefused,
    StoreUnavailable,
)
from s1ratio.faults import MAX_ERROR, cut
from s1ratio.logevents import TROUBLE, UNEXPECTED, about, tell
from s1ratio.records import RequestRecord, RequestState
from s1ratio.services.context import Context
from s1ratio.services.storing.requests import commit_request
from s1ratio.services.storing.tasks import commit_task
from s1ratio.services.waiting.backoff import pause
from s1ratio.task import Task, TaskState

_LOG = logging.getLogger(__name__)

MAX_UNEXPECTED = 10  # about four hours
# A start that broke twenty times is parked, and POSTed once an hour: of one that fails of five
# errors more, an hour apart, nothing is on its way.
_MAX_UNEXPECTED_STARTS = 25

# Not an item's own: the next item would meet the same.
EVERYBODYS = (StoreUnavailable, EarthEngineFault, ObjectStoreUnavailable)


def describe(error: Exception) -> str:
    """Return an error in words that name its class, cut to what is kept."""
    return cut(f"{type(error).__name__}: {error}", MAX_ERROR)


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
                _put_off_task(context, task.id, error)


@contextmanager
def isolate_request(context: Context, request_id: str, troubles: list[str]) -> Iterator[None]:
    """Work on one request; an unexpected error puts it off and is counted."""
    with about(request=request_id):
        try:
            yield
        except EVERYBODYS:
            raise
        except Exception as error:
            _count_unexpected(f"request {request_id}", error, troubles)
            with log_unexpected(f"putting off request {request_id}", troubles):
                put_off_request(context, request_id, error)


def put_off_request(context: Context, request_id: str, error: Exception) -> None:
    """Store an unexpected error with a request, and when it is due, or that it is given up."""
    record, now = context.store.get_request(request_id), context.clock.now()
    if record is None or record.state.terminal:
        return
    if record.error is not None and record.mishaps and record.not_before > now:
        return
    mishaps, words = record.mishaps + 1, describe(error)
    if mishaps >= MAX_UNEXPECTED or isinstance(error, RecordRefused):
        after = _given_up(context, record, words)
    else:
        later = now + pause(mishaps, record.id)
        after = replace(record, mishaps=mishaps, not_before=later, error=words)
    with suppress(Conflict):  # another worker has it, and fares better or tells of it
        commit_request(context, record, after)


def _given_up(context: Context, record: RequestRecord, words: str) -> RequestRecord:
    """Return the request as FAILED; while tasks of it are open, as one that is to be cancelled.

    Else they would go on, and cost, for a request that nobody counts any more.
    """
    if _has_open_tasks(context, record.id):
        return replace(record, error=words, cancelling=record.cancelling or words)
    return replace(
        record, state=RequestState.FAILED, error=words, error_class=ErrorClass.UNEXPECTED
    )


def _has_open_tasks(context: Context, request_id: str) -> bool:
    """Tell whether a request has tasks that go on; of those that can't be read nothing is known."""
    try:
        return any(not task.ended for task in context.store.find_tasks_of(request_id))
    except EVERYBODYS:
        raise
    except Exception:
        return False


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


def _put_off_task(context: Context, task_id: str, error: Exception) -> None:
    """Store the error with the task, and when it is due again, or that it FAILED."""
    task = context.store.get_task(task_id)
    if task is None or task.ended or _is_anothers(context, task) or _is_put_off(context, task):
        return
    counted = _counted_from(task)
    tries, words = counted.trouble.tries + 1, describe(error)
    if tries >= _most(task) or isinstance(error, RecordRefused):
        after = tasks.failed(task, ErrorClass.UNEXPECTED, words)
    else:
        later = context.clock.now() + pause(tries, task.id)
        after = tasks.postponed(counted, later, ErrorClass.UNEXPECTED, words)
    with suppress(Conflict):  # another worker has it, and fares better or tells of it
        commit_task(context, task, after)


def _counted_from(task: Task) -> Task:
    """Return the task with the tries that an unexpected error is counted with.

    A start's are all of one kind. Else those of another error are none of them: a bucket that was
    down for a day has cost many.
    """
    if task.state is TaskState.STARTING or task.trouble.error_class == ErrorClass.UNEXPECTED:
        return task
    return replace(task, trouble=replace(task.trouble, tries=0))


def _most(task: Task) -> int:
    return _MAX_UNEXPECTED_STARTS if task.state is TaskState.STARTING else MAX_UNEXPECTED


def _is_put_off(context: Context, task: Task) -> bool:
    """Tell whether the task waits already, for another unexpected error."""
    waits = task.trouble.tries > 0 and task.place.not_before > context.clock.now()
    return waits and task.trouble.error_class == ErrorClass.UNEXPECTED


def _is_anothers(context: Context, task: Task) -> bool:
    """Tell whether another worker holds a claim on the task that is not over."""
    if task.state is not TaskState.STARTING or task.claim.owner == context.owner:
        return False
    return task.claim.lease_until is not None and task.claim.lease_until > context.clock.now()
