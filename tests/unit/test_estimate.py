"""Estimates from history: what counts, what scales, and where there is none."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from s1ratio import estimate as estimates
from s1ratio.estimate import Sample, estimate, passes_of, sample_of, work_of
from s1ratio.orbits import expected_passes
from s1ratio.task import Task, TaskState
from tests.contract.records import a_task
from tests.support.task_fields import with_fields
from tests.unit.imagery.messages import request_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _samples(*rates: float, amount: float = 100.0) -> list[Sample]:
    return [Sample(amount, rate * amount, rate / 10 * amount) for rate in rates]


@pytest.mark.parametrize("count", [0, 1, 4])
def test_too_few_are_no_history(count: int) -> None:
    assert estimate([100.0], _samples(*range(1, count + 1))) is None


def test_nothing_to_do_has_no_estimate() -> None:
    assert estimate([], _samples(1, 2, 3, 4, 5)) is None


def test_the_median_and_the_ninetieth_percentile_of_like_tasks() -> None:
    found = estimate([100.0], _samples(*range(1, 12)))
    assert found is not None
    assert (found.eecu_s.median, found.eecu_s.p90) == (600, 1000)
    assert (found.hours.median, found.hours.p90) == (60, 100)
    assert found.samples == 11


def test_tasks_add_up_in_eecu_and_the_longest_counts_in_hours() -> None:
    known = _samples(1, 1, 1, 1, 1)
    found = estimate([100.0, 100.0, 400.0], known)
    assert found is not None
    assert found.eecu_s.median == pytest.approx(600)
    assert found.hours.median == pytest.approx(40)


def test_those_of_a_like_size_count_if_there_are_enough() -> None:
    large, small = _samples(*[1] * 9, amount=1e6), _samples(*[50] * 5, amount=10.0)
    of_small, of_few = estimate([12.0], large + small), estimate([12.0], large + small[:4])
    assert of_small is not None
    assert of_few is not None
    assert of_small.eecu_s.median == pytest.approx(600)
    assert of_few.eecu_s.median == pytest.approx(12)


def test_order_does_not_matter() -> None:
    known = _samples(5, 1, 4, 2, 3, 9)
    assert estimate([7.0, 3.0], known) == estimate([3.0, 7.0], known[::-1])


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({}, "focal_median-10px"),
        ({"grid": {"crs": "utm", "scale": 50}}, "focal_median-2px"),
        ({"speckle": {"filter": "focal_median", "radius_m": 30}}, "focal_median-3px"),
        ({"speckle": {"filter": "boxcar", "size_px": 5}}, "boxcar-5px"),
        ({"speckle": {"filter": "none"}}, "none"),
    ],
)
def test_like_tasks_have_one_word(fields: dict[str, Any], word: str) -> None:
    assert work_of(request_of(**fields)) == word


@pytest.mark.parametrize(
    ("platforms", "period", "days"),
    [
        ("A", ("2020-01-01", "2020-01-13"), 12),
        ("AB", ("2020-01-01", "2020-01-13"), 24),
        ("AB", ("2021-12-01", "2022-01-01"), 31 + 22),
        ("ABCD", ("2014-01-01", "2014-10-05"), 2),
        ("C", ("2026-06-01", "2026-07-01"), 7 + 7),
        ("D", ("2020-01-01", "2021-01-01"), 0),
    ],
)
def test_passes_follow_from_the_calendar_of_the_fleet(
    platforms: str, period: tuple[str, str], days: int
) -> None:
    start, end = map(date.fromisoformat, period)
    assert expected_passes(platforms, start, end) == pytest.approx(days / 12)


def test_passes_of_a_request_are_those_of_its_period() -> None:
    request = request_of(start="2020-01-01", end="2020-03-01", platforms=["A"])
    assert passes_of(request) == pytest.approx(60 / 12)


def _verified(**fields: Any) -> Task:
    common = {"eecu_seconds": 60.0, "starting_at": NOW, "passes": 4.0, "work": "none"}
    more = {"succeeded_at": NOW + timedelta(minutes=90)}
    return replace(with_fields(a_task(), **common, **more, **fields), state=TaskState.VERIFIED)


def test_a_verified_task_is_a_sample() -> None:
    task = _verified()
    assert sample_of(task) == Sample(task.plan.grid.pixels * 4.0, 60.0, 1.5)


@pytest.mark.parametrize(
    "fields",
    [
        {"eecu_seconds": None},
        {"succeeded_at": None},
        {"starting_at": None},
        {"passes": None},
        {"same_as": "another"},
        {"starting_at": NOW + timedelta(days=1)},
    ],
)
def test_what_does_not_tell_is_none(fields: dict[str, Any]) -> None:
    assert sample_of(with_fields(_verified(), **fields)) is None


def test_what_failed_is_none() -> None:
    assert sample_of(replace(_verified(), state=TaskState.FAILED)) is None


def test_every_filter_of_a_message_is_a_kind_of_work() -> None:
    with pytest.raises(NotImplementedError):
        estimates._filter("new", 1.0)
