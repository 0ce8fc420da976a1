"""What regions make of time: catch-up, edits, pauses, overlaps, budgets; why not, for the rest."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from s1ratio.errors import InvalidRequest
from s1ratio.faults import Fault
from s1ratio.records import Rejection, RequestState
from s1ratio.regions.messages import payload_of
from s1ratio.regions.moves import backfilling, ended, paused, resumed, run_wanted
from s1ratio.regions.reader import stored_region
from s1ratio.regions.spreading import spread
from s1ratio.regions.states import Cause, RefreshState, RegionState, Why
from s1ratio.services.regions.commands import change_region
from tests.support.simulated.regions import RegionWorld, periods, region_data

DAILY = {"cron": "0 3 * * *", "zone": "UTC"}
LAST_WEEK = {"kind": "last_days", "n": 7}


@pytest.fixture
def world(tmp_path: Path):
    made = RegionWorld(tmp_path)
    yield made
    made.close()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def move(world: RegionWorld, how: Any, *args: Any, name: str = "berlin") -> None:
    now = world.clock.now()
    change_region(world.context(), name, lambda record: how(record, now, "me", *args))


def skips(world: RegionWorld) -> list[tuple[str, int]]:
    return [(one.why, one.count) for one in world.history("berlin", "skipped")]


def test_nothing_of_the_past_is_made_and_then_each_month_once(world: RegionWorld) -> None:
    world.apply(region_data())
    world.refresh()
    assert world.topic.messages == []
    world.go_to(at("2024-08-02"))
    world.refresh()
    world.refresh()
    assert periods(world.refreshes()) == [
        ("2024-06-01", "2024-07-01"),
        ("2024-07-01", "2024-08-01"),
    ]
    assert len(world.topic.messages) == 2
    request = world.request(world.refreshes()[0].id)
    assert request.priority == 50
    assert '"region":"berlin"' in request.message


def test_missed_calendar_periods_are_caught_up_oldest_first_twelve_a_tick(
    world: RegionWorld,
) -> None:
    world.apply(region_data(overlap="allow"))
    world.go_to(at("2026-01-15"))
    world.refresh()
    first = [start for start, _ in periods(world.refreshes())]
    assert (first[0], first[-1], len(first)) == ("2024-06-01", "2025-05-01", 12)
    world.clock.sleep(60)
    world.refresh()
    every = [start for start, _ in periods(world.refreshes())]
    assert (every[-1], len(set(every))) == ("2025-12-01", 19)


def test_of_missed_rolling_windows_the_newest_is_made_and_the_others_are_told(
    world: RegionWorld,
) -> None:
    world.apply(region_data(schedule=DAILY, period=LAST_WEEK))
    world.go_to(at("2024-06-20T12:00"))
    world.refresh()
    assert periods(world.refreshes()) == [("2024-06-13", "2024-06-20")]
    assert skips(world) == [(Why.NEWER_WINDOW, 18)]


def test_a_second_firing_in_one_period_is_a_skip(world: RegionWorld) -> None:
    world.apply(region_data(schedule=DAILY))
    world.days(5)
    assert periods(world.refreshes()) == [("2024-05-01", "2024-06-01")]
    assert skips(world) == [(Why.SAME_PERIOD, 1)] * 4


def test_an_edit_fires_nothing_of_the_past_and_tells_what_it_passed_over(
    world: RegionWorld,
) -> None:
    world.apply(region_data())
    world.go_to(at("2024-09-10"))
    world.apply(region_data(schedule={"cron": "0 4 1 * *", "zone": "UTC"}), by="you")
    world.refresh()
    assert world.refreshes() == []
    assert skips(world) == [(Why.EDITED, 3)]
    (edit,) = world.history("berlin", "edited")
    assert (edit.by, "30 2 1" in edit.was, "0 4 1" in edit.became) == ("you", True, True)
    world.go_to(at("2024-10-02"))
    world.refresh()
    assert periods(world.refreshes()) == [("2024-09-01", "2024-10-01")]


FIRED = at("2024-07-01T00:30:00")


@pytest.mark.parametrize("how", ["edit", "resume"])
def test_what_has_just_fired_and_waits_for_its_minute_is_passed_over_and_told(
    world: RegionWorld, how: str
) -> None:
    """Regions that fire at one moment are spread: within these minutes a person may come first."""
    world.apply(region_data())
    assert spread("berlin", timedelta(days=31)) > timedelta(seconds=5)
    if how == "resume":
        move(world, paused, "holidays")
    world.go_to(FIRED + timedelta(seconds=1))
    if how == "resume":
        move(world, resumed, False)
    else:
        world.apply(region_data(schedule={"cron": "0 4 5 * *", "zone": "UTC"}))
    world.days(1)
    assert world.refreshes() == []
    (said,) = world.history("berlin", "skipped")
    why = Why.PAUSED if how == "resume" else Why.EDITED
    assert (said.why, said.first, said.last, said.count) == (why, FIRED, FIRED, 1)


@pytest.mark.parametrize(
    "words", [{"note": "x"}, {"owner": "us"}, {"end": "2030-01-01"}, {"budget": {"requests": 9}}]
)
def test_an_edit_of_words_and_bounds_loses_nothing(
    world: RegionWorld, words: dict[str, Any]
) -> None:
    world.apply(region_data())
    world.go_to(at("2024-07-10"))
    world.apply(region_data(**words))
    world.refresh()
    assert periods(world.refreshes()) == [("2024-06-01", "2024-07-01")]


def test_the_same_file_again_changes_nothing(world: RegionWorld) -> None:
    world.apply(region_data())
    before = world.region()
    world.clock.sleep(9_999)
    world.apply(region_data())
    assert world.region() == before
    assert world.region().version == before.version


@pytest.mark.parametrize("catch_up", [True, False])
def test_resume_asks_whether_to_catch_up(world: RegionWorld, catch_up: bool) -> None:
    world.apply(region_data(overlap="allow"))
    move(world, paused, "holidays")
    world.go_to(at("2024-08-10"))
    world.refresh()
    assert world.refreshes() == []
    assert (world.region().why, world.region().by) == ("holidays", "me")
    move(world, resumed, catch_up)
    world.refresh()
    assert len(world.refreshes()) == (2 if catch_up else 0)
    assert skips(world) == ([] if catch_up else [(Why.PAUSED, 2)])
    told = [(one.was, one.became, one.by) for one in world.history("berlin", "state")]
    assert told == [("ACTIVE", "PAUSED", "me"), ("PAUSED", "ACTIVE", "me")]


def test_it_ends_on_its_day_and_what_fired_before_is_made(world: RegionWorld) -> None:
    world.apply(region_data(end="2024-08-01"))
    world.days(80, timedelta(hours=6))
    assert periods(world.refreshes()) == [("2024-06-01", "2024-07-01")]
    assert world.region().state is RegionState.ENDED
    with pytest.raises(InvalidRequest, match="has ended"):
        move(world, resumed, True)


def test_what_fired_before_the_end_is_made_though_ticks_were_missed(world: RegionWorld) -> None:
    world.apply(region_data(end="2024-08-15"))
    world.go_to(at("2024-09-10"))
    for _ in range(2):
        world.refresh()
        world.clock.sleep(60)
    assert [start for start, _ in periods(world.refreshes())] == ["2024-06-01", "2024-07-01"]
    assert world.region().state is RegionState.ENDED


def open_daily(world: RegionWorld, overlap: str) -> None:
    """A request each day that never ends: Earth Engine takes none of its exports."""
    world.ee.capacity = 0
    world.apply(region_data(schedule=DAILY, period=LAST_WEEK, overlap=overlap))
    world.days(4, timedelta(hours=2))


def test_overlap_allow(world: RegionWorld) -> None:
    open_daily(world, "allow")
    assert len(world.refreshes()) == 4


def test_overlap_skip(world: RegionWorld) -> None:
    open_daily(world, "skip")
    assert len(world.refreshes()) == 1
    assert skips(world) == [(Why.OVERLAP, 1)] * 3


def test_overlap_buffer_one_makes_the_newest_once_the_earlier_has_ended(
    world: RegionWorld,
) -> None:
    open_daily(world, "buffer_one")
    assert len(world.refreshes()) == 1
    assert [one.why for one in world.history("berlin", "held")] == [Why.OVERLAP]
    assert world.region().held is Why.OVERLAP
    world.ee.capacity = 3_000
    world.days(0.5, timedelta(hours=1))
    assert [end for _, end in periods(world.refreshes())] == ["2024-06-02", "2024-06-05"]
    assert skips(world) == [(Why.NEWER_WINDOW, 1)] * 2


def test_a_budget_of_requests_holds_until_the_next_month(world: RegionWorld) -> None:
    world.apply(region_data(schedule=DAILY, period=LAST_WEEK, budget={"requests": 3}))
    world.days(33, timedelta(hours=6))
    made = Counter(f"{one.made_at:%Y-%m}" for one in world.refreshes())
    assert made == {"2024-06": 3, "2024-07": 3}
    held = Counter(one.why for one in world.history("berlin", "held"))
    assert held[Why.BUDGET] == 2


def test_a_budget_of_eecu_counts_what_was_spent_and_the_median_of_what_is_open(
    world: RegionWorld,
) -> None:
    """Each request spends 25 EECU-seconds here; the first has no history to be judged by."""
    world.apply(region_data(schedule=DAILY, period=LAST_WEEK, budget={"eecu_seconds": 80}))
    world.days(8, timedelta(hours=6))
    assert [one.eecu_seconds for one in world.refreshes()] == [25.0] * 3


def test_a_refused_request_breaks_its_region_by_name(world: RegionWorld) -> None:
    world.apply(region_data())
    world.go_to(at("2024-07-02"))
    world.held_back = True
    world.refresh()
    (one,) = world.refreshes()
    fault = Fault("aoi", "area", "too large")
    world.store.reject(Rejection(one.payload_digest, world.clock.now(), (fault,), ""))
    world.clock.sleep(600)
    world.refresh()
    assert world.region().state is RegionState.BROKEN
    assert "too large" in world.region().why
    assert world.refreshes()[0].state is RefreshState.REJECTED


def test_what_was_not_published_is_published_as_it_was(world: RegionWorld) -> None:
    world.apply(region_data())
    world.go_to(at("2024-07-02"))
    world.topic.down = True
    world.refresh()
    assert world.topic.messages == []
    world.topic.down = False
    for _ in range(2):
        world.clock.sleep(600)
        world.refresh()
    (one,) = world.refreshes()
    expected = payload_of(stored_region(world.region().text), one.id, one.days, 50)
    assert [data for data, _ in world.topic.messages] == [expected]
    assert world.request(one.id).state is not RequestState.REJECTED


def test_run_makes_one_now_and_says_where_it_is_there(world: RegionWorld) -> None:
    world.apply(region_data())
    for _ in range(2):
        move(world, run_wanted)
        world.refresh()
    assert [one.cause for one in world.refreshes()] == [Cause.RUN]
    assert [one.why for one in world.history("berlin", "skipped")] == [Why.SAME_PERIOD]
    assert world.region().run_by is None


def test_a_backfill_makes_the_periods_in_its_span_so_many_at_a_time(world: RegionWorld) -> None:
    world.apply(region_data())
    span = (at("2023-12-01").date(), at("2024-05-01").date())
    move(world, backfilling, span, 2)
    world.ee.capacity = 0
    world.refresh()
    world.clock.sleep(900)
    world.refresh()
    assert len(world.refreshes()) == 2
    world.ee.capacity = 3_000
    world.days(1, timedelta(minutes=20))
    made = world.refreshes()
    assert [start[:7] for start, _ in periods(made)] == [
        f"{year}-{month:02}" for year, month in [(2023, 12), *((2024, n) for n in range(1, 5))]
    ]
    assert {world.request(one.id).priority for one in made} == {10}
    assert world.region().backfill is None
    assert [one.why for one in world.history("berlin", "backfill")][-1] == "done"


@pytest.mark.parametrize(
    ("how", "args", "words"),
    [
        (run_wanted, (), "resume it"),
        (backfilling, ((at("2024-01-01").date(), at("2024-02-01").date()), 1), "resume it"),
        (paused, ("",), "can't become PAUSED"),
        (ended, ("",), "can't become ENDED"),
    ],
)
def test_what_an_ended_region_can_not_do_is_said(
    world: RegionWorld, how: Any, args: tuple[Any, ...], words: str
) -> None:
    world.apply(region_data())
    move(world, ended, "enough")
    with pytest.raises(InvalidRequest, match=words):
        move(world, how, *args)


def test_one_regions_trouble_is_its_own(world: RegionWorld) -> None:
    names = [f"r{number}" for number in range(5)]
    world.apply(*(region_data(name) for name in names))
    broken = world.region("r2")
    world.store.commit_regions([_damaged(broken)])
    world.go_to(at("2024-07-02"))
    report = world.refresh()
    assert {one.region_id for name in names for one in world.refreshes(name)} == set(names) - {"r2"}
    assert any("r2" in trouble for trouble in report.troubles)
    world.days(1, timedelta(minutes=30))
    assert world.region("r2").state is RegionState.BROKEN


def _damaged(record: Any) -> Any:
    from dataclasses import replace  # noqa: PLC0415

    return replace(record, text='{"id": "r2"}')


def test_earth_engines_outage_holds_up_no_schedule(world: RegionWorld) -> None:
    world.apply(region_data())
    world.go_to(at("2024-07-02"))
    world.ee.down = True
    report = world.refresh()
    assert len(world.refreshes()) == 1
    assert report.calls == 1
    assert report.troubles


def test_two_ticks_at_once_make_one_request(world: RegionWorld) -> None:
    world.apply(region_data())
    world.go_to(at("2024-07-02"))
    one, two = world.region_context(), world.region_context()
    now = world.clock.now()
    assert world.store.take_lease("regions", one.owner, now, now + timedelta(minutes=5))
    from s1ratio.services.regions.tick import refresh_regions  # noqa: PLC0415

    assert refresh_regions(two).skipped
    world.store.give_back("regions", one.owner)
    refresh_regions(one)
    refresh_regions(two)
    assert len(world.topic.messages) == 1


def test_what_waits_for_an_earlier_request_goes_on_soon_after_that_has_ended(
    world: RegionWorld,
) -> None:
    """Whether or not the region's own record of that request has heard of it."""
    open_daily(world, "buffer_one")
    (first,) = world.refreshes()
    world.ee.capacity = 3_000
    while not world.request(first.id).state.terminal:
        world.clock.sleep(300)
        world.tick(0)
    ended_at = world.clock.now()
    while len(world.refreshes()) == 1:
        world.clock.sleep(60)
        world.refresh()
    assert world.clock.now() - ended_at <= timedelta(minutes=11)
