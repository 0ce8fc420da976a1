"""Scheduler: one tick of following, mending, verifying and starting export tasks."""

import flask
import functions_framework

from s1ratio.bootstrap import poll_context
from s1ratio.services.polling.poll import poll


@functions_framework.http
def poll_tasks(_request: flask.Request) -> flask.typing.ResponseReturnValue:
    """Run one tick; answer 200 with its counts as JSON."""
    return flask.jsonify(poll(poll_context()).json())
