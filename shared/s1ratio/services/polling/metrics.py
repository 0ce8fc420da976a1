"""Metrics: what a tick tells of the deployment as a whole, for metrics and alerts to read."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from s1ratio.errors import StoreError
from s1ratio.logevents import TICK, tell
from s1ratio.services.context import Context
from s1ratio.services.publishing.sweep import find_oldest_age

_LOG = logging.getLogger(__name__)


def tell_tick(context: Context, counts: Mapping[str, Any], since: datetime) -> None:
    """Log the line of a tick that began at `since`: its counts, and how the deployment stands.

    Costs two counts and two documents. A store in trouble takes the gauges, not the line.
    """
    try:
        gauges = _gauges(context)
    except StoreError:
        gauges = {}
    fields = {**counts, **gauges, "troubles": len(counts["troubles"])}
    duration = (context.clock.now() - since).total_seconds()
    tell(_LOG, TICK, **fields, duration_s=round(duration, 3))


def _gauges(context: Context) -> dict[str, float]:
    now, oldest = context.clock.now(), context.store.find_oldest_start()
    age = (now - oldest).total_seconds() if oldest else 0.0
    return {
        "active": context.store.count_active(),
        "oldest_start_age_s": round(age, 1),
        "planned": context.store.count_planned(),
        "oldest_unsent_age_s": round(find_oldest_age(context), 1),
    }
