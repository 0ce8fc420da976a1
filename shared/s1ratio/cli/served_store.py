"""A store as a service: the same operations that are served over HTTP, called in this process.

So a command is written once, and says the same of a run's folder, a deployment's store and a URL.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from s1ratio.errors import ServiceError
from s1ratio.ports.service import Query, Told, cursor_in, error_of
from s1ratio.services.reading.call import Call, Problem
from s1ratio.services.reading.operations import OPERATIONS, Operation
from s1ratio.services.reading.parameters import read_query

if TYPE_CHECKING:
    from s1ratio.services.reading.context import ReadingContext

_BASE = "http://localhost"


class StoreService:
    """Meets `s1ratio.ports.service.Service`; whoever opened the store closes it."""

    def __init__(self, context: ReadingContext, name: str) -> None:
        self._context, self.name = context, name

    def ask(self, *parts: str, query: Query = (), method: str = "GET") -> Told:
        """Return the answer of a path."""
        operation, names = _find(method, parts)
        read = read_query(operation.parameters, query)
        if isinstance(read, Problem):
            raise error_of(read.body)
        url = "/".join([_BASE, *parts])
        answer = operation.answer(self._context, Call(_BASE, url, names, read, tuple(query)))
        if isinstance(answer, Problem):
            raise error_of(answer.body)
        body = json.loads(json.dumps(answer.body))
        return Told(body, cursor_in(body.get("links", ())) or cursor_in(answer.links))

    def close(self) -> None:
        """Nothing is to be let go of."""


def _find(method: str, parts: tuple[str, ...]) -> tuple[Operation, dict[str, str]]:
    for operation in OPERATIONS:
        words = operation.path.strip("/").split("/")
        if operation.method != method or len(words) != len(parts):
            continue
        pairs = list(zip(words, parts, strict=True))
        if all(word.startswith("{") or word == part for word, part in pairs):
            return operation, {word.strip("{+}"): part for word, part in pairs if word[:1] == "{"}
    raise ServiceError(f"nothing is told at /{'/'.join(parts)}")
