"""Poll: one tick of following, mending, verifying and starting tasks: the steps, one by one.

Every step is bounded by the tick's budget and safe to repeat. A lease lets one tick work at a
time; two at once, where it ended early, do no harm: every write is a compare-and-set. Without an
active task nothing is asked of Earth Engine, but for one last look for orphans.
One request's or task's unexpected error is its own: it is told, and the others get their turn.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from s1ratio.errors import EarthEngineFault, ObjectStoreUnavailable, StoreUnavailable
from s1ratio.logevents import TICK_SKIPPED, TROUBLE, tell
from s1ratio.services.context import PollContext
from s1ratio.services.polling.metrics import tell_tick
from s1ratio.services.polling.steps import STEPS, Step
from s1ratio.services.polling.tick_state import PollReport, Tick
from s1ratio.services.publishing.publish import publish_committed
from s1ratio.services.waiting.isolation import log_unexpected
from s1ratio.services.waiting.standstill import probe_bucket

_LOG = logging.getLogger(__name__)

LEASE = "poll"
# What the last call of a tick may take beyond its budget.
_LEASE_LONGER = timedelta(seconds=60)


def poll(context: PollContext) -> PollReport:
    """Run one tick. Earth Engine's or the bucket's troubles end a step, not the tick.

    Does nothing while another tick is under way. Only a store that can't be reached raises.
    """
    since = context.clock.now()
    with _lease(context, since) as is_ours:
        if not is_ours:
            tell(_LOG, TICK_SKIPPED)
            return PollReport(skipped=True)
        tick = Tick(context)
        for step in STEPS:
            _run(tick, step)
            tick.report.published += publish_committed(context, tick.until)
        tick.report.published += publish_committed(context)  # what came last, past its time
    counts = tick.report.json()
    del counts["skipped"]
    tell_tick(context, counts, since)
    return tick.report


def _run(tick: Tick, step: Step) -> None:
    name = step.run.__name__
    tick.begin_step(step.share)
    try:
        with log_unexpected(name, tick.troubles):
            step.run(tick)
    except (EarthEngineFault, ObjectStoreUnavailable) as trouble:
        tick.troubles.append(f"{name}: {trouble}")
        tell(_LOG, TROUBLE, what=tick.troubles[-1], error_class=trouble.error_class)
        if isinstance(trouble, ObjectStoreUnavailable):
            probe_bucket(tick.context)


@contextmanager
def _lease(context: PollContext, now: datetime) -> Iterator[bool]:
    """Hold the poller's lease, and tell whether it could be had.

    One that a process died with is over soon after that tick would have been.
    """
    budget = timedelta(seconds=context.settings.tick_budget_s)
    if not context.store.take_lease(LEASE, context.owner, now, now + budget + _LEASE_LONGER):
        yield False
        return
    try:
        yield True
    finally:
        with suppress(StoreUnavailable):  # it ends by itself
            context.store.give_back(LEASE, context.owner)


__all__ = ["PollReport", "poll"]
