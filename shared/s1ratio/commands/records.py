"""What the store holds of commands."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from s1ratio.faults import Fault


class CommandState(StrEnum):
    """Where a command stands: RECEIVED → APPLIED | REFUSED, or EXPIRED when it came."""

    RECEIVED = "RECEIVED"  # seen, and not known to be done
    APPLIED = "APPLIED"  # done, or stored as the wish that the next ticks fulfil
    REFUSED = "REFUSED"  # it can't be done: `reasons`
    EXPIRED = "EXPIRED"  # it came too late

    @property
    def terminal(self) -> bool:
        """Whether nothing more will happen."""
        return self is not CommandState.RECEIVED


@dataclass(frozen=True)
class CommandRecord:
    """One command as stored. `message` is the JSON as sent, `digest` its SHA-256.

    `kind` is its `command`, aimed at `target_id`, a `target_kind`: `request`, `task`, `region`,
    `incident`, or `incidents` without an id. `by` and `reason` are what the sender says.
    `published_at` is when, by Pub/Sub, None if it does not tell; `expires_at` what it counts as
    expired by. `begun` says that something of it may be done already. `changes` tells, in a line
    each, what was changed (50 at most); `reasons` why it was refused.
    """

    id: str
    digest: str
    message: str
    kind: str
    target_kind: str
    target_id: str
    state: CommandState
    received_at: datetime
    expires_at: datetime
    by: str = ""
    reason: str = ""
    published_at: datetime | None = None
    message_id: str | None = None
    begun: bool = False
    changes: tuple[str, ...] = ()
    reasons: tuple[Fault, ...] = ()
    ended_at: datetime | None = None
    expire_at: datetime | None = None
    version: Any = field(default=None, compare=False)
