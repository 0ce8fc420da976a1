"""Refreshing: what one region wants becomes requests, in one commit, and is then published."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from s1ratio.errors import PubSubError
from s1ratio.logevents import REFRESH_PUBLISHED, TROUBLE, tell
from s1ratio.ports import Store
from s1ratio.regions.admission import Facts
from s1ratio.regions.decision import Wishes, decide, is_over, wishes_of
from s1ratio.regions.kinds import Overlap
from s1ratio.regions.messages import id_of
from s1ratio.regions.model import Region
from s1ratio.regions.moves import ended
from s1ratio.regions.passes import caught_up, new_passes, wanted_by_passes
from s1ratio.regions.reader import stored_region
from s1ratio.regions.rechecks import with_baseline
from s1ratio.regions.records import RefreshRecord, RegionRecord
from s1ratio.regions.states import Cause
from s1ratio.scenes import SceneAnswer, ScenePass, SceneQuestion, passes_over
from s1ratio.services.regions.budget import read_spent
from s1ratio.services.regions.context import RegionContext
from s1ratio.services.regions.looking import listed_in, question_of, seen_by
from s1ratio.services.storing.regions import commit_regions

_LOG = logging.getLogger(__name__)
_MOST_OPEN = 200


@dataclass(frozen=True)
class DueRegion:
    """A region that is due: as stored, its definition, what it wants, what is asked for that."""

    record: RegionRecord
    region: Region
    wishes: Wishes
    open_requests: int
    question: SceneQuestion | None


def read_due(context: RegionContext, record: RegionRecord, now: datetime) -> DueRegion:
    """Return what a region wants, as far as it is known without a list of scenes."""
    region = stored_region(record.text)
    found = _find_open(context.store, region, record)
    found = _still_open(context.store, found)
    backfills = sum(one.cause is Cause.BACKFILL for one in found)
    wishes = wishes_of(region, record, now, backfills)
    question = question_of(region, record, wishes, now)
    return DueRegion(record, region, wishes, len(found) - backfills, question)


def _still_open(store: Store, refreshes: Sequence[RefreshRecord]) -> list[RefreshRecord]:
    """Return those of a region's requests that have not ended by now.

    Their own records hear of it when they are followed, which may be hours later: what waits for
    them need not.
    """
    known = store.get_requests({one.id for one in refreshes}) if refreshes else {}
    return [one for one in refreshes if one.id not in known or not known[one.id].state.terminal]


def _find_open(store: Store, region: Region, record: RegionRecord) -> Sequence[RefreshRecord]:
    if region.overlap is Overlap.ALLOW and record.backfill is None:
        return ()
    return store.find_open_refreshes(record.id, _MOST_OPEN)


def refresh(
    context: RegionContext, due: DueRegion, answer: SceneAnswer | None, now: datetime
) -> Sequence[str]:
    """Do what is due of a region: one commit, then its messages; return their ids.

    Raises Conflict where another writer came first: nothing of it is published then.
    """
    record, region = due.record, due.region
    if is_over(region, now) and not due.wishes.every:  # what fired before its end is made first
        over = ended(record, now, "", f"its end, {region.end}")
        commit_regions(context, [over.after], entries=over.entries)
        return ()
    scenes = seen_by(region, answer.scenes) if answer is not None else []
    passes = passes_over(scenes, region.aoi) if answer is not None else None
    facts = _read_facts(context, due, passes, now)
    mark = caught_up(answer, now) if answer is not None else None
    decision = decide(region, record, due.wishes, facts, passes=passes, now=now, caught_up_at=mark)
    fresh = [with_baseline(one, listed_in(answer, scenes, one.days)) for one in decision.refreshes]
    if decision.record != record or fresh or decision.entries:
        commit_regions(context, [decision.record], fresh, decision.entries)
    publish(context, decision.payloads)
    return [name for name, _ in decision.payloads]


def _read_facts(
    context: RegionContext, due: DueRegion, passes: Sequence[ScenePass] | None, now: datetime
) -> Facts:
    """Return what the store knows around what a region wants: nothing is read for no wish."""
    record, region = due.record, due.region
    fresh = new_passes(record, passes or (), now) if due.wishes.look else []
    wanted = [
        *due.wishes.every,
        *wanted_by_passes(region, fresh, record.since_day),
    ]
    if not wanted:
        return Facts()
    names = {id_of(region, one.days, one.pass_name) for one in wanted}
    known = frozenset(context.store.get_refreshes(names))
    spent, median = read_spent(context.store, region, record, now)
    return Facts(known, due.open_requests, spent, median)


def publish(context: RegionContext, payloads: Iterable[tuple[str, bytes]]) -> None:
    """Publish messages of requests that are stored: one that fails is published once more later."""
    for name, payload in payloads:
        try:
            context.publisher.publish(payload, {})
        except PubSubError as error:
            what = f"request {name} is not published yet: {error}"
            tell(_LOG, TROUBLE, what=what, request=name, error_class=error.error_class)
        else:
            tell(_LOG, REFRESH_PUBLISHED, request=name)
