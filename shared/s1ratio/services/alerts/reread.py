"""Read again: messages that no feed read are tried when feeds have changed since."""

from dataclasses import replace

from s1ratio.alerts.records import KEPT_AFTER_SEEN, UNKNOWN, Kind, MessageRecord
from s1ratio.errors import ObjectMissing
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.alerts.isolate import isolate
from s1ratio.services.alerts.record import Recorded, keep_items, read
from s1ratio.services.alerts.tick_state import Tick

_AT_ONCE = 50


def reread_unknown(tick: Tick) -> None:
    """Read unknown messages with the feeds of now, fifty at most; count how many were read.

    Each is tried once after a change of the feeds. Its alerts are kept before it is told as read:
    killed in between, they are kept again, which changes nothing.
    """
    context = tick.context
    changes = [one.changed_at for one in context.store.get_definitions(Kind.FEED)]
    if not changes:
        return
    for message in context.store.find_unread_messages(max(changes), _AT_ONCE):
        if not tick.has_time():
            return
        with isolate(
            f"message {message.id}",
            tick.troubles,
            lambda words, one=message: _give_up(context, one, words),  # type: ignore[misc]
        ):
            tick.report.reread += _reread(tick, message)


def _give_up(context: AlertContext, message: MessageRecord, words: str) -> None:
    """Leave a message as it is until feeds change again."""
    after = replace(message, read_at=context.clock.now(), faults=(words[:300],))
    context.store.update_message(after, message.version)


def _reread(tick: Tick, message: MessageRecord) -> bool:
    """Read one message; tell whether a feed knows it now."""
    context = tick.context
    payload, now = _payload(context, message), context.clock.now()
    after, is_known = replace(message, read_at=now), False
    if payload is not None:
        reading = read(payload, message.attributes, tick.feeds)
        is_known = reading.feed != UNKNOWN
        if is_known:
            keep_items(context, reading, Recorded(message.id, reading.feed), now)
            after = replace(after, feed=reading.feed, reason=reading.reason)
            after = replace(after, expire_at=now + KEPT_AFTER_SEEN)
    context.store.update_message(after, message.version)
    return is_known


def _payload(context: AlertContext, message: MessageRecord) -> bytes | None:
    if message.stored_as is None:
        return message.payload.encode("utf-8", "replace")
    try:
        return context.payloads.get(message.stored_as)
    except ObjectMissing:
        return None
