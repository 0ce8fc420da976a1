"""Tasks: creation, compare-and-set and the poller's questions, as every store meets them."""

import pytest

from s1ratio.errors import Conflict
from s1ratio.ports import Store
from s1ratio.task import ACTIVE, Claim, Task, TaskState
from tests.contract.conftest import StoreOpener
from tests.contract.records import NOW, a_task, an_event, in_state, later
from tests.support.task_fields import with_fields


def _create(store: Store, *tasks: Task) -> None:
    store.create_tasks(tasks)


def _ids(tasks: "list[Task] | tuple[Task, ...]") -> list[str]:
    return [task.id for task in tasks]


def test_a_task_is_kept_as_it_was_given(store: Store) -> None:
    given = a_task(
        state=TaskState.SUCCEEDED,
        attempt=3,
        start_number=2,
        owner="poller-ü",
        lease_until=later(180),
        starting_at=later(1),
        ee_request_id="s1-" + "0" * 40,
        operation="projects/p/operations/ABC",
        progress=0.25,
        eecu_seconds=12.5,
        error_class="transient",
        error="Internal error. " * 1000,
        verified=False,
        files=("composites/r1/r1-o131a.tif",),
        notes=("one pixel more",),
    )
    store.create_tasks([given])
    assert store.get_task(given.id) == given


def test_creating_again_leaves_what_is_there(store: Store) -> None:
    _create(store, a_task("r-1", priority=1), a_task("r-2", priority=2))
    _create(store, a_task("r-2", priority=9), a_task("r-3", priority=3))
    assert [task.place.priority for task in store.find_tasks_of("r")] == [1, 2, 3]


def test_a_requests_tasks_in_one_state(store: Store) -> None:
    _create(
        store,
        in_state("r-1", TaskState.PLANNED),
        in_state("r-2", TaskState.RUNNING),
        in_state("r-3", TaskState.PLANNED),
        in_state("r2-1", TaskState.PLANNED),
    )
    assert _ids(list(store.find_tasks_of_in("r", TaskState.PLANNED, 9))) == ["r-1", "r-3"]
    assert len(store.find_tasks_of_in("r", TaskState.PLANNED, 1)) == 1
    assert list(store.find_tasks_of_in("r", TaskState.FAILED, 9)) == []


def test_twelve_hundred_tasks_of_which_some_exist(store: Store) -> None:
    every = [a_task(f"big-{number:04d}") for number in range(1200)]
    older = [with_fields(task, priority=7) for task in every[::97]]
    store.create_tasks(older)
    store.create_tasks(every)
    store.create_tasks(every)
    found = store.find_tasks_of("big")
    assert _ids(list(found)) == _ids(every)
    assert [task.id for task in found if task.place.priority == 7] == _ids(older)


def test_creating_none_is_fine(store: Store) -> None:
    store.create_tasks([])
    assert store.get_tasks([]) == {}


def test_tasks_larger_together_than_one_commit_are_all_created(store: Store) -> None:
    every = [a_task(f"r-{number}", error="e" * 700_000) for number in range(8)]
    store.create_tasks(every)
    assert len(store.find_tasks_of("r")) == 8


def test_tasks_are_found_by_id_and_by_request(store: Store) -> None:
    _create(store, a_task("r-2"), a_task("r-1"), a_task("rx-1"), a_task("a/b-1 ü"))
    assert set(store.get_tasks(iter(["r-1", "rx-1", "none", "r-1"]))) == {"r-1", "rx-1"}
    assert _ids(list(store.find_tasks_of("r"))) == ["r-1", "r-2"]
    assert store.get_task("a/b-1 ü") == a_task("a/b-1 ü")


def test_many_tasks_are_found_by_id(store: Store) -> None:
    every = [a_task(f"r-{number}") for number in range(1100)]
    store.create_tasks(every)
    assert len(store.get_tasks(_ids(every))) == 1100


def test_a_transition_writes_the_task_and_its_events(store: Store) -> None:
    _create(store, a_task())
    task = store.get_task("r1-o131a")
    assert task is not None
    claim = task.to(TaskState.STARTING, claim=Claim("me"))
    claimed = store.transition(task, claim, task.version, [an_event("e1", n=[[1]])])
    assert claimed.claim.owner == "me"
    assert store.get_task(task.id) == claimed
    assert [event.data for event in store.find_events_of("r1")] == [{"n": [[1]]}]
    again = store.transition(claimed, claimed.to(TaskState.SUBMITTED), claimed.version)
    assert store.get_task(task.id) == again


def test_a_transition_from_a_stale_version_leaves_all_as_it_was(store: Store) -> None:
    _create(store, a_task())
    task = store.get_task("r1-o131a")
    assert task is not None
    claimed = store.transition(task, task.to(TaskState.STARTING, claim=Claim("me")), task.version)
    late = task.to(TaskState.STARTING, claim=Claim("you"))
    with pytest.raises(Conflict):
        store.transition(task, late, task.version, [an_event("e1")])
    assert store.get_task(task.id) == claimed
    assert store.find_events_of("r1") == []


def test_a_transition_that_changes_nothing_takes_the_version_all_the_same(store: Store) -> None:
    _create(store, a_task())
    task = store.get_task("r1-o131a")
    assert task is not None
    store.transition(task, task, task.version)
    with pytest.raises(Conflict):
        store.transition(task, task, task.version)


def test_a_task_does_not_become_another(store: Store) -> None:
    _create(store, a_task("r-1"), a_task("r-2"))
    one, two = store.find_tasks_of("r")
    with pytest.raises(ValueError, match="r-2"):
        store.transition(one, two, one.version)


def test_startable_tasks_go_by_priority_then_age(store: Store) -> None:
    _create(
        store,
        a_task("r-old", priority=5, created_at=later(-9)),
        a_task("r-urgent", priority=9000, created_at=later(3)),
        a_task("r-young", priority=5, created_at=later(-1)),
        a_task("r-low", priority=0, created_at=later(-99)),
        a_task("r-twin", priority=5, created_at=later(-9)),
        a_task("r-parked", priority=9999, not_before=later(1)),
        in_state("r-running", TaskState.RUNNING, priority=9999),
    )
    order = ["r-urgent", "r-old", "r-twin", "r-young", "r-low"]
    assert _ids(list(store.find_startable(NOW, 10))) == order
    assert _ids(list(store.find_startable(NOW, 2))) == order[:2]
    assert _ids(list(store.find_startable(later(1), 1))) == ["r-parked"]


def test_a_found_task_can_be_moved_on(store: Store) -> None:
    _create(store, a_task())
    [task] = store.find_startable(NOW, 1)
    store.transition(task, task.to(TaskState.STARTING), task.version)
    assert store.find_startable(NOW, 1) == []


def test_stale_starts_are_those_whose_lease_is_over(store: Store) -> None:
    _create(
        store,
        in_state("r-late", TaskState.STARTING, lease_until=later(-1)),
        in_state("r-latest", TaskState.STARTING, lease_until=later(-8)),
        in_state("r-live", TaskState.STARTING, lease_until=later(1)),
        in_state("r-gone", TaskState.FAILED, lease_until=later(-9)),
        a_task("r-planned"),
    )
    assert _ids(list(store.find_stale_starts(NOW, 10))) == ["r-latest", "r-late"]
    assert _ids(list(store.find_stale_starts(NOW, 1))) == ["r-latest"]


def test_what_is_to_be_verified_succeeded_without_a_verdict(store: Store) -> None:
    _create(
        store,
        in_state("r-2", TaskState.SUCCEEDED, not_before=later(-1)),
        in_state("r-1", TaskState.SUCCEEDED, not_before=later(-2)),
        in_state("r-unread", TaskState.SUCCEEDED, verified=False),
        in_state("r-later", TaskState.SUCCEEDED, not_before=later(1)),
        in_state("r-done", TaskState.VERIFIED, verified=True),
    )
    assert _ids(list(store.find_to_verify(NOW, 10))) == ["r-1", "r-2"]


def test_ended_tasks_go_by_the_time_of_their_end(store: Store) -> None:
    _create(
        store,
        in_state("r-2", TaskState.VERIFIED, ended_at=later(2)),
        in_state("r-unread", TaskState.SUCCEEDED, verified=False, ended_at=later(3)),
        in_state("r-1", TaskState.FAILED, ended_at=later(1)),
        in_state("r-0", TaskState.CANCELLED, ended_at=later(-1)),
        in_state("r-running", TaskState.RUNNING),
    )
    assert _ids(list(store.find_ended(10, NOW))) == ["r-1", "r-2", "r-unread"]
    assert _ids(list(store.find_ended(2, later(1)))) == ["r-1", "r-2"]
    assert _ids(list(store.find_ended(10))) == ["r-0", "r-1", "r-2", "r-unread"]


def test_active_tasks_are_counted_and_the_oldest_start_is_known(
    store: Store, open_store: StoreOpener
) -> None:
    assert store.count_active() == store.count_planned() == 0
    assert store.find_oldest_start() is None
    _create(
        store,
        *(
            in_state(f"r-{state}", state, starting_at=later(-number))
            for number, state in enumerate(TaskState)
        ),
        in_state("r-unstarted", TaskState.SUBMITTED),
    )
    assert store.count_active() == len(ACTIVE) + 1
    assert store.count_planned() == 1
    oldest = max(number for number, state in enumerate(TaskState) if state in ACTIVE)
    assert open_store().find_oldest_start() == later(-oldest)


def test_active_tasks_without_a_start_have_no_oldest(store: Store) -> None:
    _create(store, in_state("r-1", TaskState.SUBMITTED))
    assert store.find_oldest_start() is None
