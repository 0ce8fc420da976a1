"""Record: a message is kept with the alerts in it, each once; what they lead to is not thought of.

Whatever is in a message, it is recorded and acknowledged; only a store or a bucket that can't be
reached raises. Killed anywhere, the same message again makes good what is missing.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from s1ratio.alerts.feed import Feed
from s1ratio.alerts.items import BrokenItem
from s1ratio.alerts.log_events import ALERTS_RECORDED
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.recording import (
    Reading,
    message_id,
    read_payload,
)
from s1ratio.alerts.records import (
    KEPT_AFTER_SEEN,
    KEPT_UNKNOWN,
    MAX_PAYLOAD,
    UNKNOWN,
    MessageRecord,
)
from s1ratio.errors import RecordRefused
from s1ratio.logevents import tell
from s1ratio.records import MAX_REJECTED_COPY
from s1ratio.request.parsing import parse_alone
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.alerts.definitions import load_feeds
from s1ratio.services.alerts.keep_alerts import keep_alerts

_LOG = logging.getLogger(__name__)
_MAX_TOLD = 20
_RESERVED = re.compile("__.*__", re.DOTALL)
PAYLOADS = "alerts/payloads"


@dataclass
class Recorded:
    """What became of a message: its feed, its alerts' ids, how many are new, revised, known, …"""

    message: str
    feed: str
    new: int = 0
    revised: int = 0
    known: int = 0
    broken: int = 0
    reason: Reason | None = None
    words: str = ""
    ids: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything was new."""
        return self.new + self.revised + self.broken > 0


def record(
    context: AlertContext, payload: bytes, attributes: Mapping[str, str], came_as: str | None = None
) -> Recorded:
    """Keep a message and its alerts. `came_as` is Pub/Sub's id of it, for the log."""
    reading = read(payload, attributes, load_feeds(context.store))
    return keep(context, payload, attributes, reading, came_as)


def record_unreadable(
    context: AlertContext, copy: bytes, words: str, came_as: str | None = None
) -> Recorded:
    """Keep the start of a delivery that holds no message, or one that is too large to be read."""
    reading = Reading(UNKNOWN, reason=Reason.UNREADABLE, words=words[:500])
    return keep(context, copy[:MAX_REJECTED_COPY], {}, reading, came_as)


def read(payload: bytes, attributes: Mapping[str, str], feeds: list[Feed]) -> Reading:
    """Return the alerts in a payload; only one message is parsed at a time."""
    return parse_alone(lambda: read_payload(payload, attributes, feeds))


def keep(
    context: AlertContext,
    payload: bytes,
    attributes: Mapping[str, str],
    reading: Reading,
    came_as: str | None = None,
) -> Recorded:
    """Keep a message that was read, and its alerts."""
    now = context.clock.now()
    message = _keep_message(context, payload, attributes, reading, now)
    done = Recorded(message.id, reading.feed, reason=reading.reason, words=reading.words)
    keep_items(context, reading, done, now)
    fields = {"feed": done.feed, "new": done.new, "revised": done.revised, "known": done.known}
    why = f"{done.reason.value}: {done.words}" if done.reason else None
    tell(_LOG, ALERTS_RECORDED, **fields, broken=done.broken, pubsub_message=came_as, reason=why)
    return done


def keep_items(context: AlertContext, reading: Reading, done: Recorded, now: datetime) -> None:
    """Keep the alerts of a message, and count in `done` what became of them."""
    for name, fate in keep_alerts(context.store, reading.items, done.message, now):
        done.ids.append(name)
        setattr(done, fate, getattr(done, fate) + 1)


def _storable(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return a message's attributes as they are kept: Firestore refuses names such as `__x__`."""
    named = {k: v for k, v in attributes.items() if k and not _RESERVED.fullmatch(k)}
    return {str(k)[:256]: str(v)[:1_024] for k, v in list(named.items())[:100]}


def _keep_message(
    context: AlertContext,
    payload: bytes,
    attributes: Mapping[str, str],
    reading: Reading,
    now: datetime,
) -> MessageRecord:
    name = message_id(payload, attributes)
    stored_as = None
    if len(payload) > MAX_PAYLOAD:
        stored_as = f"{PAYLOADS}/{name}"
        context.payloads.put(stored_as, payload)
    broken = [one for one in reading.items if isinstance(one, BrokenItem)]
    faults = [f"{one.id or '?'}: {one.reason.value}: {one.words}"[:300] for one in broken]
    made = MessageRecord(
        id=name,
        feed=reading.feed,
        at=now,
        read_at=now,
        attributes=_storable(attributes),
        payload="" if stored_as else payload.decode("utf-8", "replace"),
        stored_as=stored_as,
        size=len(payload),
        alerts=len(reading.items),
        broken=len(broken),
        reason=reading.reason,
        faults=tuple(filter(None, (reading.words, *faults[:_MAX_TOLD]))),
        expire_at=now + (KEPT_UNKNOWN if reading.feed == UNKNOWN else KEPT_AFTER_SEEN),
    )
    try:
        return context.store.create_message(made)[0]
    except RecordRefused:  # escapes may take more room than the bytes that were counted
        stored_as = f"{PAYLOADS}/{name}"
        context.payloads.put(stored_as, payload)
        return context.store.create_message(replace(made, payload="", stored_as=stored_as))[0]
