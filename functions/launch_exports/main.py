"""Pub/Sub: a request for composites becomes a plan and its first exports.

Answers 200 for whatever is done or rejected for good; raises, and is called again, only while
the store can't be reached. The body is read here and not by the framework's own CloudEvent
decorator, which parses a body of any size and refuses, without a record, what it can't.
"""

import flask
import functions_framework

from s1ratio.bootstrap import launch_context
from s1ratio.envelope import open_envelope, read_body
from s1ratio.errors import UnreadableEnvelope
from s1ratio.services.requesting.launch import launch
from s1ratio.services.requesting.reject import reject


@functions_framework.http
def launch_exports(request: flask.Request) -> flask.typing.ResponseReturnValue:
    """Take in one Pub/Sub message: pushed, or as a CloudEvent."""
    if request.method != "POST":
        return "deliveries are POSTed", 405
    context = launch_context()
    try:
        envelope = open_envelope(read_body(request.stream))
    except UnreadableEnvelope as error:
        reject(context, error.copy, error.faults, error.message_id)
    else:
        launch(context, envelope.payload, envelope.message_id)
    return "OK"
