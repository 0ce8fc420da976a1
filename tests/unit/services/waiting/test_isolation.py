"""One item's trouble is its own: the others of a tick get their turn, and it is told."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from s1ratio.errors import StoreUnavailable, TransientFault
from s1ratio.records import RequestState
from s1ratio.services.polling.poll import poll
from s1ratio.services.requesting.expand import MAX_TRIES
from s1ratio.services.verifying import verdict
from s1ratio.services.waiting.isolation import MAX_UNEXPECTED
from s1ratio.task import Task, TaskState, Trouble, planned
from s1ratio.time_marks import TimeMark
from tests.support.simulated import World, message
from tests.support.simulated.starts import ONE


class Replacing:
    """A port in which some methods are others."""

    def __init__(self, port: Any, **methods: Any) -> None:
        self._port, self._methods = port, methods

    def __getattr__(self, name: str) -> Any:
        return self._methods.get(name) or getattr(self._port, name)


def spoil(world: World, request_id: str) -> None:
    """Make a stored message one that today's rules reject."""
    record = world.request(request_id)
    text = json.dumps(json.loads(record.message) | {"grid": {"crs": "EPSG:999999"}})
    due = replace(record, message=text, resolved=None, not_before=world.clock.now())
    world.store.update_request(due, record.version)


def test_a_request_that_cannot_be_read_again_fails_alone_and_says_why(world: World) -> None:
    world.launch(message(request_id="bad", start="2025-01-01", end="2025-05-01", orbits=None))
    spoil(world, "bad")
    world.set(launch_budget_s=0)
    world.launch(message(request_id="good"))
    assert any("request bad" in trouble for trouble in world.tick().troubles)
    assert world.request("bad").state is RequestState.EXPANDING
    world.until(lambda: world.settled("good"))
    world.until(lambda: world.settled("bad"), minutes=60)
    assert world.request("bad").state is RequestState.FAILED
    assert "ValidationError" in str(world.request("bad").error)


def test_planned_tasks_of_such_a_request_fail_alone(world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch(message(request_id="bad", priority=90))
    spoil(world, "bad")
    world.launch(message(request_id="good", priority=1))
    world.until(lambda: world.settled("good"))
    world.until(lambda: world.settled("bad"), minutes=60)
    assert world.request("bad").tallies == {"FAILED": 2}
    assert "ValidationError" in str(world.task("bad-o131a").trouble.error)


def test_a_planned_task_without_its_request_fails_alone(world: World) -> None:
    world.launch(message(request_id="a"))
    now = world.clock.now()
    ghost = replace(world.task("a-o131a").plan, id="ghost-o131a", request_id="ghost")
    world.store.create_tasks([planned(ghost, now, 9999, now)])
    world.set(launch_budget_s=0)
    world.launch(message(request_id="good"))
    world.until(lambda: world.settled("good"))
    world.until(lambda: world.task("ghost-o131a").ended, minutes=60)
    assert world.task("ghost-o131a").state is TaskState.FAILED
    assert "no record" in str(world.task("ghost-o131a").trouble.error)


def test_an_unexpected_error_of_one_operation_keeps_no_other_from_moving(world: World) -> None:
    world.launch()
    store = world.store

    def transition(task: Task, *args: Any, **named: Any) -> Task:
        if task.id == "r1-o058a":
            raise RuntimeError("odd")
        return store.transition(task, *args, **named)

    world.clock.sleep(3600)
    report = poll(replace(world.context(), store=Replacing(store, transition=transition)))
    assert world.task("r1-o131a").state is TaskState.VERIFIED
    assert any("RuntimeError: odd" in trouble for trouble in report.troubles)
    assert world.request().tallies == {"SUBMITTED": 1, "VERIFIED": 1}  # settled all the same
    world.until(world.settled, limit=70)
    assert world.request().tallies == {"VERIFIED": 2}


def test_an_unexpected_error_of_the_list_keeps_no_file_from_its_verdict(world: World) -> None:
    world.launch(ONE)
    world.bucket.down = True
    world.until(lambda: world.task().state is TaskState.SUCCEEDED)
    world.launch(message(request_id="other"))
    world.bucket.down = False
    world.clock.sleep(3600)

    def operations() -> Iterator[Any]:
        raise AttributeError("'str' object has no attribute 'get'")

    poll(replace(world.context(), earth_engine=Replacing(world.ee, list_operations=operations)))
    assert world.task().state is TaskState.VERIFIED


def test_a_file_that_breaks_the_verifier_fails_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.launch(message(orbits=[1, 2]))
    true = verdict.judge_outputs

    def odd(task: Task, *args: Any) -> Any:
        if task.id == "r1-o001a":
            raise RuntimeError("odd")
        return true(task, *args)

    monkeypatch.setattr(verdict, "judge_outputs", odd)
    world.ticks(20)
    assert world.states() == {"o001a": TaskState.SUCCEEDED, "o002a": TaskState.VERIFIED}
    world.until(world.settled, minutes=60)
    assert world.task("r1-o001a").trouble.error == "RuntimeError: odd"


@pytest.mark.parametrize("before", ["bucket", "verification", "lost", "quota", "unexpected"])
def test_tries_of_another_kind_make_no_unexpected_error_the_last(
    world: World, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    """A bucket that was down for a day has cost many tries: none of them is held against it."""
    world.launch(ONE)
    world.until(lambda: world.task().state is TaskState.RUNNING)
    monkeypatch.setattr(verdict, "judge_outputs", lambda *_: 1 / 0)
    world.until(lambda: world.task().state is TaskState.SUCCEEDED)
    task = world.task()
    tries = MAX_UNEXPECTED - 1
    tried = replace(task, trouble=Trouble(before, "…", tries))
    due = replace(tried, place=task.place.until(world.clock.now()))
    world.store.transition(task, due, task.version)
    world.tick()
    counts = before == "unexpected"
    assert world.task().ended == counts
    assert world.task().trouble.error_class == "unexpected"
    assert world.task().trouble.tries == (0 if counts else 1)


def test_a_start_that_goes_wrong_unexpectedly_sends_no_message_back(world: World) -> None:
    def start(*_: Any) -> str:
        raise KeyError("name")

    context = replace(world.context(), earth_engine=Replacing(world.ee, start=start))
    assert world.launch(context=context).state is RequestState.ACCEPTED
    assert world.task().state is TaskState.STARTING
    world.until(world.settled)
    world.assert_sound()


def test_a_store_that_cannot_be_reached_ends_the_tick(world: World) -> None:
    world.launch()

    def transition(*_: Any, **__: Any) -> Task:
        raise StoreUnavailable("down")

    world.clock.sleep(3600)
    with pytest.raises(StoreUnavailable):
        poll(replace(world.context(), store=Replacing(world.store, transition=transition)))


@pytest.mark.parametrize("bad", [10, 40])
def test_slow_searches_for_orbits_do_not_starve_running_tasks(world: World, bad: int) -> None:
    def passes(_: Any) -> Any:
        world.clock.sleep(60)
        raise TransientFault("Earth Engine did not answer: TimeoutError")

    slow = Replacing(world.ee, find_passes=passes)
    world.set(launch_budget_s=0)
    world.launch(message(request_id="good"))
    world.ee.down = True
    for number in range(bad):
        world.launch(message(request_id=f"bad{number}", orbits=None))
    world.ee.down = False
    began = world.clock.now()
    while not world.settled("good"):
        world.clock.sleep(60)
        poll(replace(world.context(), earth_engine=slow))
        assert (world.clock.now() - began).total_seconds() < 3600


def test_every_open_request_is_counted_page_by_page(world: World) -> None:
    for number in range(120):
        world.launch(message(request_id=f"r{number}", orbits=[131]))
        world.clock.sleep(1)
    for task in [world.task(f"r{number}-o131a") for number in range(120)]:
        ended = task.to(TaskState.FAILED, trouble=Trouble("x", "y"))  # and the tick died here
        world.store.transition(task, ended, task.version)
    world.ticks(1, minutes=15)
    assert all(world.settled(f"r{number}") for number in range(120))


def test_all_operations_are_looked_at_again_if_a_tick_dies_while_it_does(world: World) -> None:
    world.launch(ONE)
    world.ticks(2)

    def tasks(*_: Any) -> Any:
        raise StoreUnavailable("down")

    mark = world.store.get_time_mark(TimeMark.RECONCILED)
    world.clock.sleep(2 * 3600)
    with pytest.raises(StoreUnavailable):
        poll(replace(world.context(), store=Replacing(world.store, get_tasks=tasks)))
    assert world.store.get_time_mark(TimeMark.RECONCILED) == mark


@pytest.mark.parametrize("before", [1, 5, MAX_UNEXPECTED - 1, MAX_UNEXPECTED, 29])
def test_searches_in_vain_make_no_unexpected_error_the_last(world: World, before: int) -> None:
    """Earth Engine did not answer all day: that is not held against who then stumbles."""
    world.ee.fail_next("find_passes", TransientFault("Internal error."))
    world.launch(message(orbits=None))
    record = world.request()
    world.store.update_request(
        replace(record, tries=before, error="…", not_before=world.clock.now()), record.version
    )
    context = replace(world.context(), earth_engine=Replacing(world.ee, find_passes=_odd))
    poll(context)
    stumbled = world.request()
    assert stumbled.state is RequestState.EXPANDING
    assert (stumbled.tries, stumbled.mishaps) == (before, 1)
    assert "RuntimeError: odd" in str(stumbled.error)
    world.until(world.settled)
    assert (world.request().tries, world.request().mishaps) == (0, 0)


@pytest.mark.parametrize("before", [1, 4, 7, MAX_UNEXPECTED - 1])
def test_nor_do_such_errors_make_a_search_in_vain_the_last(world: World, before: int) -> None:
    world.ee.fail_next("find_passes", TransientFault("Internal error."))
    world.launch(message(orbits=None))
    record = world.request()
    tries = MAX_TRIES - 1 - before
    world.store.update_request(
        replace(record, tries=tries, mishaps=before, not_before=world.clock.now()), record.version
    )
    world.ee.fail_next("find_passes", TransientFault("Internal error."))
    world.tick()
    assert world.request().state is RequestState.EXPANDING
    assert (world.request().tries, world.request().mishaps) == (tries + 1, before)


def _odd(*_: Any) -> Any:
    raise RuntimeError("odd")
