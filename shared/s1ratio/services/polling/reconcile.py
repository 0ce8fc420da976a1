"""Reconcile: now and then, look for what no change leads to.

Split tasks and requests whose ends were left undone, operations that have gone. Orphans are found
by `follow`, which then looks at every operation; broken starts are found in every tick.
"""

from functools import partial

from s1ratio.records import RequestRecord
from s1ratio.services.commands.sweep import cancel_request_tasks
from s1ratio.services.following.lost import confirm_lost, is_missing
from s1ratio.services.polling.freeing import Freeing
from s1ratio.services.polling.rounds import Leg, continue_round, is_round_due
from s1ratio.services.polling.tick_state import Tick
from s1ratio.services.requesting.expire import expire
from s1ratio.services.requesting.idle_clocks import IdleClocks, advance_idle_clocks
from s1ratio.services.requesting.settle import settle
from s1ratio.services.storing.tasks import merge
from s1ratio.services.waiting.clocks import was_ahead
from s1ratio.services.waiting.isolation import (
    FaultStreak,
    isolate_request,
    isolate_task,
    log_unexpected,
)
from s1ratio.task import Task, TaskState
from s1ratio.time_marks import TimeMark

_FOLLOWED = {
    TimeMark.ROUND_SUBMITTED: TaskState.SUBMITTED,
    TimeMark.ROUND_RUNNING: TaskState.RUNNING,
}


def reconcile(tick: Tick) -> None:
    """Go on with a round if one is due; operations are looked for if Earth Engine answers."""
    store = tick.context.store
    if not is_round_due(tick.context):
        return
    freeing = Freeing(tick, was_ahead(tick.context, TimeMark.ROUND))
    count = partial(_count, tick, advance_idle_clocks(tick.context), freeing)
    legs = [
        Leg(
            TimeMark.ROUND_SPLIT,
            partial(store.find_tasks_in, TaskState.SPLIT),
            partial(_merge, tick),
        ),
        Leg(TimeMark.ROUND_REQUESTS, store.find_open_requests, count),
        *freeing.legs(),
    ]
    if tick.listing.answers:
        look = partial(_look_for, tick, FaultStreak(tick.troubles))
        legs += [
            Leg(mark, partial(store.find_tasks_in, state), look)
            for mark, state in _FOLLOWED.items()
        ]
    continue_round(tick.context, legs, tick.step_until, last=tick.listing.answers)
    freeing.tell()


def _merge(tick: Tick, parent: Task) -> None:
    """End a SPLIT task if its children have all ended. Costs four reads.

    Whoever stores the end of a last child stores its parent's too, unless it dies in between.
    """
    with isolate_task(tick.context, parent, tick.troubles):
        if merge(tick.context, parent):
            tick.unsettle(parent.plan.request_id)


def _count(tick: Tick, clocks: IdleClocks, freeing: Freeing, record: RequestRecord) -> None:
    """Count a request's tasks; give it up if nothing has become of it for too long.

    One that is to be cancelled is brought on: a sweep comes to some of them only.
    """
    freeing.note(record)
    tick.report.settled += settle(tick.context, [record.id], tick.troubles)
    if record.cancelling is not None:
        with isolate_request(tick.context, record.id, tick.troubles):
            for task in cancel_request_tasks(tick.context, record, tick.step_until, tick.troubles):
                tick.note(task)
    with log_unexpected(f"request {record.id}", tick.troubles):
        for task in expire(tick.context, record.id, clocks, tick.troubles):
            tick.note(task)


def _look_for(tick: Tick, streak: FaultStreak, task: Task) -> None:
    if not is_missing(tick.context, task, tick.listing):
        return
    with isolate_task(tick.context, task, tick.troubles), streak.tolerate(task.id):
        after = confirm_lost(tick.context, task, tick.listing)
        if after is not None:
            tick.report.lost += after.state is TaskState.LOST
            tick.note(after)
