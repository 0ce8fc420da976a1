"""One alert as its feed told it: what is kept of it, apart from how it is read."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from s1ratio.alerts.reasons import Reason


class Status(StrEnum):
    """What an item is: an alert, the end of one, or neither."""

    ALERT = "alert"
    CANCEL = "cancel"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Item:
    """One alert as its feed told it.

    `place` is WKT in lon/lat, None if it names none; `severity` 0 to 4; `magnitude` what buffers
    may go by; `revision` JSON, to be ordered by `revision_key`; `raw` the item's JSON, which
    filters see.
    """

    feed: str
    id: str
    status: Status
    time: datetime
    place: str | None
    severity: int
    label: str = ""
    aliases: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    revision: str | None = None
    magnitude: float | None = None
    footprint: bool = False
    raw: str = "null"

    @property
    def digest(self) -> str:
        """What tells a revision from the same told again."""
        return hashlib.sha256(self.raw.encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True)
class BrokenItem:
    """An item that can't be read: why, its id where that could be read, and its JSON, cut."""

    feed: str
    id: str | None
    reason: Reason
    words: str
    raw: str
