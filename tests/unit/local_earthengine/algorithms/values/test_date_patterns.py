"""Dates written and read by Joda's patterns; expected values by its documentation and samples."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ee
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import World

MOMENT = "1975-07-23T21:13:59"


def value(of: Any) -> Any:
    return World().compute(of)


@pytest.mark.parametrize(
    ("pattern", "zone", "expected"),
    [
        ("YYYY GG", None, "1975 AD"),
        ("CC YY", None, "19 75"),
        ("xxxx ww", None, "1975 30"),
        ("yy DDD", None, "75 204"),
        ("MM dd", None, "07 23"),
        ("M MMM MMMM", None, "7 Jul July"),
        ("e E", None, "3 Wed"),
        ("e EEEEEEEE", None, "3 Wednesday"),
        ("a K h", None, "PM 9 9"),
        ("a KK hh", None, "PM 09 09"),
        ("H k m s S", None, "21 21 13 59 0"),
        ("HH kk mm ss SS", None, "21 21 13 59 00"),
        ("z", None, "UTC"),
        ("zzzz", None, "Coordinated Universal Time"),
        ("z", "PST8PDT", "PDT"),
        ("zzzz", "PST8PDT", "Pacific Daylight Time"),
        ("Z", None, "+0000"),
        ("ZZ", None, "+00:00"),
        ("ZZZ", None, "UTC"),
        ("Z", "PST8PDT", "-0700"),
        ("ZZ", "PST8PDT", "-07:00"),
        ("ZZZ", "PST8PDT", "PST8PDT"),
        ("YY 'yada' MM", None, "75 yada 07"),
        ("YY ''MM'' dd", None, "75 '07' 23"),
        ("'o''clock' HH", None, "o'clock 21"),
        ("''''", None, "''"),
        ("'never ended yyyy", None, "never ended yyyy"),
        ("yyyyMMdd'T'HHmmss", None, "19750723T211359"),
        ("yyyy_MM-dd.HH:mm", "+05:30", "1975_07-24.02:43"),
        (None, "Etc/GMT-10", "1975-07-24T07:13:59"),
        ("HH kk KK hh a", "+03:00", "00 24 00 12 AM"),
    ],
)
def test_a_date_is_written_as_joda_writes_it(
    pattern: str | None, zone: str | None, expected: str
) -> None:
    assert value(ee.Date(MOMENT).format(pattern, zone)) == expected


def test_the_year_of_a_week_is_not_always_that_of_its_days() -> None:
    assert value(ee.Date("2021-01-02T00:00:00.250").format("xxxx-ww-e SSS")) == "2020-53-6 250"
    assert value(ee.Date("2021-01-02").format("YYYY")) == "2021"


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("YYYY MM dd", "2021 4 30", "2021-04-30T00:00:00"),
        ("YYYY-MM-dd", "2021-4-30", "2021-04-30T00:00:00"),
        ("MM/dd/YY", "4/30/21", "2021-04-30T00:00:00"),
        ("MMM. dd, YYYY", "Apr. 30, 2021", "2021-04-30T00:00:00"),
        ("YYYY-MM-dd HH:mm:ss", "2021-4-30 00:00:00", "2021-04-30T00:00:00"),
        ("yyyyMMdd'T'HHmmss", "20200212T183015", "2020-02-12T18:30:15"),
        ("yyyyDDD", "2020060", "2020-02-29T00:00:00"),
        ("dd MMMM yyyy", "3 march 2019", "2019-03-03T00:00:00"),
        ("EEE, d MMM yyyy h:mm a", "Tue, 5 Feb 2019 12:07 am", "2019-02-05T00:07:00"),
        ("yyyy-MM-dd'T'HH:mm:ssZ", "2020-01-01T00:30:00+0100", "2019-12-31T23:30:00"),
        ("yyyy-MM-dd'T'HH:mm:ss.SSSZZ", "2020-01-01T00:00:00.5-01:30", "2020-01-01T01:30:00"),
        ("HH:mm", "10:45", "1970-01-01T10:45:00"),
        ("MM-dd", "02-29", "2000-02-29T00:00:00"),
        ("yyyy", "1999", "1999-01-01T00:00:00"),
        ("yyyy", "21", "0021-01-01T00:00:00"),
        ("'o''clock' k", "o'clock 24", "1970-01-01T00:00:00"),
        ("xxxx'W'ww-e", "2020W53-6", "2021-01-02T00:00:00"),
        ("d|M|y", "1|2|2003", "2003-02-01T00:00:00"),
    ],
)
def test_a_text_is_read_as_joda_reads_it(pattern: str, text: str, expected: str) -> None:
    assert value(ee.Date.parse(pattern, text).format()) == expected


def test_two_digits_are_the_year_that_is_at_most_eighty_years_ago() -> None:
    first = datetime.now(UTC).year - 80
    for year in (first, first + 50, first + 99):
        found = value(ee.Date.parse("yy-MM-dd", f"{year % 100:02d}-03-04").format("yyyy"))
        assert int(found) == year


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("yyyy-MM-dd", "2021-13-01"),
        ("yyyy-MM-dd", "2021-02-30"),
        ("yyyy-MM-dd", "2021-02-03x"),
        ("yyyyMMdd", "202102031"),
        ("hh a", "13 PM"),
        ("D yyyy", "400 2020"),
        ("yyyy 'x'", "2020 y"),
        ("MMM", "Foo"),
    ],
)
def test_a_text_that_a_pattern_does_not_fit_is_refused(pattern: str, text: str) -> None:
    with pytest.raises(EarthEngineError, match=r"Date\.parse: Invalid format: .*malformed"):
        value(ee.Date.parse(pattern, text))


@pytest.mark.parametrize("make", [lambda p: ee.Date(0).format(p), lambda p: ee.Date.parse(p, "1")])
@pytest.mark.parametrize("pattern", ["yyyy-tt", "QQ", "T", "dd/MM/yyyyTHH"])
def test_a_letter_that_means_nothing_is_refused(make: Any, pattern: str) -> None:
    with pytest.raises(EarthEngineError, match=r"Date\.\w+: Illegal pattern component: [tQT]"):
        value(make(pattern))
