"""Paging: tasks in a state, however many, a page at a time and each once."""

from collections.abc import Iterator
from datetime import datetime

from s1ratio.ports import Store
from s1ratio.task import Task, TaskState

PAGE = 500


def every_in(store: Store, state: TaskState, page: int = PAGE) -> Iterator[Task]:
    """Yield the tasks in a state, oldest first; they may leave it as they are drawn.

    Many may be made at the same time, and pages go by time: where one brings nothing new, the
    next is twice as large.
    """
    since: datetime | None = None
    seen = set[str]()
    while True:
        found = store.tasks_in(state, page, since)
        fresh = [task for task in found if task.id not in seen]
        seen.update(task.id for task in fresh)
        yield from fresh
        if len(found) < page:
            return
        since = found[-1].created_at
        page = page if fresh else 2 * page
