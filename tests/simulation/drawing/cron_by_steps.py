"""When a schedule fires, step by step through time: by nothing but `zoneinfo`, as the pages say it.

A wall time that a change of clocks skips fires once, at the first minute that there is; one that
comes twice fires the first time. Steps are of a quarter of an hour:
minutes must be multiples of that.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_STEP = timedelta(minutes=15)


@lru_cache(maxsize=64)
def firings(cron: str, zone: str, start: datetime, end: datetime) -> tuple[datetime, ...]:
    """Return the firings from `start` until before `end`, UTC; both whole quarters of an hour."""
    place, found = ZoneInfo(zone), list[datetime]()
    before = (start - _STEP).astimezone(place).replace(tzinfo=None)
    newest, at = before, start
    while at < end:
        wall = at.astimezone(place).replace(tzinfo=None, fold=0)
        # All wall times since the last minute: more than one where clocks went forward.
        passed = _between(newest, wall) if wall > newest else []
        if any(_fires(cron, each) for each in passed):
            found.append(at)
        newest, at = max(newest, wall), at + _STEP
    return tuple(found)


def _between(before: datetime, wall: datetime) -> list[datetime]:
    count = int((wall - before) / _STEP)
    return [before + number * _STEP for number in range(1, count + 1)]


@lru_cache(maxsize=64)
def _read(cron: str) -> tuple[frozenset[int] | None, ...]:
    return tuple(map(_numbers, cron.split()))


def _numbers(field: str) -> frozenset[int] | None:
    if field == "*":
        return None
    return frozenset(int(one) for one in field.split(","))


def _fires(cron: str, wall: datetime) -> bool:
    minute, hour, day, month, weekday = _read(cron)
    wanted = (
        (minute, wall.minute),
        (hour, wall.hour),
        (day, wall.day),
        (month, wall.month),
        (weekday, wall.isoweekday() % 7),
    )
    return all(among is None or value in among for among, value in wanted)
