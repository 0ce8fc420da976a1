"""One tick of incidents: read again, judge, place, advance; each step bounded, safe to repeat.

A lease lets one tick work at a time; two at once, where it ended early, do no harm. What follows
an incident's `wanted` is the caller's: see `s1ratio.alerts.incident`.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from s1ratio.alerts.log_events import INCIDENTS_TICK
from s1ratio.errors import ObjectStoreUnavailable, StoreUnavailable
from s1ratio.logevents import TICK_SKIPPED, TROUBLE, tell
from s1ratio.services.alerts.advance_incidents import advance_due
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.alerts.heed_changes import heed_changes
from s1ratio.services.alerts.judge_alerts import judge_recorded
from s1ratio.services.alerts.place_alerts import place_waiting
from s1ratio.services.alerts.reread import reread_unknown
from s1ratio.services.alerts.tick_state import IncidentsReport, Tick

_LOG = logging.getLogger(__name__)
LEASE = "incidents"
_LEASE_LONGER = timedelta(seconds=60)


def tick_incidents(context: AlertContext) -> IncidentsReport:
    """Run one tick; do nothing while another is under way. Only a store out of reach raises."""
    with lease(context, LEASE, context.clock.now()) as is_ours:
        if is_ours:
            return run_tick(context)
    tell(_LOG, TICK_SKIPPED)
    return IncidentsReport(skipped=True)


def run_tick(context: AlertContext) -> IncidentsReport:
    """Run one tick, by who holds the lease."""
    since = context.clock.now()
    tick = Tick.begin(context)
    for step in (reread_unknown, judge_recorded, place_waiting, heed_changes, advance_due):
        _run(tick, step)
    tick.report.troubles = len(tick.troubles)
    fields = tick.report.json()
    del fields["skipped"]
    duration = (context.clock.now() - since).total_seconds()
    tell(_LOG, INCIDENTS_TICK, **fields, duration_s=duration)
    return tick.report


def _run(tick: Tick, step: Callable[[Tick], None]) -> None:
    """Run a step; the bucket's troubles end it and not the tick."""
    try:
        step(tick)
    except ObjectStoreUnavailable as trouble:
        tick.troubles.append(str(trouble))
        tell(_LOG, TROUBLE, what=str(trouble), error_class=trouble.error_class)


@contextmanager
def lease(context: AlertContext, name: str, now: datetime) -> Iterator[bool]:
    """Hold a lease for a tick's budget, and tell whether it could be had."""
    until = now + timedelta(seconds=context.settings.tick_budget_s) + _LEASE_LONGER
    if not context.store.take_lease(name, context.owner, now, until):
        yield False
        return
    try:
        yield True
    finally:
        with suppress(StoreUnavailable):  # it ends by itself
            context.store.give_back(name, context.owner)
