"""Events that are there already when an end is to be told: they hold up no end, in any store."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from s1ratio.errors import Conflict
from s1ratio.ports import Store
from s1ratio.records import Event
from s1ratio.task import TaskState
from tests.contract.conftest import StoreOpener
from tests.contract.records import NOW, a_request, a_task, an_event, in_state, later

Telling = Callable[[Store, list[Event]], None]


def tell_of_a_task(store: Store, events: list[Event]) -> None:
    store.create_tasks([in_state("r1-o131a", TaskState.SUCCEEDED)])
    task = store.get_task("r1-o131a")
    assert task is not None
    ended = in_state("r1-o131a", TaskState.VERIFIED)
    assert store.transition(task, ended, task.version, events).state is TaskState.VERIFIED


def tell_of_a_request(store: Store, events: list[Event]) -> None:
    record = store.create_request(a_request())
    assert store.update_request(replace(record, error="x"), record.version, events).error == "x"


def leave(store: Store, *events: Event) -> None:
    """Leave events of something that is not there any more."""
    other = store.create_request(a_request("other"))
    store.update_request(other, other.version, events)


both = pytest.mark.parametrize("tell_of", [tell_of_a_task, tell_of_a_request])


@both
@pytest.mark.parametrize(
    "times",
    [{}, {"at": later(-86_400)}, {"expire_at": later(60)}, {"at": later(5), "expire_at": NOW}],
    ids=["the same", "older", "with an end", "of other times"],
)
def test_an_event_of_the_same_content_is_not_told_again(
    store: Store, tell_of: Telling, times: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Restored, say, beside a record that was not: the end is the same one."""
    left = replace(an_event("e1", state="VERIFIED"), **times)
    leave(store, left)
    with caplog.at_level(logging.WARNING):
        tell_of(store, [an_event("e1", state="VERIFIED"), an_event("e2")])
    assert {event.id: event.at for event in store.find_events_of("r1")} == {
        "e1": left.at,
        "e2": NOW,
    }
    assert caplog.records == []


@both
@pytest.mark.parametrize(
    "left",
    [
        an_event("e1", state="EMPTY"),
        an_event("e1"),
        an_event("e1", state="VERIFIED", files=["a.tif"]),
        replace(an_event("e1", state="VERIFIED"), kind="request"),
        an_event("e1", "r2", state="VERIFIED"),
    ],
    ids=["another state", "without data", "with files", "another kind", "another request"],
)
def test_an_event_of_other_content_stays_and_the_new_one_takes_a_further_id(
    store: Store, tell_of: Telling, left: Event, caplog: pytest.LogCaptureFixture
) -> None:
    leave(store, left)
    new = an_event("e1", state="VERIFIED")
    with caplog.at_level(logging.WARNING):
        tell_of(store, [new])
    told = {e.id: e for e in (*store.find_events_of("r1"), *store.find_events_of("r2"))}
    further = "e1.20240506T070809123457"
    assert told == {"e1": left, further: replace(new, id=further)}
    assert [line.getMessage() for line in caplog.records] == [
        f"trouble: event e1 is in the store already, of another content: the new one is {further}"
    ]


def test_a_further_id_may_be_taken_too(store: Store) -> None:
    further = "e1.20240506T070809123457"
    leave(store, an_event("e1", state="EMPTY"), an_event(further, state="EMPTY"))
    tell_of_a_request(store, [an_event("e1", state="VERIFIED")])
    ids = [event.id for event in store.find_events_of("r1")]
    assert ids == ["e1", further, f"{further}.20240506T070809123457"]


@pytest.mark.parametrize("state", ["VERIFIED", "EMPTY"], ids=["same content", "other content"])
def test_a_lost_race_is_told_apart(
    store: Store, open_store: StoreOpener, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Another worker has stored the end, with its event: nothing is written, nothing told."""
    store.create_tasks([in_state("r1-o131a", TaskState.SUCCEEDED)])
    task = store.get_task("r1-o131a")
    assert task is not None
    ended = in_state("r1-o131a", TaskState.VERIFIED)
    open_store().transition(task, ended, task.version, [an_event("e1", state="VERIFIED")])
    with caplog.at_level(logging.WARNING), pytest.raises(Conflict):
        store.transition(task, ended, task.version, [an_event("e1", state=state)])
    assert [event.data["state"] for event in store.find_events_of("r1")] == ["VERIFIED"]
    assert caplog.records == []


def test_parts_that_are_there_already_hold_up_no_split(store: Store) -> None:
    """The parts of a task that was split, restored as it was before: they stay as they are."""
    left = a_task("r1-o131a-q1", state=TaskState.VERIFIED)
    store.create_tasks([in_state("r1-o131a", TaskState.RUNNING), left])
    task = store.get_task("r1-o131a")
    assert task is not None
    split = in_state("r1-o131a", TaskState.SPLIT, parts=4)
    children = [a_task(f"r1-o131a-q{number}") for number in range(4)]
    store.transition(task, split, task.version, [an_event("e1")], children=children)
    found = {task.id: task.state for task in store.find_tasks_of("r1")}
    assert found.pop("r1-o131a-q1") is TaskState.VERIFIED
    assert found.pop("r1-o131a") is TaskState.SPLIT
    assert list(found.values()) == [TaskState.PLANNED] * 3
