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

WATCHES_TICK = LogEvent(
    "watches.tick",
    logging.INFO,
    "watches: {arrived} arrived, {requested} requested, {delivered} delivered, {missed} missed",
    {
        "calls": "lists of scenes that were asked for, one at most",
        "asked": "incidents that the list was about",
        "opened": "new watches",
        "arrived": "watches of which a part of a pass came",
        "requested": "watches whose pair was requested",
        "delivered": "watches whose pair is VERIFIED",
        "missed": "watches whose pass did not come, or whose pair came to nothing",
        "ended": "watches that ended with their incident",
        "troubles": "what went wrong, as a number; each has its own line",
        "duration_s": "how long the tick took",
    },
)
WATCH_CHANGED = LogEvent(
    "watch.changed",
    logging.INFO,
    "watch {watch} is {state}",
    {
        "watch": "id of the watch",
        "incident": "id of its incident",
        "state": "its state: EXPECTED, ARRIVED, REQUESTED, DELIVERED, MISSED, …",
    },
)
WATCH_PUBLISHED = LogEvent(
    "watch.published",
    logging.INFO,
    "request {request} was published",
    {"watch": "id of the watch whose pass it is of"},
)

ALERT_EVENTS: tuple[LogEvent, ...] = (
    ALERTS_RECORDED,
    INCIDENTS_TICK,
    FEED_FETCHED,
    WATCHES_TICK,
    WATCH_CHANGED,
    WATCH_PUBLISHED,
)
