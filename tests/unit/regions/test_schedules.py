"""Cron and the change of clocks, against a walk through every minute of a zone."""

from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s1ratio.regions.schedule import check_cron, firings, next_due, spread_firings, zone_of
from s1ratio.regions.spreading import spread

# Names that some machines have for whatever their own zone is.
OF_A_MACHINE = ("localtime", "posixrules", "Factory")

MINUTE = timedelta(minutes=1)
# Each with both changes of a year: an hour, half an hour, at midnight, in the south, none at all.
CHANGES = {
    "Europe/Vienna": ("2026-03-29", "2026-10-25"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "Australia/Lord_Howe": ("2026-10-04", "2026-04-05"),
    "America/Santiago": ("2026-09-06", "2026-04-05"),
    "Asia/Beirut": ("2026-03-29", "2026-10-25"),
    "Africa/Cairo": ("2026-04-24", "2026-10-30"),
    "Pacific/Apia": ("2011-12-30", "2011-04-02"),
    "Asia/Kolkata": ("2026-03-29", "2026-10-25"),
    "UTC": ("2026-03-29", "2026-10-25"),
}


def brute_force(
    minutes: set[int], hours: set[int], zone: str, begin: datetime, end: datetime
) -> list[datetime]:
    """Return when a daily schedule fires after `begin` and before `end`, minute by minute.

    What the walls show is asked of zoneinfo alone. A minute that the walls skip fires at the first
    one after the gap; one that they show twice fires the first time.
    """
    tz = ZoneInfo(zone)
    fired: list[datetime] = []
    at = begin.replace(second=0, microsecond=0) - timedelta(days=2)
    wall = at.astimezone(tz).replace(tzinfo=None)
    latest = wall  # of all that the walls have shown
    while at + MINUTE < end:
        at += MINUTE
        wall = at.astimezone(tz).replace(tzinfo=None)
        due, each = False, latest + MINUTE
        while each <= wall:
            due = due or (each.minute in minutes and each.hour in hours)
            each += MINUTE
        latest = max(latest, wall)
        if due and at > begin:
            fired.append(at)
    return fired


@st.composite
def schedules(draw: st.DrawFn) -> tuple[set[int], set[int], str, datetime]:
    minutes = draw(st.sets(st.integers(0, 59), min_size=1, max_size=4))
    hours = draw(
        st.sets(st.integers(0, 23) | st.integers(0, 4), min_size=1, max_size=24 // len(minutes))
    )
    zone = draw(st.sampled_from(sorted(CHANGES)))
    day = datetime.fromisoformat(draw(st.sampled_from(CHANGES[zone]))).replace(tzinfo=UTC)
    begin = day + timedelta(minutes=draw(st.integers(-36 * 60, 36 * 60)))
    return minutes, hours, zone, begin


def listed(numbers: set[int]) -> str:
    return ",".join(map(str, sorted(numbers)))


@settings(max_examples=25, deadline=None)
@given(schedules())
def test_a_schedule_fires_as_the_walls_show_it(
    drawn: tuple[set[int], set[int], str, datetime],
) -> None:
    minutes, hours, zone, begin = drawn
    cron = f"{listed(minutes)} {listed(hours)} * * *"
    end = begin + timedelta(days=3)
    found = list(takewhile(lambda at: at < end, firings(cron, zone, begin)))
    assert found == brute_force(minutes, hours, zone, begin, end)


@pytest.mark.parametrize(
    ("cron", "zone", "day", "expected"),
    [
        ("30 2 * * *", "Europe/Vienna", "2026-03-29", ["01:00"]),  # skipped: at 03:00 summer time
        ("0,30 2 * * *", "Europe/Vienna", "2026-03-29", ["01:00"]),  # both skipped: once
        ("30 2,3 * * *", "Europe/Vienna", "2026-03-29", ["01:00", "01:30"]),
        ("30 2 * * *", "Europe/Vienna", "2026-10-25", ["00:30"]),  # comes twice: the first time
        ("0,30 2 * * *", "Europe/Vienna", "2026-10-25", ["00:00", "00:30"]),
        ("30 1 * * *", "Europe/London", "2026-03-29", ["01:00"]),
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03", ["15:30"]),  # half an hour is skipped
        ("30 0 * * *", "America/Santiago", "2026-09-06", ["04:00"]),  # midnight is skipped
    ],
)
def test_days_on_which_clocks_change(cron: str, zone: str, day: str, expected: list[str]) -> None:
    begin = datetime.fromisoformat(f"{day}T00:00:00+00:00") - MINUTE
    end = begin + timedelta(days=1)
    found = list(takewhile(lambda at: at < end, firings(cron, zone, begin)))
    assert [f"{at:%H:%M}" for at in found] == expected


def test_what_fired_at_the_first_of_two_times_is_over_at_the_second() -> None:
    """In Vienna 02:30 comes at 00:30 and at 01:30 UTC; the watermark stands between the two."""
    between = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    assert next(firings("30 2 * * *", "Europe/Vienna", between)).date().isoformat() == "2026-10-26"


@pytest.mark.parametrize(
    ("cron", "word"),
    [
        ("*/30 2 * * *", "minute"),
        ("0 * * * *", "hour"),
        ("0 */2 * * *", "hour"),
        ("0 0-22/2 * * *", "hour"),
        ("* * * * *", "minute"),
        ("0,30 0-23 * * *", "48 times"),
        ("0 2 * *", "4 fields"),
        ("0 2 * * * *", "6 fields"),
        ("0 25 * * *", "hour"),
        ("0 2 32 * *", "day-of-month"),
        ("0 2 30 2 *", "day-of-month"),
        ("", "0 fields"),
        ("@daily", "1 fields"),
    ],
)
def test_what_is_no_schedule_is_told_in_words(cron: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        check_cron(cron)


@pytest.mark.parametrize(
    "cron", ["0 2 1 * *", "15,45 0-11 * * *", "0 6 L * *", "0 6 * * MON#1", "5 4 1 1,4,7,10 *"]
)
def test_what_is_one(cron: str) -> None:
    check_cron(cron)


@pytest.mark.parametrize(
    "zone", ["Vienna", "../etc/passwd", "", "europe/vienna", "CEST", *OF_A_MACHINE]
)
def test_what_is_no_zone(zone: str) -> None:
    with pytest.raises(ValueError, match="no zone"):
        zone_of(zone)


def test_regions_of_one_moment_are_spread_and_never_beyond_a_tenth_of_their_interval() -> None:
    names = [f"r{number}" for number in range(2_000)]
    hourly = sorted(spread(name, timedelta(hours=1)) for name in names)
    daily = sorted(spread(name, timedelta(days=1)) for name in names)
    assert timedelta() <= hourly[0] < hourly[-1] < timedelta(minutes=6)
    assert timedelta(minutes=14) < daily[-1] < timedelta(minutes=15)
    assert len({each.total_seconds() // 60 for each in daily}) == 15
    assert spread("r1", timedelta(days=1)) == spread("r1", timedelta(days=30))


@given(st.text("abcdefgh-", min_size=1, max_size=16), st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_no_firing_is_acted_on_before_the_one_before_it(name: str, hours: int) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    pairs = list(islice(spread_firings("0,50 3,4 * * *", "Europe/Vienna", name, begin), 12))
    assert [fired for fired, _ in pairs] == sorted(fired for fired, _ in pairs)
    assert [at for _, at in pairs] == sorted(at for _, at in pairs)
    assert all(fired <= at for fired, at in pairs)
    assert next_due("0,50 3,4 * * *", "Europe/Vienna", name, begin) == pairs[0][1]
