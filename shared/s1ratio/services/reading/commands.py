"""Commands: what became of one."""

import json

from s1ratio.services.reading.call import Answer, Call, Problem, link, not_found
from s1ratio.services.reading.context import ReadingContext
from s1ratio.services.reading.plain import plain

_TOLD = (
    "command",
    "target_kind",
    "target_id",
    "state",
    "received_at",
    "expires_at",
    "by",
    "reason",
)
_MORE = ("published_at", "changes", "reasons", "ended_at")


def show_command(context: ReadingContext, call: Call) -> Answer | Problem:
    """Return how a command stands, with the message as it was sent."""
    name = call.names["commandID"]
    record = context.store.get_command(name)
    if record is None:
        return not_found("command", name)
    told = {field: plain(getattr(record, field)) for field in (*_TOLD, *_MORE)}
    links = [link("self", call.url_of("commands", name), "This command")]
    return Answer({"id": name, **told, "message": json.loads(record.message), "links": links})
