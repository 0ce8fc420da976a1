"""Search: the passes that meet a request's area, asked for in parts where all is too much.

A part is a stretch of the period. What was found of the earlier ones is stored with the request, so
that a later try, of whichever process, asks for the rest alone.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

from s1ratio.errors import EarthEngineFault, TookTooLong
from s1ratio.plan import OrbitPass
from s1ratio.records import RequestRecord, Search
from s1ratio.request import CompositeRequest
from s1ratio.request.moments import count_days
from s1ratio.services.context import Context
from s1ratio.services.requesting.selection import joined
from s1ratio.services.starting.split import is_too_much
from s1ratio.services.storing.requests import request_of

Ask: TypeAlias = Callable[[CompositeRequest], tuple[OrbitPass, ...]]
MAX_PARTS = 16
_BUDGET = timedelta(seconds=30)  # after it no further part is asked for: a tick has other things


def search_passes(
    context: Context, record: RequestRecord
) -> tuple[RequestRecord, EarthEngineFault | None]:
    """Return the request as far as its passes could be found now, not stored, and what broke.

    `passes` are set once the whole period was asked for.
    """
    request, search = request_of(record), record.search
    until = context.clock.now() + _BUDGET
    fault = None
    while search.days < _days(request) and fault is None:
        end = min(search.days + _length(request, search), _days(request))
        try:
            found = context.earth_engine.find_passes(_part(request, search.days, end))
            found = joined(request, found)
        except EarthEngineFault as error:
            fault = error
            continue
        search = replace(search, days=end, found=unite(search.found, found))
        if context.clock.now() >= until:
            break
    if search.days >= _days(request):
        return replace(record, passes=search.found, search=Search(), error=None), None
    if search.days == record.search.days:
        return record, fault
    went_on = replace(record, search=search, tries=0, mishaps=0)
    return replace(went_on, error=None, idle_since=None), fault


def find_in_parts(find_passes: Ask, request: CompositeRequest) -> tuple[OrbitPass, ...]:
    """Return the passes that meet a request's area, asked for by somebody who waits for them.

    The whole period is asked for at once, then in ever shorter parts where that is too much. Raise
    EarthEngineFault where the shortest are, or for any other fault.
    """
    search = Search()
    while search.days < _days(request):
        end = min(search.days + _length(request, search), _days(request))
        try:
            found = find_passes(_part(request, search.days, end))
        except EarthEngineFault as fault:
            smaller = _halved(search, fault)
            if smaller == search:
                raise
            search = smaller
            continue
        search = replace(search, days=end, found=unite(search.found, found))
    return search.found


def in_smaller_parts(record: RequestRecord, fault: EarthEngineFault) -> RequestRecord:
    """Return the request with parts half as long, if that may help against a fault."""
    return replace(record, search=_halved(record.search, fault))


def _halved(search: Search, fault: EarthEngineFault) -> Search:
    if not (is_too_much(fault) or isinstance(fault, TookTooLong)):
        return search
    return replace(search, parts=min(2 * search.parts, MAX_PARTS))


def unite(some: tuple[OrbitPass, ...], others: tuple[OrbitPass, ...]) -> tuple[OrbitPass, ...]:
    """Return the passes of two periods that don't overlap as those of both.

    Scenes add up. Of the shares of the area the larger is taken: together they cover that or more,
    since a satellite flies over the same ground each time.
    """
    if not some:
        return others
    found = {(each.orbit, each.direction): each for each in some}
    for each in others:
        key = (each.orbit, each.direction)
        before = found.get(key)
        found[key] = each if before is None else _both(before, each)
    return tuple(found[key] for key in sorted(found))


def _both(one: OrbitPass, other: OrbitPass) -> OrbitPass:
    shares = [each.share for each in (one, other) if each.share is not None]
    scenes = (one.scenes or 0) + (other.scenes or 0)
    return replace(one, share=max(shares, default=None), scenes=scenes)


def _days(request: CompositeRequest) -> int:
    return count_days(request.start, request.end)


def _length(request: CompositeRequest, search: Search) -> int:
    """Return how many days a part has: one at least."""
    return math.ceil(_days(request) / search.parts)


def _part(request: CompositeRequest, begin: int, end: int) -> CompositeRequest:
    """Return the request for these days of its period alone."""
    start = request.start
    last = request.end if end >= _days(request) else start + timedelta(days=end)
    return request.model_copy(update={"start": start + timedelta(days=begin), "end": last})
