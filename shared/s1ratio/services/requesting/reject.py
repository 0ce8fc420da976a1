"""Reject: a message that is at fault for good is recorded with every reason."""

import hashlib
import logging
from contextlib import suppress
from dataclasses import replace

from s1ratio.errors import RecordRefused
from s1ratio.faults import Fault, capped
from s1ratio.logevents import MESSAGE_REJECTED, tell
from s1ratio.records import MAX_REJECTED_COPY, Rejection, Topic
from s1ratio.services.context import Context

_LOG = logging.getLogger(__name__)


def reject(
    context: Context,
    payload: bytes,
    reasons: tuple[Fault, ...],
    message_id: str | None = None,
    topic: Topic = "requests",
) -> None:
    """Record why a message of a topic was refused, with a copy of it cut to a safe size.

    What the store refuses even so is kept without the copy, or in the log alone.
    """
    reasons = capped(reasons)
    copy = payload[:MAX_REJECTED_COPY].decode("utf-8", "replace")
    digest = rejection_id(payload, topic)
    now = context.clock.now()
    expire_at = now + context.retention
    _keep(context, Rejection(digest, now, reasons, copy, message_id, expire_at, topic))
    words = [str(reason) for reason in reasons]
    fields = {"code": reasons[0].code, "reason": words[0], "reasons": words, "topic": topic}
    tell(_LOG, MESSAGE_REJECTED, rejection=digest, pubsub_message=message_id, **fields)


def _keep(context: Context, rejection: Rejection) -> None:
    """Store a rejection; whatever is in it, its message must not come again."""
    try:
        context.store.reject(rejection)
    except RecordRefused:
        with suppress(RecordRefused):
            context.store.reject(replace(rejection, payload="", reasons=rejection.reasons[:1]))


def rejection_id(payload: bytes, topic: Topic = "requests") -> str:
    """Return the id under which a payload is recorded if it is rejected on a topic."""
    own = payload if topic == "requests" else b"%s\0%s" % (topic.encode(), payload)
    return hashlib.sha256(own).hexdigest()[:40]
