"""The moves that end an attempt, and most of them the task."""

from collections.abc import Sequence
from datetime import datetime

from s1ratio.plan import ExportTask
from s1ratio.task.model import Task
from s1ratio.task.states import TaskState


def retried(
    task: Task, not_before: datetime, error_class: str, error: str, counted: bool = True
) -> Task:
    """Return the task planned for its next attempt; `counted`: the failure is held against it."""
    back = task.to(
        TaskState.PLANNED,
        attempt=task.attempt + 1,
        retries=task.retries + counted,
        start_number=1,
        not_before=not_before,
        operation=None,
        progress=0.0,
        eecu_earlier=task.eecu_seconds or 0.0,
        error_class=error_class,
        error=error,
    )
    return back.released()


def failed(task: Task, error_class: str, error: str) -> Task:
    """Return the task ended by an error that no retry mends."""
    ended = task.to(
        TaskState.FAILED, error_class=error_class, error=error, waits_for=None, cancelling=None
    )
    return ended.released()


def cancelled(task: Task, why: str) -> Task:
    """Return the task ended because somebody wanted so: `why` is told as its error."""
    ended = task.to(
        TaskState.CANCELLED,
        error_class="cancelled",
        error=task.cancelling or why,
        waits_for=None,
        cancelling=None,
    )
    return ended.released()


def lost(task: Task, look_again: datetime, words: str) -> Task:
    """Return the task whose operation can't be found any more: decide at `look_again`."""
    return task.to(TaskState.LOST, not_before=look_again, error_class="lost", error=words)


def completed_by(task: Task, leader: Task) -> Task:
    """Return a planned task ended as `leader` did, which exported the same pixels: by its files."""
    return task.to(
        leader.state,
        waits_for=None,
        same_as=leader.same_as or leader.id,
        files=leader.files,
        notes=leader.notes,
        verified=leader.verified,
        progress=1.0,
        error=None,
        error_class=None,
        cancelling=None,
    )


def split_up(
    task: Task, plans: Sequence[ExportTask], digests: Sequence[str | None], now: datetime
) -> tuple[Task, tuple[Task, ...]]:
    """Return the task as SPLIT, and the planned children that take its place.

    A child keeps its parent's priority and turn: it has waited already.
    """
    parent = task.to(TaskState.SPLIT, parts=len(plans), error=task.error).released()
    children = tuple(
        Task(
            plan,
            TaskState.PLANNED,
            now,
            task.priority,
            now,
            turn=task.turn,
            digest=digest,
            parent=task.id,
            depth=task.depth + 1,
            cancelling=task.cancelling,
        )
        for plan, digest in zip(plans, digests, strict=True)
    )
    return parent, children


def merged(task: Task, children: Sequence[Task]) -> Task:
    """Return a SPLIT task ended as its children did: VERIFIED only if no part is missing.

    All of them must have ended. Its files are theirs.
    """
    states = {child.state for child in children}
    files = tuple(name for child in children for name in child.files)
    missing = [child for child in children if child.state not in _THERE]
    if missing:
        cancelled_ = states <= {TaskState.CANCELLED, *_THERE}
        words = f"missing parts: {', '.join(child.id for child in missing)}"
        return task.to(
            TaskState.CANCELLED if cancelled_ else TaskState.FAILED,
            files=files,
            error_class=missing[0].error_class,
            error=f"{words}; {missing[0].error}",
            cancelling=None,
        )
    state = TaskState.VERIFIED if TaskState.VERIFIED in states else TaskState.EMPTY
    return task.to(
        state,
        files=files,
        verified=True,
        progress=1.0,
        error=None,
        error_class=None,
        cancelling=None,
    )


_THERE = frozenset({TaskState.VERIFIED, TaskState.EMPTY})
