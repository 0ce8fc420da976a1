"""Pub/Sub: a request for composites becomes a plan and its first exports.

Answers 2xx for whatever is done or rejected for good; raises, and is called again, only while
the store can't be reached.
"""

import functions_framework
from cloudevents.http import CloudEvent

from s1ratio.bootstrap import launch_context
from s1ratio.envelope import UnreadableEnvelope, open_envelope
from s1ratio.services.launch import launch, reject


@functions_framework.cloud_event
def launch_exports(event: CloudEvent) -> None:
    """Take in one Pub/Sub message."""
    context = launch_context()
    try:
        envelope = open_envelope(event.data)
    except UnreadableEnvelope as error:
        reject(context, error.copy, error.faults)
        return
    launch(context, envelope.payload, envelope.message_id)
