"""Tasks with other values of their fields, in whichever groups these stand."""

from dataclasses import fields, replace
from typing import Any

from s1ratio.task import GROUPS, Task


def with_fields(task: Task, **values: Any) -> Task:
    """Return a task with other values of fields, each named as it is stored."""
    changes: dict[str, Any] = {}
    for name in GROUPS:
        group = getattr(task, name)
        own = {field.name for field in fields(group)} & values.keys()
        changes[name] = replace(group, **{field: values.pop(field) for field in own})
    return replace(task, **changes, **values)
