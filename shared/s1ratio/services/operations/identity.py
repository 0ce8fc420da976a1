"""Which operations are ours: by description and by destination, both matched whole.

A description names the store by its identity. An operation whose name a task has is followed
whatever its description says: so is what was started before an update, or before the store was
moved.
"""

from collections.abc import Iterable
from urllib.parse import unquote

from s1ratio import task as tasks
from s1ratio.ports import Operation
from s1ratio.services.context import Context
from s1ratio.task import Task


def is_ours(context: Context, task: Task, operation: Operation) -> bool:
    """Tell whether an operation was made for the task's present attempt."""
    text = tasks.description(context.settings.deployment, task)
    return operation.description == text and is_destination(context, task, operation)


def is_cancellable(context: Context, operation: Operation) -> bool:
    """Tell whether an operation is surely of this store, so that it ends if no task names it.

    One without an identity is an earlier version's, and may as well be of another store, which
    was not updated yet: its own task may name it there.
    """
    identity = tasks.identity_in(context.settings.deployment, operation.description)
    return identity is not None and identity == context.identity


def is_anothers_twin(context: Context, task: Task, operation: Operation) -> bool:
    """Tell whether an operation writes the files of a task's present attempt for another store."""
    deployment = context.settings.deployment
    identity = tasks.identity_in(deployment, operation.description)
    return (
        identity not in (None, task.claim.identity)
        and tasks.task_of(deployment, operation.description) == (task.id, task.run.attempt)
        and is_destination(context, task, operation)
    )


def note_twin(context: Context, task: Task, operations: Iterable[Operation]) -> Task:
    """Return the task, marked if one of these operations is another store's twin.

    A list may omit that one the next time, and its files stay.
    """
    seen = any(is_anothers_twin(context, task, operation) for operation in operations)
    return tasks.twinned(task) if seen and not task.claim.has_twin else task


def is_destination(context: Context, task: Task, operation: Operation) -> bool:
    """Tell whether an operation writes where the task says, as far as Earth Engine tells.

    Earth Engine names the folder in the bucket, and nothing before it has begun to write.
    """
    folder = f"/{context.settings.bucket}/{task.plan.folder}/"
    places = [f"{unquote(uri)}/" for uri in operation.destinations if "/storage/" in uri]
    return not places or any(folder in place for place in places)
