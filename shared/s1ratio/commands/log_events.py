"""The log lines of commands, beside those of `s1ratio.logevents`."""

import logging

from s1ratio.log_event import LogEvent

_ENDED = {
    "kind": "what it wants: cancel, retry, raise, pause, resume, run, silence",
    "target": "what it is aimed at, such as `region po`",
    "state": "APPLIED, REFUSED or EXPIRED",
    "by": "who wants it, as the sender says",
    "reasons": "why it was refused",
    "age_s": "time since it was published",
    "pubsub_message": "Pub/Sub's id of the message",
}
COMMAND_APPLIED = LogEvent(
    "command.applied", logging.INFO, "command {command} is done: {kind} {target}", _ENDED
)
COMMAND_REFUSED = LogEvent(
    "command.refused",
    logging.WARNING,
    "command {command} is {state}: {kind} {target}",
    _ENDED,
)
COMMAND_KNOWN = LogEvent(
    "command.known",
    logging.INFO,
    "command {command} came once more: it is {state}",
    {
        "state": "RECEIVED: its end is still to come, else what became of it",
        "pubsub_message": "Pub/Sub's id of the message that came now",
    },
)
COMMAND_EVENTS = (COMMAND_APPLIED, COMMAND_REFUSED, COMMAND_KNOWN)
