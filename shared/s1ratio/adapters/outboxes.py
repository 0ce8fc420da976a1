"""The way out of events, by what the settings name."""

from s1ratio.adapters.pubsub_events import PubSubEvents
from s1ratio.services.outbox import Outbox, outbox_of_nobody
from s1ratio.settings import Settings


def make_outbox(settings: Settings) -> Outbox:
    """Return the way out to the topic that the settings name, if they name one."""
    if not settings.events_topic:
        return outbox_of_nobody(settings)
    return Outbox(PubSubEvents(settings.events_topic))
