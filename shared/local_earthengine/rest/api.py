"""Earth Engine's REST interface, as far as the local one has it: a table of routes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from local_earthengine.batch.export_request import parse_export
from local_earthengine.batch.operation_queue import OperationQueue
from local_earthengine.engine import Engine
from local_earthengine.errors import EarthEngineError
from local_earthengine.rest.compute_pixels import compute_pixels
from local_earthengine.rest.discovery import algorithms, discovery_document
from local_earthengine.rest.unserved import refusal
from local_earthengine.wire.exchange import Reply, Request, json_reply
from local_earthengine.wire.messages import Message, parsed

_PAGE: Final = 500
_PROJECT: Final = r"/v1/projects/(?P<project>[^/]+)"
_OPERATION: Final = rf"{_PROJECT}/operations/(?P<operation>[^/:]+)"


class _Expression(Message):
    expression: dict[str, object]
    workload_tag: str = ""


@dataclass(frozen=True)
class EarthEngineApi:
    """Answers Earth Engine's requests; `url` is where this server is reached."""

    engine: Engine
    queue: OperationQueue
    url: str

    def __call__(self, request: Request) -> Reply:
        """Answer a request. Raise EarthEngineError; 501 for what Earth Engine has beyond this."""
        path = unquote(request.path)
        for method, pattern, answer in _ROUTES:
            found = pattern.fullmatch(path)
            if found and method == request.method:
                return answer(self, request, **found.groupdict())
        raise refusal(request.method, path)

    def discovery(self, request: Request) -> Reply:
        """Return the API's description."""
        if request.query.get("version", "v1") != "v1":
            raise EarthEngineError("Discovery document not found: this is version v1.", 404)
        return Reply(discovery_document(self.url))

    def algorithms(self, _: Request, project: str) -> Reply:
        """Return the list of algorithms, the same for every project."""
        del project
        return Reply(algorithms())

    def compute(self, request: Request, project: str) -> Reply:
        """Answer value:compute."""
        del project
        body = parsed(_Expression, request.json())
        return json_reply({"result": self.engine.compute(body.expression)})

    def compute_pixels(self, request: Request, project: str) -> Reply:
        """Answer image:computePixels."""
        del project
        file, content_type = compute_pixels(self.engine, request.json())
        return Reply(file, content_type=content_type)

    def export(self, request: Request, project: str) -> Reply:
        """Answer image:export."""
        return json_reply(self.queue.start(project, parse_export(request.json())).to_json())

    def operations(self, request: Request, project: str) -> Reply:
        """List operations, newest first, a page at a time.

        A page token is the last one's number.
        """
        if request.query.get("filter"):
            raise EarthEngineError("Invalid value at 'filter': filters are not supported here.")
        size = _whole(request, "pageSize") or _PAGE
        page = self.queue.page(project, _whole(request, "pageToken"), min(size, _PAGE) + 1)
        shown = page[: min(size, _PAGE)]
        body: dict[str, object] = {"operations": [one.to_json() for one in shown]}
        if len(page) > len(shown):
            body["nextPageToken"] = str(shown[-1].number)
        return json_reply(body if shown else {})

    def operation(self, _: Request, project: str, operation: str) -> Reply:
        """Return one operation."""
        return json_reply(self.queue.get(project, operation).to_json())

    def cancel(self, _: Request, project: str, operation: str) -> Reply:
        """Ask for an operation's end; the reply is empty."""
        self.queue.cancel(project, operation)
        return json_reply({})


def _whole(request: Request, name: str) -> int | None:
    """Return a whole number of the query, at least 0; None if it is not there."""
    value = request.query.get(name)
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{1,15}", value):
        raise EarthEngineError(f"Invalid value at '{name}': {value!r}.")
    return int(value)


_ROUTES: Final[tuple[tuple[str, re.Pattern[str], Callable[..., Reply]], ...]] = tuple(
    (method, re.compile(pattern), answer)
    for method, pattern, answer in (
        ("GET", r"/\$discovery/rest", EarthEngineApi.discovery),
        ("GET", rf"{_PROJECT}/algorithms", EarthEngineApi.algorithms),
        ("POST", rf"{_PROJECT}/value:compute", EarthEngineApi.compute),
        ("POST", rf"{_PROJECT}/image:computePixels", EarthEngineApi.compute_pixels),
        ("POST", rf"{_PROJECT}/image:export", EarthEngineApi.export),
        ("GET", rf"{_PROJECT}/operations", EarthEngineApi.operations),
        ("GET", _OPERATION, EarthEngineApi.operation),
        ("POST", rf"{_OPERATION}:cancel", EarthEngineApi.cancel),
    )
)
