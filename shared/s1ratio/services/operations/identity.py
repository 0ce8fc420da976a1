"""Which operations are ours: by description and by destination, both matched whole."""

from urllib.parse import unquote

from s1ratio import task as tasks
from s1ratio.ports import Operation
from s1ratio.services.context import Context
from s1ratio.task import Task


def is_ours(context: Context, task: Task, operation: Operation) -> bool:
    """Tell whether an operation was made for the task's present attempt."""
    text = tasks.description(context.settings.deployment, task)
    return operation.description == text and is_destination(context, task, operation)


def is_destination(context: Context, task: Task, operation: Operation) -> bool:
    """Tell whether an operation writes where the task says, as far as Earth Engine tells.

    Earth Engine names the folder in the bucket, and nothing before it has begun to write.
    """
    folder = f"/{context.settings.bucket}/{task.plan.folder}/"
    places = [f"{unquote(uri)}/" for uri in operation.destinations if "/storage/" in uri]
    return not places or any(folder in place for place in places)
