"""Functions of text, dates and ranges of dates, against Python's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import ee
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.earthengine.world import World

DATA = {"a": [1, 2.5, "x"], "b": {"c": None}}


def value(of: Any) -> Any:
    return World().compute(of)


def millis(*parts: int, zone: str = "UTC") -> int:
    return round(datetime(*parts, tzinfo=ZoneInfo(zone)).timestamp() * 1000)  # type: ignore[arg-type, misc]


TEXT: dict[str, tuple[Callable[[], Any], Any]] = {
    "less": (lambda: ee.String("S1A").compareTo("S1B"), -1),
    "more": (lambda: ee.String("b").compareTo("abc"), 1),
    "the same": (lambda: ee.String("VV").compareTo("VV"), 0),
    "no text is less": (lambda: ee.String("").compareTo("a"), -1),
    "capitals come first": (lambda: ee.String("a").compareTo("B"), 1),
    "length": (lambda: ee.String("S1A_IW").length(), 6),
    "no length": (lambda: ee.String("").length(), 0),
    "first place": (lambda: ee.String("a_b_c").index("_"), 1),
    "last place": (lambda: ee.String("a_b_c").rindex("_"), 3),
    "no first place": (lambda: ee.String("abc").index("x"), -1),
    "no last place": (lambda: ee.String("abc").rindex("x"), -1),
    "small": (lambda: ee.String("VV_Mean1").toLowerCase(), "vv_mean1"),
    "capital": (lambda: ee.String("vv_Mean1").toUpperCase(), "VV_MEAN1"),
    "trimmed": (lambda: ee.String(" \t a b \n").trim(), "a b"),
    "a match": (lambda: ee.String("S1A_2020_S1B").match("S1[AB]"), ["S1A"]),
    "all matches": (lambda: ee.String("S1A_2020_S1B").match("S1[AB]", "g"), ["S1A", "S1B"]),
    "no match": (lambda: ee.String("S1A").match("s1a"), []),
    "a match in any case": (lambda: ee.String("S1A").match("s1a", "i"), ["S1A"]),
    "groups": (lambda: ee.String("20200304").match("(\\d{4})(\\d\\d)"), ["202003", "2020", "03"]),
    "from JSON": (lambda: ee.String(json.dumps(DATA)).decodeJSON(), DATA),
    "a number from JSON": (lambda: ee.String("-1.5e3").decodeJSON(), -1500),
    "there and back": (lambda: ee.String(ee.String.encodeJSON(DATA)).decodeJSON(), DATA),
}


@pytest.mark.parametrize("case", TEXT)
def test_text(case: str) -> None:
    make, expected = TEXT[case]
    assert value(make()) == expected


def test_json_reads_as_json() -> None:
    assert json.loads(value(ee.String.encodeJSON(ee.Dictionary(DATA)))) == DATA
    assert json.loads(value(ee.String.encodeJSON(ee.List([1, "a"])))) == [1, "a"]
    with pytest.raises(EarthEngineError, match="JSON"):
        value(ee.String("{").decodeJSON())


@pytest.mark.parametrize("day", [(2020, 2, 29), (1969, 12, 31), (1970, 1, 1), (2021, 7, 4)])
@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Kolkata"])
def test_from_year_month_and_day(day: tuple[int, int, int], zone: str) -> None:
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
def test_the_range_of_a_unit(unit: str, start: tuple[int, ...], end: tuple[int, ...]) -> None:
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
def test_unit_ratio(one: str, other: str, ratio: float) -> None:
    assert value(ee.Date.unitRatio(one, other)) == pytest.approx(ratio)


SPANS = [(10, 20), (15, 30), (20, 30), (12, 14), (15, 15), (20, 20), (30, 10), (0, 100)]


@pytest.mark.parametrize("one", SPANS)
@pytest.mark.parametrize("other", SPANS)
def test_ranges_against_their_instants(one: tuple[int, int], other: tuple[int, int]) -> None:
    span = ee.DateRange(*one)
    common = set(range(*one)) & set(range(*other))
    assert bool(value(span.intersects(ee.DateRange(*other)))) == bool(common)
    assert bool(value(span.isEmpty())) == (not range(*one))
    assert value(span.end()) == {"type": "Date", "value": one[1]}


def test_a_range_without_an_end_is_one_millisecond() -> None:
    start = round(datetime(2020, 1, 1, tzinfo=UTC).timestamp() * 1000)
    assert value(ee.DateRange("2020-01-01").end().millis()) == start + 1
    assert not value(ee.DateRange("2020-01-01").isEmpty())
