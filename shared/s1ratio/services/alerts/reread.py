"""Read again: messages that no feed read are tried when feeds have changed since."""

from contextlib import suppress
from dataclasses import replace

from s1ratio.alerts.records import KEPT_AFTER_SEEN, UNKNOWN, Kind, MessageRecord
from s1ratio.errors import Conflict, ObjectMissing
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.alerts.definitions import load_feeds
from s1ratio.services.alerts.record import Recorded, keep_items, read

_AT_ONCE = 50


def reread_unknown(context: AlertContext) -> int:
    """Read unknown messages with the feeds of now, fifty at most; return how many were read.

    Each is tried once after a change of the feeds. Its alerts are kept before it is told as read:
    killed in between, they are kept again, which changes nothing.
    """
    changes = [one.changed_at for one in context.store.get_definitions(Kind.FEED)]
    if not changes:
        return 0
    unread = context.store.find_unread_messages(max(changes), _AT_ONCE)
    feeds = load_feeds(context.store) if unread else []
    done = 0
    for message in unread:
        payload = _payload(context, message)
        now = context.clock.now()
        after = replace(message, read_at=now)
        if payload is not None:
            reading = read(payload, message.attributes, feeds)
            if reading.feed != UNKNOWN:
                keep_items(context, reading, Recorded(message.id, reading.feed), now)
                after = replace(after, feed=reading.feed, reason=reading.reason)
                after = replace(after, expire_at=now + KEPT_AFTER_SEEN)
                done += 1
        with suppress(Conflict):  # another tick read it
            context.store.update_message(after, message.version)
    return done


def _payload(context: AlertContext, message: MessageRecord) -> bytes | None:
    if message.stored_as is None:
        return message.payload.encode("utf-8", "replace")
    try:
        return context.payloads.get(message.stored_as)
    except ObjectMissing:
        return None
