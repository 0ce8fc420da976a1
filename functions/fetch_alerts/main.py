"""Scheduler: feeds that nobody pushes are asked, and what came is recorded."""

import flask
import functions_framework

from s1ratio.bootstrap import alert_context
from s1ratio.services.alerts.fetch import fetch_feeds


@functions_framework.http
def fetch_alerts(_request: flask.Request) -> flask.typing.ResponseReturnValue:
    """Ask the feeds that are due; answer 200 with the counts as JSON."""
    return flask.jsonify(fetch_feeds(alert_context()).json())
