"""Something is gone for hours or days, while messages arrive: then all is done, nothing wasted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import EarthEngineFault, StoreUnavailable
from s1ratio.records import RequestState
from s1ratio.services.polling.poll import poll
from s1ratio.services.waiting.admission import OUTAGE_PAUSE
from s1ratio.task import TaskState
from tests.support.simulated import World, message
from tests.support.simulated.earth_engine import TIMEOUT
from tests.support.simulated.starts import TIMED_OUT

TICK_MIN = 5
DAYS = 80  # hours, of which fewer ticks are simulated
TIMES_OUT = fault_of(TIMEOUT)
BREAKS = fault_of("Internal error.", 500)


class Traffic:
    """Messages that keep arriving, each for other pixels, every other one to find its orbits."""

    def __init__(self, world: World, hours: float) -> None:
        self.world = world
        self.tick_min, self.message_min = (5, 60) if hours < DAYS else (20, 240)
        self.ids: list[str] = []

    def message(self) -> bytes:
        """Return the next message."""
        number = len(self.ids)
        self.ids.append(f"t{number}")
        orbits = None if number % 2 else [58, 131]
        west = 13 + number / 10
        aoi = {"bbox": [west, 52.0, west + 0.02, 52.02]}
        return message(request_id=self.ids[-1], orbits=orbits, aoi=aoi)

    def flow(self, hours: float) -> None:
        """Let that much time pass: ticks, and messages in between."""
        world = self.world
        end = world.clock.now() + timedelta(hours=hours)
        arrives = world.clock.now()
        while world.clock.now() < end:
            if world.clock.now() >= arrives:
                world.launch(self.message())
                arrives += timedelta(minutes=self.message_min)
            world.tick(self.tick_min)

    def all_settled(self) -> bool:
        """Tell whether every request has ended."""
        return all(self.world.settled(name) for name in self.ids)

    def assert_nothing_was_wasted(self) -> None:
        """Fail unless each task was exported once, at its first attempt, and verified."""
        world = self.world
        tasks = [task for name in self.ids for task in world.tasks(name)]
        assert len(tasks) == 2 * len(self.ids)
        for name in self.ids:
            assert world.request(name).state is RequestState.VERIFIED, world.request(name)
            world.assert_sound(name)
        ends = {(task.state, task.run.attempt, task.run.retries) for task in tasks}
        assert ends == {(TaskState.VERIFIED, 1, 0)}
        assert len([op for op in world.ee.current() if op.survives]) == len(tasks)


@contextmanager
def gone(world: World, fault: EarthEngineFault) -> Iterator[None]:
    """Let Earth Engine be gone: each call fails so, a timeout after its deadline."""
    world.ee.down, world.ee.down_says = True, fault
    world.ee.timeout_s = world.settings.post_deadline_s if fault is TIMES_OUT else 0.0
    yield
    world.ee.down = False


@pytest.mark.parametrize("hours", [3, DAYS])
@pytest.mark.parametrize("fault", [TIMES_OUT, BREAKS], ids=["timeouts", "errors"])
def test_earth_engine_is_gone_and_comes_back(
    world: World,
    fault: EarthEngineFault,
    hours: int,
    record_property: Callable[[str, object], None],
) -> None:
    traffic = Traffic(world, hours)
    traffic.flow(2)
    world.ee.calls.clear()
    with gone(world, fault):
        traffic.flow(hours)
        calls = sum(world.ee.calls.values())
    began = world.clock.now()
    world.until(traffic.all_settled, limit=40, minutes=TICK_MIN)
    traffic.assert_nothing_was_wasted()
    took = world.clock.now() - began
    assert took < timedelta(hours=1.5)
    # A tick asks for the list, or for the passes of one request and then for the list; a launch
    # may come when a silence is just over.
    assert calls <= 2 * (hours * 60 / traffic.tick_min + hours * 60 / traffic.message_min)
    figures = f"{fault.__class__.__name__}, {hours} h: {calls} calls, all done {took} after it"
    record_property("figures", figures)


def test_while_it_is_gone_a_tick_fails_fast(world: World) -> None:
    world.launch(message(orbits=list(range(1, 31))))
    world.set(launch_budget_s=0)
    world.launch(message(request_id="r2", orbits=list(range(31, 61))))
    with gone(world, TIMES_OUT):
        for _ in range(20):
            began = world.clock.now()
            poll(world.context())
            assert world.clock.now() - began <= timedelta(seconds=60)
            world.clock.sleep(60)


def test_it_goes_while_starts_are_posted(world: World) -> None:
    """The first POSTs are taken though they time out, then nothing answers: no start is lost."""
    world.ee.fail_after_next("start", *[TIMED_OUT] * 2)
    world.ee.fail_next("start", None, None, TIMED_OUT)
    world.launch(message(orbits=list(range(1, 11))))
    assert world.ee.calls["start"] == 3  # three in a row: the rest waits
    with gone(world, TIMES_OUT):
        world.ticks(12 * 60 // TICK_MIN, minutes=TICK_MIN)
        assert world.ee.calls["start"] == 3
    world.until(world.settled, minutes=TICK_MIN)
    assert {(task.state, task.run.attempt) for task in world.tasks()} == {(TaskState.VERIFIED, 1)}
    assert len(world.ee.current()) == 10
    world.assert_sound()


def test_three_starts_that_break_end_a_run_but_hold_up_nobody_while_the_list_is_told(
    world: World,
) -> None:
    """What breaks may be the task's own: the others get their turn at the next tick."""
    world.ee.fail_next("start", *[BREAKS] * 3)
    assert world.launch(message(orbits=list(range(1, 11)))).started == 0
    assert world.ee.calls == {"start": 3, "list_operations": 1}
    assert world.tick().started == 7


def test_a_silence_ends_with_the_first_answer(world: World) -> None:
    world.launch(message(orbits=[1]))
    with gone(world, BREAKS):
        assert "does not answer" not in str(world.tick().held)  # nobody was in line
        world.launch(message(request_id="r2", orbits=[2]))
        assert "does not answer" in str(world.tick().held)
    assert world.tick(0.1).started == 1
    assert timedelta(minutes=1) < OUTAGE_PAUSE


@pytest.mark.parametrize("fault", [TIMES_OUT, BREAKS], ids=["timeouts", "errors"])
def test_a_request_outlives_an_outage_in_which_nothing_else_is_asked(
    world: World, fault: EarthEngineFault
) -> None:
    """No task is active, so nobody asks for the list: the searches for passes fail alone."""
    with gone(world, fault):
        world.launch(message(orbits=None))
        world.ticks(4 * DAYS, minutes=15)
        assert world.request().state is RequestState.EXPANDING
        assert 2 * DAYS < world.ee.calls["find_passes"] <= 4 * DAYS + 1
    world.until(world.settled, limit=10, minutes=15)
    assert world.request().state is RequestState.VERIFIED
    assert {task.run.attempt for task in world.tasks()} == {1}


def test_passes_that_never_come_are_given_up_only_while_earth_engine_answers(
    world: World,
) -> None:
    world.launch(message(request_id="other", orbits=[1]))
    world.ee.fail_next("find_passes", *[BREAKS] * 100)
    world.launch(message(orbits=None))
    world.until(world.settled, limit=48, minutes=60)
    assert world.request().state is RequestState.FAILED
    assert world.request().error == "Internal error."


def test_the_bucket_is_gone_and_comes_back(world: World) -> None:
    traffic = Traffic(world, DAYS)
    traffic.flow(1)
    world.bucket.down = True
    lists = world.bucket.lists
    traffic.flow(DAYS)
    probes = DAYS / 6 + 1  # every six hours: whether it is the bucket, or one file
    assert world.bucket.lists - lists <= DAYS * 60 / traffic.tick_min + probes
    world.bucket.down = False
    world.until(traffic.all_settled, limit=100, minutes=TICK_MIN)
    traffic.assert_nothing_was_wasted()


class _Gone:
    """A store that does not answer."""

    def __getattr__(self, name: str) -> Any:
        def call(*_: Any, **__: Any) -> Any:
            raise StoreUnavailable(f"no answer to {name}")

        return call


def test_the_store_is_gone_and_comes_back(world: World) -> None:
    """Messages are sent back for as long, and nothing is asked of Earth Engine."""
    traffic = Traffic(world, DAYS)
    traffic.flow(1)
    calls = sum(world.ee.calls.values())
    lost: Any = _Gone()
    undelivered: list[bytes] = []
    for _ in range(12 * DAYS):
        if len(undelivered) < 20:
            undelivered.append(traffic.message())
        with pytest.raises(StoreUnavailable):
            world.launch(undelivered[-1], replace(world.context(), store=lost))
        with suppress(StoreUnavailable):
            poll(replace(world.context(), store=lost))
        world.clock.sleep(TICK_MIN * 60)
    assert sum(world.ee.calls.values()) == calls
    for payload in undelivered:
        world.launch(payload)
    world.until(traffic.all_settled, limit=50, minutes=TICK_MIN)
    traffic.assert_nothing_was_wasted()
