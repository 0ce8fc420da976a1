"""Backfills of regions that no schedule calls: by their periods, where these follow each other."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from s1ratio.errors import InvalidRequest
from s1ratio.regions.moves import backfilling
from s1ratio.regions.states import Cause
from s1ratio.services.regions.commands import change_region
from tests.support.simulated.regions import RegionWorld, periods, region_data

FRESH: dict[str, Any] = {"trigger": "new_scenes", "schedule": None, "overlap": "allow"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[RegionWorld]:
    made = RegionWorld(tmp_path)
    yield made
    made.close()


def backfill(world: RegionWorld, start: str, end: str, most: int = 9) -> None:
    days, now = (date.fromisoformat(start), date.fromisoformat(end)), world.clock.now()
    change_region(
        world.context(), "berlin", lambda record: backfilling(record, now, "me", days, most)
    )


@pytest.mark.parametrize(
    ("period", "span", "expected"),
    [
        (
            {"kind": "calendar", "unit": "month"},
            ("2024-01-15", "2024-04-10"),
            [
                ("2024-01-01", "2024-02-01"),
                ("2024-02-01", "2024-03-01"),
                ("2024-03-01", "2024-04-01"),
            ],
        ),
        (
            {"kind": "calendar", "unit": "quarter"},
            ("2023-10-01", "2024-04-01"),
            [("2023-10-01", "2024-01-01"), ("2024-01-01", "2024-04-01")],
        ),
        (
            {"kind": "last_days", "n": 12},
            ("2024-04-01", "2024-04-30"),
            [("2024-04-01", "2024-04-13"), ("2024-04-13", "2024-04-25")],
        ),
        (
            {"kind": "last_months", "n": 2},
            ("2023-12-01", "2024-04-01"),
            [("2023-12-01", "2024-02-01"), ("2024-02-01", "2024-04-01")],
        ),
    ],
)
def test_a_region_without_a_schedule_is_backfilled_by_its_period(
    world: RegionWorld, period: dict[str, Any], span: tuple[str, str], expected: list[Any]
) -> None:
    world.apply(region_data(**FRESH, period=period))
    world.go_to(datetime(2024, 6, 1, tzinfo=UTC))
    backfill(world, *span)
    world.days(0.2, timedelta(hours=1))
    made = world.refreshes()
    assert periods(made) == expected
    assert {one.cause for one in made} == {Cause.BACKFILL}
    assert world.region().backfill is None
    backfill(world, *span)  # once more asks for nothing anew
    world.days(0.1, timedelta(hours=1))
    assert periods(world.refreshes()) == expected


def test_so_many_are_open_at_a_time(world: RegionWorld) -> None:
    month = {"kind": "calendar", "unit": "month"}
    world.apply(region_data(**FRESH, period=month))
    world.go_to(datetime(2024, 6, 1, tzinfo=UTC))
    world.ee.capacity = 0
    backfill(world, "2023-01-01", "2024-05-01", 2)
    world.days(0.2, timedelta(hours=1))
    assert len(world.refreshes()) == 2


@pytest.mark.parametrize("period", [{"kind": "from_day", "day": "2024-01-01"}])
def test_periods_that_do_not_follow_each_other_are_refused(
    world: RegionWorld, period: dict[str, Any]
) -> None:
    world.apply(region_data(**FRESH, period=period))
    world.go_to(datetime(2024, 6, 1, tzinfo=UTC))
    with pytest.raises(InvalidRequest, match="from_day"):
        backfill(world, "2024-01-01", "2024-02-01")
