"""Following: what became of regions' requests, and whether their scenes came late."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from s1ratio.logevents import REGION_BROKEN, tell
from s1ratio.records import RequestRecord
from s1ratio.regions.admission import Facts, is_over_budget, next_month
from s1ratio.regions.history import entry
from s1ratio.regions.messages import digest_of_payload, payload_of, revised_payload
from s1ratio.regions.model import Region
from s1ratio.regions.moves import broken
from s1ratio.regions.passes import midnight
from s1ratio.regions.reader import stored_region
from s1ratio.regions.rechecks import (
    Listed,
    Rechecked,
    followed,
    not_taken_in,
    rechecked,
    refused,
)
from s1ratio.regions.records import HistoryEntry, RefreshRecord, RegionRecord
from s1ratio.regions.states import RefreshState, RegionState, Why
from s1ratio.scenes import SceneAnswer, SceneQuestion
from s1ratio.services.regions.budget import read_spent
from s1ratio.services.regions.context import RegionContext
from s1ratio.services.regions.looking import listed_in, seen_by
from s1ratio.services.regions.refreshing import publish
from s1ratio.services.storing.regions import commit_regions

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Followed:
    """A request of a region that is due to be looked at, its region, and what is known of it."""

    refresh: RefreshRecord
    region: RegionRecord | None
    request: RequestRecord | None

    @property
    def is_recheck(self) -> bool:
        """Whether its scenes are to be listed again."""
        return self.refresh.state is RefreshState.ENDED


def read_followed(context: RegionContext, refreshes: Sequence[RefreshRecord]) -> list[Followed]:
    """Return what is known around requests that are due: two reads for all of them."""
    requests = context.store.get_requests({one.id for one in refreshes})
    regions = context.store.get_regions({one.region_id for one in refreshes})
    return [Followed(one, regions.get(one.region_id), requests.get(one.id)) for one in refreshes]


def question_about(one: Followed) -> SceneQuestion | None:
    """Return what is asked about a request whose scenes are to be listed again."""
    if not one.is_recheck or one.region is None:
        return None
    days, area = one.refresh.days, stored_region(one.region.text).aoi
    key = f"request {one.refresh.id}"
    return SceneQuestion(key, area, midnight(days.start), midnight(days.end))


def follow_request(
    context: RegionContext, one: Followed, answer: SceneAnswer | None, now: datetime
) -> bool:
    """Bring one request of a region on; tell whether that made a revision.

    A recheck without an answer waits. Raises Conflict where another writer came first.
    """
    if one.is_recheck:
        return _recheck(context, one, answer, now)
    if one.request is not None:
        _settle(context, one, followed(one.refresh, one.request, now), _words_of(one.request), now)
        return False
    rejection = context.store.get_rejection(one.refresh.payload_digest)
    if rejection is not None:
        words = "; ".join(map(str, rejection.reasons[:3]))
        _settle(context, one, refused(one.refresh, now), words, now)
        return False
    _publish_again(context, one, now)
    return False


def _words_of(request: RequestRecord) -> str:
    return "; ".join(map(str, request.reasons[:3])) or (request.error or "")


def _settle(
    context: RegionContext, one: Followed, after: RefreshRecord, words: str, now: datetime
) -> None:
    """Store what became of a request; what was refused breaks its region."""
    region = one.region
    if after.state is not RefreshState.REJECTED or region is None:
        commit_regions(context, refreshes=[after])
        return
    said: tuple[HistoryEntry, ...] = (
        entry(region.id, now, "rejected", words, request_id=after.id),
    )
    changed: list[RegionRecord] = []
    if region.state is RegionState.ACTIVE:
        change = broken(region, now, f"request {after.id} was refused: {words}")
        changed, said = [change.after], (*said, *change.entries)
    commit_regions(context, changed, [after], said)
    if changed:
        tell(_LOG, REGION_BROKEN, region=region.id, error=changed[0].why)


def _publish_again(context: RegionContext, one: Followed, now: datetime) -> None:
    """Publish what nobody has taken in yet: the same bytes, so that twice is once."""
    payload = _payload(context, one)
    after = not_taken_in(one.refresh, now)
    if payload is None:
        after = replace(refused(one.refresh, now), request_state=None)
        words = f"request {after.id} was never taken in, and its region is another by now"
        said = entry(after.region_id, now, "skipped", Why.EDITED, request_id=after.id)
        commit_regions(context, refreshes=[after], entries=[replace(said, became=words)])
        return
    if after.state is RefreshState.REJECTED:
        _settle(context, one, after, "nobody has taken it in: see the log of launch_exports", now)
        return
    commit_regions(context, refreshes=[after])
    publish(context, [(after.id, payload)])


def _payload(context: RegionContext, one: Followed) -> bytes | None:
    """Return the message of a request as it was published, None if it can't be made any more."""
    refresh = one.refresh
    if refresh.supersedes is not None:
        before = context.store.get_request(refresh.supersedes)
        payload = revised_payload(before.message, refresh.id) if before else None
    elif one.region is not None:
        region = stored_region(one.region.text)
        payload = payload_of(region, refresh.id, refresh.days, refresh.priority)
    else:
        payload = None
    same = payload is not None and digest_of_payload(payload) == refresh.payload_digest
    return payload if same else None


def _recheck(
    context: RegionContext, one: Followed, answer: SceneAnswer | None, now: datetime
) -> bool:
    record = one.region
    if record is None:  # deleted by hand: nobody is to be told
        commit_regions(context, refreshes=[replace(one.refresh, due_at=None)])
        return False
    if answer is None:
        return False
    region = stored_region(record.text)
    listed = listed_in(answer, seen_by(region, answer.scenes), one.refresh.days)
    message = one.request.message if one.request is not None else None
    active = record.state is RegionState.ACTIVE
    found = rechecked(one.refresh, message, listed or Listed("", 0, False), active, now)
    if found.revision is not None and _is_over_budget(context, region, record, now):
        _hold(context, one, found, now)
        return False
    _store_recheck(context, one, found, now)
    return found.revision is not None


def _is_over_budget(
    context: RegionContext, region: Region, record: RegionRecord, now: datetime
) -> bool:
    spent, median = read_spent(context.store, region, record, now)
    return is_over_budget(region, Facts(spent=spent, median=median), 1)


def _hold(context: RegionContext, one: Followed, found: Rechecked, now: datetime) -> None:
    """Put a revision off until next month: the composite is stale, and says so."""
    after = replace(one.refresh, stale_since=found.refresh.stale_since, due_at=next_month(now))
    said = entry(after.region_id, now, "held", Why.BUDGET, request_id=after.id)
    commit_regions(context, refreshes=[after], entries=[said])


def _store_recheck(context: RegionContext, one: Followed, found: Rechecked, now: datetime) -> None:
    name, region_id = one.refresh.id, one.refresh.region_id
    changed = [found.refresh]
    said = []
    if found.revision is not None:
        changed.append(found.revision)
        said.append(
            entry(region_id, now, "revised", "late scenes", request_id=found.revision.id, was=name)
        )
    elif found.why is not None:
        said.append(entry(region_id, now, "skipped", found.why, request_id=name))
    commit_regions(context, refreshes=changed, entries=said)
    if found.revision is not None and found.payload is not None:
        publish(context, [(found.revision.id, found.payload)])
