"""The moves that only a person makes: an ended task is planned once more."""

from dataclasses import replace
from datetime import datetime

from s1ratio.errors import InvalidTransition
from s1ratio.task.groups import Place, Result, Trouble
from s1ratio.task.model import Task
from s1ratio.task.states import TaskState


def replanned(
    task: Task,
    not_before: datetime,
    turn: int = 0,
    priority: int | None = None,
    command: str | None = None,
) -> Task:
    """Return an ended task planned for its next attempt, with all its retries before it.

    `turn` is its place in line; 0 goes before all others. `priority` is that of its request, None
    where it keeps its own. `command` is the id of the command that plans it, if one does.

    Raises InvalidTransition if it has not ended, or was split: then its children are done again.
    """
    _check_ended(task)
    if task.family.parts:
        raise InvalidTransition(f"task {task.id} was split: its parts can be done again")
    return replace(
        task,
        state=TaskState.PLANNED,
        place=Place(task.place.priority if priority is None else priority, not_before, turn),
        claim=task.claim.of_next_attempt(),
        run=task.run.following(retries=0),
        trouble=Trouble(),
        result=Result(),
        origin=task.origin.unmade().marked(command),
        end=replace(task.end, ended_at=None, expire_at=None),
        catalogue=task.catalogue.unwanted(),
    )


def reopened(task: Task) -> Task:
    """Return an ended task that was split as SPLIT again: some of its children are under way.

    Its attempt goes up, so that its next end is told as another one; what it spent was told.
    """
    _check_ended(task)
    if not task.family.parts:
        raise InvalidTransition(f"task {task.id} has no parts")
    return replace(
        task,
        state=TaskState.SPLIT,
        run=replace(
            task.run,
            attempt=task.run.attempt + 1,
            eecu_earlier=task.run.eecu_seconds or task.run.eecu_earlier,
        ),
        trouble=task.trouble.cleared(),
        result=task.result.without_findings(),
        end=replace(task.end, ended_at=None, expire_at=None),
    )


def _check_ended(task: Task) -> None:
    if not task.ended:
        raise InvalidTransition(f"task {task.id} is {task.state}: it has not ended")
