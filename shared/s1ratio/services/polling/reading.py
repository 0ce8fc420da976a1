"""Reading: how much of Earth Engine's list a tick needs, and the list itself."""

import logging
from datetime import datetime, timedelta

from s1ratio.errors import TransientFault
from s1ratio.logevents import TROUBLE, tell
from s1ratio.services.following.follow import read_marks
from s1ratio.services.operations.late_operations import find_search_start
from s1ratio.services.operations.listing import (
    LOOK_BACK,
    MAX_LOOK_BACK,
    Extent,
    Listing,
    fetch_listing,
    look_back,
)
from s1ratio.services.polling.tick_state import Tick
from s1ratio.services.waiting.admission import clear_outage, hold_for_list

_LOG = logging.getLogger(__name__)

_PAGE = 200
_MAX_TOLD_BY = timedelta(minutes=1)


def read_operations(tick: Tick) -> None:
    """Read the list once, for all steps that follow; nothing is asked if nothing depends on it.

    A fault holds up starts and searches if it is an outage. What was read before it stands.
    """
    context, now = tick.context, tick.context.clock.now()
    tick.marks = read_marks(context)
    tick.broken_starts = context.store.find_stale_starts(now, _PAGE)
    since = _since(tick, now)
    if since is None:
        tick.listing = Listing.without_reading(Extent.UNNEEDED, now)
        return
    reach = now - MAX_LOOK_BACK if tick.marks.is_time_for_all(now) else since
    at_least = max(map(look_back, tick.broken_starts), default=LOOK_BACK)
    tick.listing = fetch_listing(context, since, min(since, reach), tick.step_until, at_least)
    _tell_skew(tick)
    trouble = tick.listing.trouble
    if trouble is None:
        clear_outage(context)
        return
    if isinstance(trouble, TransientFault):  # refused alone, it keeps no start from being tried
        hold_for_list(context, trouble)
    raise trouble


def _since(tick: Tick, now: datetime) -> datetime | None:
    """Return how far back the list must be read; None if nothing depends on it."""
    store = tick.context.store
    oldest = find_search_start(tick.context, store.find_oldest_start())
    starts = [oldest] if oldest else []
    starts += [
        task.claim.starting_at for task in store.find_lost(now, _PAGE) if task.claim.starting_at
    ]
    if not starts and not tick.marks.has_loose_ends(now):
        return None
    since = max(min(starts, default=now), now - MAX_LOOK_BACK)
    # A start that broke must be found, however long ago that was, lest it be made twice.
    broken = [
        task.claim.starting_at - look_back(task)
        for task in tick.broken_starts
        if task.claim.starting_at
    ]
    return min([since - LOOK_BACK, *broken])


def _tell_skew(tick: Tick) -> None:
    """Say that our clock is wrong, if it is: nothing fails of it, but a person can mend it."""
    ahead = tick.listing.ahead
    if abs(ahead) <= _MAX_TOLD_BY:
        return
    minutes = round(ahead / timedelta(minutes=1))
    way = "ahead of" if minutes > 0 else "behind"
    words = f"this machine's clock is {abs(minutes)} min {way} Earth Engine's: set it by NTP"
    tick.troubles.append(words)
    tell(_LOG, TROUBLE, what=words)
