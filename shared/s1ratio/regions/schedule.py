"""Schedules: when a cron expression fires in a zone, and what the change of clocks does to it.

A wall time that a change of clocks skips fires once, at the first minute that there is; one that
comes twice fires the first time. `cronsim` does so where minutes and hours are fixed, which
`check_cron` therefore demands.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import tzdata  # noqa: F401 - zones, where the machine has no files of its own
from cronsim import CronSim, CronSimError

from s1ratio.regions.spreading import spread

MAX_A_DAY = 24
_OF_A_MACHINE = frozenset({"localtime", "posixrules", "Factory"})
_FIXED = re.compile(r"[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*")
_ANY_DAY = datetime(2024, 1, 1, tzinfo=UTC)


def check_cron(cron: str) -> None:
    """Raise ValueError, in words that say what to change, for what is no schedule here."""
    fields = cron.split()
    if len(fields) != 5:
        raise ValueError(f"{cron!r} has {len(fields)} fields: minute, hour, day, month, weekday")
    for name, text in zip(("minute", "hour"), fields, strict=False):
        if not _FIXED.fullmatch(text):
            words = "must be numbers, lists and ranges, without * or steps"
            raise ValueError(f"the {name} {text!r} {words}: a change of clocks is unclear there")
    try:
        times = CronSim(cron, _ANY_DAY)
        next(times)
    except CronSimError as error:
        raise ValueError(f"{cron!r} is no schedule: {error}") from None
    except StopIteration:
        raise ValueError(f"{cron!r} never fires: no day is like that") from None
    count = len(times.minutes) * len(times.hours)
    if count > MAX_A_DAY:
        raise ValueError(f"{cron!r} fires {count} times a day, at most {MAX_A_DAY} are allowed")


def zone_of(name: str) -> ZoneInfo:
    """Return a zone of the IANA list; raise ValueError if it is none."""
    if name not in _zones():
        raise ValueError(f"{name!r} is no zone of the IANA list, such as Europe/Vienna or UTC")
    return ZoneInfo(name)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    # `localtime` and the like are names that a machine gives to whatever its own zone is.
    return frozenset(available_timezones()) - _OF_A_MACHINE


def firings(cron: str, zone: str, after: datetime) -> Iterator[datetime]:
    """Yield when a schedule fires after a time, in turn (UTC)."""
    # Where clocks went back, the wall time of `after` comes once more: what it fires at the first
    # time is over by then.
    for local in CronSim(cron, after.astimezone(ZoneInfo(zone))):
        fired = local.astimezone(UTC)
        if fired > after:
            yield fired


def spread_firings(
    cron: str, zone: str, region_id: str, after: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield (firing, when it is acted on): regions that fire at one moment are spread a little."""
    for fired, following in pairwise(firings(cron, zone, after)):
        yield fired, fired + spread(region_id, following - fired)


def next_due(cron: str, zone: str, region_id: str, after: datetime) -> datetime | None:
    """Return when the first firing after a time is acted on, None if there is none any more."""
    return next((at for _, at in spread_firings(cron, zone, region_id, after)), None)
