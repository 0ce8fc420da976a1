"""Passes of a region: which of them are new, and when they are looked for. Pure.

Scenes are listed a day or two after they were taken, and not in the order of their passes: so
passes that were dealt with are remembered by name, and none by a point in time.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from s1ratio.regions.due import Wanted
from s1ratio.regions.kinds import Trigger
from s1ratio.regions.model import Region
from s1ratio.regions.periods import period_of_pass
from s1ratio.regions.records import RegionRecord
from s1ratio.regions.states import Cause
from s1ratio.scenes import SceneAnswer, ScenePass

LOOK_BACK = timedelta(days=10)  # what is listed later than that is seen by rechecks alone
LOOK_EVERY = timedelta(hours=3)
_REMEMBERED = LOOK_BACK + timedelta(days=2)


def looks_for_passes(region: Region) -> bool:
    """Tell whether new passes make a region due."""
    return region.trigger is not Trigger.CRON


def next_look(region: Region, record: RegionRecord) -> datetime | None:
    """Return when a region looks for passes of its own accord, None if its schedule says when."""
    if region.trigger is Trigger.CRON or (
        region.trigger is Trigger.NEW_SCENES and region.schedule is not None
    ):
        return None
    return record.since if record.looked_at is None else record.looked_at + LOOK_EVERY


def look_from(record: RegionRecord, now: datetime) -> datetime:
    """Return from when on passes may be new: ten days before the last look that left none to wait.

    However long ago that was: looks may be a month apart, a budget may hold passes, and Earth
    Engine may be out of reach.
    """
    mark = record.caught_up_at or record.looked_at or record.scenes_from
    return max(record.scenes_from, min(mark, now) - LOOK_BACK)


def caught_up(answer: SceneAnswer, now: datetime) -> datetime:
    """Return up to when a list has caught up; one that is not whole lets the next go on from it."""
    if answer.whole or not answer.scenes:
        return now
    return min(now, answer.scenes[-1].start + LOOK_BACK)


def new_passes(record: RegionRecord, passes: Iterable[ScenePass], now: datetime) -> list[ScenePass]:
    """Return the passes that are new to a region, by time.

    That of a day that is not over waits for its end: a request for it would wait longer.
    """
    known = {name.partition("@")[0] for name in record.known}
    begin, today = look_from(record, now), now.date()
    return [
        each
        for each in passes
        if each.first_line >= begin and each.last_line.date() < today and each.name not in known
    ]


def wanted_by_passes(region: Region, passes: Sequence[ScenePass], since: date) -> list[Wanted]:
    """Return what new passes ask for: one request each. Empty periods are among them."""
    wanted = []
    for each in passes:
        days = period_of_pass(region.period, each.last_line, since)
        since = max(since, days.end)
        wanted.append(Wanted(days, Cause.NEW_SCENES, pass_name=each.name, last_line=each.last_line))
    return wanted


def remembered(known: Sequence[str], wanted: Iterable[Wanted], mark: datetime) -> tuple[str, ...]:
    """Return the names of passes to remember, those of these wishes among them.

    `mark` is from when on later looks go back.
    """
    fresh = [f"{one.pass_name}@{one.last_line:%Y-%m-%d}" for one in wanted if one.last_line]
    oldest = (mark - _REMEMBERED).date().isoformat()
    every = [name for name in (*known, *fresh) if name.partition("@")[2] >= oldest]
    return tuple(dict.fromkeys(every))


def midnight(day: date) -> datetime:
    """Return when a day begins (UTC)."""
    return datetime.combine(day, time(), UTC)
