"""The same pixels are exported once at a time: who else wants them waits, and shares the files.

Which task exports the pixels of a graph is a claim in the store, set in the same commit as the
task's start. It goes by the digest of the expression that is POSTed: what was planned alike is
another graph in another version, or with defaults of another day, and never has its files. Whoever
finds the claim held by a task in flight waits for that one. When it ends well the
waiting tasks end with it, by its files; if it does not, each starts its own. Only what is in
flight is shared: a later request for the same pixels is exported anew.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from s1ratio import task as tasks
from s1ratio.errors import AlreadyExists, Conflict
from s1ratio.records import PixelClaim
from s1ratio.services.context import Context
from s1ratio.services.storing.tasks import commit_task
from s1ratio.services.waiting.isolation import isolate_task
from s1ratio.services.waiting.precedence import lift
from s1ratio.task import Task, TaskState

# Whoever ends a task releases those that wait for it; if it died before it did, this makes it good.
LOOK_AGAIN = timedelta(hours=1)
# Longer than a task may take: Earth Engine ends one after ten days.
_CLAIMED = timedelta(days=30)
_PAGE = 100
_SHARED = frozenset({TaskState.VERIFIED, TaskState.EMPTY})


def join_leader(context: Context, task: Task) -> Task | None:
    """Return what a task that waits for another one's pixels becomes, as far as it needs no start.

    It ends with that one, or waits on; None means that it is to be started. Raises Conflict.
    """
    leader = context.store.get_task(task.pixels.waits_for) if task.pixels.waits_for else None
    if leader is None:
        return None
    if leader.state in _SHARED:
        return commit_task(context, task, tasks.completed_by(task, leader))
    return _wait_behind(context, task, leader) if leader.in_flight else None


def claim_pixels(context: Context, task: Task, start: Task) -> Task:
    """Store a task's start with the claim on its pixels, or that it waits for who has them.

    Return the task as it then stands; raise Conflict if another one was quicker.
    """
    key = _key_of(start)
    if key is None:
        return commit_task(context, task, start)
    # What was never exported before is claimed by nobody: that is tried first, and not asked.
    if task.run.attempt == 1 and task.claim.start_number == 1:
        with suppress(AlreadyExists):
            return commit_task(context, task, start, claim=_claim(context, key, task))
    held = context.store.get_pixel_claim(key)
    if held is not None and held.task_id != task.id:
        leader = context.store.get_task(held.task_id)
        if leader is not None and leader.in_flight:
            return _wait_behind(context, task, leader)
    version = held.version if held is not None else None
    return commit_task(context, task, start, claim=_claim(context, key, task, version))


def _claim(context: Context, key: str, task: Task, version: Any = None) -> PixelClaim:
    """Return a task's claim on pixels, in the place of the one that is stored in `version`."""
    now = context.clock.now()
    return PixelClaim(key, task.id, now, now + context.retention + _CLAIMED, version)


def _key_of(start: Task) -> str | None:
    """Return by what a start claims its pixels; None if nobody is to share them."""
    if start.pixels.digest is None or not start.origin.made_by:
        return None
    return start.origin.made_by[-1].graph


def release_followers(context: Context, ended: Iterable[Task], troubles: list[str]) -> list[Task]:
    """Let the tasks that wait for these end with them, or set them free; return those that ended.

    A waiting task may have others behind it from a time when it was in flight itself. An
    unexpected error over one of them is added to `troubles`, and puts that one off.
    """
    front, shared = list(ended), list[Task]()
    while front:
        leader = front.pop()
        if not leader.ended or leader.pixels.digest is None:
            continue
        front += _fetch_parent(context, leader)
        for task in _release(context, leader, troubles):
            if task.ended:
                shared.append(task)
                front.append(task)
    return shared


def _fetch_parent(context: Context, part: Task) -> list[Task]:
    """Return what a task is a part of: that has ended with it, if it was the last one."""
    parent = part.family.parent
    whole = context.store.get_task(parent) if parent is not None else None
    return [whole] if whole is not None else []


def _release(context: Context, leader: Task, troubles: list[str]) -> list[Task]:
    released: dict[str, Task] = {}
    while True:
        waiting = context.store.find_waiting_for(leader.id, _PAGE)
        fresh = [task for task in waiting if task.id not in released]
        for task in fresh:
            released[task.id] = task
            # A conflict: such as one that is cancelled just now.
            with isolate_task(context, task, troubles), suppress(Conflict):
                released[task.id] = commit_task(context, task, _after(context, task, leader))
        if not fresh or len(waiting) < _PAGE:
            return list(released.values())


def _after(context: Context, task: Task, leader: Task) -> Task:
    if leader.state in _SHARED:
        return tasks.completed_by(task, leader)
    return tasks.released_to_start(task, context.clock.now())


def _wait_behind(context: Context, task: Task, leader: Task) -> Task:
    if leader.state is TaskState.SPLIT and leader.place.priority < task.place.priority:
        lift(context, leader.id, task.place.priority)  # its parts may be far back in their line
    until = context.clock.now() + LOOK_AGAIN
    return commit_task(context, task, tasks.waiting(task, leader.id, until))
