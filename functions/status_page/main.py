"""HTTP: what became of requests, as JSON; a request is read, and at most one is dismissed.

The framework calls this for every path and method: the app behind it knows which there are.
"""

from functools import cache

import flask
import functions_framework

from s1ratio.adapters.http.app import Served, make_app
from s1ratio.bootstrap_reading import reading_context


@cache
def _app() -> flask.Flask:
    return make_app(reading_context, Served(proxied=True))


@functions_framework.http
def status_page(request: flask.Request) -> flask.typing.ResponseReturnValue:
    """Answer one call."""
    return flask.Response.from_app(_app(), request.environ)
