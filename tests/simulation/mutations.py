"""Services with a fault in them, one at a time: the schedules must find each."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch

from s1ratio import task as tasks
from s1ratio.adapters.store.tasks import TaskDocuments
from s1ratio.errors import EarthEngineFault, TransientFault
from s1ratio.ports import Operation
from s1ratio.services.context import Context
from s1ratio.services.verifying.verdict import Verdict
from s1ratio.task import Task, TaskState
from tests.support.task_fields import with_fields

Mutation = Callable[[], AbstractContextManager[Any]]

_transition = TaskDocuments.transition
_starting, _id_used, _requeued = tasks.starting, tasks.id_used, tasks.requeued


def _blind(store: TaskDocuments, task: Task, to: Task, _: Any, *more: Any, **named: Any) -> Task:
    current = store.get_task(task.id)
    return _transition(store, task, to, current.version if current else None, *more, **named)


def _silent(
    store: TaskDocuments, task: Task, to: Task, expected: Any, _: Any = (), **named: Any
) -> Task:
    return _transition(store, task, to, expected, (), **named)


def _by_prefix(context: Context, task: Task, operation: Operation) -> bool:
    prefix = f"s1r-{context.settings.deployment}-{task.plan.request_id}"
    return operation.description.startswith(prefix)


def _with_fresh_id(task: Task, *args: Any) -> Task:
    if task.state is TaskState.STARTING:
        task = with_fields(task, start_number=task.claim.start_number + 1)
    return _starting(task, *args)


@contextmanager
def _without_grace() -> Iterator[None]:
    """The next list that does not show it is proof, however soon it is read."""

    def used(task: Task, told_at: datetime, _: datetime) -> Task:
        return _id_used(task, told_at, told_at)

    with (
        patch("s1ratio.task.id_used", used),
        patch("s1ratio.services.following.recover.look_again", _nothing),
    ):
        yield


def _nothing(*_: Any) -> None:
    return None


def _costly(task: Task, *args: Any) -> Task:
    return with_fields(_requeued(task, *args), attempt=task.run.attempt + 1, start_number=1)


def _refused(task: Task, *args: Any) -> Task:
    """A POST of whose fate nothing is known is taken for one that was refused."""
    if task.state is TaskState.STARTING:
        return _requeued(task, *args)
    return tasks.starts.postponed(task, *args)


def _unseen(*_: Any) -> Verdict:
    return Verdict(TaskState.VERIFIED, ("unseen.tif",))


def _hopeful(message: str, _: int | None = None) -> EarthEngineFault:
    return TransientFault(message)


def _none(*_: Any) -> Iterable[Any]:
    return []


MUTATIONS: dict[str, Mutation] = {
    "writes without compare-and-set": lambda: patch.object(TaskDocuments, "transition", _blind),
    "ends without events": lambda: patch.object(TaskDocuments, "transition", _silent),
    "adopts by prefix": lambda: patch("s1ratio.services.following.recover.is_ours", _by_prefix),
    "a fresh id for each POST": lambda: patch("s1ratio.task.starting", _with_fresh_id),
    "no grace for a used id": _without_grace,
    "a full queue costs an attempt": lambda: patch("s1ratio.task.requeued", _costly),
    "a timeout is a refusal": lambda: patch("s1ratio.task.postponed", _refused),
    "nobody opens the files": lambda: patch(
        "s1ratio.services.verifying.verdict.judge_outputs", _unseen
    ),
    "every failure is retried": lambda: patch(
        "s1ratio.services.following.observe.fault_of", _hopeful
    ),
    "broken starts are left": lambda: patch.object(TaskDocuments, "find_stale_starts", _none),
}
