"""The moves that end an attempt, and most of them the task."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Unpack

from s1ratio.errors import ErrorClass
from s1ratio.plan import ExportTask
from s1ratio.task.groups import End, Family
from s1ratio.task.model import Changes, Task
from s1ratio.task.states import TaskState


def retried(
    task: Task, not_before: datetime, error_class: ErrorClass, error: str, counted: bool = True
) -> Task:
    """Return the task planned for its next attempt; `counted`: the failure is held against it."""
    return task.to(
        TaskState.PLANNED,
        place=task.place.until(not_before),
        claim=task.claim.of_next_attempt(),
        run=task.run.following(retries=task.run.retries + counted),
        trouble=task.trouble.because(error_class, error),
        origin=task.origin.unmade(),
    )


def written(task: Task, now: datetime) -> Task:
    """Return the task as SUCCEEDED since its files are all there: they are opened from now on."""
    return task.to(
        TaskState.SUCCEEDED,
        place=task.place.until(now),
        claim=task.claim.released(),
        run=replace(task.run, progress=1.0),
        trouble=task.trouble.cleared(),
    )


def failed(task: Task, error_class: ErrorClass, error: str) -> Task:
    """Return the task ended by an error that no retry mends."""
    return _ended(task, TaskState.FAILED, trouble=task.trouble.because(error_class, error))


def emptied(task: Task, *notes: str) -> Task:
    """Return the task ended without files, since Earth Engine found nothing to write.

    `notes` say why, and what Earth Engine's words were.
    """
    return _ended(
        task,
        TaskState.EMPTY,
        run=replace(task.run, progress=1.0),
        trouble=task.trouble.cleared(),
        result=replace(task.result, verified=True, files=(), notes=notes),
    )


def cancelled(task: Task, why: str) -> Task:
    """Return the task ended because somebody wanted so: `why` is told as its error."""
    trouble = task.trouble.because(ErrorClass.CANCELLED, task.end.cancelling or why)
    return _ended(task, TaskState.CANCELLED, trouble=trouble)


def lost(task: Task, look_again: datetime, words: str, missed_at: datetime | None = None) -> Task:
    """Return the task whose operation can't be found any more: decide at `look_again`.

    `missed_at` is when Earth Engine told the list that it is not in, by its own clock.
    """
    return task.to(
        TaskState.LOST,
        place=task.place.until(look_again),
        claim=replace(task.claim, missed_at=missed_at),
        trouble=task.trouble.because(ErrorClass.LOST, words),
    )


def completed_by(task: Task, leader: Task) -> Task:
    """Return a planned task ended as `leader` did, which exported the same pixels: by its files."""
    return _ended(
        task,
        leader.state,
        run=replace(task.run, progress=1.0),
        trouble=task.trouble.cleared(),
        result=replace(leader.result, same_as=leader.result.same_as or leader.id),
        origin=task.origin.by(*leader.origin.made_by),
    )


def split_up(
    task: Task, plans: Sequence[ExportTask], digests: Sequence[str | None], now: datetime
) -> tuple[Task, tuple[Task, ...]]:
    """Return the task as SPLIT, and the planned children that take its place.

    A child keeps its parent's priority and turn: it has waited already.
    """
    parent = task.to(
        TaskState.SPLIT,
        claim=task.claim.released(),
        family=replace(task.family, parts=len(plans)),
    )
    children = tuple(
        Task(
            plan,
            TaskState.PLANNED,
            now,
            task.place.until(now),
            pixels=replace(task.pixels.unawaited(), digest=digest),
            family=Family(task.id, task.family.depth + 1),
            origin=task.origin.unmade(),
            end=End(task.end.cancelling),
        )
        for plan, digest in zip(plans, digests, strict=True)
    )
    return parent, children


def merged(task: Task, children: Sequence[Task]) -> Task:
    """Return a SPLIT task ended as its children did: VERIFIED only if no part is missing.

    All of them must have ended. Its files are theirs, without those of EMPTY parts unless all are,
    and so are its notes: others may share it.
    """
    states = {child.state for child in children}
    filled = [child for child in children if child.state is not TaskState.EMPTY]
    files = tuple(name for child in filled or children for name in child.result.files)
    missing = [child for child in children if child.state not in _THERE]
    origin = task.origin.of_parts(child.origin for child in filled or children)
    if missing:
        cancelled_ = states <= {TaskState.CANCELLED, *_THERE}
        first = missing[0].trouble
        words = f"missing parts: {', '.join(child.id for child in missing)}; {first.error}"
        return _ended(
            task,
            TaskState.CANCELLED if cancelled_ else TaskState.FAILED,
            trouble=task.trouble.because(first.error_class, words),
            result=replace(task.result, files=files),
            origin=origin,
        )
    return _ended(
        task,
        TaskState.VERIFIED if TaskState.VERIFIED in states else TaskState.EMPTY,
        run=replace(task.run, progress=1.0),
        trouble=task.trouble.cleared(),
        result=replace(task.result, files=files, verified=True, notes=_notes_of(children)).sharing(
            [child.result for child in children]
        ),
        origin=origin,
    )


def _notes_of(children: Sequence[Task]) -> tuple[str, ...]:
    """Return what is to be said of parts together; what is said of some alone names them."""
    every = [child.result.notes for child in children]
    common = [note for note in every[0] if all(note in notes for notes in every)]
    own = [
        note if note.startswith(child.id) else f"{child.id}: {note}"
        for child in children
        for note in child.result.notes
        if note not in common
    ]
    return (*common, *own)


def _ended(task: Task, state: TaskState, **changes: Unpack[Changes]) -> Task:
    """Return the task ended: nobody holds it, it waits for none, and no end is wanted any more."""
    left = replace(
        task,
        claim=task.claim.released(),
        pixels=task.pixels.unawaited(),
        end=replace(task.end, cancelling=None),
    )
    return left.to(state, **changes)


_THERE = frozenset({TaskState.VERIFIED, TaskState.EMPTY})
