"""The bounds of a period: days as ever, and date-times of RFC 3339 with any offset."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from s1ratio.plan import available_from
from s1ratio.request import Limits
from s1ratio.request.moments import count_days, days_around, read_moment, text_of
from s1ratio.request.reader import stored_request
from tests.support.messages import message, read, refused


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("2026-08-16", "2026-08-16"),
        ("2026-08-16T10:00:00Z", "2026-08-16T10:00:00"),
        ("2026-08-16t10:00:00z", "2026-08-16T10:00:00"),
        ("2026-08-16T12:00:00+02:00", "2026-08-16T10:00:00"),
        ("2026-08-16T04:30:00-05:30", "2026-08-16T10:00:00"),
        ("2026-08-16T23:30:00-01:00", "2026-08-17T00:30:00"),
        ("2026-08-16T10:00:00.5Z", "2026-08-16T10:00:00.500"),
        ("2026-08-16T10:00:00.123456+00:00", "2026-08-16T10:00:00.123"),
        ("2026-08-16T00:00:00Z", "2026-08-16"),
        ("2026-08-16T02:00:00+02:00", "2026-08-16"),
        ("2024-02-29T23:59:59.999Z", "2024-02-29T23:59:59.999"),
    ],
)
def test_a_moment_is_read_and_kept_in_utc(sent: str, text: str) -> None:
    moment = read_moment(sent)
    assert text_of(moment) == text
    request = read(start=sent, end="2027-08-01", orbits=[1]).request
    assert text_of(request.start) == text
    assert read_moment(request.model_dump(mode="json", include={"start"})["start"]) == moment


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("2026-08-16T10:00:00", "write 2026-08-16T10:00:00Z if it is UTC"),
        ("2026-08-16T10:00Z", "YYYY-MM-DD"),
        ("2026-08-16T10:00:00+0200", "YYYY-MM-DD"),
        ("2026-08-16 10:00:00Z", "YYYY-MM-DD"),
        ("2026-08-16T25:00:00Z", "no date-time"),
        ("2026-08-16T10:00:00+25:00", "no date-time"),
        ("2026-12-31T23:59:60Z", "no date-time"),
        ("2026-02-30T10:00:00Z", "no date-time"),
        ("0001-01-01T00:00:00+01:00", "no date-time"),
        ("9999-12-31T23:59:59-01:00", "no date-time"),
        ("2101-01-01T00:00:00Z", "too far in the future"),
        ("2026-08-16T10:00:00Z\n", "YYYY-MM-DD"),
        ("２０２６-08-16T10:00:00Z", "YYYY-MM-DD"),
    ],
)
def test_what_is_no_moment_is_refused_in_words(sent: str, words: str) -> None:
    for field in ("start", "end"):
        sending: dict[str, Any] = {field: sent}
        faults = refused(**sending)
        assert list(faults) == [field]
        assert words in faults[field]


@pytest.mark.parametrize(
    ("start", "end", "word"),
    [
        ("2026-08-16T10:00:00Z", "2026-08-16", "backwards"),
        ("2026-08-16", "2026-08-16T00:00:00Z", "empty"),
        ("2026-08-16T12:00:00+02:00", "2026-08-16T10:00:00Z", "empty"),
        ("2026-08-16T12:00:00Z", "2026-08-16T11:59:59Z", "backwards"),
        ("2026-08-16", "2026-08-15T23:59:59Z", "backwards"),
        ("no day", "0001-01-01", None),
    ],
)
def test_a_period_runs_forwards(start: str, end: str, word: str | None) -> None:
    faults = refused(start=start, end=end)
    assert list(faults) == ["end" if word else "start"]
    assert (word or "YYYY-MM-DD") in next(iter(faults.values()))


def test_a_broken_day_counts_whole_where_a_period_is_limited() -> None:
    times: dict[str, Any] = {"start": "2020-01-01T10:00:00Z", "end": "2020-01-08T10:00:01Z"}
    assert "8 days, at most 7" in refused(Limits(max_period_days=7), **times)["end"]
    assert read(Limits(max_period_days=8), **times)
    ahead: dict[str, Any] = {"start": "2026-01-01", "end": "2027-01-11T00:00:01Z"}
    faults = refused(Limits(today=date(2026, 1, 10)), **ahead)
    assert "2027-01-11T00:00:01Z is 367 days ahead" in faults["end"]


@pytest.mark.parametrize(
    ("start", "end", "days", "around"),
    [
        ("2020-01-01", "2020-01-03", 2, ("2020-01-01", "2020-01-03")),
        ("2020-01-01T10:00:00Z", "2020-01-01T11:00:00Z", 1, ("2020-01-01", "2020-01-02")),
        ("2020-01-01T23:00:00Z", "2020-01-03T01:00:00Z", 2, ("2020-01-01", "2020-01-04")),
        ("2020-01-01", "2020-01-02T12:00:00Z", 2, ("2020-01-01", "2020-01-03")),
        ("2020-01-01T12:00:00Z", "2020-01-03", 2, ("2020-01-01", "2020-01-03")),
    ],
)
def test_days_of_a_period(start: str, end: str, days: int, around: tuple[str, str]) -> None:
    first, last = read_moment(start), read_moment(end)
    assert count_days(first, last) == days
    assert tuple(day.isoformat() for day in days_around(first, last)) == around


def test_one_period_is_one_however_it_is_written() -> None:
    days = read(start="2020-01-01", end="2021-01-01")
    times = read(start="2020-01-01T01:00:00+01:00", end="2020-12-31T22:00:00-02:00")
    assert days.request == times.request
    assert days.digest != times.digest  # what was sent is another message


def test_digests_of_messages_with_days_are_what_they_were() -> None:
    # Computed by the version before there were date-times.
    assert read().digest == "b2ff21f313e253ad6181249cbade72285ba81c206f0d38a21062b9c23f1dd362"


def test_a_stored_message_is_read_again() -> None:
    sent = json.dumps(message(start="2020-01-01T10:00:00+01:00"))
    assert stored_request(sent).start == datetime(2020, 1, 1, 9, tzinfo=UTC)


def test_scenes_of_a_period_that_ends_at_a_time_are_there_two_days_later() -> None:
    request = read(end="2020-06-01T10:00:00Z").request
    assert available_from(request) == datetime(2020, 6, 3, 10, tzinfo=UTC)
