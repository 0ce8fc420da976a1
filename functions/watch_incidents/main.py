"""Scheduler: one tick of alerts: incidents, their watches, and what these request."""

import flask
import functions_framework

from s1ratio.bootstrap import watch_context
from s1ratio.services.alerts.watch import watch_incidents as run_tick


@functions_framework.http
def watch_incidents(_request: flask.Request) -> flask.typing.ResponseReturnValue:
    """Run one tick; answer 200 with its counts as JSON."""
    return flask.jsonify(run_tick(watch_context()))
