"""Tasks: a move is stored in one place, with what goes into the same commit.

The end of a task that was split follows from its parts: whoever stores the end of the last of
them stores their parent's as well.
"""

import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from s1ratio.errors import Conflict, StoreUnavailable
from s1ratio.events.of_requests import tell_of_task
from s1ratio.growth import bounded_task
from s1ratio.logevents import UNEXPECTED, tell
from s1ratio.records import PixelClaim
from s1ratio.services.context import Context
from s1ratio.services.event_world import teller_of
from s1ratio.services.storing.log_lines import tell_move
from s1ratio.task import Catalogue, End, Task, TaskState, merged, reopened

_LOG = logging.getLogger(__name__)
_TOLD = frozenset({TaskState.SUBMITTED, TaskState.RUNNING})  # beside all ends


def commit_task(
    context: Context,
    task: Task,
    after: Task,
    *,
    children: Sequence[Task] = (),
    claim: PixelClaim | None = None,
) -> Task:
    """Store what becomes of a task; return it as stored, or raise Conflict.

    That it is submitted, that it runs, and that it ends is told in the same commit.

    What is planned anew takes its request's priority, which may have been raised meanwhile; of an
    ended task it is the caller's, who has read the request.
    """
    replanned = after.state is TaskState.PLANNED is not task.state and not task.ended
    if children or replanned:
        priority = _priority_of(context, task)
        after = _planned_by(after, priority)
        children = [_planned_by(child, priority) for child in children]
    ends = after.ended and not task.ended
    if ends:
        now = context.clock.now()
        end = End(ended_at=now, expire_at=now + context.retention)
        after = replace(after, end=end, catalogue=_to_be_catalogued(after, now))
    after, events = bounded_task(after), []
    if ends or (after.state in _TOLD and after.state is not task.state):
        after = replace(after, sequence=task.sequence + 1)
        events = [tell_of_task(teller_of(context), after)]
    stored = context.store.transition(
        task, after, task.version, events, children=children, claim=claim
    )
    context.outbox.note(events)
    tell_move(task, stored, context.clock.now())
    if ends and stored.family.parent is not None:
        _merge_parent(context, stored.family.parent)
    return stored


def _to_be_catalogued(task: Task, now: datetime) -> Catalogue:
    """Return a task's place in the catalogue at its end: each VERIFIED composite has an item.

    The files of what was split are its parts', and so are the items.
    """
    if task.state is not TaskState.VERIFIED or task.family.parts or not task.result.files:
        return task.catalogue
    return task.catalogue.wanted(now)


def _merge_parent(context: Context, name: str) -> None:
    """End what a task was a part of. Its trouble is not the part's: reconciliation comes to it."""
    try:
        parent = context.store.get_task(name)
        if parent is not None:
            merge(context, parent)
    except StoreUnavailable:
        raise
    except Exception as error:
        tell(_LOG, UNEXPECTED, error, what=f"merging {name}", task=name)


def _priority_of(context: Context, task: Task) -> int:
    """Return the priority that a task has if it is planned now."""
    record = context.store.get_request(task.plan.request_id)
    given = record.priority if record is not None else None
    return task.place.lowest(task.place.priority if given is None else given)


def _planned_by(task: Task, priority: int) -> Task:
    """Return a planned task with a priority; it has had its turn in the line of another one.

    One whose turn was spent for nothing waits for another turn, in whichever line.
    """
    if task.state is not TaskState.PLANNED or task.place.priority == priority:
        return task
    turn = min(task.place.turn, 0)
    return replace(task, place=replace(task.place, priority=priority, turn=turn))


def commit_or_reload(
    context: Context, task: Task, after: Task, *, children: Sequence[Task] = ()
) -> Task:
    """Store what becomes of a task; return it as it then stands, whoever moved it."""
    try:
        return commit_task(context, task, after, children=children)
    except Conflict:
        return context.store.get_task(task.id) or task


def merge(context: Context, parent: Task) -> bool:
    """End a SPLIT task if all of its children have ended; tell whether that was done here.

    One that has ended already ends anew if its children came to something else: one of them was
    set going just when the whole was about to end.
    """
    if not parent.family.parts:
        return False
    going = reopened(parent) if parent.ended else parent
    found = context.store.get_tasks(parent.children)
    children = [found[name] for name in parent.children if name in found]
    if len(children) < parent.family.parts or not all(child.ended for child in children):
        return False
    after = merged(going, children)
    if (after.state, after.result.files) == (parent.state, parent.result.files):
        return False
    with suppress(Conflict):  # whoever stored the end of another child does the same
        commit_task(context, going, after)
        return True
    return False


def fetch_ended_parents(context: Context, ended: Iterable[Task]) -> list[Task]:
    """Return what ended with the last of its parts, of which these tasks may be one."""
    names = {task.family.parent for task in ended if task.family.parent is not None}
    if not names:
        return []
    parents = [task for task in context.store.get_tasks(names).values() if task.ended]
    return [*parents, *fetch_ended_parents(context, parents)]
