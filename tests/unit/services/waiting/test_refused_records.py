"""A record that the store refuses, or that breaks whoever touches it, holds up nobody else.

For every step of a tick: the others get on in the same tick, it is told and counted, put off for
longer each time, and ends as FAILED with a reason. Only a store that can't be reached ends a tick.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from s1ratio.errors import RecordRefused, StoreError, StoreUnavailable
from s1ratio.ports import Store
from s1ratio.records import RequestRecord, RequestState
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.selection import Selection
from s1ratio.services.polling.poll import PollReport, poll
from s1ratio.services.requesting.launch import launch
from s1ratio.task import Task, TaskState
from tests.support.simulated import Outcome, World, message
from tests.unit.services.waiting.test_isolation import Replacing

REFUSALS: dict[str, Callable[[], Exception]] = {
    "too large": lambda: RecordRefused("this RequestRecord takes 1100000 bytes"),
    "refused by the store": lambda: StoreError("the document is invalid"),
    "an error nobody expects": lambda: RuntimeError("odd"),
    "a value that is none": lambda: ValueError("None has no time zone"),
    "a key that is missing": lambda: KeyError("transform"),
}
refusals = pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)


class Refusing:
    """A store that refuses writes of one request's records; small ones it takes, if `but` says."""

    def __init__(
        self, store: Store, bad: str, error: Callable[[], Exception], but: Callable[[Any], bool]
    ) -> None:
        self._store, self._bad, self._error, self._but = store, bad, error, but

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def update_request(self, record: RequestRecord, *args: Any, **named: Any) -> RequestRecord:
        if record.id == self._bad and not self._but(record):
            raise self._error()
        return self._store.update_request(record, *args, **named)

    def transition(self, task: Task, to: Task, *args: Any, **named: Any) -> Task:
        if task.plan.request_id == self._bad and not self._but(to):
            raise self._error()
        return self._store.transition(task, to, *args, **named)

    def create_tasks(self, tasks: Sequence[Task]) -> None:
        if tasks and tasks[0].plan.request_id == self._bad and not self._but(tasks[0]):
            raise self._error()
        self._store.create_tasks(tasks)


def is_note_of_error(record: Any) -> bool:
    """Tell whether this only says what went wrong."""
    if isinstance(record, RequestRecord):
        return record.error is not None
    return record.trouble.error_class == "unexpected"


def tick(world: World, store: Any, minutes: float = 1) -> PollReport:
    world.clock.sleep(minutes * 60)
    return poll(replace(world.context(), store=store))


def until(world: World, store: Any, done: Callable[[], bool], minutes: float = 30) -> None:
    for _ in range(60):
        if done():
            return
        tick(world, store, minutes)
    raise AssertionError(f"never: {world.states('bad')}, {world.request('bad')}")


def to_expand(world: World, bad: str = "bad") -> None:
    """Store two requests that are still to be expanded, the bad one due first."""
    world.ee.down = True
    for name in (bad, "good"):
        world.launch(message(request_id=name, orbits=None))
        world.clock.sleep(1)
    world.ee.down = False
    world.clock.sleep(3600)


@refusals
def test_a_request_that_cannot_be_expanded_holds_up_no_other(
    world: World, refusal: Callable[[], Exception]
) -> None:
    to_expand(world)
    store = Refusing(world.store, "bad", refusal, but=is_note_of_error)
    report = tick(world, store)
    assert world.request("good").state is not RequestState.EXPANDING
    assert any("bad" in trouble for trouble in report.troubles)
    until(world, store, lambda: world.settled("bad"))
    assert world.request("bad").state is RequestState.FAILED
    assert type(refusal()).__name__ in str(world.request("bad").error)
    until(world, store, lambda: world.settled("good"))
    assert world.request("good").state is RequestState.VERIFIED


@refusals
def test_a_request_that_is_given_up_takes_its_open_tasks_along(
    world: World, refusal: Callable[[], Exception]
) -> None:
    """Its tasks are made, but what it comes to by them can't be kept."""

    def can_be_kept(record: Any) -> bool:
        return not isinstance(record, RequestRecord) or record.error is not None

    store = Refusing(world.store, "bad", refusal, but=can_be_kept)
    world.set(max_active=0)
    launch(replace(world.context(), store=store), message(request_id="bad"), "m1")
    until(world, store, lambda: world.settled("bad"), minutes=90)
    assert world.request("bad").state is RequestState.CANCELLED
    assert type(refusal()).__name__ in str(world.request("bad").error)
    assert set(world.states("bad").values()) == {TaskState.CANCELLED}
    assert world.ee.made == {}


@refusals
def test_what_cannot_even_be_put_off_is_told_in_each_tick(
    world: World, refusal: Callable[[], Exception]
) -> None:
    to_expand(world)
    store = Refusing(world.store, "bad", refusal, but=lambda _: False)
    for _ in range(3):
        assert any("bad" in trouble for trouble in tick(world, store).troubles)
    assert world.request("good").state is not RequestState.EXPANDING


def test_fifty_such_requests_do_not_hide_what_comes_after_them(world: World) -> None:
    world.ee.down = True
    for number in range(50):
        world.launch(message(request_id=f"bad{number}", orbits=None))
    world.launch(message(request_id="good", orbits=None))
    world.ee.down = False
    world.clock.sleep(3600)

    def update(record: RequestRecord, *args: Any, **named: Any) -> RequestRecord:
        if record.id.startswith("bad"):
            raise StoreError("the document is invalid")
        return world.store.update_request(record, *args, **named)

    world.set(tick_budget_s=3000)
    tick(world, Replacing(world.store, update_request=update))
    assert world.request("good").state is not RequestState.EXPANDING


def planned(world: World) -> None:
    """Two requests whose tasks are planned; the bad one's go first."""
    world.set(launch_budget_s=0)
    world.launch(message(request_id="bad", priority=90))
    world.launch(message(request_id="good", priority=1))


def not_in_line(world: World) -> None:
    """The same for a period that has just passed: their turns are still to be dealt."""
    for name, priority in (("bad", 90), ("good", 1)):
        world.launch(message(request_id=name, priority=priority, end="2024-06-03"))
    world.clock.sleep(5 * 86_400)


def submitted(world: World) -> None:
    world.launch(message(request_id="bad"))
    world.launch(message(request_id="good", start="2024-01-05"))
    world.clock.sleep(3600)


def succeeded(world: World) -> None:
    """Both have files to be looked at."""
    submitted(world)
    world.bucket.down = True
    world.ticks(3)
    world.bucket.down = False
    assert set(world.states("bad").values()) == {TaskState.SUCCEEDED}
    world.clock.sleep(3600)


def lost(world: World) -> None:
    """Both have operations that Earth Engine does not know any more."""
    world.launch(message(request_id="bad"))
    world.launch(message(request_id="good", start="2024-01-05"))
    for name in ("bad", "good"):
        for task in world.tasks(name):
            words = "is gone"
            gone = task.to(TaskState.LOST, trouble=replace(task.trouble, error=words))
            world.store.transition(task, gone, task.version)
    world.clock.sleep(3 * 3600)


def to_be_cancelled(world: World) -> None:
    planned(world)
    for name in ("bad", "good"):
        record = world.request(name)
        world.store.update_request(replace(record, cancelling="why"), record.version)


def waiting(world: World) -> None:
    """The bad one and the good one wait for the pixels of a third."""
    for name in ("first", "bad", "good"):
        world.launch(message(request_id=name))
    assert world.task("bad-o131a").pixels.waits_for == "first-o131a"
    world.clock.sleep(3600)


def broken(world: World) -> None:
    """Both have starts of whose fate nothing is known."""
    for name, start in (("bad", "2024-01-01"), ("good", "2024-01-05")):
        world.launch(message(request_id=name, start=start))
        for task in world.tasks(name):
            back = replace(task, state=TaskState.STARTING, run=replace(task.run, operation=None))
            claim = replace(task.claim, owner="x", lease_until=world.clock.now())
            world.store.transition(task, replace(back, claim=claim), task.version)
    world.clock.sleep(3600)


STEPS = [planned, not_in_line, submitted, succeeded, lost, to_be_cancelled, waiting, broken]


# Each step and each refusal at once; all pairs of them among the long tests.
PAIRS = [
    pytest.param(
        prepare,
        refusal,
        id=f"{prepare.__name__}, {name}",
        marks=() if (row + column) % 4 == 0 else pytest.mark.soak,
    )
    for row, prepare in enumerate(STEPS)
    for column, (name, refusal) in enumerate(REFUSALS.items())
]


@pytest.mark.parametrize(("prepare", "refusal"), PAIRS)
def test_tasks_that_cannot_be_moved_hold_up_no_others_and_end(
    world: World, prepare: Callable[[World], None], refusal: Callable[[], Exception]
) -> None:
    prepare(world)
    store = Refusing(world.store, "bad", refusal, but=is_note_of_error)
    troubles: list[str] = []
    for _ in range(6):
        troubles += tick(world, store).troubles
        if world.settled("good"):
            break
        world.clock.sleep(600)
    assert world.settled("good"), world.states("good")
    assert any("bad" in trouble for trouble in troubles)
    until(world, store, lambda: all(task.ended for task in world.tasks("bad")))
    assert set(world.states("bad").values()) == {TaskState.FAILED}
    assert all(type(refusal()).__name__ in str(t.trouble.error) for t in world.tasks("bad"))
    until(world, world.store, lambda: world.settled("bad"))
    assert world.request("bad").state is RequestState.FAILED


@pytest.mark.parametrize("prepare", STEPS)
def test_tasks_that_can_never_be_written_hold_up_no_others(
    world: World, prepare: Callable[[World], None]
) -> None:
    prepare(world)
    store = Refusing(world.store, "bad", lambda: StoreError("no"), but=lambda _: False)
    told = 0
    for _ in range(20):
        told += any("bad" in trouble for trouble in tick(world, store, 10).troubles)
        if world.settled("good"):
            break
    assert world.settled("good"), world.states("good")
    assert told


@refusals
def test_a_request_that_cannot_be_counted_holds_up_no_other_and_ends(
    world: World, refusal: Callable[[], Exception]
) -> None:
    submitted(world)

    def find(request_id: str) -> Any:
        if request_id == "bad":
            raise refusal()
        return world.store.find_tasks_of(request_id)

    store = Replacing(world.store, find_tasks_of=find)
    until(world, store, lambda: world.settled("good"), minutes=1)
    until(world, store, lambda: world.settled("bad"))
    assert world.request("bad").state is RequestState.FAILED
    assert type(refusal()).__name__ in str(world.request("bad").error)


def test_a_request_that_could_be_counted_again_forgets_its_error(world: World) -> None:
    submitted(world)

    def find(_: str) -> Any:
        raise RuntimeError("odd")

    tick(world, Replacing(world.store, find_tasks_of=find))
    assert world.request("bad").error == "RuntimeError: odd"
    until(world, world.store, lambda: world.settled("bad"))
    assert (world.request("bad").state, world.request("bad").error) == (RequestState.VERIFIED, None)


@refusals
def test_a_person_s_cancel_reaches_the_others(
    world: World, refusal: Callable[[], Exception]
) -> None:
    planned(world)

    def transition(task: Task, *args: Any, **named: Any) -> Task:
        if task.id == "bad-o058a":
            raise refusal()
        return world.store.transition(task, *args, **named)

    context = replace(world.context(), store=Replacing(world.store, transition=transition))
    cancel(context, Selection(request_id="bad"), "why")
    assert world.states("bad") == {"o058a": TaskState.PLANNED, "o131a": TaskState.CANCELLED}


def test_a_parent_that_cannot_be_ended_keeps_no_part_from_its_end(world: World) -> None:
    world.launch(message(request_id="bad", orbits=[131]))
    (operation,) = world.operations("bad-o131a")
    operation.outcome = Outcome(error="User memory limit exceeded.")
    until(world, world.store, lambda: len(world.tasks("bad")) > 1, minutes=10)

    def transition(task: Task, to: Task, *args: Any, **named: Any) -> Task:
        if to.family.parts and to.result.files:
            raise RecordRefused("this Task takes 1100000 bytes")
        return world.store.transition(task, to, *args, **named)

    store = Replacing(world.store, transition=transition)
    until(world, store, lambda: all(task.ended for task in world.tasks("bad")))
    whole, *parts = world.tasks("bad")
    assert {part.state for part in parts} == {TaskState.VERIFIED}
    assert (whole.state, whole.trouble.error_class) == (TaskState.FAILED, "unexpected")
    assert "1100000 bytes" in str(whole.trouble.error)


@pytest.mark.parametrize("prepare", [*STEPS, to_expand])
def test_a_store_that_cannot_be_reached_ends_the_tick(
    world: World, prepare: Callable[[World], None]
) -> None:
    prepare(world)
    store = Refusing(world.store, "bad", lambda: StoreUnavailable("down"), but=lambda _: False)
    with pytest.raises(StoreUnavailable):
        until(world, store, lambda: world.settled("bad"), 10)


@pytest.mark.parametrize("text", ["e" * 3_000_000, "😀" * 700_000, '"\\\0' * 900_000])
def test_no_error_is_too_long_to_be_kept(world: World, text: str) -> None:
    to_expand(world)
    store = Refusing(world.store, "bad", lambda: RuntimeError(text), but=is_note_of_error)
    assert all(len(trouble) < 3_000 for trouble in tick(world, store).troubles)
    until(world, store, lambda: world.settled("bad"))
    assert len(json.dumps(world.request("bad").error)) < 13_000
