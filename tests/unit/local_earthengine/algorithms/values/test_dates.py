"""Functions of dates and ranges of dates, against Python's own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import ee
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import World

COMPUTE = World().compute


def test_dates_are_changed_parsed_and_measured() -> None:
    date = ee.Date("2020-02-12T18:30:15")
    assert COMPUTE(date.update(year=2021, day=3).format()) == "2021-02-03T18:30:15"
    assert COMPUTE(date.getFraction("day")) == pytest.approx((18.5 * 3600 + 15) / 86400)
    assert COMPUTE(date.getFraction("year")) == pytest.approx(
        (42 * 86400 + 18.5 * 3600 + 15) / (366 * 86400)
    )
    assert COMPUTE(ee.Date.parse("yyyyMMdd'T'HHmmss", "20200212T183015").millis()) == COMPUTE(
        date.millis()
    )
    assert COMPUTE(ee.Date.parse("dd.MM.YYYY", "12.02.2020", "Europe/Berlin").format()) == (
        "2020-02-11T23:00:00"
    )
    with pytest.raises(EarthEngineError, match=r"Date\.update: Bad date"):
        COMPUTE(date.update(month=2, day=30))
    with pytest.raises(EarthEngineError, match="malformed"):
        COMPUTE(ee.Date.parse("yyyy", "20x0"))


def test_ranges_of_dates_meet_and_join() -> None:
    one = ee.DateRange("2020-01-01", "2020-02-01")
    other = ee.DateRange("2020-01-20", "2020-03-01")
    assert COMPUTE(one.intersection(other).start().format("MM-dd")) == "01-20"
    assert COMPUTE(one.union(other).end().format("MM-dd")) == "03-01"
    assert COMPUTE(one.intersection(ee.DateRange("2021-01-01", "2021-02-01")).isEmpty())
    assert COMPUTE(ee.DateRange.unbounded().isUnbounded())
    assert not COMPUTE(one.isUnbounded())


def value(of: Any) -> Any:
    return World().compute(of)


def millis(*parts: int, zone: str = "UTC") -> int:
    return round(datetime(*parts, tzinfo=ZoneInfo(zone)).timestamp() * 1000)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize("day", [(2020, 2, 29), (1969, 12, 31), (1970, 1, 1), (2021, 7, 4)])
@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Kolkata"])
def test_a_date_of_year_month_and_day_begins_that_day(day: tuple[int, int, int], zone: str) -> None:
    assert value(ee.Date.fromYMD(*day, zone).millis()) == millis(*day, zone=zone)


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(EarthEngineError, match=r"Date.fromYMD") as refusal:
        value(ee.Date.fromYMD(2021, 2, 29))
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    ("unit", "start", "end"),
    [
        ("year", (2020, 1, 1), (2021, 1, 1)), ("month", (2020, 2, 1), (2020, 3, 1)),
        ("day", (2020, 2, 29), (2020, 3, 1)), ("hour", (2020, 2, 29, 23), (2020, 3, 1)),
        ("minute", (2020, 2, 29, 23, 59), (2020, 3, 1)),
        ("second", (2020, 2, 29, 23, 59, 58), (2020, 2, 29, 23, 59, 59)),
    ],
)  # fmt: skip
def test_the_range_of_a_unit_holds_the_date(
    unit: str, start: tuple[int, ...], end: tuple[int, ...]
) -> None:
    found = value(ee.Date("2020-02-29T23:59:58.250").getRange(unit))
    assert found == {"type": "DateRange", "dates": [millis(*start), millis(*end)]}


def test_the_range_of_a_day_in_a_zone_with_its_change_of_the_clock() -> None:
    zone = "America/Los_Angeles"
    found = value(ee.Date("2021-03-14T20:00").getRange("day", zone))["dates"]
    assert found == [millis(2021, 3, 14, zone=zone), millis(2021, 3, 15, zone=zone)]
    assert found[1] - found[0] == 23 * 3_600_000


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("day", "minute", 1440), ("second", "hour", 1 / 3600), ("week", "day", 7),
     ("year", "month", 12), ("day", "day", 1), ("hour", "second", 3600)],
)  # fmt: skip
def test_a_ratio_of_units_is_how_many_fit(one: str, other: str, ratio: float) -> None:
    assert value(ee.Date.unitRatio(one, other)) == pytest.approx(ratio)


SPANS = [(10, 20), (15, 30), (20, 30), (12, 14), (15, 15), (20, 20), (30, 10), (0, 100)]


@pytest.mark.parametrize("one", SPANS)
@pytest.mark.parametrize("other", SPANS)
def test_ranges_meet_if_they_share_an_instant(one: tuple[int, int], other: tuple[int, int]) -> None:
    span = ee.DateRange(*one)
    common = set(range(*one)) & set(range(*other))
    assert bool(value(span.intersects(ee.DateRange(*other)))) == bool(common)
    assert bool(value(span.isEmpty())) == (not range(*one))
    assert value(span.end()) == {"type": "Date", "value": one[1]}


def test_a_range_without_an_end_is_one_millisecond() -> None:
    start = round(datetime(2020, 1, 1, tzinfo=UTC).timestamp() * 1000)
    assert value(ee.DateRange("2020-01-01").end().millis()) == start + 1
    assert not value(ee.DateRange("2020-01-01").isEmpty())
