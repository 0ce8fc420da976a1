"""The way in which a reader's wish to end a request is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Dismissal:
    """What became of a wish: it is fulfilled or stored, or on its way as the command `command`."""

    command: str | None = None


class Dismisser(Protocol):
    """Takes the wish to cancel a request; raises PubSubError, StoreError."""

    def dismiss(self, request_id: str, by: str, reason: str, now: datetime) -> Dismissal:
        """Have a request cancelled. The same within a minute is the same wish."""
