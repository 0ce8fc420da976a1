"""Which days a firing or a pass asks for, and what its request is called."""

from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter

from s1ratio.regions.days import Days
from s1ratio.regions.kinds import Period
from s1ratio.regions.names import request_id_of, revision_id_of
from s1ratio.regions.periods import period_at, period_of_pass

SINCE = date(2024, 5, 20)
PERIODS = TypeAdapter(Period)


def period(**fields: object) -> Period:
    return PERIODS.validate_python(fields)


@pytest.mark.parametrize(
    ("fields", "fired", "start", "end"),
    [
        ({"kind": "last_days", "n": 12}, "2024-06-13T02:30", "2024-06-01", "2024-06-13"),
        ({"kind": "last_days", "n": 1}, "2024-03-01T00:00", "2024-02-29", "2024-03-01"),
        ({"kind": "last_months", "n": 3}, "2024-05-31T02:30", "2024-02-29", "2024-05-31"),
        ({"kind": "last_months", "n": 12}, "2024-02-29T02:30", "2023-02-28", "2024-02-29"),
        ({"kind": "calendar", "unit": "month"}, "2024-01-15T02:30", "2023-12-01", "2024-01-01"),
        ({"kind": "calendar", "unit": "quarter"}, "2024-05-15T02:30", "2024-01-01", "2024-04-01"),
        ({"kind": "calendar", "unit": "quarter"}, "2024-02-15T02:30", "2023-10-01", "2024-01-01"),
        ({"kind": "calendar", "unit": "year"}, "2024-12-31T23:59", "2023-01-01", "2024-01-01"),
        ({"kind": "since_last"}, "2024-06-13T02:30", "2024-05-20", "2024-06-13"),
        ({"kind": "from_day", "day": "2024-02-01"}, "2024-06-13T23:59", "2024-02-01", "2024-06-13"),
    ],
)
def test_the_days_of_a_firing(fields: dict[str, object], fired: str, start: str, end: str) -> None:
    found = period_at(period(**fields), datetime.fromisoformat(f"{fired}:00+00:00"), SINCE)
    assert found == Days(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("fields", "start", "end"),
    [
        ({"kind": "last_days", "n": 1}, "2024-06-12", "2024-06-13"),
        ({"kind": "last_days", "n": 30}, "2024-05-14", "2024-06-13"),
        ({"kind": "calendar", "unit": "month"}, "2024-06-01", "2024-06-13"),
        ({"kind": "calendar", "unit": "year"}, "2024-01-01", "2024-06-13"),
        ({"kind": "since_last"}, "2024-05-20", "2024-06-13"),
    ],
)
def test_a_pass_is_the_last_day_of_its_period(
    fields: dict[str, object], start: str, end: str
) -> None:
    last_line = datetime(2024, 6, 12, 23, 59, 59, tzinfo=UTC)
    found = period_of_pass(period(**fields), last_line, SINCE)
    assert found == Days(date.fromisoformat(start), date.fromisoformat(end))


def test_what_begins_later_is_empty() -> None:
    at = datetime(2024, 1, 1, tzinfo=UTC)
    assert period_at(period(kind="from_day", day="2024-01-01"), at, SINCE).empty
    assert period_at(period(kind="since_last"), at, SINCE).empty


def test_an_id_follows_from_region_period_fields_and_pass_and_has_forty_characters_at_most() -> (
    None
):
    days = Days(date(2024, 1, 1), date(2024, 2, 1))
    name = request_id_of("a" * 16, days, {"aoi": 1, "angle": "none"}, "")
    assert name == request_id_of("a" * 16, days, {"angle": "none", "aoi": 1}, "")
    assert name.startswith(f"r-{'a' * 16}-240101-240201-")
    others = [
        request_id_of("a" * 16, days, {"aoi": 2, "angle": "none"}, ""),
        request_id_of("a" * 16, days, {"aoi": 1, "angle": "none"}, "C9016"),
        request_id_of("a" * 16, Days(days.start, date(2024, 3, 1)), {"aoi": 1}, ""),
        request_id_of("b" * 16, days, {"aoi": 1, "angle": "none"}, ""),
    ]
    assert len({name, *others}) == 5
    assert len(revision_id_of(name, 9)) == 40
    for number in (1, 10):
        with pytest.raises(ValueError, match="2 to 9"):
            revision_id_of(name, number)
