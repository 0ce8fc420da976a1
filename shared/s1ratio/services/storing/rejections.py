"""Rejections: that a message was refused is told with the record of it."""

from s1ratio.events.of_requests import tell_of_rejection
from s1ratio.records import Rejection
from s1ratio.services.context import Context
from s1ratio.services.event_world import teller_of


def commit_rejection(context: Context, rejection: Rejection, request_id: str | None) -> None:
    """Store a rejection, and tell of it if it is new; `request_id` is the id its message names."""
    events = [tell_of_rejection(teller_of(context), rejection, request_id)]
    if context.store.reject(rejection, events):
        context.outbox.note(events)
