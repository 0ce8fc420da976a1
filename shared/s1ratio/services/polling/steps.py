"""Steps: what a tick does, in this order, each step with its share of the tick's budget.

A step takes the tick and nothing else, is safe to repeat, and leaves to the next tick what it has
no time for.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from s1ratio.logevents import TROUBLE, tell
from s1ratio.records import RequestRecord, RequestState
from s1ratio.services.catalogue.catalogue_due import catalogue_due
from s1ratio.services.commands.sweep import cancel_request_tasks, sweep
from s1ratio.services.following.follow import follow
from s1ratio.services.following.lost import resolve_lost
from s1ratio.services.following.recover import recover
from s1ratio.services.operations.listing import Extent
from s1ratio.services.polling.reading import read_operations
from s1ratio.services.polling.reconcile import reconcile
from s1ratio.services.polling.tick_state import Tick
from s1ratio.services.publishing.sweep import sweep_unsent
from s1ratio.services.requesting.expand import expand
from s1ratio.services.requesting.expire import expire_unexpanded
from s1ratio.services.requesting.settle import settle_recent
from s1ratio.services.starting.batch import start_all
from s1ratio.services.starting.sharing import release_followers
from s1ratio.services.storing.tasks import fetch_ended_parents
from s1ratio.services.verifying.verify_task import verify_task
from s1ratio.services.waiting.admission import admit, annotate_queue, in_outage, is_refusing
from s1ratio.services.waiting.fairness import fetch_due_tasks, in_another_order
from s1ratio.services.waiting.isolation import FaultStreak, isolate_request, isolate_task
from s1ratio.services.waiting.standstill import note_no_room

_LOG = logging.getLogger(__name__)
_PAGE = 200
_REQUESTS_PAGE = 20  # records hold their areas


@dataclass(frozen=True)
class Step:
    """One step, and the part of a tick's budget that it may take."""

    run: Callable[[Tick], None]
    share: float


def publish_unsent(tick: Tick) -> None:
    """Publish events that whoever committed them could not, or did not come to."""
    tick.report.published += sweep_unsent(tick.context, tick.step_until)


def follow_operations(tick: Tick) -> None:
    """Move the tasks whose operations changed."""
    if tick.listing.extent in {Extent.UNREAD, Extent.UNNEEDED}:
        return
    found = follow(tick.context, tick.listing, tick.marks, tick.step_until, tick.troubles)
    tick.report.observed += len(found.moved)
    for request_id in found.seen:  # counted so far, perhaps, by a process that died
        tick.context.memory.unsettle(request_id)
    for task in found.moved.values():
        tick.note(task)


def recover_starts(tick: Tick) -> None:
    """Bring on starts that broke: found in the list, or made again."""
    if not tick.listing.answers:
        return
    for task in tick.broken_starts:
        if tick.is_over():
            return
        if not tick.listing.covers(task):
            continue
        with isolate_task(tick.context, task, tick.troubles):
            after = recover(tick.context, tick.requests, task, tick.listing)
            if after is not None:
                tick.report.recovered += 1
                tick.note(after)


def resolve_lost_tasks(tick: Tick) -> None:
    """Decide on tasks whose operations have been gone for a while."""
    listing, streak = tick.listing, FaultStreak(tick.troubles)
    if not listing.answers:
        return
    now = tick.context.clock.now()
    for task in in_another_order(tick.context.store.find_lost(now, _PAGE), now):
        if tick.is_over():
            return
        if not (listing.covers(task) or listing.is_too_old(task)):
            continue
        with isolate_task(tick.context, task, tick.troubles), streak.tolerate(task.id):
            request, share = tick.requests.of(task), tick.requests.share_of(task)
            after = resolve_lost(tick.context, request, task, listing, share)
            if after is not None:
                tick.note(after)


def sweep_cancelled(tick: Tick) -> None:
    """Bring on what is to be cancelled."""
    changed = set[str]()
    try:
        for task in sweep(tick.context, tick.step_until, changed, tick.troubles):
            tick.note(task)
    finally:
        tick.unsettle(*changed)


def verify_outputs(tick: Tick) -> None:
    """Open what succeeded exports wrote."""
    for task in tick.context.store.find_to_verify(tick.context.clock.now(), _PAGE):
        if tick.is_over():
            return
        with isolate_task(tick.context, task, tick.troubles):
            request, share = tick.requests.of(task), tick.requests.share_of(task)
            tick.note(verify_task(tick.context, request, task, share))


def release_waiting(tick: Tick) -> None:
    """Let tasks that wait for pixels end with those that ended in this tick."""
    ended = [*tick.ended, *fetch_ended_parents(tick.context, tick.ended)]
    for task in release_followers(tick.context, ended, tick.troubles):
        tick.report.shared += 1
        tick.unsettle(task.plan.request_id)


def expand_requests(tick: Tick) -> None:
    """Give due requests their passes and tasks.

    Those that were put off are not due any more; what can't even be put off is read past.
    """
    seen, stuck = set[str](), 0
    while True:
        limit = _REQUESTS_PAGE + stuck
        due = tick.context.store.find_expandable(tick.context.clock.now(), limit)
        fresh = [record for record in due if record.id not in seen]
        stuck = len(due) - len(fresh)
        if (not fresh and len(due) < limit) or in_outage(tick.context):
            return
        for record in fresh:
            if tick.is_over():
                return
            seen.add(record.id)
            if not _expand(tick, record):
                return


def _expand(tick: Tick, record: RequestRecord) -> bool:
    """Bring one request on; False says that Earth Engine does not answer, or refuses all."""
    after = record
    with isolate_request(tick.context, record.id, tick.troubles):
        after = expand(tick.context, record)
        after = expire_unexpanded(tick.context, after)
        if after.cancelling is not None:
            cancel_request_tasks(tick.context, after, tick.step_until, tick.troubles)
    if after.state is not RequestState.EXPANDING:
        tick.report.expanded += 1
    if after.error:
        tick.troubles.append(f"request {after.id}: {after.error}")
        tell(_LOG, TROUBLE, what=tick.troubles[-1], request=after.id)
        return not (in_outage(tick.context) or is_refusing(tick.context))
    return True


def start_tasks(tick: Tick) -> None:
    """Start planned tasks while Earth Engine's queue has room for them, a page after the other."""
    while _start_page(tick) and not tick.is_over():
        pass


def _start_page(tick: Tick) -> bool:
    """Start the first in line; tell whether all of a whole page were, so that more may be."""
    due = fetch_due_tasks(tick.context, _PAGE, tick.troubles)
    if not due:
        return False
    admitted = admit(tick.context)
    tick.report.held = admitted.why
    annotate_queue(tick.context, due, admitted, tick.troubles)
    report = start_all(tick.context, due, tick.step_until, admitted.room)
    note_no_room(tick.context, admitted, report.room_taken)
    tick.report.started += report.started
    tick.report.shared += report.shared
    tick.report.failed += report.failed
    tick.troubles.extend(report.troubles)
    tick.unsettle(*report.requests)
    return report.started == _PAGE


def settle_requests(tick: Tick) -> None:
    """Bring requests up to date whose tasks moved or ended."""
    tick.report.settled += settle_recent(tick.context, tick.step_until, tick.troubles)


def catalogue_composites(tick: Tick) -> None:
    """Write the items of composites that were verified, and what names them."""
    tick.report.catalogued += catalogue_due(tick.context, tick.step_until, tick.troubles)


# Steps that wait for others most of their time have less than all of it.
STEPS = (
    Step(publish_unsent, 0.25),  # first, lest a tick that has too much to do leaves them for ever
    Step(read_operations, 0.5),
    Step(follow_operations, 1.0),
    Step(recover_starts, 1.0),
    Step(resolve_lost_tasks, 1.0),
    Step(sweep_cancelled, 0.25),
    Step(verify_outputs, 0.5),
    Step(reconcile, 0.25),
    Step(release_waiting, 1.0),
    Step(expand_requests, 0.25),
    Step(catalogue_composites, 0.25),
    Step(start_tasks, 1.0),
    Step(settle_requests, 1.0),
)
