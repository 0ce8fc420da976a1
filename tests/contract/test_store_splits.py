"""What goes into one commit with a task's move: its children, its claim on its pixels."""

import pytest

from s1ratio.errors import Conflict
from s1ratio.ports import Store
from s1ratio.records import PixelClaim
from s1ratio.task import Task, TaskState, split_up
from tests.contract.records import NOW, a_task, an_event, in_state, later
from tests.support.task_fields import with_fields


def _stored(store: Store, task: Task) -> Task:
    store.create_tasks([task])
    found = store.get_task(task.id)
    assert found is not None
    return found


def _split(task: Task) -> tuple[Task, tuple[Task, ...]]:
    return split_up(task, task.plan.quarters(), [None] * 4, NOW)


def test_a_parent_and_its_children_are_one_commit(store: Store) -> None:
    task = _stored(store, in_state("r-1", TaskState.RUNNING))
    parent, children = _split(task)
    store.transition(task, parent, task.version, [an_event("e1", "r")], children=children)
    assert [t.id for t in store.find_tasks_of("r")] == [
        "r-1",
        "r-1-q0",
        "r-1-q1",
        "r-1-q2",
        "r-1-q3",
    ]
    assert store.get_tasks(parent.children) == {child.id: child for child in children}
    assert len(store.find_events_of("r")) == 1


def test_a_split_that_comes_late_makes_no_children(store: Store) -> None:
    task = _stored(store, in_state("r-1", TaskState.RUNNING))
    store.transition(task, task.to(TaskState.SUCCEEDED), task.version)
    parent, children = _split(task)
    with pytest.raises(Conflict):
        store.transition(task, parent, task.version, children=children)
    assert [t.id for t in store.find_tasks_of("r")] == ["r-1"]


def _claim(store: Store, task: Task, held: PixelClaim | None = None) -> Task:
    version = held.version if held else None
    claim = PixelClaim("d1", task.id, NOW, later(9), version=version)
    to = task.to(TaskState.STARTING)
    return store.transition(task, to, task.version, claim=claim)


def test_pixels_are_claimed_by_one_task_alone(store: Store) -> None:
    one, two = _stored(store, a_task("r-1")), _stored(store, a_task("s-1"))
    assert store.get_pixel_claim("d1") is None
    _claim(store, one)
    held = store.get_pixel_claim("d1")
    assert held == PixelClaim("d1", "r-1", NOW, later(9))
    with pytest.raises(Conflict):
        _claim(store, two)
    assert store.get_task("s-1") == two, "a claim that is lost leaves the task where it was"


def test_a_claim_is_taken_over_by_whoever_read_it_last(store: Store) -> None:
    tasks = [_stored(store, a_task(f"{name}-1")) for name in "rst"]
    _claim(store, tasks[0])
    held = store.get_pixel_claim("d1")
    _claim(store, tasks[1], held)
    with pytest.raises(Conflict):
        _claim(store, tasks[2], held)
    taken = store.get_pixel_claim("d1")
    assert taken is not None
    assert taken.task_id == "s-1"


def test_a_task_that_moved_meanwhile_claims_nothing(store: Store) -> None:
    task = _stored(store, a_task("r-1"))
    store.transition(task, with_fields(task, priority=1), task.version)
    with pytest.raises(Conflict):
        _claim(store, task)
    assert store.get_pixel_claim("d1") is None
