"""Setbacks: a region or a request that can't be worked on is put off, for longer each time.

After ten times a region is BROKEN: somebody must look at it. That another writer came first is
none: the next tick reads what that one has left.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

from s1ratio.errors import Conflict
from s1ratio.faults import MAX_ERROR, cut
from s1ratio.logevents import REGION_BROKEN, UNEXPECTED, about, tell
from s1ratio.regions.moves import broken
from s1ratio.regions.records import RefreshRecord, RegionRecord
from s1ratio.regions.states import RegionState
from s1ratio.services.regions.context import RegionContext
from s1ratio.services.storing.regions import commit_regions
from s1ratio.services.waiting.backoff import pause
from s1ratio.services.waiting.isolation import EVERYBODYS, describe, log_unexpected

_LOG = logging.getLogger(__name__)
MAX_TRIES = 10  # some four hours
_LOOK_LATER = timedelta(hours=1)


@contextmanager
def isolate_region(
    context: RegionContext, record: RegionRecord, troubles: list[str]
) -> Iterator[None]:
    """Work on one region; an unexpected error puts it off, and breaks it in the end."""
    with about(region=record.id):
        try:
            yield
        except EVERYBODYS:
            raise
        except Conflict:
            troubles.append(f"region {record.id}: another writer came first")
        except Exception as error:
            _count(f"region {record.id}", error, troubles)
            with log_unexpected(f"putting off region {record.id}", troubles):
                _put_off_region(context, record.id, error)


@contextmanager
def isolate_refresh(
    context: RegionContext, refresh: RefreshRecord, troubles: list[str]
) -> Iterator[None]:
    """Work on one request of a region; an unexpected error puts it off."""
    with about(region=refresh.region_id, request=refresh.id):
        try:
            yield
        except EVERYBODYS:
            raise
        except Conflict:
            troubles.append(f"request {refresh.id}: another writer came first")
        except Exception as error:
            _count(f"request {refresh.id}", error, troubles)
            with log_unexpected(f"putting off request {refresh.id}", troubles):
                put_off_refresh(context, refresh)


def _count(what: str, error: Exception, troubles: list[str]) -> None:
    tell(_LOG, UNEXPECTED, error, what=what)
    troubles.append(f"{what}: {describe(error)}")


def _put_off_region(context: RegionContext, region_id: str, error: Exception) -> None:
    record, now = context.store.get_region(region_id), context.clock.now()
    if record is None or record.state is not RegionState.ACTIVE:
        return
    tries, words = record.tries + 1, cut(describe(error), MAX_ERROR)
    with suppress(Conflict):  # another worker has it, and fares better or tells of it
        if tries >= MAX_TRIES:
            change = broken(replace(record, tries=tries, error=words), now, words)
            commit_regions(context, [change.after], entries=change.entries)
            tell(_LOG, REGION_BROKEN, region=record.id, error=words)
            return
        later = replace(record, tries=tries, error=words, due_at=now + pause(tries, record.id))
        commit_regions(context, [later])


def put_off_look(context: RegionContext, region_id: str, words: str) -> None:
    """Put off a region whose scenes can't be listed: others go on, and it is told with it."""
    record, now = context.store.get_region(region_id), context.clock.now()
    if record is None or record.state is not RegionState.ACTIVE:
        return
    later = max(record.due_at or now, now + _LOOK_LATER)
    with suppress(Conflict):
        told = replace(record, error=cut(words, MAX_ERROR), due_at=later)
        context.store.commit_regions([told])


def put_off_refresh(context: RegionContext, refresh: RefreshRecord) -> None:
    """Put off a request that can't be worked on."""
    tries = refresh.tries + 1
    later = context.clock.now() + pause(tries, refresh.id)
    with suppress(Conflict):
        commit_regions(context, refreshes=[replace(refresh, tries=tries, due_at=later)])
