"""Selection: which slices a request's passes are made of, where an earlier version did not say.

Near the equator an ascending pass has one number now, that of its south. Before that, the slices on
each side of its node were a pass of their own. What was planned so is exported so: its passes and
tasks are taken for what they were. Only passes of which nobody can tell, and of which no task was
made, are asked for again.
"""

from collections.abc import Iterable
from dataclasses import replace

from s1ratio.ground_tracks import node_notes
from s1ratio.orbits import joins_at_node
from s1ratio.pixels import tell_selection
from s1ratio.plan import OrbitPass
from s1ratio.records import RequestRecord, Search
from s1ratio.request import CompositeRequest
from s1ratio.services.context import Context
from s1ratio.services.storing.requests import request_of


def joined(request: CompositeRequest, passes: Iterable[OrbitPass]) -> tuple[OrbitPass, ...]:
    """Return passes that were named or found by today's numbers, as such."""
    return tuple(
        replace(each, joined=True) if joins_at_node(request, each.direction) else each
        for each in passes
    )


def tell_passes(context: Context, record: RequestRecord) -> RequestRecord:
    """Return a request with passes that tell which slices are meant, or None to ask for them."""
    if record.passes is None and not record.search.found:
        return record
    request = request_of(record)
    if record.passes is None:
        untold = _is_untold(request, record.search.found)
        return replace(record, search=Search(record.search.parts)) if untold else record
    if not _is_untold(request, record.passes):
        return record
    planned_joined = _find_selection(context, record, request)
    if planned_joined is None:
        return replace(record, passes=None, limits=None)
    told = tuple(_told(request, each, planned_joined) for each in record.passes)
    return replace(record, passes=told)


def _is_untold(request: CompositeRequest, passes: Iterable[OrbitPass]) -> bool:
    return any(p.joined is None and joins_at_node(request, p.direction) for p in passes)


def _told(request: CompositeRequest, each: OrbitPass, planned_joined: bool) -> OrbitPass:
    if each.joined is not None or not joins_at_node(request, each.direction):
        return each
    return replace(each, joined=planned_joined)


def _find_selection(
    context: Context, record: RequestRecord, request: CompositeRequest
) -> bool | None:
    """Return whether passes were joined when they were stored; None where nobody can tell.

    Tasks that were made of them tell; and of named ones the note that comes with joining.
    """
    for task in context.store.find_tasks_of(record.id):
        told = tell_selection(request, task.plan, task.pixels.digest).joined
        if told is not None:
            return told
    notes = node_notes(request)
    return notes[0] in record.notes if notes else None
