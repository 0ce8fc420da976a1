"""Reject: a message that is at fault for good is recorded with every reason."""

import hashlib
import logging
from contextlib import suppress
from dataclasses import replace

from s1ratio.errors import RecordRefused
from s1ratio.faults import Fault, capped
from s1ratio.logevents import MESSAGE_REJECTED, tell
from s1ratio.records import MAX_REJECTED_COPY, Rejection, Topic
from s1ratio.request.reader import identify
from s1ratio.services.context import Context
from s1ratio.services.publishing.publish import publish_committed
from s1ratio.services.storing.rejections import commit_rejection

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
    _reject(context, payload, reasons, message_id, topic)
    publish_committed(context)


def _reject(
    context: Context,
    payload: bytes,
    reasons: tuple[Fault, ...],
    message_id: str | None,
    topic: Topic,
) -> None:
    reasons = capped(reasons)
    copy = payload[:MAX_REJECTED_COPY].decode("utf-8", "replace")
    digest = rejection_id(payload, topic)
    now = context.clock.now()
    expire_at = now + context.retention
    rejection = Rejection(digest, now, reasons, copy, message_id, expire_at, topic)
    _keep(context, rejection, _request_named(payload) if topic == "requests" else None)
    words = [str(reason) for reason in reasons]
    fields = {"code": reasons[0].code, "reason": words[0], "reasons": words, "topic": topic}
    tell(_LOG, MESSAGE_REJECTED, rejection=digest, pubsub_message=message_id, **fields)


def _request_named(payload: bytes) -> str | None:
    """Return the id of the request that a message names, or would have been, if it can be read."""
    named = identify(payload)
    return named[0] if named else None


def _keep(context: Context, rejection: Rejection, request_id: str | None) -> None:
    """Store a rejection; whatever is in it, its message must not come again."""
    try:
        commit_rejection(context, rejection, request_id)
    except RecordRefused:
        with suppress(RecordRefused):
            short = replace(rejection, payload="", reasons=rejection.reasons[:1])
            commit_rejection(context, short, request_id)


def rejection_id(payload: bytes, topic: Topic = "requests") -> str:
    """Return the id under which a payload is recorded if it is rejected on a topic."""
    own = payload if topic == "requests" else b"%s\0%s" % (topic.encode(), payload)
    return hashlib.sha256(own).hexdigest()[:40]
