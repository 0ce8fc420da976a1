"""A request that is stored with its tasks: all of it at once, or nothing."""

from dataclasses import replace

import pytest

from s1ratio.errors import AlreadyExists, RecordRefused
from s1ratio.ports import Store
from s1ratio.records import RequestState
from s1ratio.task import TaskState
from tests.contract.conftest import StoreOpener
from tests.contract.records import NOW, a_request, a_task, an_event

ACCEPTED = a_request(state=RequestState.ACCEPTED, size=2)
TASKS = [a_task("r1-o131a", turn=1), a_task("r1-o058a", turn=2)]


def test_what_is_returned_is_what_is_kept(store: Store, open_store: StoreOpener) -> None:
    record, tasks = store.create_accepted(ACCEPTED, TASKS)
    assert (record, list(tasks)) == (ACCEPTED, TASKS)
    other = open_store()
    kept = other.get_request("r1")
    assert kept == record
    assert kept is not None
    assert kept.version == record.version
    for task in tasks:
        read = other.get_task(task.id)
        assert read == task
        assert read is not None
        assert read.version == task.version


def test_both_can_be_changed_by_what_was_returned(store: Store) -> None:
    record, tasks = store.create_accepted(ACCEPTED, TASKS, [an_event("e1")])
    assert store.update_request(replace(record, error="x"), record.version).error == "x"
    for task in tasks:
        moved = store.transition(task, replace(task, state=TaskState.CANCELLED), task.version)
        assert moved.state is TaskState.CANCELLED
    assert [event.id for event in store.find_events_of("r1")] == ["e1"]


@pytest.mark.parametrize("taken", ["request", "task", "event"])
def test_where_an_id_is_taken_nothing_is_written(store: Store, taken: str) -> None:
    other = a_request("r2")
    if taken == "request":
        store.create_request(a_request())
    elif taken == "task":
        store.create_tasks([replace(TASKS[1], state=TaskState.RUNNING)])
    else:
        created = store.create_request(other)
        store.update_request(created, created.version, [an_event("e1", "r2")])
    with pytest.raises(AlreadyExists):
        store.create_accepted(ACCEPTED, TASKS, [an_event("e1")])
    assert (store.get_request("r1") is None) is (taken != "request")
    assert store.get_task("r1-o131a") is None


def test_a_request_without_room_to_grow_is_refused(store: Store) -> None:
    with pytest.raises(RecordRefused):
        store.create_accepted(replace(ACCEPTED, message="m" * 1_040_000), TASKS)
    assert store.get_task("r1-o131a") is None


def test_the_largest_request_fits_with_as_many_tasks_as_a_launch_stores(store: Store) -> None:
    many = [a_task(f"r1-o{number:03d}a") for number in range(100)]
    store.create_accepted(replace(ACCEPTED, message="m" * 900_000), many)
    assert len(store.find_tasks_of("r1")) == 100
    assert store.find_startable(NOW, 1)
