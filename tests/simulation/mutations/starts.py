"""Faults in starts: claims, request ids, refusals, searches, ceilings of a day."""

from collections.abc import Iterable
from typing import Any
from unittest.mock import patch

from s1ratio import task as tasks
from s1ratio.adapters.store.tasks import TaskDocuments
from s1ratio.ports import Operation
from s1ratio.services.context import Context
from s1ratio.task import Task, TaskState
from tests.simulation.mutations.mutation import Mutation
from tests.support.task_fields import with_fields

_starting, _requeued = tasks.starting, tasks.requeued


def _by_prefix(context: Context, task: Task, operation: Operation) -> bool:
    prefix = f"s1r-{context.settings.deployment}-{task.plan.request_id}"
    return operation.description.startswith(prefix)


def _with_fresh_id(task: Task, *args: Any, **named: Any) -> Task:
    if task.state is TaskState.STARTING:
        task = with_fields(task, start_number=task.claim.start_number + 1)
    return _starting(task, *args, **named)


def _costly(task: Task, *args: Any) -> Task:
    return with_fields(_requeued(task, *args), attempt=task.run.attempt + 1, start_number=1)


def _refused(task: Task, *args: Any) -> Task:
    """A POST of whose fate nothing is known is taken for one that was refused."""
    if task.state is TaskState.STARTING:
        return _requeued(task, *args)
    return tasks.starts.postponed(task, *args)


def _none(*_: Any) -> Iterable[Any]:
    return []


def _not_too_much(_: object) -> bool:
    return False


def _no_tasks(*_: Any) -> int:
    return 0


STARTS = {
    "adopts by prefix": Mutation(
        lambda: patch("s1ratio.services.following.recover.is_ours", _by_prefix), 9
    ),
    "a fresh id for each POST": Mutation(lambda: patch("s1ratio.task.starting", _with_fresh_id), 9),
    "a full queue costs an attempt": Mutation(lambda: patch("s1ratio.task.requeued", _costly), 49),
    "a timeout is a refusal": Mutation(lambda: patch("s1ratio.task.postponed", _refused), 9),
    "broken starts are left": Mutation(
        lambda: patch.object(TaskDocuments, "find_stale_starts", _none), 9
    ),
    "a 403 fails a task at once": Mutation(
        lambda: patch("s1ratio.services.starting.refusals.MAX_REFUSALS", 1), 49
    ),
    "a search that is too much ends its request": Mutation(
        lambda: patch("s1ratio.services.requesting.expand.is_too_much", _not_too_much), 0
    ),
    "the ceiling of a day is ignored": Mutation(
        lambda: patch.object(TaskDocuments, "count_started", _no_tasks), 507
    ),
}
