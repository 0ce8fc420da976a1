"""What the product's log lines say: every event, its severity, its words and its fields.

Metrics, alerts and the dashboard filter on `event` and read the fields, so both are a contract:
`jsonPayload.event = "tick"`. Whoever logs uses `tell`; how a line is written is the adapters'
business. Seconds end in `_s`.
"""

import logging
from collections.abc import Mapping

from s1ratio.alerts.log_events import ALERT_EVENTS
from s1ratio.commands.log_events import COMMAND_EVENTS
from s1ratio.log_event import LogEvent as LogEvent  # noqa: PLC0414 - import these from here
from s1ratio.log_event import about as about  # noqa: PLC0414
from s1ratio.log_event import subject as subject  # noqa: PLC0414
from s1ratio.log_event import tell as tell  # noqa: PLC0414

# On any line, where it is known.
COMMON: Mapping[str, str] = {
    "request": "id of the request",
    "region": "id of the region",
    "task": "id of the export task",
    "command": "id of the command",
    "attempt": "number of the attempt, from 1",
    "error_class": "why, as `errors.ErrorClass` has it: queue, quota, transient, resources, …",
    "exception": "the type of an exception, such as ValueError",
    "stack_trace": "of an exception, as Error Reporting reads it",
}

TICK = LogEvent(
    "tick",
    logging.INFO,
    "tick done: {observed} observed, {started} started, {verified} verified, {failed} failed",
    {
        "active": "tasks that take room in Earth Engine's queue",
        "oldest_start_age_s": "age of the oldest start among them, 0 without any",
        "planned": "tasks that wait for their start, whatever holds them back",
        "oldest_unsent_age_s": "how long the oldest event has waited to be published, 0 without",
        "expanded": "requests that got their tasks",
        "observed": "tasks moved by what Earth Engine said",
        "recovered": "broken starts brought on",
        "lost": "tasks whose operation can't be found any more",
        "verified": "tasks that ended VERIFIED",
        "empty": "tasks that ended EMPTY",
        "failed": "tasks that ended FAILED",
        "started": "starts that Earth Engine took",
        "shared": "tasks that ended by the files of others with the same pixels",
        "held": "what holds up all starts, if anything does",
        "settled": "requests whose state or tallies changed",
        "catalogued": "items of the catalogue that were written",
        "published": "events that were published",
        "troubles": "what went wrong, as a number; each has its own line",
        "duration_s": "how long the tick took",
    },
)
CATALOGUED = LogEvent(
    "task.catalogued",
    logging.INFO,
    "{task} is in the catalogue: {item}",
    {"item": "the object's name of its item"},
)
TICK_SKIPPED = LogEvent(
    "tick.skipped", logging.INFO, "another tick is under way: this one did nothing", {}
)
REQUEST_LAUNCHED = LogEvent(
    "request.launched",
    logging.INFO,
    "request {request} is {state}, {started} exports started",
    {
        "state": "state of the request",
        "started": "starts that Earth Engine took",
        "pubsub_message": "Pub/Sub's id of the message",
        "error": "what it waits for, or failed of",
        "reasons": "why it was rejected after it was stored",
    },
)
STARTS_HELD = LogEvent(
    "starts.held",
    logging.WARNING,
    "no start before {until}: {error}",
    {
        "until": "when starts go on",
        "error": "the full queue, used up quota, outage or ceiling (error_class) that holds them",
    },
)
MESSAGE_REJECTED = LogEvent(
    "message.rejected",
    logging.WARNING,
    "a message was rejected: {reason}",
    {
        "rejection": "id of the rejection in the store",
        "code": "code of the first reason",
        "reason": "the first reason",
        "reasons": "all of them",
        "topic": "requests or commands: which it came by",
        "pubsub_message": "Pub/Sub's id of the message",
    },
)
LETTER_REDRIVEN = LogEvent(
    "letter.redriven",
    logging.INFO,
    "dead letter {pubsub_message}: {fate}",
    {"pubsub_message": "Pub/Sub's id of the letter", "fate": "sent, would be sent, kept, refused"},
)
TASK_ENDED = LogEvent(
    "task.ended",
    logging.INFO,
    "task {task} ended {state}",
    {
        "state": "VERIFIED, EMPTY, FAILED, CANCELLED, or SUCCEEDED where nobody can check",
        "eecu_seconds": "what its last attempt spent, 0 if Earth Engine did not say",
        "age_s": "time since it was planned",
        "error": "what it failed of",
    },
)
TASK_RETRIED = LogEvent(
    "task.retried",
    logging.WARNING,
    "attempt {attempt} of task {task} failed: it is planned again",
    {
        "error": "what the attempt failed of",
        "eecu_seconds": "what the attempt spent, 0 if Earth Engine did not say",
    },
)
TASK_LOST = LogEvent(
    "task.lost",
    logging.WARNING,
    "the operation of task {task} can't be found any more",
    {"error": "what is known of it"},
)
TASK_SPLIT = LogEvent(
    "task.split",
    logging.INFO,
    "task {task} is split in four",
    {"error": "why it was too much in one piece"},
)
REQUEST_ENDED = LogEvent(
    "request.ended",
    logging.INFO,
    "request {request} ended {state}",
    {
        "state": "VERIFIED, EMPTY, PARTIAL, FAILED, CANCELLED, REJECTED or SUCCEEDED",
        "tasks": "how many tasks it had",
        "age_s": "time since it was stored",
        "error": "what it failed of",
        "reasons": "why it was rejected after it was stored",
    },
)
REGIONS_TICK = LogEvent(
    "regions.tick",
    logging.INFO,
    "regions looked at: {looked_at}, {requested} requests, {revised} revisions",
    {
        "looked_at": "regions that were due",
        "requested": "requests that were made",
        "followed": "requests of regions that were looked at again",
        "revised": "requests that were made since scenes came late",
        "calls": "lists of scenes that were asked for",
        "troubles": "what went wrong, as a number; each has its own line",
        "duration_s": "how long the tick took",
    },
)
REFRESH_PUBLISHED = LogEvent(
    "refresh.published", logging.INFO, "request {request} of region {region} is published", {}
)
REGION_BROKEN = LogEvent(
    "region.broken",
    logging.ERROR,
    "region {region} is BROKEN: {error}",
    {"error": "why it can't go on"},
)
TROUBLE = LogEvent(
    "trouble",
    logging.WARNING,
    "trouble: {what}",
    {"what": "what went wrong and will be tried again"},
)
UNEXPECTED = LogEvent(
    "unexpected", logging.ERROR, "{what} went wrong", {"what": "what nobody had foreseen"}
)
STRANGERS = LogEvent(
    "strangers",
    logging.WARNING,
    "{what}: {advice}",
    {
        "what": "how many live operations are under this deployment's name, and of whom",
        "advice": "what to do",
        "count": "how many they are",
        "operations": "some of their names",
        "stores": "the identities of the stores that they are of, as far as they say",
    },
)
EVENTS: tuple[LogEvent, ...] = (
    TICK,
    TICK_SKIPPED,
    CATALOGUED,
    REQUEST_LAUNCHED,
    STARTS_HELD,
    MESSAGE_REJECTED,
    LETTER_REDRIVEN,
    TASK_ENDED,
    TASK_RETRIED,
    TASK_LOST,
    TASK_SPLIT,
    REQUEST_ENDED,
    *COMMAND_EVENTS,
    TROUBLE,
    UNEXPECTED,
    STRANGERS,
    REGIONS_TICK,
    REFRESH_PUBLISHED,
    REGION_BROKEN,
    *ALERT_EVENTS,
)
