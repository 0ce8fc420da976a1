"""What the log lines of alerts say; see `logevents`."""

import logging

from s1ratio.log_event import LogEvent

ALERTS_RECORDED = LogEvent(
    "alerts.recorded",
    logging.INFO,
    "alerts of {feed}: {new} new, {revised} revised, {known} known, {broken} broken",
    {
        "feed": "which feed read the message, `unknown` if none did",
        "new": "alerts that were not known",
        "revised": "known ones that changed",
        "known": "those that did not",
        "broken": "items that can't be read",
        "pubsub_message": "Pub/Sub's id of the message",
        "reason": "why the message could not be read",
    },
)
INCIDENTS_TICK = LogEvent(
    "incidents.tick",
    logging.INFO,
    "alerts: {judged} judged, {placed} placed; incidents: {moved} moved, {wanted} wanted",
    {
        "reread": "messages that a feed read at last",
        "judged": "alerts that the rules looked at",
        "placed": "alerts that went into incidents",
        "moved": "incidents that changed",
        "wanted": "incidents among them whose area is to be requested",
        "troubles": "what went wrong, as a number; each has its own line",
        "duration_s": "how long the tick took",
    },
)
FEED_FETCHED = LogEvent(
    "feed.fetched",
    logging.INFO,
    "feed {feed}: {fate}",
    {
        "feed": "the feed's name",
        "fate": "what came of it, in words",
        "silent_s": "how long since it last succeeded, 0 if it just did",
        "overdue": "how many times as long as it may be silent that is",
    },
)

ALERT_EVENTS: tuple[LogEvent, ...] = (ALERTS_RECORDED, INCIDENTS_TICK, FEED_FETCHED)
