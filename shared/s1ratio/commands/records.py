"""What the store holds of commands."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from s1ratio.commands.model import Command, Silence
from s1ratio.faults import Fault

MAX_CHANGES = 50


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

    `command` is what it wants, aimed at `target_id`, a `target_kind`: `request`, `task`, `region`,
    `incident`, or `incidents` without an id. `by` and `reason` are what the sender says.
    `published_at` is when, by Pub/Sub, None if it does not tell; `expires_at` when it counts as
    expired. `changes` tells, in a line each, what it changed, as far as the delivery knows that
    ended it (50 lines at most); `reasons` why it was refused.
    """

    id: str
    digest: str
    message: str
    command: str
    target_kind: str
    target_id: str
    state: CommandState
    received_at: datetime
    expires_at: datetime
    by: str = ""
    reason: str = ""
    published_at: datetime | None = None
    message_id: str | None = None
    changes: tuple[str, ...] = ()
    reasons: tuple[Fault, ...] = ()
    ended_at: datetime | None = None
    expire_at: datetime | None = None
    version: Any = field(default=None, compare=False)


def target_of(command: Command) -> tuple[str, str]:
    """Return the kind and the id of what a command is aimed at, as a record has them."""
    if isinstance(command, Silence):
        incident = command.target.incident
        return ("incident", incident) if incident is not None else ("incidents", "")
    [(kind, name)] = command.target.model_dump(exclude_none=True).items()
    return kind, name
