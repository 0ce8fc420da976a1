"""Workers whose clocks are wrong, by minutes or a day, and are put right: no loss, no double."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from s1ratio.errors import QueueFull, QuotaExceeded, TransientFault
from s1ratio.plan import available_from
from s1ratio.services.polling.poll import LEASE, PollReport, poll
from s1ratio.services.storing.requests import request_of
from s1ratio.task import TaskState
from s1ratio.time_marks import TimeMark
from tests.support.simulated import World, message
from tests.support.simulated.starts import ONE, TIMED_OUT, ids, ids_used

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SKEWS = [-DAY, -10 * MINUTE, -5 * MINUTE, 5 * MINUTE, 10 * MINUTE, DAY]
skewed = pytest.mark.parametrize("skew", SKEWS, ids=str)


def tick(world: World, ahead: timedelta) -> PollReport:
    """Let a minute pass, then poll on a machine whose clock is wrong by `ahead`."""
    world.clock.sleep(60)
    return poll(world.context(ahead=ahead))


def take_turns(world: World, skew: timedelta, limit: int = 200) -> None:
    """Poll to the end, by turns on a machine whose clock is right and on one where it is not."""
    for number in range(limit):
        if world.settled():
            return
        tick(world, skew if number % 2 else timedelta())
    raise AssertionError(f"not within {limit} ticks: {world.states()}")


def assert_one_good_export(world: World) -> None:
    world.assert_sound()
    assert set(world.states().values()) == {TaskState.VERIFIED}
    assert [task.run.attempt for task in world.tasks()] == [1] * len(world.tasks())
    assert len(world.ee.made) == len(world.tasks()), "no second operation"


@skewed
def test_good_files_are_verified_whatever_the_machines_clock_says(
    world: World, skew: timedelta
) -> None:
    world.ahead = skew
    world.launch()
    world.until(world.settled, limit=40)
    assert_one_good_export(world)


@skewed
@pytest.mark.parametrize("launches", [True, False], ids=["launches", "polls"])
def test_one_worker_is_wrong_and_the_other_is_right(
    world: World, skew: timedelta, launches: bool
) -> None:
    world.launch(context=world.context(ahead=skew if launches else timedelta()))
    world.ahead = timedelta() if launches else skew
    world.until(world.settled, limit=40)
    assert_one_good_export(world)


@skewed
@pytest.mark.parametrize("late_min", [0, 4])
@pytest.mark.parametrize("launches", [True, False], ids=["launches", "polls"])
def test_a_start_whose_answer_was_lost_is_not_made_twice(
    world: World, skew: timedelta, late_min: int, launches: bool
) -> None:
    """A worker that is ahead sees leases over at once, and the list's grace, too."""
    world.ee.list_delay = late_min * MINUTE
    world.ee.fail_after_next("start", TIMED_OUT)
    first = skew if launches else timedelta()
    world.launch(ONE, world.context(ahead=first))
    take_turns(world, skew, limit=60 if skew < DAY else 200)
    assert_one_good_export(world)
    assert ids_used(world) == ids(1)


@skewed
def test_a_start_whose_id_was_burned_takes_the_next_after_the_grace_of_earth_engines_clock(
    world: World, skew: timedelta
) -> None:
    world.ee.used_ids[ids(1)[0]] = None
    world.launch(ONE, world.context(ahead=skew))
    began = world.clock.now()
    # The right machine alone may have to wait until the lease of a wrong one is over.
    for number in range(40):
        if world.ee.calls["start"] > 1:
            break
        tick(world, timedelta() if number % 2 else skew)
    assert world.clock.now() - began >= 6 * MINUTE, "a grace, and a second list"
    assert ids_used(world) == ids(1, 2)
    take_turns(world, skew)
    assert_one_good_export(world)


@skewed
@pytest.mark.parametrize("after_ticks", [0, 3, 11])
def test_a_clock_that_is_put_right_in_the_middle(
    world: World, skew: timedelta, after_ticks: int
) -> None:
    world.ahead = skew
    world.launch()
    world.ticks(after_ticks)
    world.ahead = timedelta()
    world.until(world.settled, limit=90)
    assert_one_good_export(world)


@skewed
def test_the_grace_of_a_lost_operation_is_earth_engines_time(world: World, skew: timedelta) -> None:
    world.ee.run = DAY
    world.launch(ONE, world.context(ahead=skew))
    world.ticks(5)
    operation = world.operations()[0]
    del world.ee.made[operation.name]
    for number in range(130):
        if world.task().state is TaskState.LOST:
            break
        tick(world, skew if number % 2 else timedelta())
    for number in range(13):
        tick(world, skew if number % 2 else timedelta())
    assert (world.task().state, world.task().run.attempt) == (TaskState.LOST, 1)
    world.ee.put(operation)
    for number in range(40):
        tick(world, skew if number % 2 else timedelta())
    assert (world.task().state, world.task().run.attempt) == (TaskState.RUNNING, 1)
    assert world.ee.calls["start"] == 1


@pytest.mark.parametrize("back", [timedelta(0), 3 * MINUTE, 10 * MINUTE, DAY, 30 * DAY], ids=str)
def test_a_local_earth_engine_may_be_put_back_in_the_middle_of_an_export(
    world: World, back: timedelta
) -> None:
    """Its clock and the bucket's are the laptop's."""
    world.launch(ONE)
    (operation,) = world.operations()
    operation.created_at += back
    world.clock.sleep(300)
    operation.enter("SUCCEEDED", world.clock.now())
    file = operation.file()
    assert file is not None
    world.bucket.write(file, world.clock.now())
    world.until(world.settled, limit=5)
    assert_one_good_export(world)


def broken_start(world: World) -> None:
    world.ee.fail_next("start", TransientFault("Internal error."))
    world.launch()


def full_queue(world: World) -> None:
    world.ee.fail_next("start", QueueFull("Too many tasks already in the queue"))
    world.launch()


def used_up_quota(world: World) -> None:
    world.ee.fail_next("start", QuotaExceeded("Your usage exceeded the custom quota"))
    world.launch()


def search_put_off(world: World) -> None:
    world.ee.fail_next("find_passes", TransientFault("Internal error."))
    world.launch(message(orbits=None))


def bucket_down(world: World) -> None:
    world.bucket.down = True
    world.launch()
    world.ticks(15)
    assert set(world.states().values()) == {TaskState.SUCCEEDED}
    world.bucket.down = False


def retry_put_off(world: World) -> None:
    world.ee.faults.clear()
    world.launch()
    world.ticks(1)
    for operation in world.operations():
        operation.outcome = type(operation.outcome)(error="Internal error.")
        operation.enter("FAILED", world.clock.now())
    world.ticks(1)


WAITS = [broken_start, full_queue, used_up_quota, search_put_off, bucket_down, retry_put_off]


@pytest.mark.parametrize("wait", WAITS, ids=lambda wait: wait.__name__)
def test_what_waits_for_a_time_a_day_ahead_goes_on_when_the_clock_is_put_right(
    world: World, wait: Callable[[World], None], caplog: pytest.LogCaptureFixture
) -> None:
    world.ahead = DAY
    wait(world)
    world.ticks(1)
    world.ahead = timedelta()
    caplog.clear()
    hours = 24 if wait is used_up_quota else 2  # a quota is asked after when it is reset
    world.until(world.settled, limit=hours * 12, minutes=5)
    assert set(world.states().values()) == {TaskState.VERIFIED}
    world.assert_sound()
    assert "a clock is ahead, or was before it was put right" in caplog.text


def test_what_was_launched_a_day_ahead_of_any_tick_goes_on_within_the_hour(world: World) -> None:
    world.set(launch_budget_s=0)
    world.ticks(2)
    world.launch(context=world.context(ahead=DAY))
    assert world.task().place.not_before > world.clock.now() + 23 * 60 * MINUTE
    told: list[str] = []
    for _ in range(90):
        told += world.tick().troubles
    assert_one_good_export(world)
    assert any("a clock wrote which was ahead" in words for words in told), told


def test_a_period_that_is_not_over_is_waited_for_all_the_same(world: World) -> None:
    world.ahead = DAY
    today = world.clock.now().date()
    world.launch(message(start=str(today - DAY), end=str(today + 3 * DAY)))
    waits = world.task().place.not_before
    world.ticks(3)
    world.ahead = timedelta()
    world.ticks(90)
    assert world.task().place.not_before == waits
    assert world.ee.calls["start"] == 0


@pytest.mark.parametrize("orbits", [None, [131]], ids=["searched", "named"])
@pytest.mark.parametrize("end", ["2024-06-02", "2024-06-02T18:00:00Z", "2024-06-03"])
def test_what_is_freed_waits_for_the_end_of_its_period_no_less(
    world: World, end: str, orbits: list[int] | None
) -> None:
    """A clock that was a week ahead held it to be over."""
    world.set(launch_budget_s=0)
    if orbits is None:
        world.ee.fail_next("find_passes", TransientFault("Internal error."))
    world.ticks(2)
    sent = message(start="2024-05-01", end=end, orbits=orbits)
    world.launch(sent, world.context(ahead=7 * DAY))
    calls = world.ee.calls["find_passes"]
    world.ticks(30, minutes=60)
    freed = [task.place.not_before for task in world.tasks()] or [world.request().not_before]
    assert freed == [available_from(request_of(world.request()))]
    assert (world.ee.calls["start"], world.ee.calls["find_passes"]) == (0, calls)


@pytest.mark.parametrize(
    ("ahead", "skipped"),
    [(0, True), (5, True), (10, True), (30, False), (24 * 60, False), (-10, False)],
)
def test_a_tick_waits_for_a_lease_but_not_for_one_of_a_clock_that_is_far_ahead(
    world: World, ahead: int, skipped: bool
) -> None:
    now = world.clock.now() + ahead * MINUTE
    assert world.store.take_lease(LEASE, "killed", now, now + 5 * MINUTE)
    assert world.tick(0).skipped is skipped


@pytest.mark.parametrize(
    "mark", [TimeMark.ROUND, TimeMark.RECONCILED, TimeMark.OPERATIONS, TimeMark.LATE], ids=str
)
@pytest.mark.parametrize("ahead", [10 * MINUTE, DAY, 400 * DAY], ids=str)
def test_a_mark_that_lies_ahead_keeps_nobody_waiting(
    world: World, mark: TimeMark, ahead: timedelta
) -> None:
    world.store.set_time_mark(mark, world.clock.now() + ahead)
    world.launch()
    world.until(world.settled, limit=20)
    world.ticks(80)
    at = world.store.get_time_mark(mark)
    assert at is not None
    assert at <= world.clock.now()


@pytest.mark.parametrize(
    "mark",
    [TimeMark.STARTS_QUEUE, TimeMark.STARTS_OUTAGE, TimeMark.STARTS_REFUSED, TimeMark.STARTS_QUOTA],
    ids=str,
)
def test_a_hold_that_lasts_longer_than_any_that_is_set_now_holds_nothing(
    world: World, mark: TimeMark, caplog: pytest.LogCaptureFixture
) -> None:
    world.store.set_time_mark(mark, world.clock.now() + 2 * DAY)
    world.launch()
    world.until(world.settled, limit=20)
    assert f"the mark '{mark.value}' stands at" in caplog.text


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(), None),
        (timedelta(seconds=40), None),
        (-timedelta(seconds=59), None),
        (10 * MINUTE, "clock is 10 min ahead of Earth Engine's"),
        (-10 * MINUTE, "clock is 10 min behind Earth Engine's"),
        (DAY, "clock is 1440 min ahead of Earth Engine's"),
    ],
)
def test_a_wrong_clock_is_told(world: World, ahead: timedelta, words: str | None) -> None:
    world.ahead = ahead
    world.launch()
    told = " ".join(world.tick().troubles)
    assert (words in told) if words else not told


def test_a_start_is_dated_by_earth_engine_once_it_has_an_operation(world: World) -> None:
    world.ahead = DAY
    world.launch(ONE)
    assert world.task().claim.starting_at == world.clock.now()
    world.ticks(3)
    assert world.task().claim.starting_at == world.operations()[0].created_at
