"""One tick of alerts as a whole: alerts to incidents, incidents to watches, watches to requests.

Each step is bounded and safe to repeat; a lease lets one tick work at a time, and two at once do no
harm: a watch is one compare-and-set commit before anything of it is published, and ids follow from
the incident, the track and the pass.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from s1ratio.alerts.log_events import WATCHES_TICK
from s1ratio.logevents import TICK_SKIPPED, tell
from s1ratio.services.alerts.follow_pairs import end_watches, follow_pairs
from s1ratio.services.alerts.look_for_passes import look_for_passes
from s1ratio.services.alerts.tick import LEASE, lease, run_tick
from s1ratio.services.alerts.tick_state import IncidentsReport
from s1ratio.services.alerts.watch_context import WatchContext
from s1ratio.services.alerts.watch_state import WatchesReport, WatchTick
from s1ratio.services.publishing.publish import publish_committed

_LOG = logging.getLogger(__name__)
_STEPS: tuple[Callable[[WatchTick], None], ...] = (end_watches, follow_pairs, look_for_passes)


def watch_incidents(context: WatchContext) -> dict[str, Any]:
    """Run a tick of incidents, then one of watches; return the counts of both.

    Each has half of the time. Only a store that can't be reached raises.
    """
    half = replace(context.settings, tick_budget_s=context.settings.tick_budget_s / 2)
    # One lease for both: while nothing happens leases are all that a tick writes.
    with lease(context.alerts, LEASE, context.clock.now()) as is_ours:
        if not is_ours:
            tell(_LOG, TICK_SKIPPED)
            skipped = IncidentsReport(skipped=True), WatchesReport(skipped=True)
            return {"incidents": skipped[0].json(), "watches": skipped[1].json()}
        incidents = run_tick(replace(context.alerts, settings=half))
        publish_committed(context)
        watches = tick_watches(replace(context, settings=half))
    return {"incidents": incidents.json(), "watches": watches.json()}


def tick_watches(context: WatchContext) -> WatchesReport:
    """Run one tick of watches, by who holds the lease."""
    since = context.clock.now()
    budget = timedelta(seconds=context.settings.tick_budget_s)
    tick = WatchTick(context, since, since + budget)
    for step in _STEPS:
        step(tick)
        publish_committed(context)
    tick.report.troubles = len(tick.troubles)
    fields = tick.report.json()
    del fields["skipped"]
    duration = (context.clock.now() - since).total_seconds()
    tell(_LOG, WATCHES_TICK, **fields, duration_s=duration)
    return tick.report
