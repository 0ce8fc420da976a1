"""All that the store has: its collections, which of their records expire, every query it makes."""

from s1ratio.adapters.store import alert_queries as alerts
from s1ratio.adapters.store import command_queries as commands
from s1ratio.adapters.store import queries
from s1ratio.adapters.store import reading_queries as reading
from s1ratio.adapters.store import region_queries as regions
from s1ratio.adapters.store import watch_queries as watches

COLLECTIONS = (
    queries.REQUESTS,
    queries.TASKS,
    queries.EVENTS,
    queries.REJECTIONS,
    queries.TIME_MARKS,
    queries.LEASES,
    queries.PIXELS,
    queries.IDENTITY,
    *regions.REGION_COLLECTIONS,
    *alerts.ALERT_COLLECTIONS,
    *watches.WATCH_COLLECTIONS,
    *commands.COMMAND_COLLECTIONS,
)
# Ended records of these carry `expire_at`: Firestore deletes them after it.
EXPIRING = (
    queries.REQUESTS,
    queries.TASKS,
    queries.EVENTS,
    queries.REJECTIONS,
    queries.PIXELS,
    *regions.REGION_EXPIRING,
    *alerts.ALERT_EXPIRING,
    *watches.WATCH_EXPIRING,
    *commands.COMMAND_EXPIRING,
)
# Long texts that no query looks into: Firestore need not index them.
UNINDEXED = (
    (queries.REQUESTS, "message"),
    (queries.TASKS, "plan.scenes"),
    (queries.EVENTS, "data"),
    (queries.EVENTS, "attributes"),
    (queries.TASKS, "labels"),
    (queries.REJECTIONS, "payload"),
    *regions.REGION_UNINDEXED,
    *alerts.ALERT_UNINDEXED,
    *watches.WATCH_UNINDEXED,
    *commands.COMMAND_UNINDEXED,
)
QUERIES = (
    *queries.QUERIES,
    *regions.REGION_QUERIES,
    *alerts.ALERT_QUERIES,
    *watches.WATCH_QUERIES,
    *reading.READING_QUERIES,
    *commands.COMMAND_QUERIES,
)
