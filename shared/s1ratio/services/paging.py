"""Paging: tasks in a state, however many, each once."""

from collections.abc import Iterator
from functools import partial

from s1ratio.ports import Store
from s1ratio.services.pages import created_at, pages
from s1ratio.task import Task, TaskState


def every_in(store: Store, state: TaskState) -> Iterator[Task]:
    """Yield the tasks in a state, oldest first; they may leave it as they are drawn."""
    for page in pages(partial(store.tasks_in, state), created_at, size=500):
        yield from page
