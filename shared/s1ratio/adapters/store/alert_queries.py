"""The collections of alerts and incidents, and every query of them, as data."""

from collections.abc import Sequence
from datetime import UTC, datetime

from s1ratio.adapters.store.database import Order, Query, Where
from s1ratio.alerts.incident import IncidentState
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.records import UNKNOWN, AlertState, Kind

DEFINITIONS = "definitions"
MESSAGES = "messages"
ALERTS = "alerts"
INCIDENTS = "incidents"
FETCHES = "fetches"
ALERT_COLLECTIONS = (DEFINITIONS, MESSAGES, ALERTS, INCIDENTS, FETCHES)
ALERT_EXPIRING = (MESSAGES, ALERTS, INCIDENTS)
ALERT_UNINDEXED = (
    (DEFINITIONS, "document"),
    (MESSAGES, "payload"),
    (ALERTS, "item"),
    (ALERTS, "raw"),
    (INCIDENTS, "members"),
    (INCIDENTS, "area"),
    (INCIDENTS, "requested"),
    (FETCHES, "details"),
)

BUDGETED = ("rule", "owner")  # fields by which incidents are counted
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LIVE = sorted(state for state in IncidentState if state.live)
_FOLLOWED = sorted(state for state in IncidentState if state.followed)


def definitions(kind: Kind) -> Query:
    """Definitions of a kind, by name."""
    where = (Where("kind", "==", kind), Where("removed", "==", False))
    return Query(DEFINITIONS, where, (Order("name"),))


def pending_definitions(limit: int) -> Query:
    """Definitions that have changed, and whose incidents are not due yet."""
    return Query(DEFINITIONS, (Where("pending", "==", True),), (), limit)


def unread_messages(before: datetime, limit: int) -> Query:
    """Messages of no known feed that nobody has tried to read since a time, in that order."""
    where = (Where("feed", "==", UNKNOWN), Where("read_at", "<=", before))
    return Query(MESSAGES, where, (Order("read_at"),), limit)


def due_alerts(state: AlertState, now: datetime, limit: int) -> Query:
    """Alerts in a state whose `due_at` has come, in its order."""
    where = (Where("state", "==", state), Where("due_at", "<=", now))
    return Query(ALERTS, where, (Order("due_at"),), limit)


def waiting_alerts(hazard: str, limit: int) -> Query:
    """Alerts of a hazard that wait to be placed, those that are due first."""
    where = (Where("state", "==", AlertState.WAITING), Where("hazard", "==", hazard))
    return Query(ALERTS, where, (Order("due_at"),), limit)


def live_incidents(hazard: str, limit: int) -> Query:
    """Incidents of a hazard that have not ended."""
    where = (Where("hazard", "==", hazard), Where("state", "in", _LIVE))
    return Query(INCIDENTS, where, (Order("due_at"),), limit)


def incidents_by_keys(keys: Sequence[str]) -> Query:
    """Incidents that have not ended and are found by one of these keys, 30 of them at most."""
    return Query(INCIDENTS, (Where("found_by", "array_contains_any", list(keys)),))


def due_incidents(now: datetime, limit: int) -> Query:
    """Incidents that have not ended whose `due_at` has come, in its order."""
    where = (Where("state", "in", _LIVE), Where("due_at", "<=", now))
    return Query(INCIDENTS, where, (Order("due_at"),), limit)


def later_incidents(since: datetime, limit: int) -> Query:
    """Incidents that have not ended and are due at a time or later, in that order."""
    where = (Where("state", "in", _LIVE), Where("due_at", ">=", since))
    return Query(INCIDENTS, where, (Order("due_at"),), limit)


def wanted_incidents(limit: int) -> Query:
    """Incidents whose area is to be requested, the highest severity first."""
    order = (Order("severity", descending=True), Order("opened_at", descending=True))
    return Query(INCIDENTS, (Where("wanted", "==", True),), order, limit)


def incidents(limit: int, since: datetime | None = None) -> Query:
    """Incidents that opened since then, newest first."""
    where = (Where("opened_at", ">=", since or _EPOCH),)
    return Query(INCIDENTS, where, (Order("opened_at", descending=True),), limit)


def followed_incidents(field: str, name: str) -> Query:
    """Incidents of a rule or an owner that are followed: to be counted, never read."""
    return Query(INCIDENTS, (Where(field, "==", name), Where("state", "in", _FOLLOWED)))


def held_incidents(field: str, name: str, limit: int) -> Query:
    """Incidents of a rule or an owner that a budget holds, the worst first, then the oldest."""
    where = (
        Where(field, "==", name),
        Where("reason", "==", Reason.HELD),
        Where("state", "==", IncidentState.OPEN),
    )
    order = (Order("severity", descending=True), Order("opened_at"))
    return Query(INCIDENTS, where, order, limit)


ALERT_QUERIES = (
    definitions(Kind.FEED),
    pending_definitions(1),
    unread_messages(_EPOCH, 1),
    due_alerts(AlertState.RECORDED, _EPOCH, 1),
    waiting_alerts("", 1),
    live_incidents("", 1),
    incidents_by_keys(["-"]),
    due_incidents(_EPOCH, 1),
    later_incidents(_EPOCH, 1),
    wanted_incidents(1),
    incidents(1),
    *(followed_incidents(field, "") for field in BUDGETED),
    *(held_incidents(field, "", 1) for field in BUDGETED),
)
