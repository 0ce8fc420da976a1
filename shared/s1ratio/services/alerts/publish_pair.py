"""Publish the requests of a watch that is stored: what fails is published once more later."""

import logging

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.log_events import WATCH_PUBLISHED
from s1ratio.alerts.rule import Rule
from s1ratio.alerts.watch import Watch
from s1ratio.alerts.watch_requests import payloads_of
from s1ratio.errors import PubSubError
from s1ratio.logevents import TROUBLE, tell
from s1ratio.services.alerts.watch_state import WatchTick

_LOG = logging.getLogger(__name__)


def publish_pair(tick: WatchTick, watch: Watch, incident: Incident, rule: Rule) -> None:
    """Publish what of a watch's requests has not ended: the same bytes, so that twice is once."""
    for name, payload in payloads_of(watch, incident, rule):
        try:
            tick.context.publisher.publish(payload, {})
        except PubSubError as error:
            what = f"request {name} is not published yet: {error}"
            tick.troubles.append(what)
            tell(_LOG, TROUBLE, what=what, request=name, error_class=error.error_class)
        else:
            tell(_LOG, WATCH_PUBLISHED, request=name, watch=watch.id)
