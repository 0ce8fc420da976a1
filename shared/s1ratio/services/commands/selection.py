"""Selection: which tasks a person means, by request, id, state or class of error."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from s1ratio.errors import ErrorClass, UnknownRecord
from s1ratio.faults import Fault
from s1ratio.ports import Store
from s1ratio.records import RequestRecord
from s1ratio.services.storing.paging import created_at, fetch_pages
from s1ratio.task import Task, TaskState


@dataclass(frozen=True)
class Selection:
    """What was asked for; what is None does not narrow it.

    `task_ids` may name tasks that were split: their parts are meant then.
    """

    request_id: str | None = None
    task_ids: tuple[str, ...] = ()
    state: TaskState | None = None
    error_class: ErrorClass | None = None

    @property
    def whole_request(self) -> bool:
        """Whether a request is meant, with all its tasks."""
        return self.request_id is not None and not (self.task_ids or self.state or self.error_class)


def select_tasks(store: Store, wish: Selection, states: tuple[TaskState, ...]) -> Iterator[Task]:
    """Yield the tasks that are meant and are in one of `states`; they may change as they come.

    Raises UnknownRecord, with every id that is not known.
    """
    for task in _fetch_candidates(store, wish, states):
        if task.state not in states or (wish.state and task.state is not wish.state):
            continue
        if wish.error_class in (None, task.trouble.error_class) and _is_of(wish, task):
            yield task


def select_failed_requests(store: Store, wish: Selection) -> Iterator[RequestRecord]:
    """Yield the requests that are meant and FAILED of a class before they had any task."""
    if wish.error_class is None or wish.task_ids or wish.state not in (None, TaskState.FAILED):
        return
    fetch = partial(store.find_failed_requests, wish.error_class)
    for page in fetch_pages(fetch, created_at, size=20):  # records hold their areas
        yield from (record for record in page if wish.request_id in (None, record.id))


def find_request(store: Store, wish: Selection) -> RequestRecord:
    """Return the request that is named; raise UnknownRecord if there is none."""
    record = store.get_request(wish.request_id or "")
    if record is None:
        raise _unknown("request", [wish.request_id or ""])
    return record


def _fetch_candidates(
    store: Store, wish: Selection, states: tuple[TaskState, ...]
) -> Iterator[Task]:
    if wish.task_ids:
        yield from _fetch_named(store, wish.task_ids)
    elif wish.request_id:
        yield from store.find_tasks_of(find_request(store, wish).id)
    else:
        for state in states:
            if wish.state in (None, state):
                for page in fetch_pages(partial(store.find_tasks_in, state), created_at, size=500):
                    yield from page


def _fetch_named(store: Store, names: tuple[str, ...]) -> Iterator[Task]:
    """Yield tasks by their ids, and after one that was split all its parts."""
    found = store.get_tasks(names)
    if missing := [name for name in names if name not in found]:
        raise _unknown("task", missing)
    queue = list(found.values())
    seen = set[str]()
    while queue:
        task = queue.pop(0)
        if task.id not in seen:
            seen.add(task.id)
            yield task
            queue += store.get_tasks(task.children).values() if task.family.parts else ()


def _is_of(wish: Selection, task: Task) -> bool:
    return wish.request_id in (None, task.plan.request_id)


def _unknown(kind: str, names: list[str]) -> UnknownRecord:
    return UnknownRecord([Fault("", "unknown", f"no {kind} {name} is known") for name in names])
