"""The Flask app that serves the table of operations.

The function runs it inside the app of its framework, `s1ratio serve` by itself.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Request, Response, request
from werkzeug.exceptions import HTTPException

from s1ratio.adapters.deadline import within
from s1ratio.adapters.http.addresses import read_address
from s1ratio.adapters.http.callers import caller_of
from s1ratio.adapters.http.responses import respond, respond_problem
from s1ratio.adapters.http.troubles import describe_trouble
from s1ratio.logevents import UNEXPECTED, tell
from s1ratio.services.reading.call import Call, Problem
from s1ratio.services.reading.context import ReadingContext
from s1ratio.services.reading.operations import OPERATIONS, Operation
from s1ratio.services.reading.parameters import read_query

_LOG = logging.getLogger(__name__)
# Of one call, whatever it asks the store and the bucket.
DEADLINE_S = 20.0
_MAX_NAME = 400
_PLACE = re.compile(r"\{(\+?)(\w+)\}")


@dataclass(frozen=True)
class Served:
    """How it is served. `proxied`: by a front that tells the scheme, and has checked who calls.

    `hosts` are the names that it may be called by, None: any.
    """

    proxied: bool = False
    hosts: frozenset[str] | None = None
    deadline_s: float = DEADLINE_S


def make_app(get_context: Callable[[], ReadingContext], served: Served) -> Flask:
    """Return the app; its context is asked for by each call, so that none is made before one."""
    app = Flask("s1ratio", static_folder=None)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    for operation in OPERATIONS:
        rule = _PLACE.sub(
            lambda found: f"<{'path:' if found[1] else ''}{found[2]}>", operation.path
        )
        view = _view(operation, get_context, served)
        app.add_url_rule(rule, operation.id, view, methods=[operation.method])
    app.register_error_handler(HTTPException, _refuse)
    app.register_error_handler(Exception, _fail)
    return app


def _view(
    operation: Operation, get_context: Callable[[], ReadingContext], served: Served
) -> Callable[..., Response]:
    def answer(**names: str) -> Response:
        """Answer one call."""
        call = _read_call(operation, request, names, served)
        if isinstance(call, Problem):
            return respond_problem(call)
        try:
            # In a thread of its own: what Flask knows of the request is not known there.
            found = within(served.deadline_s, lambda: operation.answer(get_context(), call))
        except Exception as error:
            return respond_problem(describe_trouble(error, operation.id))
        return respond(found, request)

    return answer


def _read_call(
    operation: Operation, asked: Request, names: dict[str, str], served: Served
) -> Call | Problem:
    """Return what is called, or what is wrong with it."""
    address = read_address(asked, served.hosts, proxied=served.proxied)
    if isinstance(address, Problem):
        return address
    if any(len(name) > _MAX_NAME or not name.isprintable() for name in names.values()):
        return Problem(404, "Not found", "there is nothing of such a name")
    raw = tuple(asked.args.items(multi=True))
    query = read_query(operation.parameters, raw)
    if isinstance(query, Problem):
        return query
    by = caller_of(asked.headers.get("Authorization", "")) if served.proxied else "local"
    return Call(address.base, address.url, names, query, raw, by)


def _refuse(error: HTTPException) -> Response:
    """Answer what Flask refuses, such as a path that is none, or a method."""
    status = error.code or 500
    response = respond_problem(Problem(status, error.name, _WORDS.get(status, "")))
    allowed: Any = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


_WORDS = {
    404: "there is nothing at this path: the landing page links to what there is",
    405: "this can't be done here: the header `Allow` tells what can",
}


def _fail(error: Exception) -> Response:
    """Answer what nobody had foreseen, without a word on it beyond the log."""
    tell(_LOG, UNEXPECTED, error, what="answering a call")
    return respond_problem(Problem(500, "Internal error", "the log tells more"))
