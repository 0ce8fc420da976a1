"""The collection of watches, and every query of them, as data."""

from datetime import UTC, datetime

from s1ratio.adapters.store.alert_queries import INCIDENTS
from s1ratio.adapters.store.database import Order, Query, Where
from s1ratio.alerts.incident import IncidentState
from s1ratio.alerts.watch import LOOKING, WatchState

WATCHES = "watches"
WATCH_COLLECTIONS = (WATCHES,)
WATCH_EXPIRING = (WATCHES,)
WATCH_UNINDEXED = ((WATCHES, "area"), (WATCHES, "reference"), (WATCHES, "requests"))

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OVER = sorted(state for state in IncidentState if not state.live)


def looking_watches(now: datetime, limit: int) -> Query:
    """Watches that look for scenes whose `due_at` has come, in its order."""
    where = (Where("state", "in", sorted(LOOKING)), Where("due_at", "<=", now))
    return Query(WATCHES, where, (Order("due_at"),), limit)


def requested_watches(now: datetime, limit: int) -> Query:
    """REQUESTED watches whose `due_at` has come, in its order."""
    where = (Where("state", "==", WatchState.REQUESTED), Where("due_at", "<=", now))
    return Query(WATCHES, where, (Order("due_at"),), limit)


def rechecked_watches(now: datetime, limit: int) -> Query:
    """Watches whose last pass is to be listed again by now, in the order of that."""
    where = (Where("recheck_at", "<=", now),)
    return Query(WATCHES, where, (Order("recheck_at"),), limit)


def watches(limit: int) -> Query:
    """Watches, those that changed last first."""
    return Query(WATCHES, (), (Order("changed_at", descending=True),), limit)


def watches_of(incident_id: str, limit: int) -> Query:
    """The watches of an incident, by id."""
    return Query(WATCHES, (Where("incident", "==", incident_id),), (Order("id"),), limit)


def watched_incidents_ended(now: datetime, limit: int) -> Query:
    """Incidents that have ended and may have open watches, whose `due_at` has come, in its order.

    They are due when they end, and later again where ending their watches failed.
    """
    where = (Where("watched", "==", True), Where("state", "in", _OVER), Where("due_at", "<=", now))
    return Query(INCIDENTS, where, (Order("due_at"),), limit)


WATCH_QUERIES = (
    looking_watches(_EPOCH, 1),
    requested_watches(_EPOCH, 1),
    rechecked_watches(_EPOCH, 1),
    watches(1),
    watches_of("", 1),
    watched_incidents_ended(_EPOCH, 1),
)
