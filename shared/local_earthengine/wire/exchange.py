"""What HTTP carries here: requests, replies, and refusals as Google's APIs word them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NoReturn

from local_earthengine.errors import EarthEngineError

_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class Request:
    """One request; `path` is still percent-encoded, header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> dict[str, Any]:
        """Return the body as a JSON object. Raise EarthEngineError (400) if it is none."""
        try:
            value = json.loads(self.body, parse_constant=_no_number, parse_int=_whole)
        except (ValueError, RecursionError) as fault:
            raise EarthEngineError(f"Invalid JSON payload received. {fault}") from fault
        if not isinstance(value, dict):
            raise EarthEngineError("Invalid JSON payload received. The body must be an object.")
        return value


@dataclass(frozen=True)
class FileRange:
    """A part of a file, sent without being held in memory."""

    path: Path
    start: int
    length: int

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes, a mebibyte at a time."""
        left = self.length
        with self.path.open("rb") as file:
            file.seek(self.start)
            while left > 0 and (chunk := file.read(min(left, _CHUNK))):
                left -= len(chunk)
                yield chunk


@dataclass(frozen=True)
class Reply:
    """One reply."""

    body: bytes | FileRange = b""
    status: int = 200
    content_type: str = "application/json; charset=UTF-8"
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def length(self) -> int:
        """Bytes of the body."""
        return self.body.length if isinstance(self.body, FileRange) else len(self.body)


Application = Callable[[Request], Reply]


def json_reply(value: object, status: int = 200) -> Reply:
    """Return a reply that holds a JSON value."""
    return Reply(json.dumps(value, separators=(",", ":")).encode(), status)


def error_reply(error: EarthEngineError) -> Reply:
    """Return a refusal as Google's APIs word it."""
    body = {"code": error.status, "message": error.message, "status": error.code}
    return json_reply({"error": body}, error.status)


def timestamp(time: datetime) -> str:
    """Return a time as Google's APIs write it: UTC, with the fraction of the second."""
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _whole(digits: str) -> int | float:
    """Return a whole number; beyond 64 bits a double, as JSON has no other."""
    if len(digits) < 19 or -(2**63) <= int(digits) < 2**63:
        return int(digits)
    value = float(digits)
    return value if math.isfinite(value) else _no_number(digits[:20])


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")
