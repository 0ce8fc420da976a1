"""Pub/Sub: a command (cancel, retry, raise, pause, resume, run, silence) is done, once.

Answers 200 for whatever is done, refused or rejected for good; raises, and is called again, only
while the store can't be reached.
"""

import flask
import functions_framework

from s1ratio.bootstrap import command_context
from s1ratio.envelope import open_envelope, read_body
from s1ratio.errors import UnreadableEnvelope
from s1ratio.services.applying.apply import apply_command, reject_delivery


@functions_framework.http
def apply_commands(request: flask.Request) -> flask.typing.ResponseReturnValue:
    """Take in one Pub/Sub message: pushed, or as a CloudEvent."""
    if request.method != "POST":
        return "deliveries are POSTed", 405
    context = command_context()
    try:
        envelope = open_envelope(read_body(request.stream))
    except UnreadableEnvelope as error:
        reject_delivery(context, error)
    else:
        apply_command(context, envelope.payload, envelope.published_at, envelope.message_id)
    return "OK"
