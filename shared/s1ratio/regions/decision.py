"""Decision: what one look at a region comes to: its record, its new requests, its history. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from s1ratio.regions.admission import LOOK_AGAIN, Admitted, Facts, admit
from s1ratio.regions.days import Days
from s1ratio.regions.due import Due, Skip, Wanted, backfill_periods, due_by_schedule
from s1ratio.regions.history import entry, skipped
from s1ratio.regions.kinds import Trigger
from s1ratio.regions.messages import BACKFILL_PRIORITY, digest_of_payload, payload_of
from s1ratio.regions.model import Region
from s1ratio.regions.passes import (
    looks_for_passes,
    midnight,
    new_passes,
    next_look,
    remembered,
    wanted_by_passes,
)
from s1ratio.regions.periods import period_at
from s1ratio.regions.records import Backfill, HistoryEntry, RefreshRecord, RegionRecord
from s1ratio.regions.schedule import next_due
from s1ratio.regions.states import Cause
from s1ratio.scenes import ScenePass

CONFIRM_AFTER = timedelta(minutes=5)  # after which a request must have been taken in


@dataclass(frozen=True)
class Wishes:
    """What a region wants now: of its schedule, by hand, of the past. `look`: for new passes."""

    due: Due
    by_hand: tuple[Wanted, ...] = ()
    backfill: tuple[Wanted, ...] = ()
    backfilled: bool = False
    look: bool = False

    @property
    def every(self) -> tuple[Wanted, ...]:
        """All of them that are known without a list of scenes."""
        return (*self.by_hand, *self.due.wanted, *self.backfill)


@dataclass(frozen=True)
class Decision:
    """What is to be stored in one commit, and the payloads of the new requests by their ids."""

    record: RegionRecord
    refreshes: tuple[RefreshRecord, ...] = ()
    entries: tuple[HistoryEntry, ...] = ()
    payloads: tuple[tuple[str, bytes], ...] = ()


def wishes_of(
    region: Region, record: RegionRecord, now: datetime, open_backfills: int = 0
) -> Wishes:
    """Return what a region wants at a time, as far as it is known without a list of scenes."""
    due = due_by_schedule(region, record.watermark, record.since_day, now, region.end)
    look = looks_for_passes(region) and not is_over(region, now)
    if region.trigger is Trigger.NEW_SCENES:
        look = look and (region.schedule is None or bool(due.wanted or due.skips))
        due = replace(due, wanted=(), skips=())
    at = next_look(region, record)
    hand: tuple[Wanted, ...] = ()
    if record.run_by is not None:
        hand = (Wanted(period_at(region.period, now, record.since_day), Cause.RUN),)
    past, whole = _backfill(region, record, open_backfills, now)
    return Wishes(due, hand, past, whole, look and (at is None or at <= now))


def _backfill(
    region: Region, record: RegionRecord, open_requests: int, now: datetime
) -> tuple[tuple[Wanted, ...], bool]:
    job = record.backfill
    if job is None:
        return (), False
    room = max(0, job.most_open - open_requests)
    wanted, whole = backfill_periods(region, job.mark, Days(job.start, job.end), now, room)
    return tuple(wanted), whole


def is_over(region: Region, now: datetime) -> bool:
    """Tell whether a region's end has come."""
    return region.end is not None and now.date() >= region.end


def decide(
    region: Region,
    record: RegionRecord,
    wishes: Wishes,
    facts: Facts,
    *,
    passes: Sequence[ScenePass] | None,
    now: datetime,
    caught_up_at: datetime | None = None,
) -> Decision:
    """Return what becomes of a region. `passes` are those over it, None if they were not listed.

    `caught_up_at` is up to when their list has caught up, None: by now.
    """
    listed = passes if wishes.look else None
    if wishes.look and listed is None and not wishes.due.wanted:
        # What the schedule asked for is this look: it comes again.
        wishes = replace(wishes, due=replace(wishes.due, mark=record.watermark))
    fresh = wanted_by_passes(region, new_passes(record, listed or (), now), record.since_day)
    wanted = (*wishes.by_hand, *wishes.due.wanted, *fresh, *wishes.backfill)
    admitted = admit(region, wanted, facts, now)
    after = _advanced(record, wishes, admitted)
    if listed is not None:
        after = _looked(after, admitted, caught_up_at or now, now)
    mark = min(after.caught_up_at or after.looked_at or now, now)
    after = replace(after, known=remembered(record.known, admitted.dealt_with, mark))
    after = replace(after, due_at=due_at(region, after, admitted, wishes, now))
    made = [_made(region, name, one, now) for name, one in admitted.taken]
    return Decision(
        after,
        tuple(refresh for refresh, _ in made),
        tuple(_numbered(_entries(record, after, wishes, admitted, now=now))),
        tuple((refresh.id, payload) for refresh, payload in made),
    )


def _entries(
    before: RegionRecord, after: RegionRecord, wishes: Wishes, admitted: Admitted, *, now: datetime
) -> list[HistoryEntry]:
    """Return what tells of a look: skips, requests, and what else has changed."""
    name, skips = before.id, (*_passed_over(wishes, after), *admitted.skips)
    return [
        *(skipped(name, now, skip) for skip in skips),
        *(
            entry(name, now, "requested", one.cause, request_id=made, at=one.firing)
            for made, one in admitted.taken
        ),
        *_told(before, after, now),
    ]


def _passed_over(wishes: Wishes, after: RegionRecord) -> list[Skip]:
    """Return the skips up to the watermark: those behind a firing that waits come once more."""
    mark = after.watermark
    return [skip for skip in wishes.due.skips if skip.last is None or skip.last <= mark]


def _made(region: Region, name: str, one: Wanted, now: datetime) -> tuple[RefreshRecord, bytes]:
    priority = BACKFILL_PRIORITY if one.cause is Cause.BACKFILL else region.priority
    payload = payload_of(region, name, one.days, priority)
    refresh = RefreshRecord(
        id=name,
        region_id=region.id,
        cause=one.cause,
        start=one.days.start,
        end=one.days.end,
        made_at=now,
        payload_digest=digest_of_payload(payload),
        priority=priority,
        firing=one.firing,
        pass_name=one.pass_name,
        due_at=now + CONFIRM_AFTER,
    )
    return refresh, payload


def _looked(
    record: RegionRecord, admitted: Admitted, mark: datetime, now: datetime
) -> RegionRecord:
    """Return a region after a look; one that left passes to wait has not caught up."""
    before = record.caught_up_at or record.looked_at or record.scenes_from
    return replace(record, looked_at=now, caught_up_at=before if admitted.held else mark)


def _advanced(record: RegionRecord, wishes: Wishes, admitted: Admitted) -> RegionRecord:
    """Return the region with its marks where they belong after what was dealt with."""
    done = admitted.dealt_with
    held = admitted.held_first
    mark = wishes.due.mark
    waiting = [one for one in wishes.due.wanted if one not in done]
    if waiting:
        mark = waiting[0].mark_before or mark
    ends = [one.days.end for _, one in admitted.taken if one.cause is not Cause.BACKFILL]
    by_hand = any(one.cause is Cause.RUN for one in done)
    return replace(
        record,
        watermark=max(record.watermark, mark),
        since_day=max([record.since_day, *ends]),
        held=admitted.held if held is not None else None,
        run_by=None if by_hand else record.run_by,
        backfill=_left(record.backfill, wishes, done),
        tries=0,
        error=None,
    )


def _left(job: Backfill | None, wishes: Wishes, done: Sequence[Wanted]) -> Backfill | None:
    """Return what is left of a backfill."""
    if job is None:
        return None
    mine = [one for one in wishes.backfill if one in done]
    if wishes.backfilled and len(mine) == len(wishes.backfill):
        return None
    marks = [one.mark for one in mine if one.mark is not None]
    return replace(job, mark=max([job.mark, *marks]))


def due_at(
    region: Region,
    record: RegionRecord,
    admitted: Admitted,
    wishes: Wishes,
    now: datetime,
) -> datetime | None:
    """Return when a region is to be looked at next, None: never."""
    times = next_times(region, record)
    if record.backfill is not None:
        times.append(now + LOOK_AGAIN)
    if admitted.held_until is not None:
        # Its firing is due already; the rest of what may come is looked at meanwhile.
        later = [at for at in times if at > now]
        return min([admitted.held_until, *later])
    if wishes.due.more:
        return now
    return min(times, default=None)


def next_times(region: Region, record: RegionRecord) -> list[datetime]:
    """Return when a region's schedule fires, its look comes and its end."""
    times = [next_look(region, record)]
    if region.schedule is not None:
        one = region.schedule
        times.append(next_due(one.cron, one.zone, region.id, record.watermark))
    if region.end is not None:
        times.append(midnight(region.end))
    return [at for at in times if at is not None]


def _told(before: RegionRecord, after: RegionRecord, now: datetime) -> list[HistoryEntry]:
    """Return what else there is to tell: that it is held up now, that a backfill is done."""
    told = []
    if after.held is not None and after.held is not before.held:
        told.append(entry(before.id, now, "held", after.held))
    if before.backfill is not None and after.backfill is None:
        told.append(entry(before.id, now, "backfill", "done", by=before.backfill.by))
    return told


def _numbered(entries: Sequence[HistoryEntry]) -> list[HistoryEntry]:
    """Return entries of one moment under ids of their own."""
    return [replace(one, id=f"{one.id}.{number}") for number, one in enumerate(entries)]
