"""Pub/Sub: an alert is recorded, and nothing else; what is made of it is for later.

Answers 200 for whatever was recorded; raises, and is called again, only while the store or the
bucket can't be reached.
"""

import flask
import functions_framework

from s1ratio.bootstrap import alert_context
from s1ratio.envelope import open_envelope, read_body
from s1ratio.errors import UnreadableEnvelope
from s1ratio.services.alerts.record import record, record_unreadable


@functions_framework.http
def record_alerts(request: flask.Request) -> flask.typing.ResponseReturnValue:
    """Take in one Pub/Sub message: pushed, or as a CloudEvent."""
    if request.method != "POST":
        return "deliveries are POSTed", 405
    context = alert_context()
    try:
        envelope = open_envelope(read_body(request.stream))
    except UnreadableEnvelope as error:
        record_unreadable(context, error.copy, str(error), error.message_id)
    else:
        record(context, envelope.payload, envelope.attributes, envelope.message_id)
    return "OK"
