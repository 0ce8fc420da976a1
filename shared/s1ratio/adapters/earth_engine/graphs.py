"""The graph of an export as it is POSTed, and its digest, which is recorded before the POST."""

import hashlib
import json
import threading
from dataclasses import dataclass
from typing import Any

import ee

from s1ratio.imagery import export
from s1ratio.plan import ExportTask
from s1ratio.request import CompositeRequest


@dataclass(frozen=True)
class Graph:
    """The body of an export's POST, without name and place, and 40 hex of its expression."""

    body: dict[str, Any]
    digest: str


class Graphs:
    """The graphs of exports. The last one of each thread is kept: it is told, then POSTed."""

    def __init__(self) -> None:
        self._last = threading.local()

    def of(self, request: CompositeRequest, plan: ExportTask) -> Graph:
        """Return the graph of an export; the client must have been initialised."""
        last: tuple[CompositeRequest, ExportTask, Graph] | None = getattr(self._last, "made", None)
        if last is None or last[0] is not request or last[1] != plan:
            last = request, plan, _made(request, plan)
            self._last.made = last
        return last[2]


def _made(request: CompositeRequest, plan: ExportTask) -> Graph:
    body = export.unaddressed(request, plan)
    expression: dict[str, Any] = ee.serializer.encode(body["expression"], for_cloud_api=True)
    return Graph({**body, "expression": expression}, digest_expression(expression))


def digest_expression(expression: Any) -> str:
    """Return 40 hex of the SHA-256 of an expression as JSON, its keys sorted, without spaces."""
    text = json.dumps(expression, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:40]
