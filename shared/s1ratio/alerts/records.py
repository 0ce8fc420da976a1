"""What the store keeps of alerts beside incidents: alerts, messages, definitions, fetches."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from s1ratio.alerts.item import Item
from s1ratio.alerts.reasons import Reason

UNKNOWN = "unknown"  # the feed of what no feed reads
KEPT_AFTER_SEEN = timedelta(days=200)  # longer than any source sends the same again
KEPT_UNKNOWN = timedelta(days=30)
MAX_PAYLOAD = 900_000  # bytes in a document: what is larger lies in the bucket


class AlertState(StrEnum):
    """Where an alert stands. A revision of any makes it RECORDED again."""

    RECORDED = "RECORDED"  # no rule has looked at it yet
    WAITING = "WAITING"  # a rule takes it: it is placed with what else comes in time
    MEMBER = "MEMBER"  # of an incident
    FILTERED = "FILTERED"  # no rule takes it: `reason` says why
    BROKEN = "BROKEN"  # it can't be read: `reason`
    CANCELLED = "CANCELLED"  # its source took it back


@dataclass(frozen=True)
class AlertRecord:
    """One alert of a feed as it stands. Times are UTC.

    `arrived_at` is its first arrival, `changed_at` that of the revision it has, `seen_at` about
    when it was last sent. `due_at` is when it is looked at next, None if never. `item` is None of
    a broken one, and of one that was cancelled before it came. `cancelled_by` is the id of the
    message that cancelled it. `passed_at` is when its age was judged, once.
    """

    id: str
    feed: str
    alert_id: str
    state: AlertState
    arrived_at: datetime
    changed_at: datetime
    seen_at: datetime
    message: str
    item: Item | None = None
    raw: str = ""
    due_at: datetime | None = None
    reason: Reason | None = None
    words: str = ""
    hazard: str | None = None
    rule: str | None = None
    incident: str | None = None
    revisions: int = 0
    cancelled_by: str | None = None
    passed_at: datetime | None = None
    notes: tuple[str, ...] = ()
    tries: int = 0
    expire_at: datetime | None = None
    version: Any = field(default=None, compare=False)


def alert_record_id(feed: str, alert_id: str) -> str:
    """Return the id under which an alert is kept: feed and the source's id."""
    return f"{feed}:{alert_id}"


@dataclass(frozen=True)
class MessageRecord:
    """One message as it came, or an answer that was fetched.

    The payload is `payload`, or in the bucket's object `stored_as` if it is large. `feed` is
    `unknown` until a feed reads it; `read_at` is when that was last tried. `faults` say what of it
    could not be read.
    """

    id: str
    feed: str
    at: datetime
    read_at: datetime
    attributes: dict[str, str] = field(default_factory=dict)
    payload: str = ""
    stored_as: str | None = None
    size: int = 0
    alerts: int = 0
    broken: int = 0
    reason: Reason | None = None
    faults: tuple[str, ...] = ()
    expire_at: datetime | None = None
    version: Any = field(default=None, compare=False)


class Kind(StrEnum):
    """What a definition is of."""

    FEED = "feed"
    RULE = "rule"
    SILENCE = "silence"


@dataclass(frozen=True)
class Definition:
    """A feed, a rule or a silence as somebody wrote it; what was removed is kept as such.

    `pending`: it has changed, and the incidents that it is about have not been made due yet.
    """

    kind: Kind
    name: str
    document: dict[str, Any]
    changed_at: datetime
    removed: bool = False
    pending: bool = False
    version: Any = field(default=None, compare=False)

    @property
    def id(self) -> str:
        """The id under which it is kept."""
        return f"{self.kind.value}:{self.name}"


@dataclass(frozen=True)
class FetchRecord:
    """How far a feed is fetched. `details` are the revisions of the entries that were, by key."""

    feed: str
    due_at: datetime
    tried_at: datetime | None = None
    succeeded_at: datetime | None = None
    since: datetime | None = None
    etag: str | None = None
    modified: str | None = None
    digest: str | None = None
    details: dict[str, str] = field(default_factory=dict)
    tries: int = 0
    error: str | None = None
    version: Any = field(default=None, compare=False)
