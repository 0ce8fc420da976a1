"""Observe: what Earth Engine says of an operation becomes a move of its task."""

from collections.abc import Callable
from dataclasses import replace

from s1ratio import task as tasks
from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import (
    Conflict,
    EarthEngineFault,
    ErrorClass,
    NothingExported,
    OutOfMemory,
    QuotaExceeded,
)
from s1ratio.ports import Operation
from s1ratio.services.context import PollContext
from s1ratio.services.operations.cancellation import request_cancel
from s1ratio.services.operations.identity import is_cancellable, is_destination, is_ours
from s1ratio.services.starting.split import is_too_much, split
from s1ratio.services.storing.tasks import commit_task
from s1ratio.services.verifying.emptiness import explain_stored
from s1ratio.services.verifying.valid_share import with_shares
from s1ratio.services.waiting.admission import hold
from s1ratio.services.waiting.backoff import pause
from s1ratio.services.waiting.fairness import not_in_line
from s1ratio.task import Task, TaskState

MAX_ATTEMPTS = 5
MAX_NOTE = 500  # characters
_PROGRESS_STEP = 0.1
_COSTS_STEP = 0.01  # of what a request may spend
_UNWANTED = frozenset({TaskState.CANCELLED, TaskState.FAILED})
_FOLLOWED = frozenset({TaskState.SUBMITTED, TaskState.RUNNING, TaskState.LOST})


def observe(context: PollContext, task: Task, attempt: int, operation: Operation) -> Task | None:
    """Store what is new of a task's operation; return the task as it then stands.

    A live operation of this store that no task names any more is cancelled: a later one has taken
    its place.
    None means that the operation must be looked at again: what becomes of it is not clear yet.
    """
    if not operation.is_named(task.run.operation) or task.run.attempt != attempt:
        return task if _cancel_orphan(context, task, operation) else None
    if task.state in _UNWANTED and operation.live:  # as if it were nobody's
        return task if request_cancel(context, operation.name) else None
    move = _MOVES.get(operation.state)
    if move is None and task.state is TaskState.LOST:
        move = _found_again
    if task.state not in _FOLLOWED or move is None:
        return task
    try:
        fault = _too_much(task, operation)
        if fault is not None:
            return split(context, _having_spent(task, operation), fault)
        after = move(context, _renamed(task, operation), operation)
        return task if after == task else commit_task(context, task, _dated(after, operation))
    except Conflict:  # what the other writer saw may have been older
        return None


def _renamed(task: Task, operation: Operation) -> Task:
    """Return a LOST task under the name that is shown: Earth Engine did not know the other."""
    if task.state is not TaskState.LOST:
        return task
    return replace(task, run=replace(task.run, operation=operation.name))


def _dated(after: Task, operation: Operation) -> Task:
    """Return a task that goes on, its start dated by Earth Engine's clock, not by one of ours.

    A local one's may have been put back since the start: then its last change came before it.
    """
    if after.state is TaskState.PLANNED:
        return after
    return tasks.dated(after, min(operation.created_at, operation.updated_at))


def _cancel_orphan(context: PollContext, task: Task, operation: Operation) -> bool:
    """Cancel a live operation that is not its task's; False if that can't be done or told yet.

    While a start is under way, or an operation is looked for, it may be the one that is found.
    What may be another store's is left alone.
    """
    if not operation.live or not is_destination(context, task, operation):
        return True
    is_sure = is_cancellable(context, operation)
    if task.state in {TaskState.STARTING, TaskState.LOST}:
        return not (is_sure or is_ours(context, task, operation))
    if not is_sure:
        return True
    current = context.store.get_task(task.id)  # the one at hand may be as old as the tick
    if current is None or current != task:
        return False
    return request_cancel(context, operation.name)


def _running(context: PollContext, task: Task, operation: Operation) -> Task:
    """Progress and what it costs are written in steps: every write costs."""
    new = task.state is not TaskState.RUNNING
    spent = _spent(task, operation)
    costs = (spent or 0.0) - (task.run.eecu_seconds or 0.0)
    progress = operation.progress if 0 <= operation.progress <= 1 else task.run.progress
    far = progress >= task.run.progress + _PROGRESS_STEP
    if not (new or far or costs >= _COSTS_STEP * context.settings.max_request_eecu_s):
        return task
    run = replace(task.run, progress=progress, eecu_seconds=spent)
    return task.to(TaskState.RUNNING, run=run, trouble=task.trouble.cleared())


def _found_again(_: PollContext, task: Task, operation: Operation) -> Task:
    """Whatever its state means: Earth Engine knows the operation after all."""
    return tasks.submitted(task, operation.name)


def _succeeded(context: PollContext, task: Task, operation: Operation) -> Task:
    return task.to(
        TaskState.SUCCEEDED,
        place=task.place.until(context.clock.now()),
        run=replace(
            task.run,
            progress=1.0,
            eecu_seconds=_spent(task, operation),
            succeeded_at=operation.updated_at,
        ),
        trouble=task.trouble.cleared(),
    )


def _spent(task: Task, operation: Operation) -> float | None:
    """Return the EECU-seconds of all attempts; Earth Engine may not say what this one took."""
    if operation.eecu_seconds is None:
        return task.run.eecu_seconds
    return task.run.eecu_earlier + operation.eecu_seconds


def _having_spent(task: Task, operation: Operation) -> Task:
    return replace(task, run=replace(task.run, eecu_seconds=_spent(task, operation)))


def _too_much(task: Task, operation: Operation) -> EarthEngineFault | None:
    """Return the fault of an operation that failed for its size, which no retry mends.

    A machine without memory may have been somebody else's doing: the first failure is no sign.
    """
    if operation.state != "FAILED" or not operation.error:
        return None
    fault = fault_of(operation.error)
    if isinstance(fault, OutOfMemory) and not task.run.retries:
        return None
    return fault if is_too_much(fault) else None


def _failed(context: PollContext, task: Task, operation: Operation) -> Task:
    """Retry what may go better: a quota resets some time, other passing troubles are capped."""
    task = _having_spent(task, operation)
    fault = fault_of(operation.error or "the operation failed without a message")
    if isinstance(fault, QuotaExceeded):
        # So long ago by Earth Engine's clock, counted back from now by ours.
        told_at = context.clock.now() - (context.told_at() - operation.updated_at)
        reset = hold(context, fault, at=told_at)
        back = tasks.retried(task, reset, fault.error_class, str(fault), counted=False)
        # Its turn was spent: others get theirs.
        return replace(back, place=replace(back.place, turn=not_in_line(0)))
    if isinstance(fault, NothingExported):
        return _emptied(context, task, f"Earth Engine: {fault}"[:MAX_NOTE])
    if fault.retry or isinstance(fault, OutOfMemory):
        return retried_or_failed(context, task, fault.error_class, str(fault))
    return tasks.failed(task, fault.error_class, str(fault))


def _emptied(context: PollContext, task: Task, words: str) -> Task:
    why, seen = explain_stored(context, task)
    after = tasks.emptied(task, why, words)
    return replace(after, result=with_shares(after.result, seen))


def retried_or_failed(
    context: PollContext, task: Task, error_class: ErrorClass, words: str
) -> Task:
    """Return a task whose attempt failed: planned again, unless too many failures count already."""
    failures = task.run.retries + 1
    if failures >= MAX_ATTEMPTS:
        return tasks.failed(task, error_class, words)
    later = context.clock.now() + pause(failures, task.id)
    return tasks.retried(task, later, error_class, words)


def _cancelled(_: PollContext, task: Task, operation: Operation) -> Task:
    return tasks.cancelled(_having_spent(task, operation), "cancelled in Earth Engine")


_MOVES: dict[str, Callable[[PollContext, Task, Operation], Task]] = {
    "RUNNING": _running,
    "SUCCEEDED": _succeeded,
    "FAILED": _failed,
    "CANCELLED": _cancelled,
}
