"""At the end of a journey: is every message accounted for, and every attempt by one operation?"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from s1ratio import task as tasks
from s1ratio.adapters.store.firestore import collection_name
from s1ratio.adapters.store.queries import REQUESTS
from s1ratio.records import RequestState
from s1ratio.task import Task, TaskState
from tests.support.emulated_cloud import DEPLOYMENT, Cloud
from tests.support.told import ends_told

_ENDED = {"SUCCEEDED", "FAILED", "CANCELLED"}
_GONE = {"FAILED", "CANCELLED"}


@dataclass(frozen=True)
class Account:
    """What a journey came to: `doubles` are operations that were cancelled for a better one."""

    requests: int
    tasks: int
    operations: int
    doubles: int


def account(cloud: Cloud, request_ids: Iterable[str]) -> Account:
    """Return the account of these requests, or fail where one is lost or something is twice."""
    wanted = sorted(request_ids)
    found = [task for key in wanted for task in _verified(cloud, key)]
    assert stored_requests(cloud) == len(wanted), "there are requests that nobody asked for"
    operations = cloud.operations()
    states = _by_description(operations)
    live = [op["name"] for op in operations if op["metadata"]["state"] not in _ENDED]
    assert live == [], "live operations after all has ended"
    for task in found:
        _assert_one_survivor(task, states.pop(tasks.description(DEPLOYMENT, task), {}))
    assert states == {}, "operations of no attempt of these tasks"
    return Account(len(wanted), len(found), len(operations), len(operations) - len(found))


def stored_requests(cloud: Cloud) -> int:
    """Return how many requests the store holds."""
    counted = cloud.database.collection(collection_name(DEPLOYMENT, REQUESTS)).count().get()
    return int(counted[0][0].value)


def _verified(cloud: Cloud, request_id: str) -> Sequence[Task]:
    record = cloud.store.get_request(request_id)
    assert record is not None, f"{request_id} is lost"
    found = cloud.store.find_tasks_of(request_id)
    told = {task.id: (task.state, task.trouble.error) for task in found}
    assert record.state is RequestState.VERIFIED, f"{request_id}: {record.state} {told}"
    assert {task.state for task in found} == {TaskState.VERIFIED}, told
    kinds = Counter(ends_told(cloud.store, request_id))
    assert set(kinds.values()) == {1}, f"{request_id}: told twice: {kinds}"
    return found


def _by_description(operations: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Return the states of operations, by description and name."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for operation in operations:
        metadata = operation["metadata"]
        found[metadata["description"]][operation["name"]] = metadata["state"]
    return dict(found)


def _assert_one_survivor(task: Task, states: Mapping[str, str]) -> None:
    """Nothing failed in Earth Engine, so nothing costs an attempt."""
    assert task.run.attempt == 1, f"{task.id} took {task.run.attempt} attempts: {states}"
    surviving = [name for name, state in states.items() if state not in _GONE]
    assert surviving == [task.run.operation], f"{task.id} is by {task.run.operation}: {states}"
