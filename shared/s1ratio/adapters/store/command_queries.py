"""The collection of commands, and its queries, as data."""

from datetime import datetime

from s1ratio.adapters.store.database import Order, Query, Where
from s1ratio.adapters.store.queries import EPOCH

COMMANDS = "commands"
COMMAND_COLLECTIONS = COMMAND_EXPIRING = (COMMANDS,)
COMMAND_UNINDEXED = ((COMMANDS, "message"), (COMMANDS, "reason"), (COMMANDS, "changes"))

_NEWEST = (Order("received_at", descending=True),)


def commands(limit: int, since: datetime | None = None) -> Query:
    """Commands that were received since then, newest first."""
    return Query(COMMANDS, (Where("received_at", ">=", since or EPOCH),), _NEWEST, limit)


def commands_of(kind: str, target_id: str, limit: int) -> Query:
    """Commands that were aimed at a target, newest first."""
    where = (Where("target_kind", "==", kind), Where("target_id", "==", target_id))
    return Query(COMMANDS, where, _NEWEST, limit)


COMMAND_QUERIES = (commands(1), commands_of("", "", 1))
