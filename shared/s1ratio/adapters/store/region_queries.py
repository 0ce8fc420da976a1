"""The collections of regions, their requests and their history, and their queries, as data."""

from datetime import datetime

from s1ratio.adapters.store.database import Order, Query, Where
from s1ratio.regions.states import RefreshState, RegionState

REGIONS = "regions"
REFRESHES = "refreshes"
HISTORY = "history"
REGION_COLLECTIONS = (REGIONS, REFRESHES, HISTORY)
# Ended requests of regions and entries of their history carry `expire_at`; regions stay.
REGION_EXPIRING = (REFRESHES, HISTORY)
REGION_UNINDEXED = ((REGIONS, "text"), (HISTORY, "was"), (HISTORY, "became"))

_OPEN = sorted({RefreshState.PUBLISHED, RefreshState.OPEN})
_BEGIN = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def due_regions(now: datetime, limit: int) -> Query:
    """Active regions whose `due_at` has come, in its order."""
    where = (Where("state", "==", RegionState.ACTIVE), Where("due_at", "<=", now))
    return Query(REGIONS, where, (Order("due_at"),), limit)


def regions(limit: int, since: datetime | None = None) -> Query:
    """Regions, made since then, oldest first."""
    where = (Where("created_at", ">=", since or _BEGIN),)
    return Query(REGIONS, where, (Order("created_at"),), limit)


def due_refreshes(now: datetime, limit: int) -> Query:
    """Requests of regions whose `due_at` has come, in its order."""
    return Query(REFRESHES, (Where("due_at", "<=", now),), (Order("due_at"),), limit)


def open_refreshes(region_id: str, limit: int | None = None) -> Query:
    """Requests of a region that have not ended, as far as it is known."""
    where = (Where("region_id", "==", region_id), Where("state", "in", _OPEN))
    return Query(REFRESHES, where, (), limit)


def refreshes_of(region_id: str, limit: int, since: datetime | None = None) -> Query:
    """Requests of a region that were made since then, newest first."""
    where = (Where("region_id", "==", region_id), Where("made_at", ">=", since or _BEGIN))
    return Query(REFRESHES, where, (Order("made_at", descending=True),), limit)


def history_of(region_id: str, limit: int) -> Query:
    """What happened to a region, newest first."""
    order = (Order("at", descending=True),)
    return Query(HISTORY, (Where("region_id", "==", region_id),), order, limit)


REGION_QUERIES = (
    due_regions(_BEGIN, 1),
    regions(1),
    due_refreshes(_BEGIN, 1),
    open_refreshes("", 1),
    refreshes_of("", 1),
    history_of("", 1),
)
