"""Due: which periods a region's firings ask for, and which firings lead to none, and why. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile

from s1ratio.regions.days import Days
from s1ratio.regions.kinds import Calendar, Schedule
from s1ratio.regions.model import Region
from s1ratio.regions.periods import period_at, period_ends
from s1ratio.regions.schedule import firings, spread_firings
from s1ratio.regions.states import Cause, Why

MAX_CAUGHT_UP = 12  # calendar periods of a region in a tick
_MAX_FIRINGS = 2_000  # looked at in a tick: 83 days of 24 a day
_JUST_BEFORE = timedelta(seconds=1)


@dataclass(frozen=True)
class Wanted:
    """One period that is asked for. `firing` is what asks, the first of them; a pass by its name.

    `mark` is the watermark once it is dealt with.
    """

    days: Days
    cause: Cause
    firing: datetime | None = None
    mark: datetime | None = None
    pass_name: str = ""
    last_line: datetime | None = None

    @property
    def mark_before(self) -> datetime | None:
        """The watermark if it is not dealt with now: its firing comes again."""
        return None if self.firing is None else self.firing - _JUST_BEFORE


@dataclass(frozen=True)
class Skip:
    """Firings, from the first to the last, that led to no request, or a pass that did not."""

    why: Why
    first: datetime | None = None
    last: datetime | None = None
    count: int = 1
    request_id: str | None = None
    words: str = ""


@dataclass(frozen=True)
class Due:
    """What the firings up to `mark` come to; `more`: there are others yet."""

    mark: datetime
    wanted: tuple[Wanted, ...] = ()
    skips: tuple[Skip, ...] = ()
    more: bool = False


@dataclass
class _Gathering:
    wanted: list[Wanted] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    _in_a_row: tuple[Why, int] | None = None

    def skip(self, why: Why, fired: datetime) -> None:
        """Add a firing to the skips; those of one reason between two wishes are one."""
        row = (why, len(self.wanted))
        if self.skips and row == self._in_a_row:
            last = self.skips[-1]
            self.skips[-1] = replace(last, last=fired, count=last.count + 1)
        else:
            self.skips.append(Skip(why, fired, fired))
        self._in_a_row = row


def due_firings(
    schedule: Schedule, region_id: str, mark: datetime, now: datetime
) -> list[datetime]:
    """Return the firings after the watermark `mark` that are to be acted on by now, oldest first.

    None on or after the day a region ends: that is the caller's.
    """
    found: list[datetime] = []
    for fired, act_at in spread_firings(schedule.cron, schedule.zone, region_id, mark):
        if act_at > now or len(found) == _MAX_FIRINGS:
            break
        found.append(fired)
    return found


def fired_between(
    schedule: Schedule, mark: datetime, now: datetime, last_day: date | None
) -> list[datetime]:
    """Return all firings after the watermark `mark` and by now, acted on yet or not, oldest first.

    None on or after `last_day`, the day a region ends.
    """
    found = takewhile(lambda at: at <= now, firings(schedule.cron, schedule.zone, mark))
    return [each for each in found if last_day is None or each.date() < last_day]


def due_by_schedule(
    region: Region, mark: datetime, since: date, now: datetime, last_day: date | None = None
) -> Due:
    """Return what the firings since the watermark come to.

    Every missed calendar period is wanted, oldest first, 12 at most; of rolling windows the
    newest alone. `since` is where the last period ended. Firings on or after `last_day` are none.
    """
    if region.schedule is None:
        return Due(mark)
    found = due_firings(region.schedule, region.id, mark, now)
    fired = [each for each in found if last_day is None or each.date() < last_day]
    if not fired:
        return Due(mark)
    if isinstance(region.period, Calendar):
        return _calendar(region, fired, since, len(found) == _MAX_FIRINGS)
    return _newest(region, fired, since, len(found) == _MAX_FIRINGS)


def _calendar(region: Region, fired: Sequence[datetime], since: date, more: bool) -> Due:
    gathered = _Gathering()
    mark = fired[0]
    for one in fired:
        days = period_at(region.period, one, since)
        if gathered.wanted and gathered.wanted[-1].days == days:
            gathered.skip(Why.SAME_PERIOD, one)
            gathered.wanted[-1] = replace(gathered.wanted[-1], mark=one)
        elif len(gathered.wanted) == MAX_CAUGHT_UP:
            more = True
            break
        else:
            gathered.wanted.append(Wanted(days, Cause.SCHEDULE, one, one))
        mark = one
    return Due(mark, tuple(gathered.wanted), tuple(gathered.skips), more)


def _newest(region: Region, fired: Sequence[datetime], since: date, more: bool) -> Due:
    gathered = _Gathering()
    for one in fired if more else fired[:-1]:
        gathered.skip(Why.NEWER_WINDOW, one)
    last = fired[-1]
    if not more:
        days = period_at(region.period, last, since)
        if days.empty:
            gathered.skip(Why.EMPTY_PERIOD, last)
        else:
            gathered.wanted.append(Wanted(days, Cause.SCHEDULE, last, last))
    return Due(last, tuple(gathered.wanted), tuple(gathered.skips), more)


def backfill_periods(
    region: Region, mark: datetime, span: Days, now: datetime, most: int
) -> tuple[list[Wanted], bool]:
    """Return the next `most` periods that end after the first day of `span` and by its end.

    They are those of firings after `mark`, and by now. Whether these are all that there are.
    """
    wanted: list[Wanted] = []
    # One period more than is wanted tells whether there are others.
    for fired in islice(_backfill_firings(region, mark, span), _MAX_FIRINGS):
        days = period_at(region.period, fired, span.start)
        if fired > now or days.end > span.end:
            return wanted, True
        if days.empty or days.end <= span.start:
            continue
        if wanted and wanted[-1].days == days:
            wanted[-1] = replace(wanted[-1], mark=fired)
        elif len(wanted) == most:
            return wanted, False
        else:
            wanted.append(Wanted(days, Cause.BACKFILL, fired, fired))
    return wanted, False


def _backfill_firings(region: Region, mark: datetime, span: Days) -> Iterator[datetime]:
    """Yield the firings after a mark that a backfill makes up for.

    Without a schedule they are where one period of the region ends and the next begins.
    """
    if region.schedule is not None:
        return firings(region.schedule.cron, region.schedule.zone, mark)
    ends = (datetime.combine(day, time(), UTC) for day in period_ends(region.period, span.start))
    return (at for at in ends if at > mark)
