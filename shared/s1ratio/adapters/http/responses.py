"""Answers and problems as HTTP responses: as JSON, kept for how long, and what is forbidden."""

import json
from urllib.parse import quote

from flask import Request, Response

from s1ratio.services.reading.call import Answer, Link, Problem
from s1ratio.services.reading.openapi import PROBLEM

# Nothing here is to be drawn, framed, guessed at or read by other sites' pages.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def respond(found: Answer | Problem, asked: Request) -> Response:
    """Return the response to a call; 304 where who calls has the answer already."""
    if isinstance(found, Problem):
        return respond_problem(found)
    data = found.body if isinstance(found.body, bytes) else _json(found.body)
    response = _response(data, found.status, found.media)
    kept = f"max-age={found.max_age_s}" if found.max_age_s else "no-cache"
    response.headers["Cache-Control"] = f"private, {kept}"
    # A token may open more to one than to another, and links bear the host's name.
    response.headers["Vary"] = "Authorization, Host"
    if found.links:
        response.headers["Link"] = ", ".join(map(_link, found.links))
    if found.status == 200 and asked.method in ("GET", "HEAD"):
        response.add_etag()
        response.make_conditional(asked)
    return response


def respond_problem(problem: Problem) -> Response:
    """Return a problem as a response."""
    response = _response(_json(problem.body), problem.status, PROBLEM)
    response.headers["Cache-Control"] = "no-store"
    if problem.retry_after_s is not None:
        response.headers["Retry-After"] = str(problem.retry_after_s)
    return response


def _response(data: bytes, status: int, media: str) -> Response:
    response = Response(data, status, content_type=media)
    response.headers.update(_HEADERS)
    return response


def _json(body: object) -> bytes:
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace") + b"\n"


def _link(link: Link) -> str:
    title = quote(link["title"], safe=" ")
    return f'<{link["href"]}>; rel="{link["rel"]}"; type="{link["type"]}"; title="{title}"'
