"""The poller's and the operator's questions, as every store answers them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from s1ratio.adapters.store.database import Create, Query, Where
from s1ratio.adapters.store.document_store import DocumentStore
from s1ratio.adapters.store.queries import TASKS
from s1ratio.ports import Store
from s1ratio.records import MAX_MISSING, RequestState, state_of, tally
from s1ratio.task import Task, TaskState
from tests.contract.conftest import StoreOpener
from tests.contract.records import NOW, a_request, a_task, in_state, later


def _ids(tasks: Iterable[Task]) -> list[str]:
    return [task.id for task in tasks]


def _mixed(request_id: str) -> list[Task]:
    number = count()

    def one(state: TaskState, **changes: Any) -> Task:
        return in_state(f"{request_id}-{next(number):03d}", state, **changes)

    return [
        *(one(state, eecu_seconds=1.5) for state in TaskState if state is not TaskState.SPLIT),
        one(TaskState.SPLIT, parts=4, eecu_seconds=100.0),
        one(TaskState.VERIFIED, parts=4),
        one(TaskState.FAILED, parts=4),
        one(TaskState.SUCCEEDED, verified=False),
        one(TaskState.SUCCEEDED, verified=False),
        one(TaskState.FAILED),
    ]


def test_counting_comes_to_the_same_as_reading(store: Store) -> None:
    store.create_tasks(_mixed("r"))
    store.create_tasks(_mixed("other"))
    read, counted = tally(store.find_tasks_of("r")), store.count_tasks_of("r")
    assert dict(counted.counts) == dict(read.counts)
    assert counted == read
    assert counted.eecu_seconds == 1.5 * 10 + 100


def test_only_so_many_are_named_as_missing(store: Store) -> None:
    store.create_tasks([in_state(f"r-{n:03d}", TaskState.CANCELLED) for n in range(70)])
    counted = store.count_tasks_of("r")
    assert counted.counts == {TaskState.CANCELLED: 70}
    assert len(counted.missing) == MAX_MISSING


def test_a_request_without_tasks_counts_as_nothing(store: Store) -> None:
    assert store.count_tasks_of("none") == tally([])


def test_lost_tasks_are_looked_at_when_their_grace_is_over(store: Store) -> None:
    store.create_tasks(
        [
            in_state("r-2", TaskState.LOST, not_before=later(-1)),
            in_state("r-1", TaskState.LOST, not_before=later(-2)),
            in_state("r-3", TaskState.LOST, not_before=later(1)),
            in_state("r-4", TaskState.RUNNING, not_before=later(-1)),
        ]
    )
    assert _ids(store.find_lost(NOW, 9)) == ["r-1", "r-2"]
    assert _ids(store.find_lost(NOW, 1)) == ["r-1"]


def test_those_that_wait_for_a_task_are_found(store: Store) -> None:
    store.create_tasks(
        [a_task("r-1"), a_task("s-1", waits_for="r-1"), a_task("t-1", waits_for="r-10")]
    )
    assert _ids(store.find_waiting_for("r-1", 9)) == ["s-1"]
    assert store.find_waiting_for("s-1", 9) == []


def test_what_is_to_be_cancelled_is_found(store: Store) -> None:
    for name, why in (("a", None), ("b", "no longer wanted"), ("c", "over its ceiling")):
        store.create_request(a_request(name, cancelling=why, state=RequestState.RUNNING))
        store.create_tasks([a_task(f"{name}-1", cancelling=why)])
    assert {record.id for record in store.find_cancelling_requests(9)} == {"b", "c"}
    assert set(_ids(store.find_cancelling_tasks(9))) == {"b-1", "c-1"}
    assert len(store.find_cancelling_tasks(1)) == 1


def test_requests_that_failed_before_they_had_tasks_are_found_by_class(store: Store) -> None:
    failed = RequestState.FAILED
    store.create_request(a_request("a", state=failed, error_class="refused", created_at=later(2)))
    store.create_request(a_request("b", state=failed, error_class="refused", created_at=later(1)))
    store.create_request(a_request("c", state=failed, error_class="transient"))
    store.create_request(a_request("d", state=failed))
    store.create_request(a_request("e", error_class="refused"))
    assert [record.id for record in store.find_failed_requests("refused", 9)] == ["b", "a"]
    assert [record.id for record in store.find_failed_requests("refused", 1)] == ["b"]
    assert [r.id for r in store.find_failed_requests("refused", 9, later(2))] == ["a"]


def test_tasks_in_a_state_are_read_page_by_page(store: Store) -> None:
    store.create_tasks([in_state(f"r-{n}", TaskState.FAILED, created_at=later(n)) for n in (3, 1)])
    store.create_tasks([in_state("r-2", TaskState.VERIFIED, created_at=later(2))])
    first = store.find_tasks_in(TaskState.FAILED, 1)
    assert _ids(first) == ["r-1"]
    assert _ids(store.find_tasks_in(TaskState.FAILED, 9, later(2))) == ["r-3"]


def test_the_starts_of_a_day_are_counted_whatever_became_of_them(store: Store) -> None:
    store.create_tasks(
        [
            in_state("r-1", TaskState.VERIFIED, starting_at=later(0)),
            in_state("r-2", TaskState.RUNNING, starting_at=later(5)),
            in_state("r-3", TaskState.FAILED, starting_at=later(-5)),
            a_task("r-4"),
        ]
    )
    assert store.count_started(NOW) == 2


def test_tasks_of_one_priority_start_by_turn_then_age(store: Store) -> None:
    store.create_tasks(
        [
            a_task("r-1", turn=1, created_at=later(-9)),
            a_task("r-0", turn=0, created_at=later(-9)),
            a_task("s-0", turn=1, created_at=later(-5)),
            a_task("t-0", turn=7, priority=200),
        ]
    )
    assert _ids(store.find_startable(NOW, 9)) == ["t-0", "r-0", "r-1", "s-0"]


def test_those_without_a_turn_yet_can_be_left_out(store: Store) -> None:
    store.create_tasks([a_task("r-new", turn=-9), a_task("r-0", turn=0), a_task("r-1", turn=1)])
    assert _ids(store.find_startable(NOW, 9)) == ["r-new", "r-0", "r-1"]
    assert _ids(store.find_startable(NOW, 1, least_turn=0)) == ["r-0"]


def test_one_owner_holds_a_lease_until_it_ends(store: Store, open_store: StoreOpener) -> None:
    other = open_store()
    assert store.take_lease("poll", "me", NOW, later(60))
    assert not other.take_lease("poll", "you", later(59), later(120))
    assert store.take_lease("poll", "me", later(30), later(90)), "its owner holds it longer"
    assert other.take_lease("poll", "you", later(90), later(150)), "over, it is free"
    store.give_back("poll", "me")
    assert not store.take_lease("poll", "me", later(92), later(150)), "nobody gives away another's"
    other.give_back("poll", "you")
    assert store.take_lease("poll", "me", later(93), later(150))
    assert store.take_lease("reconcile", "you", NOW, later(1)), "each name is a lease of its own"


@pytest.mark.parametrize(
    ("minutes", "is_held"), [(1, True), (14, True), (20, True), (21, False), (60 * 24, False)]
)
def test_nobody_waits_for_a_lease_of_a_clock_that_is_far_ahead(
    store: Store, minutes: int, is_held: bool
) -> None:
    assert store.take_lease("poll", "me", NOW, NOW + timedelta(minutes=minutes))
    taken = store.take_lease("poll", "you", NOW, NOW + timedelta(minutes=5))
    assert taken is not is_held


def test_a_document_that_cannot_be_read_blocks_no_other(
    store: DocumentStore, caplog: pytest.LogCaptureFixture
) -> None:
    store.create_tasks([a_task("r-1"), a_task("r-2")])
    odd = {"state": "PLANNED", "not_before": NOW, "priority": 9999, "created_at": NOW, "turn": 0}
    store._database.commit([Create(TASKS, "r-3", {**odd, "plan": "of another release"})])
    assert _ids(store.find_startable(NOW, 9)) == ["r-1", "r-2"]
    assert "a document of tasks" in caplog.text
    # A list that is full says that there may be more: of what can be read.
    assert _ids(store.find_startable(NOW, 1)) == ["r-1"]
    assert _ids(store.find_startable(NOW, 2)) == ["r-1", "r-2"]
    assert set(store.get_tasks(["r-1", "r-3"])) == {"r-1"}


def test_a_task_that_is_put_back_between_two_counts_is_not_taken_for_ended(
    store: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last open task goes from STARTING back to PLANNED, once the planned ones are counted."""
    store.create_tasks([in_state("r-1", TaskState.VERIFIED), in_state("r-2", TaskState.STARTING)])
    count_ = store._database.count

    def count_and_move(query: Query) -> int:
        counted = count_(query)
        if Where("state", "==", TaskState.PLANNED) in query.where:
            task = store.get_tasks(["r-2"])["r-2"]
            store.transition(task, replace(task, state=TaskState.PLANNED), task.version)
        return counted

    monkeypatch.setattr(store._database, "count", count_and_move)
    assert state_of(store.count_tasks_of("r")) is RequestState.RUNNING


def test_the_first_in_line_has_the_lowest_turn_above_none_of_its_priority(store: Store) -> None:
    store.create_tasks(
        [
            a_task("r-through", turn=0, priority=5),  # goes before all turns
            a_task("r-new", turn=-9, priority=5),
            a_task("r-next", turn=3, priority=5),
            a_task("r-behind", turn=4, priority=5),
            a_task("r-parked", turn=1, priority=5, not_before=later(1)),
            a_task("r-urgent", turn=2, priority=6),
            in_state("r-running", TaskState.RUNNING, turn=1, priority=5),
        ]
    )
    first = store.find_first_in_line(5, NOW)
    assert first is not None
    assert first.id == "r-next"
    assert store.find_first_in_line(7, NOW) is None
