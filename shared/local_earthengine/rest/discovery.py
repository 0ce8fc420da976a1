"""What the `ee` client asks for first: the API's description, and the list of algorithms.

The client's own wheel carries both. Its discovery document is of an older version of the API; the
calls served here are the same in both.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

_VERSION_IN_WHEEL: Final = "v1alpha"
_VERSION: Final = "v1"


def discovery_document(url: str) -> bytes:
    """The discovery document (JSON) of version 1 of the API, served at `url`."""
    shipped = _shipped("cloud_api_discovery_document.json")
    document = json.loads(shipped.replace(_VERSION_IN_WHEEL, _VERSION))
    document["rootUrl"] = document["baseUrl"] = f"{url}/"
    return _compact(document)


@cache
def algorithms() -> bytes:
    """The reply of projects.algorithms.list (JSON)."""
    return _compact(json.loads(_shipped("algorithms.json")))


def _shipped(name: str) -> str:
    """A file of the client's wheel. Raises FileNotFoundError, saying what to install."""
    try:
        return (files("ee") / "tests" / name).read_text(encoding="utf-8")
    except (FileNotFoundError, ModuleNotFoundError) as error:
        raise FileNotFoundError(
            "the installed earthengine-api lacks ee/tests/*.json: install 1.7.50 as a wheel"
        ) from error


def _compact(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
