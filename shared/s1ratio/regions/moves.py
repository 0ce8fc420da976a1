"""Moves: what becomes of a region when somebody, or its end, changes its state. Pure.

Each returns the region and the entries that tell of it, or raises InvalidRequest in words.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime

from s1ratio.errors import InvalidRequest
from s1ratio.faults import Fault
from s1ratio.regions.decision import next_times
from s1ratio.regions.differences import differences
from s1ratio.regions.due import fired_between
from s1ratio.regions.history import entry
from s1ratio.regions.kinds import SinceLast, Trigger
from s1ratio.regions.model import Region
from s1ratio.regions.passes import midnight
from s1ratio.regions.periods import is_in_a_row
from s1ratio.regions.reader import stored_region
from s1ratio.regions.records import Backfill, HistoryEntry, RegionRecord
from s1ratio.regions.states import REGION_MOVES, RegionState, Why


@dataclass(frozen=True)
class Change:
    """A region as it is to be, what it was (None: there was none), and what tells of it."""

    after: RegionRecord
    before: RegionRecord | None
    entries: tuple[HistoryEntry, ...] = ()


def created(region: Region, now: datetime, by: str) -> Change:
    """Return a new region: it fires nothing of the past."""
    record = RegionRecord(
        id=region.id,
        text=region.text,
        state=RegionState.ACTIVE,
        created_at=now,
        since=now,
        watermark=now,
        scenes_from=now,
        since_day=_first_day(region, now),
        due_at=None,
        by=by,
    )
    said = _told(region.id, now, "created", by, None, region.text)
    return Change(_timed(region, record), None, (said,))


def edited(record: RegionRecord, region: Region, now: datetime, by: str) -> Change | None:
    """Return a region with another definition, None if it has this one.

    Where what is made, or when, is another, it fires nothing of the past, and what was due is told
    as skipped. One that is broken or ended is active again.
    """
    before = current_text(record)
    if before == region.text:
        return None
    after = replace(record, text=region.text, tries=0, error=None)
    told = [_told(record.id, now, "edited", by, before, region.text)]
    if _is_fired_anew(record, region):
        told += _passed_over(record, now, Why.EDITED)
        after = _from_now(after, region, now)
    if record.state in {RegionState.BROKEN, RegionState.ENDED}:
        move = _moved(after, RegionState.ACTIVE, now, by, "its definition was changed")
        told += _passed_over(record, now, Why.RESUMED) if after.watermark != now else []
        after = _from_now(move.after, region, now)
        told += move.entries
    return Change(_timed(region, after), record, tuple(told))


def current_text(record: RegionRecord) -> str:
    """Return a region's definition with the fields that it has by now, so that it can be compared.

    As it is stored, where today's rules can't read it.
    """
    try:
        return stored_region(record.text).text
    except ValueError:
        return record.text


def paused(record: RegionRecord, now: datetime, by: str, why: str) -> Change:
    """Return a region that makes nothing until it is resumed."""
    move = _moved(record, RegionState.PAUSED, now, by, why)
    return Change(replace(move.after, due_at=None), record, move.entries)


def resumed(record: RegionRecord, now: datetime, by: str, catch_up: bool) -> Change:
    """Return a region that goes on: with what was missed, or from now."""
    region = stored_region(record.text)
    if region.end is not None and now.date() >= region.end:
        words = f"{record.id} has ended on {region.end}: apply it with a later `end`, or without"
        raise _refused(words)
    why = "catches up" if catch_up else "from now"
    move = _moved(record, RegionState.ACTIVE, now, by, why)
    after = replace(move.after, tries=0, error=None)
    told = list(move.entries)
    if not catch_up:
        reason = Why.PAUSED if record.state is RegionState.PAUSED else Why.RESUMED
        told += _passed_over(record, now, reason)
        after = _from_now(after, region, now)
    return Change(_timed(region, after), record, tuple(told))


def ended(record: RegionRecord, now: datetime, by: str, why: str) -> Change:
    """Return a region that makes nothing any more."""
    move = _moved(record, RegionState.ENDED, now, by, why)
    after = replace(move.after, due_at=None, backfill=None, run_by=None)
    return Change(after, record, move.entries)


def broken(record: RegionRecord, now: datetime, why: str) -> Change:
    """Return a region that can't go on: somebody must look at it."""
    move = _moved(record, RegionState.BROKEN, now, "", why)
    return Change(replace(move.after, due_at=None), record, move.entries)


def run_wanted(record: RegionRecord, now: datetime, by: str) -> Change:
    """Return a region that makes a request at the next tick, as if its schedule fired."""
    _check_active(record, "run")
    after = replace(record, run_by=by or "somebody", due_at=now)
    return Change(after, record, (entry(record.id, now, "run", by=by),))


def backfilling(
    record: RegionRecord, now: datetime, by: str, days: tuple[date, date], most_open: int
) -> Change:
    """Return a region that makes up for the firings from a day until before another."""
    _check_active(record, "be backfilled")
    start, end = days
    region = stored_region(record.text)
    if region.schedule is None and not is_in_a_row(region.period):
        words = f"{record.id} has no schedule, and its period, {region.period.kind}, no end"
        raise _refused(f"{words} without one: give it one, or send the requests by themselves")
    if end <= start or midnight(end) > now:
        raise _refused(f"{start} to {end} is no stretch of the past")
    if record.backfill is not None:
        job = record.backfill
        words = f"{record.id} is backfilled from {job.start} to {job.end} just now"
        raise _refused(f"{words}: wait until it is done")
    job = Backfill(start, end, midnight(start).replace(microsecond=0), most_open, by)
    job = replace(job, mark=_just_before(job.mark))
    said = entry(record.id, now, "backfill", f"{start} to {end}", by=by)
    return Change(replace(record, backfill=job, due_at=now), record, (said,))


def _told(region_id: str, now: datetime, kind: str, by: str, *texts: str | None) -> HistoryEntry:
    """Return what tells of a definition: the fields that differ, as they were and as they are."""
    before, after = texts
    changed = differences(before, after or "")
    was = json.dumps({name: value for name, value, _ in changed if value})
    became = json.dumps({name: value for name, _, value in changed})
    return entry(region_id, now, kind, by=by, was=was, became=became)


def _refused(words: str) -> InvalidRequest:
    return InvalidRequest([Fault("", "region", words)])


def _just_before(at: datetime) -> datetime:
    return datetime.fromtimestamp(at.timestamp() - 1, at.tzinfo)


def _check_active(record: RegionRecord, what: str) -> None:
    if record.state is not RegionState.ACTIVE:
        words = f"{record.id} is {record.state}{f' ({record.why})' if record.why else ''}"
        raise _refused(f"{words}: resume it before it can {what}")


def _moved(record: RegionRecord, to: RegionState, now: datetime, by: str, why: str) -> Change:
    if to not in REGION_MOVES[record.state]:
        raise _refused(f"{record.id} is {record.state}: it can't become {to}")
    after = replace(record, state=to, since=now, by=by, why=why, held=None)
    said = entry(record.id, now, "state", why, by=by, was=record.state, became=to)
    return Change(after, record, (said,))


def _is_fired_anew(record: RegionRecord, region: Region) -> bool:
    try:
        return stored_region(record.text).fired != region.fired
    except ValueError:  # of rules that have changed since
        return True


def _from_now(record: RegionRecord, region: Region, now: datetime) -> RegionRecord:
    """Return a region for which nothing of the past counts."""
    since = record.since_day
    if isinstance(region.period, SinceLast) and region.period.first is not None:
        since = max(since, region.period.first)
    return replace(record, watermark=now, scenes_from=now, since_day=since, held=None)


def _passed_over(record: RegionRecord, now: datetime, why: Why) -> list[HistoryEntry]:
    """Return what tells of the firings that are not made, those that wait for their minute too."""
    try:
        region = stored_region(record.text)
    except ValueError:
        return []
    if region.trigger is Trigger.NEW_SCENES or region.schedule is None:
        return []
    fired = fired_between(region.schedule, record.watermark, now, region.end)
    if not fired:
        return []
    said = entry(record.id, now, "skipped", why, at=fired[0])
    return [replace(said, last=fired[-1], count=len(fired))]


def _timed(region: Region, record: RegionRecord) -> RegionRecord:
    if record.state is not RegionState.ACTIVE:
        return replace(record, due_at=None)
    return replace(record, due_at=min(next_times(region, record), default=None))


def _first_day(region: Region, now: datetime) -> date:
    if isinstance(region.period, SinceLast) and region.period.first is not None:
        return region.period.first
    return now.date()
