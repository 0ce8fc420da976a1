"""Scheduler: one tick of the standing regions: what is due of them becomes requests."""

import flask
import functions_framework

from s1ratio.bootstrap import region_context
from s1ratio.services.regions.tick import refresh_regions as run_tick


@functions_framework.http
def refresh_regions(_request: flask.Request) -> flask.typing.ResponseReturnValue:
    """Run one tick; answer 200 with its counts as JSON."""
    return flask.jsonify(run_tick(region_context()).json())
