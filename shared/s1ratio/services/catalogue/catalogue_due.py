"""Catalogue: the items of VERIFIED composites that are due, then all that names them.

A task says when its item is due; who writes it puts that off first, so that no other process does
the same, and one that dies leaves it due again. Last of all the task says where its item is.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from s1ratio.errors import Conflict, ObjectMissing
from s1ratio.logevents import CATALOGUED, TROUBLE, about, tell
from s1ratio.services.catalogue.documents import Written, documents_of
from s1ratio.services.catalogue.gathering import (
    find_inputs,
    gather_facts,
    publisher_of,
    read_asked,
)
from s1ratio.services.context import PollContext
from s1ratio.services.storing.tasks import commit_task
from s1ratio.services.waiting.admission import in_outage
from s1ratio.services.waiting.backoff import pause
from s1ratio.services.waiting.isolation import log_unexpected
from s1ratio.task import Task, TaskState

_LOG = logging.getLogger(__name__)

MAX_TRIES = 30  # about a day
_PAGE = 50
_LEASE = timedelta(minutes=10)  # longer than a tick


def catalogue_due(context: PollContext, until: datetime, troubles: list[str]) -> int:
    """Catalogue what is due, as far as there is time; return how many items were written.

    Raises ObjectStoreUnavailable, after what was written is named. Does nothing where there is no
    place for a catalogue, and while Earth Engine does not answer: it knows the scenes.
    """
    if context.documents is None or in_outage(context):
        return 0
    done: list[tuple[Task, Written]] = []
    try:
        for request_id, tasks in _find_due(context).items():
            if context.clock.now() >= until:
                break
            with about(request=request_id), log_unexpected(f"catalogue: {request_id}", troubles):
                _write_items(context, request_id, tasks, until, done)
    finally:
        _finish(context, done, troubles)
    return len(done)


def _find_due(context: PollContext) -> dict[str, list[Task]]:
    found: dict[str, list[Task]] = defaultdict(list)
    for task in context.store.find_to_catalogue(context.clock.now(), _PAGE):
        found[task.plan.request_id].append(task)
    return found


def _write_items(
    context: PollContext,
    request_id: str,
    tasks: Sequence[Task],
    until: datetime,
    done: list[tuple[Task, Written]],
) -> None:
    """Write the items of a request's tasks; what was written is in `done`, whatever goes wrong."""
    # pystac is late: most ticks have nothing to catalogue.
    from s1ratio.catalogue.item import make_item  # noqa: PLC0415
    from s1ratio.services.catalogue.writing import write_item  # noqa: PLC0415

    mine = [claimed for task in tasks if (claimed := _claim(context, task)) is not None]
    if not mine:
        return
    asked = read_asked(context, request_id)
    inputs = find_inputs(context, asked, mine)
    if inputs is None:
        return
    for task in mine:
        if context.clock.now() >= until:
            return
        with suppress(ObjectMissing):  # somebody deleted it: it is looked for again
            facts = gather_facts(context, asked, task, inputs[task.id], until)
            done.append((task, write_item(documents_of(context), facts.place, make_item(facts))))


def _claim(context: PollContext, task: Task) -> Task | None:
    """Return a due task as ours for a while; None if it is another one's, or is to have no item."""
    now, tries = context.clock.now(), task.catalogue.catalogue_tries + 1
    given_up = tries > MAX_TRIES
    if task.state is not TaskState.VERIFIED or given_up:
        after = task.catalogue.unwanted()
    else:
        after = task.catalogue.begun(now + max(_LEASE, pause(tries, task.id)))
    try:
        stored = commit_task(context, task, replace(task, catalogue=after))
    except Conflict:
        return None
    if given_up:
        what = f"the item of {task.id} could not be written in {MAX_TRIES} tries: it is given up"
        tell(_LOG, TROUBLE, what=what, task=task.id)
    return stored if after.catalogue_due is not None else None


def _finish(
    context: PollContext,
    done: Sequence[tuple[Task, Written]],
    troubles: list[str],
) -> None:
    """Name what was written, then tell the tasks; what is not told is done again."""
    from s1ratio.services.catalogue.writing import write_above  # noqa: PLC0415 - late

    if not done:
        return
    write_above(documents_of(context), [written for _, written in done], publisher_of(context))
    for task, written in done:
        with log_unexpected(f"catalogue: {task.id}", troubles), suppress(Conflict):
            place = written.place.item
            after = replace(task, catalogue=task.catalogue.done(place, context.clock.now()))
            commit_task(context, task, after)
            tell(_LOG, CATALOGUED, request=task.plan.request_id, task=task.id, item=place)
