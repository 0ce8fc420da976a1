"""Uploads: an object that is sent whole, in one request, in the form of Cloud Storage's client."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.wire.exchange import Request

_BOUNDARY: Final = re.compile(r'multipart/related;\s*boundary="?([^";]{1,200})"?', re.IGNORECASE)
_NO_NAME: Final = "Required parameter: name"


@dataclass(frozen=True)
class Upload:
    """What is to be written: an object's name, its bytes, and the generation to be replaced.

    `expected` 0: there must be none; None: whatever there is.
    """

    name: str
    data: bytes
    expected: int | None


def read_upload(request: Request) -> Upload:
    """Return what a request uploads.

    Raise EarthEngineError: 400 if it makes no sense, 501 for a kind of upload that isn't served.
    """
    kind, expected = request.query.get("uploadType", ""), _expected(request)
    if kind == "media":
        return Upload(_named(request.query.get("name")), request.body, expected)
    if kind != "multipart":
        raise EarthEngineError(f"This storage takes no uploads of type {kind!r}.", 501)
    about, data = _parts(request)
    return Upload(_named(request.query.get("name") or about.get("name")), data, expected)


def _expected(request: Request) -> int | None:
    text = request.query.get("ifGenerationMatch")
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,19}", text):
        raise EarthEngineError(f"Invalid value for ifGenerationMatch: {text!r}.")
    return int(text)


def _named(name: object) -> str:
    if not isinstance(name, str) or not name:
        raise EarthEngineError(_NO_NAME)
    return name


def _parts(request: Request) -> tuple[dict[str, object], bytes]:
    """Return the two parts of a body: the object's metadata, its bytes."""
    found = _BOUNDARY.match(request.headers.get("content-type", ""))
    if found is None:
        raise EarthEngineError("Multipart body without a boundary.")
    mark = b"--" + found[1].encode()
    pieces = (b"\r\n" + request.body).split(b"\r\n" + mark)
    if len(pieces) != 4 or not pieces[3].startswith(b"--"):
        raise EarthEngineError("Multipart body must have two parts.")
    first, second = (piece.partition(b"\r\n\r\n")[2] for piece in pieces[1:3])
    try:
        about = json.loads(first or b"{}")
    except ValueError as fault:
        raise EarthEngineError(f"Metadata part is no JSON. {fault}") from fault
    if not isinstance(about, dict):
        raise EarthEngineError("Metadata part must be an object.")
    return about, second
