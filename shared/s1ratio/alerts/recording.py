"""From a payload to what is kept of it: which feed reads it, its alerts, and what a revision is."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from s1ratio.alerts.feed import Feed, find_feed
from s1ratio.alerts.items import BrokenItem, Item, Status, read_items, revision_key
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.records import (
    KEPT_AFTER_SEEN,
    UNKNOWN,
    AlertRecord,
    AlertState,
    alert_record_id,
)
from s1ratio.alerts.unwrapping import unwrap

MAX_NOTES = 10
_SEEN_AGAIN = timedelta(days=1)  # who is sent the same every five minutes writes it once a day


@dataclass(frozen=True)
class Reading:
    """What a payload came to: the feed's name, its alerts, and why it could not be read."""

    feed: str
    items: tuple[Item | BrokenItem, ...] = ()
    reason: Reason | None = None
    words: str = ""


def message_id(payload: bytes, attributes: Mapping[str, str]) -> str:
    """Return the id under which a message is kept: of what it says, not of its delivery."""
    words = json.dumps(sorted(attributes.items())).encode()
    return hashlib.sha256(words + b"\n" + payload).hexdigest()[:40]


def read_payload(payload: bytes, attributes: Mapping[str, str], feeds: Iterable[Feed]) -> Reading:
    """Return the alerts in a payload, read as its feed says; it never raises for what is in it."""
    try:
        found = unwrap(payload, attributes)
    except (ValueError, RecursionError) as error:
        return Reading(UNKNOWN, reason=Reason.UNREADABLE, words=str(error)[:500])
    feed = find_feed(feeds, found.feed, found.source, found.type)
    if feed is None:
        named = f"feed {found.feed[:60]!r} is not known" if found.feed else "it names no feed"
        kind = (
            f"its type is {found.type[:100]!r}" if found.type else "it is no CloudEvent with a type"
        )
        words = f"{named}, and {kind}"
        return Reading(UNKNOWN, reason=Reason.UNKNOWN_FEED, words=words)
    try:
        return Reading(feed.name, tuple(read_items(feed, found.document)))
    except (ValueError, RecursionError) as error:
        return Reading(feed.name, reason=Reason.UNREADABLE, words=str(error)[:500])


def first_record(found: Item | BrokenItem, message: str, now: datetime) -> AlertRecord:
    """Return an alert as it is recorded when it is first seen."""
    broken = isinstance(found, BrokenItem)
    name = found.id or f"~{hashlib.sha256(found.raw.encode('utf-8', 'replace')).hexdigest()[:24]}"
    record = AlertRecord(
        id=alert_record_id(found.feed, name),
        feed=found.feed,
        alert_id=name,
        state=AlertState.BROKEN if broken else AlertState.RECORDED,
        arrived_at=now,
        changed_at=now,
        seen_at=now,
        message=message,
        expire_at=now + KEPT_AFTER_SEEN,
    )
    if isinstance(found, BrokenItem):
        return replace(record, raw=found.raw, reason=found.reason, words=found.words)
    return replace(record, item=found, due_at=now)


def cancelled_before(feed: str, alert_id: str, by: str, message: str, now: datetime) -> AlertRecord:
    """Return an alert that was cancelled before it came: kept, to be applied when it does."""
    return AlertRecord(
        id=alert_record_id(feed, alert_id),
        feed=feed,
        alert_id=alert_id,
        state=AlertState.CANCELLED,
        arrived_at=now,
        changed_at=now,
        seen_at=now,
        message=message,
        reason=Reason.CANCELLED,
        words=f"by {by}, before it came",
        cancelled_by=by,
        expire_at=now + KEPT_AFTER_SEEN,
    )


def seen_again(
    known: AlertRecord, found: Item | BrokenItem, message: str, now: datetime
) -> AlertRecord | None:
    """Return a known alert as it is after it was sent once more, None if nothing is to be written.

    What is older than what is known, or broken, is noted and changes nothing else.
    """
    if isinstance(found, BrokenItem):
        return _noted(known, f"a broken revision: {found.words}"[:300], now)
    if known.item is not None and known.item.digest == found.digest:
        late = now - known.seen_at > _SEEN_AGAIN
        return _seen(known, now) if late else None
    if known.item is not None and revision_key(found.revision) < revision_key(known.item.revision):
        return _noted(known, f"{Reason.OLDER_REVISION.value} {found.revision}"[:300], now)
    kept = known.cancelled_by is not None and found.status is Status.ALERT
    return replace(
        _seen(known, now),
        item=found,
        raw="",
        state=AlertState.CANCELLED if kept else AlertState.RECORDED,
        reason=Reason.CANCELLED if kept else known.reason,
        due_at=None if kept else now,
        changed_at=now,
        message=message,
        revisions=known.revisions + (known.item is not None),
        tries=0,
    )


def _seen(known: AlertRecord, now: datetime) -> AlertRecord:
    return replace(known, seen_at=now, expire_at=now + KEPT_AFTER_SEEN)


def _noted(known: AlertRecord, words: str, now: datetime) -> AlertRecord | None:
    if words in known.notes:
        return _seen(known, now) if now - known.seen_at > _SEEN_AGAIN else None
    return replace(_seen(known, now), notes=(*known.notes, words)[-MAX_NOTES:])
