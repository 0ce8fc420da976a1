"""Reconcile: now and then, look for what no change leads to.

Split tasks and requests whose ends were left undone, operations that have gone. Orphans are found
by `follow`, which then looks at every operation; broken starts are found in every tick.
"""

from datetime import datetime
from functools import partial

from s1ratio.records import RequestRecord
from s1ratio.services.following.lost import is_missing, missed
from s1ratio.services.operations.listing import Listing
from s1ratio.services.polling.merge import merge_left
from s1ratio.services.polling.rounds import Leg, go_on, is_due
from s1ratio.services.polling.tick import Tick
from s1ratio.services.requesting.settle import settle
from s1ratio.services.waiting.isolation import Patience, isolated
from s1ratio.task import Task, TaskState


def reconcile(tick: Tick, until: datetime) -> None:
    """Go on with a round if one is due; operations are looked for if Earth Engine answers."""
    context, listing = tick.context, tick.listing
    if not is_due(context):
        return
    split = partial(context.store.tasks_in, TaskState.SPLIT)
    legs = [
        Leg("round.split", split, partial(merge_left, tick)),
        Leg("round.requests", context.store.open_requests, partial(_count, tick)),
    ]
    is_known = listing is not None and listing.trouble is None
    if listing is not None and is_known:
        look = partial(_look_for, tick, listing, Patience(tick.report.troubles))
        for state in (TaskState.SUBMITTED, TaskState.RUNNING):
            fetch = partial(context.store.tasks_in, state)
            legs.append(Leg(f"round.{state.value.lower()}", fetch, look))
    go_on(context, legs, until, last=is_known)


def _count(tick: Tick, record: RequestRecord) -> None:
    tick.report.settled += settle(tick.context, [record.id], tick.report.troubles)


def _look_for(tick: Tick, listing: Listing, patience: Patience, task: Task) -> None:
    if not is_missing(tick.context, task, listing):
        return
    with isolated(tick.context, task, tick.report.troubles), patience.with_one(task.id):
        after = missed(tick.context, task)
        if after is not None:
            tick.report.lost += after.state is TaskState.LOST
            tick.note(after)
